#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The list of what is promised agrees with the documents and with the tests.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

need python3
need mandoc
python3 tests/proof/promises.py >"$scratch/out" || findings <"$scratch/out"
# What it would find, were it there.
mkdir -p "$scratch/wrong/tests/flow"
# shellcheck disable=SC2016 # for the script that is written
printf '%s\n' 'test_case "$1"' 'tried "a name" 1' >"$scratch/wrong/tests/flow/some.sh"
printf '%s\n' "It promises. It says this. And more." >"$scratch/wrong/README.md"
printf '%s\n' "[README.md]*" "It promises." "	tests/flow/none.sh: none" \
  "	tests/flow/some.sh: a name" "	tests/flow/some.sh: another" "It promises gold." "	- no" "And more." >"$scratch/wrong/tests/PROMISES"
here=$(pwd)
(cd "$scratch/wrong" && python3 "$here/tests/proof/promises.py" >"$scratch/out") && finding "promises.py finds nothing wrong"
printf '%s\n' "tests/PROMISES:3: there is no such test: tests/flow/none.sh: none" \
  "tests/PROMISES:5: there is no such test: tests/flow/some.sh: another" \
  "tests/PROMISES:6: stands not in README.md: It promises gold." "tests/PROMISES:9: the promise before it has no test" \
  "README.md: stands not in tests/PROMISES: It says this." >"$scratch/wanted"
cmp -s "$scratch/wanted" "$scratch/out" || sed 's/^/promises.py: /' "$scratch/out" | findings
conclude "$(grep -c '^[^	#[]' tests/PROMISES)"
