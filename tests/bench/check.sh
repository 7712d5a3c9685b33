#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Snapshots of made-up filings in two editions, and the call path asked over them: check.c. What is measured, and how,
# must not enter. In the build directory; takes a minute and 1.5 GB in $TMPDIR.
#
#   check.sh [ROWS...]      10001 and 1000000 by default; RMDSYNC, BENCH: the programs
set -eu

RMDSYNC=${RMDSYNC:-./rmdsync}
BENCH=${BENCH:-tests/bench/check}
[ "$#" -gt 0 ] || set -- 10001 1000000
command -v python3 >/dev/null || {
  echo "skipped: no python3"
  exit 0
}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rmd-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

cat >"$scratch/make.py" <<'PYTHON'
import random, sys

count, directory = int(sys.argv[1]), sys.argv[2]
dice = random.Random(1)
# Even: an odd FRN is nobody's. In no order, as real ones are to a hash.
frns = dice.sample(range(1, 4000000000), count)
numbers = sorted(dice.sample(range(1, 9999999), count))
for edition, implementation in ("0", "Complete STIR/SHAKEN Implementation"), ("1", "N/A"):
    with open(f"{directory}/{edition}.csv", "w") as rows:
        rows.write("number,frn,business_name,implementation,voice_service_provider_choice,gateway_provider_choice,"
                   "intermediate_provider_choice,last_updated,last_recertified\n")
        for number, frn in zip(numbers, frns):
            rows.write(f"RMD{number:07d},{2 * frn:010d},Example Carrier {number} LLC,{implementation},Yes,No,No,"
                       "2025-01-15,2026-02-15\n")
# A carrier of some size: single hosts, some nets in three lengths.
with open(f"{directory}/peers.conf", "w") as peers:
    for i in range(600):
        bits = (32, 32, 32, 29, 24)[i % 5]
        peers.write(f"[peer p{i}]\nfrn = {2 * frns[i]:010d}\n" + ("role = vsp\n" if i % 2 else "") +
                    f"address = 10.{i // 256}.{i % 256}.{8 * dice.randrange(32) if bits > 24 else 0}/{bits}\n")
PYTHON

for rows in "$@"; do
  directory=$scratch/$rows
  mkdir "$directory"
  printf '%s\n' "[guard]" "minimum-rows = 1" "changed-percent = 100" "[limits]" "max-bytes = 1G" "[history]" "keep = 0" \
    >"$directory/rmd.conf"
  echo 416 >"$directory/foreign-area-codes.conf"
  python3 "$scratch/make.py" "$rows" "$directory"
  for edition in 0 1; do
    "$RMDSYNC" -q -c "$directory/rmd.conf" -d "$directory/state" --source "$directory/$edition.csv"
    cp "$directory/state/rmd.mdb" "$directory/edition.$edition"
  done
  # Only in the bench's own directory, where nobody reads it yet.
  rm -rf "$directory/state"
  ln "$directory/edition.0" "$directory/rmd.mdb"
  "$BENCH" "$directory"
  rm -rf "$directory"
done
