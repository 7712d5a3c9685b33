#!/bin/sh
# SPDX-License-Identifier: ISC
#
# How often a search finds the filing first whose name was mistyped, and how long it takes, over the real export where
# it is there, else over the sample. In the build directory: srcdir=.. sh ../tests/bench/names.sh [EVERY]
set -eu

srcdir=${srcdir:-.}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rmd-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
list=$srcdir/../shared/data/rmd-2025-01-as-exported.csv
[ -r "$list" ] || {
  echo "skipped: there is no $list; the sample instead"
  list=$srcdir/contrib/sample/rmd-sample.csv
}
printf '%s\n' "[guard]" "minimum-rows = 1" >"$scratch/rmd.conf"
"${RMDSYNC:-./rmdsync}" -q -c "$scratch/rmd.conf" -d "$scratch/state" --source "$list" 2>"$scratch/err"
"${BENCH:-tests/bench/names}" "$scratch/state" "${1:-1}"
