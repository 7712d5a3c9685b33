#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Nanoseconds a check, from C and from a bare loop of each Lua that is installed, in one run; only the ratio counts. In
# the build directory: srcdir=.. sh ../tests/bench/lua.sh
set -eu

srcdir=${srcdir:-.}
library=$(pwd)/.libs
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rmd-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
LD_LIBRARY_PATH=$library
LUA_CPATH="$scratch/?.so"
export LD_LIBRARY_PATH LUA_CPATH
printf '%s\n' "[guard]" "minimum-rows = 1" >"$scratch/rmd.conf"
sample=$srcdir/contrib/sample/rmd-sample.csv
"${RMDSYNC:-./rmdsync}" -q -c "$scratch/rmd.conf" -d "$scratch/state" --source "$sample" 2>"$scratch/err"
keys=$(sed -n 's/^RMD[0-9]*,\([0-9]\{10\}\),.*/\1/p' "$sample")
for lua in lua5.1 lua5.2 lua5.3 lua5.4 luajit; do
  if ! pkg-config --exists "$lua"; then
    echo "$lua: skipped, it is not installed"
    continue
  fi
  # shellcheck disable=SC2046 # flags are several words
  ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O2 -fPIC -shared -Wl,-z,nodelete $(pkg-config --cflags "$lua") -I"$srcdir/src" \
    -o "$scratch/rmd.so" "$srcdir/contrib/lua/rmd.c" -L"$library" -lrmd
  # shellcheck disable=SC2046
  ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O2 $(pkg-config --cflags "$lua") -I"$srcdir/src" -o "$scratch/bench" \
    "$srcdir/tests/bench/lua.c" -L"$library" -lrmd $(pkg-config --libs "$lua")
  # shellcheck disable=SC2086 # a list of keys
  echo "$lua: $("$scratch/bench" "$scratch/state" $keys)"
done
