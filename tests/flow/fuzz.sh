#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every input that a fuzzer ever kept is replayed through its target: the corpora with what once crashed, and
# found.tar.xz, the fewest inputs (-set_cover_merge=1) that reach what the longest runs have reached.
set -eu
srcdir=${srcdir:-.}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rmd-fuzz.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
tar -C "$scratch" -xJf "$srcdir/tests/fuzz/found.tar.xz" 2>"$scratch/why" ||
  echo "# skipped: what long runs have found: $(head -n 1 "$scratch/why")"
passed=0
total=0
for program in tests/fuzz/*_replay; do
  target=${program##*/}
  target=${target%_replay}
  total=$((total + 1))
  mkdir -p "$scratch/$target"
  if "$program" "$srcdir/tests/fuzz/$target.corpus" "$scratch/$target"; then
    passed=$((passed + 1))
    echo "ok fuzz inputs of $target"
  else
    echo "not ok fuzz inputs of $target"
  fi
done
echo "# $passed of $total passed"
[ "$total" -gt 0 ] && [ "$passed" -eq "$total" ]
