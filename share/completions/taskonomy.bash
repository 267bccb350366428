# Completion for taskonomy in bash. The tables above were made by help_to_completion.awk from `taskonomy help --all`:
#   _taskonomy_commands
#   _taskonomy_subcommands[COMMAND]      words that may follow
#   _taskonomy_options[COMMAND]          its options
#   _taskonomy_values["COMMAND --NAME"]  what stands behind the option: choices, or the placeholder of its help
#   _taskonomy_arguments[COMMAND]        its arguments, as in its help

_taskonomy_complete_value() {  # placeholder, or choices joined by |
  case $1 in
    *DIR* | *FOLDER*) mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
    *[A-Z]*FILE* | FILE*) mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
    *\|*) mapfile -t COMPREPLY < <(compgen -W "${1//|/ }" -- "$2") ;;
  esac
}

_taskonomy_complete_argument() {  # command, word
  local arguments=${_taskonomy_arguments[$1]-} plugins=""
  case "|${arguments// /|}|" in
    *"|ID|"*) plugins=$("${COMP_WORDS[0]}" "${1%% *}" list 2>/dev/null | sed 's/[ :].*//') ;;
  esac
  mapfile -t COMPREPLY < <(
    compgen -W "$plugins" -- "$2"
    [[ $arguments == ID ]] || compgen -f -- "$2"
  )
}

_taskonomy() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
  COMPREPLY=()
  [[ -n $command ]] || ((COMP_CWORD == 1)) || return
  if ((COMP_CWORD == 1)) || { ((COMP_CWORD == 2)) && [[ $command == help ]]; }; then
    mapfile -t COMPREPLY < <(compgen -W "$_taskonomy_commands help --help --version" -- "$word")
    return
  fi
  if [[ -n ${_taskonomy_subcommands[$command]-} ]]; then
    if ((COMP_CWORD == 2)); then
      mapfile -t COMPREPLY < <(compgen -W "${_taskonomy_subcommands[$command]} --help" -- "$word")
      return
    fi
    command+=" ${COMP_WORDS[2]}"
  fi
  if [[ $previous == --* && -n ${_taskonomy_values["$command $previous"]-} ]]; then
    _taskonomy_complete_value "${_taskonomy_values["$command $previous"]}" "$word"
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "${_taskonomy_options[$command]-} --help" -- "$word")
  else
    _taskonomy_complete_argument "$command" "$word"
  fi
}

complete -o filenames -F _taskonomy taskonomy
