# awk -f headers_to_reference.awk HEADER...: the reference of the SDK as one Markdown page. Each header is a section: the comment at
# its head as prose, then what it declares, with the comments that belong to it.
FNR == 1 {
  if (NR > 1) finish()
  name = FILENAME; sub(/.*\/taskonomy\/sdk\//, "", name)
  head = 1; prose = ""; code = ""; blank = 0
}
head && /^\/\/ ?/ { line = $0; sub(/^\/\/ ?/, "", line); prose = prose line "\n"; next }
{ head = 0 }
/^#pragma once/ || /^#include/ || /^namespace / || /^}  \/\/ namespace/ || /^#(ifdef|ifndef|if|elif|else|endif)/ { next }
/^$/ { blank = 1; next }
{
  if (code != "" && blank) code = code "\n"
  blank = 0
  code = code $0 "\n"
}
function first_sentence(text,   at) {
  gsub(/\n/, " ", text)
  at = match(text, /\.( |$)/)
  return at > 0 ? substr(text, 1, at) : text
}
function finish() {
  section = "\n## " name "\n\n```text\n" prose "```\n"
  if (code != "") section = section "\n```cpp\n" code "```\n"
  anchor = name; gsub(/[\/.]/, "", anchor)
  summary = first_sentence(prose); gsub(/\|/, "\\|", summary)
  index_of = index_of "| [" name "](#" anchor ") | " summary " |\n"
  all = all section
}
END {
  finish()
  print "# Reference of the SDK\n"
  print "Every header of `taskonomy/sdk/`: what it is for, and all that it declares. [Writing a task](writing_a_task.md) says which you need;"
  print "`sample.hpp` and `task.hpp` are the real manual. Made from the headers.\n"
  print "| header | |\n|---|---|"
  printf "%s", index_of
  printf "%s", all
}
