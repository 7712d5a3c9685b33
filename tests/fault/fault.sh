#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every call of a run that may fail does fail, once and from then on, and the run is killed before each of its steps. After
# each: no crash, an exit code of the contract, and a reader finds the old snapshot or the new one, whole, with a history
# that is not shorter.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

fault_build "$RMDSYNC"
RMDSYNC=$program

state=$scratch/state
old=$scratch/old
conf=$scratch/rmd.conf
first=$scratch/first.csv
second=$scratch/second.csv
# What passes by itself is not waited for here.
printf "%s\n" "[limits]" "retry-for = 0s" "[guard]" "minimum-rows = 1" "[history]" "keep = 2" >"$conf"
: >"$scratch/foreign-area-codes.conf"
list_edit "$srcdir/contrib/sample/rmd-sample.csv" "$first" <<'END'
rows = [row for row in rows if len(" ".join(row.values())) < 2000][:60]
END
list_edit "$first" "$second" <<'END'
del rows[0]
rows[5]["business_name"] = "Renamed by the fault test"
END

test_case "the night before"
run 0 "$RMDSYNC" -q -c "$conf" -d "$old" --as-of 2025-01-01T00:00:00Z --source "$first"
"$RMDCHECK" -d "$old" --status >"$scratch/status" || :
cp -a "$old" "$scratch/new"
run 0 "$RMDSYNC" -q -c "$conf" -d "$scratch/new" --as-of 2025-01-02T00:00:00Z --source "$second"
number=$(sed -n 's/^\(RMD[0-9]*\),.*/\1/p' "$second" | sed -n 6p)
before=$(cut -d' ' -f1-4 "$old/rmd.mdb.sha256")
after=$(cut -d' ' -f1-4 "$scratch/new/rmd.mdb.sha256")

# answers DIRECTORY: what a reader sees, in one line: the digest is good, the generation, the events of one filing.
answers() {
  "$RMDCHECK" -d "$1" --status --verify >"$scratch/seen" 2>&1 || :
  grep -q 'SHA-256 verified' "$scratch/seen" || { cat "$scratch/seen"; return; }
  sed -n 's/.*generation \([0-9]*\).*/\1/p' "$scratch/seen" | tr '\n' ' '
  "$RMDCHECK" -d "$1" --history "$number" 2>&1 | wc -l | tr -d ' '
}

# What is swept: where it begins, the options of the run, and what a reader sees before and after it.
swept() {
  base=$1
  options=$2
  seen_before=$3
  seen_after=$4
}

# night KIND AT MODE: one run under a fault, and what is left. Complains once for each thing that is wrong.
night() {
  rm -rf "$state"
  cp -a "$base" "$state"
  # shellcheck disable=SC2086 # several options
  under_fault "$1" "$2" "$3" "65 69 70 73 75 78" "$RMDSYNC" -q -c "$conf" -d "$state" $options
  seen=$(answers "$state")
  case $seen in
  "$seen_before" | "$seen_after") ;;
  *) complain "$fault_call: a reader sees: $seen" ;;
  esac
  if [ "$code" -eq 0 ] && [ "$seen" != "$seen_after" ]; then
    complain "$fault_call: says 0, and the old snapshot serves"
  fi
}

# sweep KIND MODE WHAT: the calls of a run, one after the other.
sweep() {
  test_case "$1 fails, $2, in a $3"
  each_call "$1" "$2" 1 night
  echo "# $1, $2, $3: $total calls"
  # The next night mends whatever this one left.
  run 0 "$RMDSYNC" -q -c "$conf" -d "$state" --source "$second"
  expect_empty "$err"
}

[ -n "$before" ] && [ "$before" != "$after" ]
swept "$old" "--as-of 2025-01-02T00:00:00Z --source $second" "1 1" "2 2"
test_case "a file system without hard links: the old snapshot is kept as a copy"
FAULT_LINKS=none
export FAULT_LINKS
night any 0 once
[ "$code" -eq 0 ] || complain "exit $code"
expect_empty "$err"
expect_same "$old/rmd.mdb" "$state/rmd.mdb.1"
[ "$(stat -c %a "$state/rmd.mdb.1")" = 444 ] || complain "mode $(stat -c %a "$state/rmd.mdb.1")"
[ ! -e "$state/rmd.mdb.1.new" ] || complain "its temporary file is left"
for mode in once on kill; do
  sweep any "$mode" "night without hard links"
done
unset FAULT_LINKS

for mode in once on kill; do
  for kind in write sync rename open read memory; do
    sweep "$kind" "$mode" night
  done
done
swept "$scratch/new" "--rollback 1" "2 2" "3 3"
for kind in write sync rename open read memory; do
  sweep "$kind" once rollback
done
for kind in write sync rename open; do
  sweep "$kind" kill rollback
done
finish
