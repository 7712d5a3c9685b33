# shellcheck shell=bash
# SPDX-License-Identifier: ISC
#
# Completion for rmdcheck, rmdexport, rmdnotice and rmdsync in bash. Options come from the program's own --help, peers from the
# snapshot that it would answer from, so that there is no list here to fall behind.

# The options that --help of the program names.
_rmd_options() {
  "$1" --help 2>/dev/null | tr '\t[]|,()' '       ' | tr ' ' '\n' | grep -E '^(-[A-Za-z]|--[a-z][a-z-]*)$' | sort -u
}

# The directory of the snapshot, where the command line names one.
_rmd_directory() {
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
    -d | --directory) printf '%s\n' "${COMP_WORDS[i + 1]}" ;;
    esac
  done
}

# The names of the peers, one a line; those that a shell or a terminal could mistake for something else are left out.
_rmd_peers() {
  local directory
  directory=$(_rmd_directory | tail -n 1)
  "$1" ${directory:+-d "$directory"} -j --peers 2>/dev/null | sed -n 's/^{"schema": *1, *"query": *"\([^"\\]*\)".*/\1/p'
}

# Puts those words of stdin that begin as the one that is typed into COMPREPLY, quoted as the shell needs them.
_rmd_reply() {
  local word typed=$1
  while IFS= read -r word; do
    [[ $word != "$typed"* ]] || COMPREPLY+=("$(printf '%q' "$word")")
  done
}

_rmd_files() {
  local word
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(compgen "$@")
  compopt -o filenames 2>/dev/null || :
}

_rmd_arguments() {
  local program=$1 current=$2
  case ${program##*/} in
  rmdcheck) _rmd_reply "$current" < <(_rmd_peers "$program") ;;
  rmdexport) _rmd_reply "$current" < <(printf '%s\n' csv dns html json kamailio prometheus rbldnsd redis) ;;
  rmdnotice)
    if [ "$COMP_CWORD" -eq 1 ]; then
      _rmd_reply "$current" < <(printf '%s\n' import list show due match respond notify-fcc)
    else
      _rmd_files -f -- "$current"
    fi ;;
  esac
}

_rmd() {
  local program=$1 current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # bash takes a colon for the end of a word: "peer:" are two of them.
  if [ "$current" = : ] && [ "$before" = peer ]; then
    current=
  elif [ "$before" = : ] && [ "${COMP_WORDS[COMP_CWORD - 2]}" != peer ]; then
    return 0
  fi
  case $before in
  -d | --directory | --all) _rmd_files -d -- "$current" ;;
  -c | --config | -o | --output | --source) _rmd_files -f -- "$current" ;;
  --role) _rmd_reply "$current" < <(printf '%s\n' vsp gateway intermediate foreign) ;;
  --from | --to | --at | --as-of | --accept | --rollback | --changed-since | --since | --search | --issued | --id | --sent) ;;
  *)
    case $current in
    -*) _rmd_reply "$current" < <(_rmd_options "$program") ;;
    *) _rmd_arguments "$program" "$current" ;;
    esac ;;
  esac
}

complete -F _rmd rmdcheck rmdexport rmdnotice rmdsync
