#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The shell scripts, those without a suffix too, pass shellcheck.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

need shellcheck
files '*' .ci contrib src tests | while read -r file; do
  case $file:$(head -c 64 "$file" | tr '\0' ' ' | head -n 1) in
  *.sh:* | *:'#!/bin/sh'*) echo "$file" ;;
  esac
done >"$scratch/files"
# SC2317 takes a function that is called through `run` for one that nobody calls, and SC2016 a script in quotes that
# is handed to another shell for a slip.
while read -r script; do
  shellcheck -x -e SC2016,SC2317 "$script" >"$scratch/out" || findings <"$scratch/out"
done <"$scratch/files"
conclude "$(wc -l <"$scratch/files")"
