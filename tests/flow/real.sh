#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every key of a real export, in every role, against a second opinion (oracle.py), on a first night, on a second one,
# and on the first again with --at. The export has personal data and is not ours to ship: without it this is skipped.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

first=$srcdir/../shared/data/rmd-2025-01-as-exported.csv
[ -r "$first" ] || skip "there is no $first"
command -v python3 >"$scratch/which" || skip "no python3"
second=$scratch/second.csv
state=$scratch/state
conf=$scratch/rmd.conf
rows=9494

# Between them a recertification falls due.
first_at=2026-02-20T12:00:00-05:00
first_asked=2026-02-20T13:00:00-05:00
second_at=2026-03-04T12:00:00-05:00
second_asked=2026-03-04T13:00:00-05:00

oracle() {
  python3 "$srcdir/tests/flow/oracle.py" "$@"
}

# ask ANSWERS QUESTIONS TIME [OPTION...]: a batch; exit 1, as some are refused.
ask() {
  answers=$1
  asked=$2
  at=$3
  shift 3
  run 1 sh -c 'file=$1; shift; exec "$@" <"$file"' sh "$asked" "$RMDCHECK" -d "$state" --at "$at" --batch "$@"
  expect_empty "$err"
  mv "$out" "$answers"
}

# compare FORM ANSWERS NIGHT...: the oracle agrees with each answer.
compare() {
  form=$1
  shift
  run 0 oracle compare "$form" "$scratch/questions" "$@"
  sed 's/^/# /' "$out"
}

# The guard as it is shipped: neither night may be held.
cp "$srcdir/contrib/conf/foreign-area-codes.conf" "$scratch/foreign-area-codes.conf"
: >"$conf"
changed=$(oracle second "$first" "$second")
oracle questions "$first" "$second" >"$scratch/questions"
grep -v from= "$scratch/questions" >"$scratch/without-caller"

test_case "all rows load, none is quarantined"
run 0 "$RMDSYNC" -c "$conf" -d "$state" --json --source "$first" --as-of "$first_at"
expect_line "$out" '"result":"published","reason":null,"generation":1,'
expect_line "$out" "\"rows\":$rows,\"rejected\":0,\"added\":$rows,\"removed\":0,\"changed\":0,\"relisted\":0,"
expect_empty "$err"

test_case "the first night, every key in every role"
ask "$scratch/first.text" "$scratch/questions" "$first_asked"
compare text "$scratch/first.text" "$first_at" "$first"

test_case "the first night, as JSON"
ask "$scratch/first.json" "$scratch/questions" "$first_asked" --json
compare json "$scratch/first.json" "$first_at" "$first"

test_case "FRNs with more than one filing"
oracle doubled "$first" >"$scratch/doubled"
sed 's/^/# doubled: /' "$scratch/doubled"
[ "$(wc -l <"$scratch/doubled")" -eq 31 ] || complain "not 31 of them"
cut -d ' ' -f 1 "$scratch/doubled" >"$scratch/frns"
ask "$scratch/answers" "$scratch/frns" "$first_asked" --json
[ "$(grep -c multiple-filings "$scratch/answers")" -eq 31 ] || complain "not 31 have the flag"

test_case "the second night: counted right"
run 0 "$RMDSYNC" -c "$conf" -d "$state" --json --source "$second" --as-of "$second_at"
expect_line "$out" "\"generation\":2,\"rows\":$((rows - 50 + 20)),\"rejected\":0,\"added\":20,\"removed\":50,"
expect_line "$out" "\"changed\":$changed,\"relisted\":0,"
expect_empty "$err"

test_case "the second night, every key in every role"
ask "$scratch/second.text" "$scratch/questions" "$second_asked"
compare text "$scratch/second.text" "$first_at" "$first" "$second_at" "$second"
for word in delisted lossy-name recertification-overdue; do
  expect_match "$out" "[0-9] $word(,|\$)"
done

test_case "the second night, as JSON"
ask "$scratch/second.json" "$scratch/questions" "$second_asked" --json
compare json "$scratch/second.json" "$first_at" "$first" "$second_at" "$second"

test_case "the first night again, as it was then"
ask "$scratch/then" "$scratch/without-caller" "$first_asked" --json
paste -d '\n' "$scratch/questions" "$scratch/first.json" |
  awk 'NR % 2 { asked = index($0, "from=") == 0; next } asked' >"$scratch/then.expected"
expect_same "$scratch/then.expected" "$scratch/then"
echo "# $(wc -l <"$scratch/then") answers are the same"

finish
