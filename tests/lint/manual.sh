#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The man pages are mdoc without a warning.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

need mandoc
files '*.[1-9]' src contrib >"$scratch/files"
while read -r page; do
  mandoc -Tlint -W warning "$page" >"$scratch/out" 2>&1 || :
  findings <"$scratch/out"
  [ "$(sed -n 1p "$page")" = '.\" SPDX-License-Identifier: ISC' ] || finding "$page: does not begin with its licence"
done <"$scratch/files"
conclude "$(wc -l <"$scratch/files")"
