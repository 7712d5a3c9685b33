#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The man pages are mdoc without a warning, and no quotation mark spans what is several words apart.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

need mandoc
files '*.[1-9]' src contrib >"$scratch/files"
while read -r page; do
  mandoc -Tlint -W warning "$page" >"$scratch/out" 2>&1 || :
  findings <"$scratch/out"
  # `.Ql a , b` is one quotation, and what stands nested behind `.Pq` closes in the wrong place.
  grep -nE '^\.(Pq )?(Ql|Dq|Sq) .* , |^\.Pq .* , (Ql|Dq|Sq) ' "$page" | sed "s|^|$page:|;s|\$|: one macro a quotation|" | findings
  [ "$(sed -n 1p "$page")" = '.\" SPDX-License-Identifier: ISC' ] || finding "$page: does not begin with its licence"
done <"$scratch/files"
conclude "$(wc -l <"$scratch/files")"
