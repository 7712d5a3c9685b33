#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The alert rules for Prometheus are valid, fire when they should, and name metrics that rmdexport writes.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

rules=$srcdir/contrib/prometheus
grep -oE 'rmd_[a-z_]+' "$rules/rmd.rules.yml" | sort -u >"$scratch/metrics"

test_case "every metric that a rule names is written"
printf '%s\n' "[guard]" "minimum-rows = 1" >"$scratch/rmd.conf"
run 0 "$RMDSYNC" -c "$scratch/rmd.conf" -d "$scratch/state" -q --source "$srcdir/contrib/sample/rmd-sample.csv"
run 0 "$RMDEXPORT" -d "$scratch/state" -o "$scratch/rmd.prom" prometheus
[ -s "$scratch/metrics" ] || complain "no metric in the rules"
while read -r metric; do
  expect_match "$scratch/rmd.prom" "^${metric}[ {]"
done <"$scratch/metrics"

for command in "check rules $rules/rmd.rules.yml" "test rules $rules/rmd.test.yml" \
  "check metrics"; do
  test_case "promtool ${command%% "$rules"*}"
  if ! command -v promtool >"$scratch/which"; then
    leave_out "no promtool"
    continue
  fi
  # shellcheck disable=SC2086 # words
  run 0 sh -c '"$@" <"$0"' "$scratch/rmd.prom" promtool $command
done
finish
