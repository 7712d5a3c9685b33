#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Runs of rmdsync in a loop, each third one killed at some moment, each fifth one with a list that is held, two at once,
# while the threads and the forked processes of a switch ask: no wrong answer, no neither, no way back.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

CROWD=${CROWD:-./tests/flow/crowd}
[ -x "$CROWD" ] || skip "no $CROWD: make check builds it"
state=$scratch/state
conf=$scratch/rmd.conf
echo 416 >"$scratch/foreign-area-codes.conf"
printf '%s\n' "[guard]" "minimum-rows = 1" "[history]" "keep = 3" >"$conf"

# list COUNT WITHOUT: made-up filings but one.
list() {
  echo "$header"
  awk -v count="$1" -v without="$2" 'BEGIN {
    for (i = 1; i <= count; i++)
      if (i != without)
        printf "RMD%07d,%010d,Example Carrier %d LLC,Complete STIR/SHAKEN Implementation,Yes,No,Yes\n", i * 7, i * 11, i
  }'
}
sync() {
  "$RMDSYNC" -q -c "$conf" -d "$state" "$@"
}
# What serves decides what comes next: nobody knows what a killed run did.
generation() {
  { "$RMDCHECK" -d "$state" -j 0000000011 || :; } | tr -d ' ' | sed -n 's/.*"generation":\([0-9]*\).*/\1/p' | grep .
}

list 2000 0 >"$scratch/odd.csv"
list 2000 5 >"$scratch/even.csv"
list 1500 0 >"$scratch/held.csv"

test_case "no wrong answer in threads and forks while runs publish, are killed and are held"
run 0 sync --source "$scratch/odd.csv"
mkfifo "$scratch/over"
"$CROWD" "$state" 0000000055 <"$scratch/over" >"$scratch/crowd" 2>&1 &
crowd=$!
exec 9>"$scratch/over"
step=0
while [ "$step" -lt 42 ]; do
  step=$((step + 1))
  now=$(generation)
  next=$scratch/odd.csv
  [ $((now % 2)) -eq 0 ] || next=$scratch/even.csv
  if [ $((step % 5)) -eq 0 ]; then
    run 3 sync --source "$scratch/held.csv"
  elif [ $((step % 3)) -eq 0 ]; then
    # The shell tells of the kill.
    { timeout -s KILL "0.0$((step % 7 + 1))" "$RMDSYNC" -q -c "$conf" -d "$state" --source "$next" 9>&- || :; } \
      >"$out" 2>"$err"
  elif [ $((step % 7)) -eq 0 ]; then
    # Two at once: one of them publishes, the other one finds the lock or nothing new.
    sync --source "$next" 9>&- >"$scratch/other" 2>&1 &
    other=$!
    code=0
    sync --source "$next" >"$out" 2>"$err" || code=$?
    wait "$other" || [ "$code" -eq 0 ] || complain "neither of two runs published"
    case $code in 0 | 75) ;; *) complain "exit $code of one of two runs" ;; esac
  else
    run 0 sync --source "$next"
  fi
  later=$(generation)
  [ "$later" -ge "$now" ] || complain "generation $now became $later"
done
exec 9>&-
code=0
wait "$crowd" || code=$?
[ "$code" -eq 0 ] || complain "the crowd heard something wrong: $(head -n 5 "$scratch/crowd")"

test_case "the history has each generation, and no run has left litter"
run 0 sync --source "$scratch/odd.csv"
last=$(generation)
[ "$last" -gt 14 ] || complain "only $last generations"
run 0 "$RMDCHECK" -d "$state" --history 0000000055
for number in $(seq 2 "$((last - 1))"); do
  expect_match "$out" "generation ${number}(\$|[^0-9])"
done
run 0 "$RMDCHECK" -d "$state" --status --verify
for left in "$state"/* "$state"/.[!.]*; do
  case $left in
  */lock | */last-run.json | */rmd.mdb | */rmd.mdb.[123] | */rmd.mdb.sha256 | *'/.[!.]*') ;;
  *) complain "left behind: $left" ;;
  esac
done
finish
