#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The programs and a second opinion written from the rules alone (oracle.py) answer 100,000 questions alike, about little
# worlds drawn by chance. PROPERTY_SEED and PROPERTY_CASES draw others, or more.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

command -v python3 >"$scratch/which" || skip "no python3"
python3 -c 'import zoneinfo; zoneinfo.ZoneInfo("America/New_York")' 2>"$err" ||
  skip "this python3 does not know New York's clock: $(tail -n 1 "$err")"
ASK=${ASK:-$(pwd)/tests/flow/ask}
[ -x "$ASK" ] || skip "tests/flow/ask was not built"
export RMDSYNC RMDCHECK ASK TMPDIR="$scratch"

test_case "the second opinion's own clocks"
run 0 python3 "$srcdir/tests/flow/oracle.py" check
sed 's/^/# /' "$out"

test_case "every answer is the one that the rules give"
run 0 python3 -B "$srcdir/tests/flow/property.py" --seed "${PROPERTY_SEED:-20260712}" --cases "${PROPERTY_CASES:-100000}"
sed 's/^/# /' "$out"

test_case "weeks of orders, outages, cut lists and clocks that step: the answers after each night"
run 0 python3 -B "$srcdir/tests/flow/week.py" "${WEEK_QUESTIONS:-500}"
sed 's/^/# /' "$out"

finish
