#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every input that a fuzzer ever kept is replayed through its target: the corpora, and what once crashed.
set -eu
srcdir=${srcdir:-.}
passed=0
total=0
for program in tests/fuzz/*_replay; do
  target=${program##*/}
  target=${target%_replay}
  total=$((total + 1))
  if "$program" "$srcdir/tests/fuzz/$target.corpus"; then
    passed=$((passed + 1))
    echo "ok fuzz inputs of $target"
  else
    echo "not ok fuzz inputs of $target"
  fi
done
echo "# $passed of $total passed"
[ "$total" -gt 0 ] && [ "$passed" -eq "$total" ]
