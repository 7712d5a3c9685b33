#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The peers whose answer or filing changed since this was last run, a line each, for cron to mail; silent where there
# is nothing new. FILE keeps the generation of the snapshot that was told of last.
#
#   peers-changed.sh FILE [DIR]      DIR: the directory of the snapshot; RMDCHECK: the program
set -eu

file=$1
[ "$#" -lt 2 ] || set -- -d "$2"
[ "$1" = -d ] || set --
rmdcheck=${RMDCHECK:-rmdcheck}

# Before the peers are asked for: what comes in between is told twice rather than never.
now=$("$rmdcheck" "$@" --status --json | sed -n 's/.*"generation":\([0-9]*\).*/\1/p')
last=
[ ! -r "$file" ] || read -r last <"$file" || :
code=0
if [ -n "$last" ]; then
  "$rmdcheck" "$@" --peers --changed-since "$last" || code=$?
  # That generation is not kept any more: everything, rather than nothing.
  [ "$code" -ne 66 ] || last=
fi
if [ -z "$last" ]; then
  code=0
  "$rmdcheck" "$@" --peers || code=$?
fi
# From 64 on it is no answer.
[ "$code" -lt 64 ] || exit "$code"
[ -z "$now" ] || printf '%s\n' "$now" >"$file"
