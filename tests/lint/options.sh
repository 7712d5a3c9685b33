#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The options that a program's --help names, those that its man page describes and those that its source takes are
# the same. Looks at each program that is built.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

# Words that begin with - or --, after white space, a bracket, a bar or a comma.
options_of_help() {
  "$1" --help | tr '\t[]|,()' '       ' | tr ' ' '\n' | grep -E '^(-[A-Za-z0-9]|--[a-z][a-z0-9-]*)([=].*)?$' |
    sed 's/=.*//'
}

# What stands behind .Fl, up to the next macro; "Fl -json" and "Fl Fl json" are both --json.
options_of_manual() {
  awk '
  /^\./ {
    flag = 0
    sub(/^\./, "")
    for (i = 1; i <= NF; i++)
      if ($i == "Fl")
        flag = i > 1 && $(i - 1) == "Fl" ? 2 : 1
      else if ($i ~ /^[A-Z][a-z]$/)
        flag = 0
      else if (flag && $i ~ /^-?[A-Za-z0-9][a-z0-9-]*$/)
        print (flag == 2 ? "--" : "-") $i
  }' "$1"
}

# The long names of the tables, and the letters of getopt_long.
options_of_source() {
  files '*.c' "$1" | xargs cat | tr '\n' ' ' >"$scratch/code"
  grep -oE '\{ *"[a-z][a-z0-9-]*", *(no|required|optional)_argument' "$scratch/code" | sed 's/^{ *"/--/; s/".*//'
  grep -oE 'getopt(_long)?\([^"]*"[^"]*"' "$scratch/code" | sed 's/[^"]*"//; s/[":+]//g' | grep -o . | sed 's/^/-/'
}

# compare NAME LIST LIST
compare() {
  diff "$scratch/$2" "$scratch/$3" >"$scratch/diff" || [ $? -eq 1 ]
  sed -n "s/^< /$1: only in $2: /p; s/^> /$1: only in $3: /p" "$scratch/diff" | findings
}

count=0
for pair in rmdsync:src/sync/rmdsync.8 rmdcheck:src/check/rmdcheck.1 rmdexport:src/export/rmdexport.8 \
  rmdnotice:src/notice/rmdnotice.8; do
  name=${pair%%:*}
  manual=${pair#*:}
  if [ ! -x "$build/$name" ] || [ ! -f "$manual" ]; then
    continue
  fi
  options_of_help "$build/$name" | sort -u >"$scratch/help"
  options_of_manual "$manual" | sort -u >"$scratch/manual"
  options_of_source "${manual%/*}" | sort -u >"$scratch/source"
  for list in help manual source; do
    [ -s "$scratch/$list" ] || finding "$name: no option found in its $list"
  done
  compare "$name" help manual
  compare "$name" source manual
  count=$((count + 1))
done
[ "$count" -gt 0 ] || skip "no program is built beside its man page"
conclude "$count"
