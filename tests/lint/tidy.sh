#!/bin/sh
# SPDX-License-Identifier: ISC
#
# clang-tidy, and clang's analyzer within it, find nothing in the code that ships; .clang-tidy says what they look for.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

need clang-tidy
case ${CFLAGS:-} in *-fsanitize* | *--coverage*) skip "it reads the same without the sanitizer" ;; esac
files '*.c' src cache >"$scratch/files"
# What librmd is made of must be for threads, too.
cat >"$scratch/one" <<'END'
case $1 in
src/lib/* | cache/reader.c | cache/tree.c | cache/packed.c | cache/record.c | cache/filing.c) checks=concurrency-mt-unsafe ;;
*) checks= ;;
esac
clang-tidy --quiet --checks="$checks" "$1" -- -std=gnu11 -D_GNU_SOURCE '-DPACKAGE_VERSION="0"' '-DRMD_STATE_DIRECTORY="/"' \
  '-DRMD_CONF="/"' '-DRMD_SBIN="/"' -Isrc -I. $(pkg-config --cflags-only-I libxml-2.0) 2>&1 |
  grep -E '(warning|error): ' || [ $? -eq 1 ]
END
xargs -P "$(getconf _NPROCESSORS_ONLN)" -I FILE sh "$scratch/one" FILE <"$scratch/files" >"$scratch/out"
findings <"$scratch/out"
conclude "$(wc -l <"$scratch/files")"
