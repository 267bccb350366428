# awk -f help_to_man.awk -v version=1.0.0 HELP taskonomy.1.in: the manual page; what `taskonomy help --all` prints stands
# in the place of @COMMANDS@.
function roff(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  if (text ~ /^[.']/) text = "\\&" text
  return text
}

# The help, paragraph by paragraph of its own marks.
FNR == NR && /^usage: taskonomy [a-z]/ {
  commands = commands ".SS " roff(substr($0, 8)) "\n"
  part = "about"
  next
}
FNR == NR && !part { next }                        # the list of commands: each has its own section
FNR == NR && /^$/ { gap = 1; next }
FNR == NR && /^options:$/ { part = "options"; gap = 0; next }
FNR == NR && /^examples:$/ {
  part = "examples"
  commands = commands ".PP\nExamples:\n"
  next
}
FNR == NR && part == "options" && /^  --/ {
  name = $1
  rest = substr($0, 3 + length(name))
  if (rest ~ /^ [^ ]/) {
    name = name " " $2
    rest = substr($0, 3 + length(name))
  }
  sub(/^ +/, "", rest)
  commands = commands ".TP\n.B " roff(name) "\n" (rest == "" ? "" : roff(rest) "\n")
  next
}
FNR == NR && part == "options" {                   # an option's text goes on
  sub(/^ +/, "")
  commands = commands roff($0) "\n"
  next
}
FNR == NR && part == "examples" {
  sub(/^  /, "")                                   # a line that goes on stays indented
  commands = commands ".br\n\\&  \\fB" roff($0) "\\fR\n"
  next
}
FNR == NR {
  if (gap) commands = commands ".PP\n"
  gap = 0
  commands = commands (/^  / ? ".br\n" : "") roff($0) "\n"
  next
}

# The page.
/^@COMMANDS@$/ { printf "%s", commands; next }
{
  gsub(/@PROJECT_VERSION@/, version)
  print
}
