#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What a power cut leaves cannot be tried, but what is asked of the kernel can be seen: each file that gets its name by a
# rename was on the disk before, and its directory after. That a failure of these calls is seen is the faults' matter.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

command -v python3 >"$scratch/which" || skip "no python3"
strace -o "$scratch/calls" true 2>"$scratch/strace" || skip "nothing can be traced here"

state=$scratch/state
conf=$scratch/rmd.conf
printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-rows = 3" "vanished-percent = 100" >"$conf"
echo 416 >"$scratch/foreign-area-codes.conf"
list 1 20 >"$scratch/one.csv"
list 1 21 >"$scratch/two.csv"
list 1 9 >"$scratch/few.csv"

# durable CODE NAMES COMMAND...: the command ends so, and these names, in this order, got their files safely.
durable() {
  code=$1
  printf '%s\n' "$2" >"$scratch/expected"
  shift 2
  # What looks for leaks cannot be traced.
  run "$code" env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" strace -f -qq -y -e signal=none \
    -e trace=fsync,fdatasync,rename,renameat,renameat2 -o "$scratch/calls" "$@"
  run 0 python3 - "$scratch/calls" <<'END'
import os
import re
import sys

done, begun = [], {}
for line in open(sys.argv[1], encoding="utf-8"):
    pid, call = line.rstrip("\n").split(None, 1)
    if call.endswith("<unfinished ...>"):
        begun[pid] = call
        continue
    call = begun.pop(pid) if "resumed>" in call else call
    found = re.match(r"f(data)?sync\(\d+<(.*?)>", call) or re.match(r'rename\w*\((?:.*?)"(.*?)".*?"(.*?)"', call)
    done.append((call.split("(")[0], found))
synced, names = set(), []
for at, (name, found) in enumerate(done):
    if "sync" in name:
        synced.add(found[2])
        continue
    old, new = found[1], found[2]
    # Older generations move on; they were safe when they got their first name.
    if re.search(r"/rmd\.mdb\.\d+$", new):
        continue
    names.append(os.path.basename(new))
    if old not in synced:
        sys.exit(f"{old} was not synced before it became {new}")
    synced.discard(old)
    if not any("sync" in name and later[2] == os.path.dirname(new) for name, later in done[at:]):
        sys.exit(f"the directory of {new} was not synced after it")
print(" ".join(names))
END
  expect_same "$scratch/expected" "$out"
}

test_case "rmdsync: the digest of both, the snapshot, the digest of the new one"
durable 0 "rmd.mdb.sha256 rmd.mdb rmd.mdb.sha256 last-run.json" \
  "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/one.csv" --as-of 2026-06-01
durable 0 "rmd.mdb.sha256 rmd.mdb rmd.mdb.sha256 last-run.json" \
  "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/two.csv" --as-of 2026-06-02

test_case "rmdsync: a list that is held, and why"
durable 3 "candidate candidate.held last-run.json" \
  "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/few.csv" --as-of 2026-06-03

test_case "rmdexport: a file, and the next one over it"
durable 0 "rmd.zone" "$RMDEXPORT" -c "$conf" -d "$state" -o "$scratch/rmd.zone" dns
run 0 "$RMDSYNC" -q -c "$conf" -d "$state" --accept "$(sha256sum <"$scratch/few.csv" | cut -d ' ' -f 1)"
durable 0 "rmd.zone" "$RMDEXPORT" -c "$conf" -d "$state" -o "$scratch/rmd.zone" dns

test_case "rmdnotice: a document, and what is recorded in it"
durable 0 "order.xml" "$RMDNOTICE" -c "$conf" -d "$state" --no-sync import --id order "$srcdir/contrib/guide/order.txt"
durable 0 "order.xml" "$RMDNOTICE" -c "$conf" -d "$state" --no-sync --at 2026-06-04 respond order reply 2026-06-03

finish
