#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every call of rmdnotice that may fail does fail, once and from then on, and it is killed before each of its steps. After
# each: no crash, an exit code of the contract, and the register is the old one or the new one, whole; what only reads
# says all or fails.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

fault_build "$RMDNOTICE"
RMDNOTICE=$program

state=$scratch/state
register=$scratch/notices.d
conf=$scratch/rmd.conf
order=$srcdir/contrib/guide/order.txt
printf '%s\n' "[guard]" "minimum-rows = 1" >"$conf"
: >"$scratch/foreign-area-codes.conf"
printf '%s\n' "number,frn,business_name,implementation" \
  "RMD0000001,0000000001,Harbor Ridge Long Distance Inc,Complete STIR/SHAKEN Implementation" >"$scratch/list.csv"

notice() {
  "$RMDNOTICE" -c "$conf" -d "$state" --no-sync --at 2025-10-01T12:00:00Z "$@"
}
# contents DIRECTORY: names and bytes.
contents() {
  (cd "$1" && sha256sum -- *.xml)
}

test_case "the register before"
run 0 "$RMDSYNC" -q -c "$conf" -d "$state" --as-of 2025-10-01T00:00:00Z --source "$scratch/list.csv"
run 0 notice import "$srcdir/tests/data/notices/letter-plain.txt"
letter=$(basename "$register"/*.xml .xml)
mv "$register" "$scratch/old"

# attempt KIND AT MODE COMMAND...: one run under a fault, and what is left. Without a "$scratch/new" it only reads.
attempt() {
  kind=$1 at=$2 mode=$3
  shift 3
  rm -rf "$register"
  cp -a "$scratch/old" "$register"
  code=0
  FAULT_KIND=$kind FAULT_AT=$at FAULT_MODE=$mode FAULT_COUNT=$scratch/calls LD_PRELOAD=$fault \
    "$RMDNOTICE" -c "$conf" -d "$state" --no-sync --at 2025-10-01T12:00:00Z "$@" >"$out" 2>"$err" || code=$?
  case $mode:$code in
  kill:137 | *:0 | *:65 | *:66 | *:69 | *:73 | *:74 | *:75 | *:78) ;;
  *) complain "$kind call $at, $mode: exit $code: $(tail -n 1 "$err")" ;;
  esac
  contents "$register" >"$scratch/left.digest"
  if ! cmp -s "$scratch/new.digest" "$scratch/left.digest"; then
    cmp -s "$scratch/old.digest" "$scratch/left.digest" || complain "$kind call $at, $mode: the register is neither old nor new"
    [ "$code" -ne 0 ] || complain "$kind call $at, $mode: says 0, and the old register is left"
  fi
  if [ "$code" -eq 0 ]; then
    cmp -s "$scratch/said" "$out" || complain "$kind call $at, $mode: says 0, and not all"
  elif [ "$code" -ne 137 ] && [ ! -s "$err" ]; then
    complain "$kind call $at, $mode: exit $code without a word"
  fi
}

# sweep WHAT COMMAND...
sweep() {
  what=$1
  shift
  test_case "$what: each call fails, once and from then on, and is the last"
  rm -rf "$register" "$scratch/new"
  cp -a "$scratch/old" "$register"
  run 0 notice "$@"
  cp "$out" "$scratch/said"
  cp -a "$register" "$scratch/new"
  contents "$scratch/old" >"$scratch/old.digest"
  contents "$scratch/new" >"$scratch/new.digest"
  for mode in once on kill; do
    for kind in any open read memory; do
      rm -f "$scratch/calls"
      attempt "$kind" 0 once "$@"
      total=$(sort -n "$scratch/calls" | tail -n 1)
      at=1
      while [ "$at" -le "$total" ]; do
        attempt "$kind" "$at" "$mode" "$@"
        at=$((at + 1))
      done
      echo "# $what, $kind, $mode: $total calls"
      # The next command mends whatever this one left.
      code=0
      notice "$@" >"$out" 2>"$err" || code=$?
      contents "$register" >"$scratch/left.digest"
      expect_same "$scratch/new.digest" "$scratch/left.digest"
    done
  done
}

sweep import import "$order"
sweep respond respond "$letter" mitigated 2025-09-30
sweep match match "$letter" 0000000001
sweep sent notify-fcc "$letter" --sent 2025-09-30
cp -a "$scratch/new/." "$scratch/old"
sweep list list
sweep due due --ics
sweep show show "$letter"
finish
