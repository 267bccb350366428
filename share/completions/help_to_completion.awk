# awk -f help_to_completion.awk HELP: the tables of taskonomy.bash from what `taskonomy help --all` prints.
function table(name, key, value) { printf "_taskonomy_%s[\"%s\"]=\"%s\"\n", name, key, value }

BEGIN {
  print "# bash completion for taskonomy"
  print "declare -A _taskonomy_subcommands _taskonomy_options _taskonomy_values _taskonomy_arguments"
}

# usage: taskonomy COMMAND [SUBCOMMAND] ARGUMENTS, or COMMAND one|two|three [ARGUMENTS]
/^usage: taskonomy [a-z]/ {
  command = $3
  next_field = 4
  if ($4 ~ /^[a-z][a-z0-9-]*(\|[a-z][a-z0-9-]*)*$/) {
    if ($5 == "[ARGUMENTS]") {
      words = $4
      gsub(/\|/, " ", words)
      table("subcommands", command, words)
      all = all " " command
      next
    }
    command = command " " $4
    next_field = 5
  } else {
    all = all " " command
  }
  arguments = ""
  for (field = next_field; field <= NF; ++field) {
    if ($field ~ /^[A-Z][A-Za-z.|]*$/) arguments = arguments " " $field
  }
  table("arguments", command, substr(arguments, 2))
}

command && /^  --[a-z]/ {
  options[command] = options[command] " " $1
  rest = substr($0, 3 + length($1))   # one blank and a placeholder, or two blanks and more
  if (rest ~ /^ [^ ]/) table("values", command " " $1, $2)
}

END {
  printf "_taskonomy_commands=\"%s\"\n", substr(all, 2)
  for (name in options) table("options", name, substr(options[name], 2))
}
