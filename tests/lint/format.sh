#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The C files are as .clang-format says. Other versions than 14 break lines elsewhere, so only that one judges.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

for command in clang-format-14 clang-format none; do
  if [ "$command" != none ] && "$command" --version 2>"$scratch/err" | grep -q 'version 14\.'; then
    break
  fi
done
[ "$command" != none ] || skip "no clang-format 14"
files '*.[ch]' src cache contrib tests >"$scratch/files"
while read -r file; do
  "$command" --dry-run -Werror "$file" 2>"$scratch/out" || sed -n 1p "$scratch/out" | findings
done <"$scratch/files"
conclude "$(wc -l <"$scratch/files")"
