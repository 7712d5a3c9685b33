#!/bin/sh
# SPDX-License-Identifier: ISC
#
# cppcheck finds nothing in the code that ships.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

need cppcheck
files '*.c' src cache contrib >"$scratch/files"
# The headers of other libraries are not read: cppcheck knows what it needs of them, or does without. legacyUninitvar
# takes a buffer that a function is to fill for one that is read; uninitvar, which sees the difference, stays on.
cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr --error-exitcode=1 \
  --suppress=missingInclude --suppress=missingIncludeSystem --suppress=unmatchedSuppression --suppress=legacyUninitvar \
  -D_GNU_SOURCE '-DPACKAGE_VERSION="0"' '-DRMD_STATE_DIRECTORY="/"' -Isrc -I. --file-list="$scratch/files" \
  >"$scratch/out" 2>&1 || finding "cppcheck: exit $?"
findings <"$scratch/out"
conclude "$(wc -l <"$scratch/files")"
