#!/bin/sh
# SPDX-License-Identifier: ISC
#
# No function is longer than 100 lines, from its name to its closing brace; those over 60 are named.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

files '*.c' src cache contrib tests >"$scratch/files"
# A brace alone at the start of a line opens a function and nothing else: format.sh sees to that.
# shellcheck disable=SC2046 # our file names have no spaces
awk -f tests/lint/code.awk $(cat "$scratch/files") /dev/null | awk '
{
  split($0, part, ":")
  code = substr($0, length(part[1]) + length(part[2]) + 3)
}
!inside && code ~ /^[A-Za-z_][A-Za-z0-9_ *]*\(/ {
  name = code
  sub(/\(.*/, "", name)
  sub(/.*[ *]/, "", name)
  begin = part[2]
}
code ~ /^{[ \t]*$/ {
  inside = 1
  count++
}
inside && code ~ /^}/ {
  inside = 0
  lines = part[2] - begin + 1
  if (lines > 100)
    print "TOO LONG " part[1] ":" begin ": " name " has " lines " lines"
  else if (lines > 60)
    print "long " part[1] ":" begin ": " name " has " lines " lines"
}
END { print "functions " count + 0 }
' >"$scratch/out"
grep '^long ' "$scratch/out" || [ $? -eq 1 ]
grep '^TOO LONG ' "$scratch/out" >"$scratch/bad" || [ $? -eq 1 ]
findings <"$scratch/bad"
conclude "$(sed -n 's/^functions //p' "$scratch/out")"
