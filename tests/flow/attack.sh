#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What somebody tried who wanted to lose a good snapshot, to hang a run or to kill a reader from outside: files of every
# kind in the place of ours, and too few descriptors. What a source can send is source.sh's and fetch.sh's.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

good=$scratch/good
state=$scratch/state
conf=$scratch/rmd.conf
# Without it each run warns.
echo 416 >"$scratch/foreign-area-codes.conf"
printf '%s\n' "[limits]" "retry-for = 0s" "[guard]" "minimum-rows = 1" >"$conf"

# Whoever hangs is killed: a handled signal does not end an open that waits.
soon() {
  timeout -s KILL 10 "$@"
}
sync() {
  soon "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/next.csv"
}
again() {
  rm -rf "$state"
  cp -a "$good" "$state"
}
# serves_old: the snapshot of the night before, and its answers.
serves_old() {
  expect_same "$good/rmd.mdb" "$state/rmd.mdb"
  run 0 "$RMDCHECK" -d "$state" --word 0000000011
}

list 1 400 >"$scratch/first.csv"
list 1 401 >"$scratch/next.csv"
test_case "the night before"
run 0 "$RMDSYNC" -q -c "$conf" -d "$good" --source "$scratch/first.csv"

test_case "a pipe in the place of a file of the state directory hangs nobody"
for name in rmd.mdb.sha256 candidate.held candidate .source .build lock rmd.mdb.1 rmd.mdb.sha256.new \
  last-run.json last-run.json.new; do
  again
  rm -f "$state/$name"
  mkfifo "$state/$name"
  case $name in
  rmd.mdb.sha256)
    run 73 sync
    expect_one_line "$err"
    serves_old
    run 3 soon "$RMDCHECK" -d "$state" --status --verify
    run 0 soon "$RMDCHECK" -d "$state" --evidence 0000000011
    ;;
  *)
    run 0 sync
    expect_empty "$err"
    run 0 "$RMDCHECK" -d "$state" --word 0000004411
    ;;
  esac
done

test_case "a pipe in the place of an operator's file hangs nobody and names the file"
for name in rmd.conf peers.conf public-safety.conf calendar.conf foreign-area-codes.conf; do
  again
  mkdir "$scratch/piped"
  cp "$conf" "$scratch/foreign-area-codes.conf" "$scratch/piped"
  rm -f "$scratch/piped/$name"
  mkfifo "$scratch/piped/$name"
  run 78 soon "$RMDSYNC" -q -c "$scratch/piped/rmd.conf" -d "$state" --source "$scratch/next.csv"
  expect_one_line "$err"
  expect_line "$err" "$scratch/piped/$name: is a pipe, no file"
  serves_old
  rm -rf "$scratch/piped"
done

test_case "a snapshot whose link leads nowhere is no first load: the history would begin anew"
again
mv "$state/rmd.mdb" "$scratch/elsewhere.mdb"
ln -s "$scratch/elsewhere.mdb" "$state/rmd.mdb"
mv "$scratch/elsewhere.mdb" "$scratch/unmounted.mdb"
run 73 sync
expect_one_line "$err"
expect_line "$err" "a link that leads nowhere"
mv "$scratch/unmounted.mdb" "$scratch/elsewhere.mdb"
run 0 sync
run 0 "$RMDCHECK" -d "$state" --history 0000000011
expect_line "$out" "generation 1"

test_case "nor is one that is gone, while its digest and an older one are there"
run 0 "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/first.csv"
mv "$state/rmd.mdb" "$scratch/gone.mdb"
run 73 sync
expect_one_line "$err"
expect_line "$err" "the snapshot is gone"
mv "$scratch/gone.mdb" "$state/rmd.mdb"
run 0 sync

test_case "with both moved away a new history begins"
mv "$state/rmd.mdb" "$state/rmd.mdb.sha256" "$scratch"
run 0 sync
run 0 "$RMDCHECK" -d "$state" --history 0000000011
expect_one_line "$out"
expect_line "$out" "  generation 1  "

# What root left, killed while it ran by hand, shut out the service's user for ever.
test_case "what a killed run left and we may not write to is replaced"
again
for name in .source .build rmd.mdb.sha256.new; do
  touch "$state/$name"
  chmod 400 "$state/$name"
done
[ "$(id -u)" -ne 0 ] || chown 65534:65534 "$state" "$state/lock"
chmod 755 "$scratch"
run 0 as_other "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/next.csv"
expect_empty "$err"

# The next runs found a snapshot beside another one's digest, and refused to go on.
test_case "a lock that is removed while a run is on: that run does not publish"
again
mkfifo "$scratch/slow.csv"
soon "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/slow.csv" >"$scratch/run.out" 2>"$scratch/run.err" &
running=$!
await test -e "$state/.source"
rm "$state/lock"
run 0 sync
list 1 399 >"$scratch/slow.csv"
got=0
wait "$running" || got=$?
[ "$got" -eq 75 ] || complain "exit $got instead of 75"
expect_one_line "$scratch/run.err"
expect_line "$scratch/run.err" "the lock was removed"
run 0 "$RMDCHECK" -d "$state" --word 0000004411
run 0 "$RMDCHECK" -d "$state" --status --verify
run 0 sync

test_case "too few descriptors are a failure that passes, and never damage"
for count in 4 5 6 7; do
  again
  run 75 soon sh -c 'ulimit -n "$1" && shift && exec "$@"' sh "$count" \
    "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/next.csv"
  expect_line "$err" "Too many open files"
  expect_no_line "$err" "damaged"
  serves_old
done

finish
