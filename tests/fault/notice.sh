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
printf '%s\n' "number,frn,business_name,implementation,voice_service_provider_choice,gateway_provider_choice,intermediate_provider_choice" \
  "RMD0000001,0000000001,Harbor Ridge Long Distance Inc,Complete STIR/SHAKEN Implementation,Yes,No,No" >"$scratch/list.csv"

notice() {
  "$RMDNOTICE" -c "$conf" -d "$state" --at 2026-05-01T12:00:00Z "$@"
}
# contents DIRECTORY: names and bytes.
contents() {
  (cd "$1" && sha256sum -- *.xml)
}

test_case "the register before"
run 0 "$RMDSYNC" -q -c "$conf" -d "$state" --as-of 2026-05-01T00:00:00Z --source "$scratch/list.csv"
run 0 notice import "$srcdir/tests/data/notices/letter-plain.txt"
letter="EB-26-00099999-Example Voice"
mv "$register" "$scratch/old"

# attempt KIND AT MODE COMMAND...: one run under a fault, and what is left. Without a "$scratch/new" it only reads.
attempt() {
  faulted="$1 $2 $3"
  shift 3
  rm -rf "$register"
  cp -a "$scratch/old" "$register"
  # shellcheck disable=SC2086 # three words
  under_fault $faulted "65 66 69 73 74 75 78" "$RMDNOTICE" -c "$conf" -d "$state" --at 2026-05-01T12:00:00Z "$@"
  contents "$register" >"$scratch/left.digest"
  if ! cmp -s "$scratch/new.digest" "$scratch/left.digest"; then
    cmp -s "$scratch/old.digest" "$scratch/left.digest" || complain "$fault_call: the register is neither old nor new"
    [ "$code" -ne 0 ] || complain "$fault_call: says 0, and the old register is left"
  fi
  [ "$code" -ne 0 ] || cmp -s "$scratch/said" "$out" || complain "$fault_call: says 0, and not all"
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
      # A page of text needs memory thousands of times: RMD_FAULTS=all fails each, else one in so many.
      step=1
      [ "$kind" != memory ] || [ "${RMD_FAULTS:-}" = all ] || step=101
      each_call "$kind" "$mode" "$step" attempt "$@"
      echo "# $what, $kind, $mode: $total calls"
      # The next command mends whatever this one left.
      if cmp -s "$scratch/old.digest" "$scratch/left.digest"; then
        run 0 notice "$@"
        contents "$register" >"$scratch/left.digest"
      fi
      expect_same "$scratch/new.digest" "$scratch/left.digest"
    done
  done
}

# moved TO: the letter is, between the listing and its reading.
moved() {
  rm -rf "$register"
  cp -a "$scratch/old" "$register"
  FAULT_MOVED=$(ls "$register"/*.xml) FAULT_TO=$1
  export FAULT_MOVED FAULT_TO
  under_fault any 0 once "" "$RMDNOTICE" -c "$conf" -d "$state" list
  [ ! -e "$FAULT_MOVED" ] || complain "it was not"
  expect_empty "$err"
  unset FAULT_MOVED FAULT_TO
}

test_case "a document that is renamed while the register is read is not missed, one that is removed is not there"
moved "$register/renamed.xml"
expect_one_line "$out"
expect_line "$out" "$letter"
moved "$scratch/removed"
expect_empty "$out"

sweep import import "$order"
sweep respond respond "$letter" mitigated 2026-03-10
sweep match match "$letter" 0000000001
sweep sent notify-fcc "$letter" --sent 2026-03-10
cp -a "$scratch/new/." "$scratch/old"
sweep list list
sweep due due --ics
sweep show show "$letter"
finish
