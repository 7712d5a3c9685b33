# shellcheck shell=sh disable=SC2154 # scratch and out are those of lib.sh
# SPDX-License-Identifier: ISC
#
# Pages whose commands are run: their blocks, and what each command says held against what the page shows. To be read
# with `.` behind lib.sh. Which commands may be run, and where, is the test's matter: it has the function try.

# blocks PAGE PREFIX: its blocks, as PREFIX1.console, PREFIX2.c and so on.
blocks() {
  awk -v to="$2" '
  /^```[a-z]/ { count++; file = to count "." substr($0, 4); next }
  /^```$/ { file = ""; next }
  file != "" { print >file }
  ' "$1"
}

mask() {
  sed -E -e 's/(not reached, or not in time): .*/\1: REASON/' \
    -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[-+][0-9:]{5}/TIME/g' -e 's/sha256 [0-9a-f]{16}/sha256 DIGEST/g' \
    -e 's/data [0-9]+ [a-z]+( [0-9]+ [a-z]+)? old/data AGE old/g' -e 's/age=[0-9]+s/age=AGE/g' \
    -e 's#file://[^:]*/(contrib|trial)/#file:///DIR/\1/#g' -e 's#^(rmd[a-z]+: )/[^:]*/trial/#\1DIR/trial/#' \
    -e 's/, [0-9]{4}-[0-9]{2}-[0-9]{2}$/, DAY/' "$1"
}

# compare PAGE DIRECTORY COMMAND: runs it there and holds what it says against $scratch/expected, which is what the page
# shows.
compare() {
  (cd "$2" && sh -c "$3") >"$out" 2>&1 </dev/null || :
  mask "$scratch/expected" >"$scratch/expected.masked"
  mask "$out" >"$scratch/out.masked"
  diff "$scratch/expected.masked" "$scratch/out.masked" >"$scratch/diff" ||
    complain "$1 shows other output: $(cat "$scratch/diff")"
}

# A block of commands, each behind "$ " and followed by what it says.
console() {
  command=
  : >"$scratch/expected"
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
    '$ '*)
      [ -z "$command" ] || try "$command"
      command=${line#??}
      : >"$scratch/expected" ;;
    *) printf '%s\n' "$line" >>"$scratch/expected" ;;
    esac
  done <"$1"
  try "$command"
}
