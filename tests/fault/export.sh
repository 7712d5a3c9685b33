#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every call of rmdexport that may fail does fail, once and from then on, and it is killed before each of its steps. After
# each: no crash, an exit code of the contract, and a reader finds the old zone or the new one, whole; the next run mends
# what is left.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

fault_build "$RMDEXPORT"
RMDEXPORT=$program

state=$scratch/state
all=$scratch/all
sample=$srcdir/contrib/sample/rmd-sample.csv
mkdir "$all"
printf '%s\n' "[guard]" "minimum-rows = 1" "[export]" "formats = dns kamailio" >"$scratch/rmd.conf"
: >"$scratch/foreign-area-codes.conf"

export_all() {
  "$RMDEXPORT" -c "$scratch/rmd.conf" -d "$state" --all "$all"
}
# The zone, and the files of Kamailio, whole and of one snapshot each; a serial of its own each time.
digest() {
  for file in rmd.zone kamailio/address.list kamailio/version kamailio/rmd; do
    sha256sum <"$1/$file"
  done
}

test_case "the export before, and after"
run 0 "$RMDSYNC" -q -c "$scratch/rmd.conf" -d "$state" --source "$sample"
run 0 export_all
cp -a "$all" "$scratch/old"
printf '%s\n' "[peer one]" "frn = 0099000003" "address = 192.0.2.0/24" >"$scratch/peers.conf"
run 0 "$RMDSYNC" -q -c "$scratch/rmd.conf" -d "$state" --offline
run 0 export_all
cp -a "$all" "$scratch/new"
digest "$scratch/old" >"$scratch/old.digest"
digest "$scratch/new" >"$scratch/new.digest"
if cmp -s "$scratch/old.digest" "$scratch/new.digest"; then
  complain "nothing has changed"
fi

# attempt KIND AT MODE: one run under a fault, and what is left.
attempt() {
  rm -rf "$all"
  cp -a "$scratch/old" "$all"
  code=0
  FAULT_KIND=$1 FAULT_AT=$2 FAULT_MODE=$3 FAULT_COUNT=$scratch/calls LD_PRELOAD=$fault \
    "$RMDEXPORT" -c "$scratch/rmd.conf" -d "$state" --all "$all" >"$out" 2>"$err" || code=$?
  case $3:$code in
  kill:137 | *:0 | *:66 | *:70 | *:73 | *:74 | *:75 | *:78) ;;
  *) complain "$1 call $2, $3: exit $code: $(tail -n 1 "$err")" ;;
  esac
  digest "$all" >"$scratch/left.digest"
  paste "$scratch/old.digest" "$scratch/new.digest" "$scratch/left.digest" |
    awk '$5 != $1 && $5 != $3 { bad = 1 } END { exit bad }' || complain "$1 call $2, $3: a file is neither old nor new"
  if [ "$code" -eq 0 ] && ! cmp -s "$scratch/new.digest" "$scratch/left.digest"; then
    complain "$1 call $2, $3: says 0, and an old file is left"
  fi
  if [ "$code" -ne 0 ] && [ "$code" -ne 137 ] && [ ! -s "$err" ]; then
    complain "$1 call $2, $3: exit $code without a word"
  fi
  find "$all" -name '*.new' >"$scratch/halves"
  # Renames are counted with removals: where one of those fails, the next run has to do it.
  if [ "$1:$3" != rename:once ] && [ "$3" = once ] && [ -s "$scratch/halves" ]; then
    complain "$1 call $2, $3: half a file is left"
  fi
}

for mode in once on kill; do
  for kind in write sync rename open memory; do
    test_case "$kind fails, $mode"
    rm -f "$scratch/calls"
    attempt "$kind" 0 once
    total=$(sort -n "$scratch/calls" | tail -n 1)
    [ "$total" -gt 0 ] || complain "no call of this kind"
    at=1
    while [ "$at" -le "$total" ]; do
      attempt "$kind" "$at" "$mode"
      at=$((at + 1))
    done
    echo "# $kind, $mode: $total calls"
    run 0 export_all
    digest "$all" >"$scratch/left.digest"
    expect_same "$scratch/new.digest" "$scratch/left.digest"
    find "$all" -name '*.new' >"$scratch/halves"
    expect_empty "$scratch/halves"
  done
done
finish
