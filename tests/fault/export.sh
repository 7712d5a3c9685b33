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
  under_fault "$1" "$2" "$3" "66 70 73 74 75 78" "$RMDEXPORT" -c "$scratch/rmd.conf" -d "$state" --all "$all"
  digest "$all" >"$scratch/left.digest"
  paste "$scratch/old.digest" "$scratch/new.digest" "$scratch/left.digest" |
    awk '$5 != $1 && $5 != $3 { bad = 1 } END { exit bad }' || complain "$fault_call: a file is neither old nor new"
  if [ "$code" -eq 0 ] && ! cmp -s "$scratch/new.digest" "$scratch/left.digest"; then
    complain "$fault_call: says 0, and an old file is left"
  fi
  find "$all" -name '*.new' >"$scratch/halves"
  # Renames are counted with removals: where one of those fails, the next run has to do it.
  if [ "$1:$3" != rename:once ] && [ "$3" = once ] && [ -s "$scratch/halves" ]; then
    complain "$fault_call: half a file is left"
  fi
}

for mode in once on kill; do
  for kind in write sync rename open memory; do
    test_case "$kind fails, $mode"
    each_call "$kind" "$mode" 1 attempt
    echo "# $kind, $mode: $total calls"
    run 0 export_all
    digest "$all" >"$scratch/left.digest"
    expect_same "$scratch/new.digest" "$scratch/left.digest"
    find "$all" -name '*.new' >"$scratch/halves"
    expect_empty "$scratch/halves"
  done
done
finish
