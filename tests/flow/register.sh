#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The FCC's documents from their files in notices.d to the verdict, by whole runs: on each side of each deadline, for
# each way in which an order loses its force, and on a night on which the source or a document is broken.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

state=$scratch/state
conf=$scratch/rmd.conf
notices=$scratch/notices.d
mkdir "$notices" "$scratch/tmp"
TMPDIR=$scratch/tmp
export TMPDIR
echo 416 >"$scratch/foreign-area-codes.conf"
header="number,frn,business_name,implementation,voice_service_provider_choice,gateway_provider_choice"
header="$header,intermediate_provider_choice,last_updated"

configure() {
  printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-rows = 100000" "vanished-percent = 100" "contiguous-rows = 0" \
    "relisted-rows = 100000" "changed-percent = 100" "rejected-percent = 100" "[policy]" "$@" >"$conf"
  case $* in *max-age*) ;; *) echo "max-age = 3650d" >>"$conf" ;; esac
}

# list ROW...: the file of a night. A row is "NUMBER FRN UPDATED".
list() {
  echo "$header"
  for row in "$@"; do
    # shellcheck disable=SC2086 # three words
    set -- $row
    echo "RMD000000$1,000000000$2,Example Carrier $1 LLC,Complete STIR/SHAKEN Implementation,Yes,No,No,$3"
  done
}

sync() {
  "$RMDSYNC" -c "$conf" -d "$state" "$@"
}

# night TIME ROW...: a check that all went well with.
night() {
  at=$1
  shift
  list "$@" >"$scratch/list.csv"
  run 0 sync -q --source "$scratch/list.csv" --as-of "$at"
  expect_empty "$err"
}

# fresh: no snapshot and no document.
fresh() {
  rm -rf "$state" "$notices"
  mkdir "$notices"
  configure "$@"
}

# notice FILE KIND ISSUED [LINE...]: a document, named as its file.
notice() {
  name=$1
  kind=$2
  issued=$3
  shift 3
  {
    printf '<notice id="%s" kind="%s" issued="%s">\n' "$name" "$kind" "$issued"
    printf '  %s\n' "$@"
    echo "</notice>"
  } >"$notices/$name.xml"
}

# A provider of a document, by its FRN.
provider() {
  echo "<provider><name>Example Carrier LLC</name><frn>000000000$1</frn></provider>"
}

# verdict CODE PROVIDER TIME WORD...: the words stand in this order in the answer's line, its columns between them.
verdict() {
  code=$1
  key=$2
  at=$3
  shift 3
  run "$code" "$RMDCHECK" -d "$state" --at "$at" "$key"
  expect_line "$out" "$(printf '%s  %s' "$1" "$2")"
  shift 2
  for word in "$@"; do
    expect_line "$out" "$word"
  done
}

three="1 1 2020-01-01"
two="2 2 2020-01-01"

test_case "a letter: each side of its 48 hours and 14 days, and of what the operator records"
fresh
night 2022-07-06 "$three" "$two"
notice letter notice 2022-07-07 "$(provider 1)" "<respond-by>2022-07-21</respond-by>"
run 0 sync -q --offline
verdict 0 0000000001 2022-07-06T23:59:59-04:00 accept listed
expect_no_line "$out" flags
verdict 0 0000000001 2022-07-09T23:59:59-04:00 accept listed "flags notice-open"
verdict 2 0000000001 2022-07-10 may-block notice-matured "47 CFR 64.1200(k)(4)" "since 2022-07-10T00:00:00-04:00" \
  "notice letter" "notice-open,notify-fcc-first"
verdict 2 RMD0000001 2022-07-22 may-block notice-matured "flags notify-fcc-first"
verdict 0 0000000002 2022-07-22 accept listed
notice letter notice 2022-07-07 "$(provider 1)" "<respond-by>2022-07-21</respond-by>" \
  '<response kind="mitigated" date="2022-07-12"/>' '<fcc-notified date="2022-07-22"/>'
run 0 sync -q --offline
verdict 2 0000000001 2022-07-11T23:59:59-04:00 may-block notice-matured
verdict 0 0000000001 2022-07-12 accept listed "flags notice-open"
verdict 2 0000000001 2022-07-22 may-block notice-matured "since 2022-07-22T00:00:00-04:00"
expect_no_line "$out" notify-fcc-first
notice letter notice 2022-07-07 "$(provider 1)" '<response kind="mitigated" date="2022-07-12"/>' \
  '<response kind="measures" date="2022-07-20"/>'
run 0 sync -q --offline
verdict 0 0000000001 2022-08-01 accept listed
expect_no_line "$out" flags

test_case "a document that leaves the register decides nothing any more"
rm "$notices/letter.xml"
run 0 sync -q --offline
verdict 0 0000000001 2022-07-11 accept listed
expect_no_line "$out" flags

test_case "a removal by RMD number refuses the whole FRN, still listed or not"
fresh
night 2025-08-05 "$three" "3 1 2020-01-01" "$two"
notice DA-25-737 removal 2025-08-06 "<provider><name>Example</name><rmd>RMD0000003</rmd></provider>"
run 0 sync -q --offline
verdict 0 0000000001 2025-08-05T23:59:59-04:00 accept listed
verdict 1 0000000001 2025-08-06 refuse removed-by-order "47 CFR 64.6305(g)(1)" "notice DA-25-737" \
  "flags still-listed,multiple-filings" "since 2025-08-06T00:00:00-04:00"
verdict 1 RMD0000001 2025-08-06 refuse removed-by-order
verdict 0 0000000002 2025-08-06 accept listed
night 2025-08-07 "$two"
verdict 1 0000000001 2025-08-08 refuse removed-by-order "notice DA-25-737"
expect_no_line "$out" still-listed

test_case "gone and there again after the order: relisted, from the check that had it again"
night 2025-10-01 "$three" "$two"
verdict 1 0000000001 2025-09-30T23:59:59-04:00 refuse removed-by-order
verdict 0 0000000001 2025-10-01 accept listed "flags relisted"

test_case "gone in one list and there again in the next of the same instant: relisted"
fresh
night 2025-07-01 "$three" "$two"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
night 2025-08-10 "$two"
night 2025-08-10 "$three" "$two"
verdict 0 0000000001 2025-08-10 accept listed "flags relisted"

test_case "an absence before the order, and a return after it with no absence between, lift nothing"
fresh
night 2025-07-01 "$three" "$two"
night 2025-07-10 "$two"
night 2025-07-20 "$three" "$two"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
night 2025-08-10 "$three" "$two"
night 2025-08-20 "$three" "$two"
verdict 1 0000000001 2025-08-21 refuse removed-by-order "flags still-listed"

test_case "absent since before the order, and there again after it: relisted"
fresh
night 2025-07-01 "$three" "$two"
night 2025-07-10 "$two"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
night 2025-08-10 "$two"
night 2025-08-20 "$three" "$two"
verdict 1 0000000001 2025-08-19 refuse removed-by-order
verdict 0 0000000001 2025-08-21 accept listed "flags relisted"

test_case "absent before the order, and there at the first check after it: no check after it missed it"
fresh
night 2025-07-01 "$three" "$two"
night 2025-07-10 "$two"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
night 2025-08-20 "$three" "$two"
verdict 1 0000000001 2025-08-21 refuse removed-by-order "flags still-listed"

test_case "a provider that comes back under another RMD number has come back"
fresh
night 2025-08-05 "$three" "$two"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
night 2025-08-10 "$two"
night 2025-08-20 "5 1 2020-01-01" "$two"
verdict 0 0000000001 2025-08-21 accept listed "RMD0000005" "flags relisted"

test_case "edited 14 days after the order: approved again; 13 days after it: not"
fresh
night 2025-08-05 "$three" "$two"
notice DA-25-737 removal 2025-08-06 "$(provider 1)" "$(provider 2)"
night 2025-09-01 "1 1 2025-08-20" "2 2 2025-08-19"
verdict 0 0000000001 2025-09-02 accept listed "flags relisted"
verdict 1 0000000002 2025-09-02 refuse removed-by-order
verdict 1 0000000001 2025-08-31 refuse removed-by-order

test_case "a reinstatement lifts orders of its day and before, and no later one"
fresh
night 2025-08-05 "$three" "$two"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
notice DA-25-800 final-determination 2025-08-06 "$(provider 1)"
notice DA-25-900 reinstatement 2025-10-01 "$(provider 1)"
run 0 sync -q --offline
verdict 1 0000000001 2025-09-30T23:59:59-04:00 refuse blocking-order "notice DA-25-800" \
  "since 2025-09-05T00:00:00-04:00"
verdict 0 0000000001 2025-10-01 accept listed "flags relisted"
notice DA-26-001 removal 2026-01-05 "$(provider 1)"
run 0 sync -q --offline
verdict 1 0000000001 2026-01-05 refuse removed-by-order "notice DA-26-001"
notice DA-25-900 reinstatement 2026-01-05 "$(provider 1)"
run 0 sync -q --offline
verdict 0 0000000001 2026-01-05 accept listed

test_case "an order not yet in effect explains an absence: the last filing stands until it is"
fresh "removal-grace = 2"
night 2025-08-05 "$three" "$two"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
night 2025-08-07 "$two"
verdict 0 0000000001 2025-08-08T23:59:59-04:00 accept listed "flags removal-pending" RMD0000001
verdict 1 0000000001 2025-08-09 refuse removed-by-order "since 2025-08-09T00:00:00-04:00"
rm "$notices/DA-25-737.xml"
run 0 sync -q --offline
verdict 1 0000000001 2025-08-08 refuse delisted

test_case "a closure in calendar.conf lengthens the grace, and moves the generation"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
run 0 sync -q --offline
run 0 sync --json --offline
expect_line "$out" '"result":"unchanged"'
printf '# made up\n2025-08-07..2025-08-10 a storm\n' >"$scratch/calendar.conf"
run 0 sync --json --offline
expect_line "$out" '"result":"published"'
verdict 0 0000000001 2025-08-12T23:59:59-04:00 accept listed "flags removal-pending"
verdict 1 0000000001 2025-08-13 refuse removed-by-order
printf '2025-08-10..2025-08-07\n' >"$scratch/calendar.conf"
run 78 sync --offline
expect_line "$err" "calendar.conf:1: "
rm "$scratch/calendar.conf"

test_case "an order explains no change of FRN: a filing that had vanished before it stands for nobody"
fresh "removal-grace = 2"
night 2025-08-05 "$three" "3 1 2020-01-01" "$two"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
night 2025-08-07 "3 1 2020-01-01" "$two"
night 2025-08-08 "3 5 2020-01-01" "$two"
verdict 1 0000000001 2025-08-08T00:00:01-04:00 refuse delisted "since 2025-08-08T00:00:00-04:00"
night 2025-08-08T00:00:02-04:00 "3 5 2020-01-01" "$two"
verdict 1 0000000001 2025-08-08T00:00:01-04:00 refuse delisted "since 2025-08-08T00:00:00-04:00"

test_case "a provider that nobody has matched changes no verdict; one that no list ever had is refused by its order"
fresh
night 2025-08-05 "$three"
notice DA-25-737 removal 2025-08-06 "<provider><name>Example Carrier 1 LLC</name></provider>" "$(provider 9)"
run 0 sync -q --offline
verdict 0 0000000001 2025-08-07 accept listed
verdict 1 0000000009 2025-08-07 refuse removed-by-order
verdict 1 0000000008 2025-08-07 refuse not-listed

test_case "an order holds whatever the age of the data, and before the history"
fresh "max-age = 72h"
night 2025-08-05 "$three" "$two"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
notice DA-20-001 removal 2020-01-01 "$(provider 2)"
run 0 sync -q --offline
verdict 1 0000000001 2026-01-01 refuse removed-by-order "flags stale,still-listed"
verdict 1 0000000002 2021-01-01 refuse removed-by-order
verdict 3 0000000001 2021-01-01 unknown before-history
configure "max-age = 3650d"

test_case "a run whose source fails, is refused or is held publishes a changed register, and ends as the source deserves"
fresh
night 2025-08-05 "$three" "$two"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
run 69 sync --source "$scratch/none.csv" --as-of 2025-08-07
expect_line "$err" "generation 2 serves it with the last good list"
verdict 1 0000000001 2025-08-07 refuse removed-by-order
run 69 sync --json --source "$scratch/none.csv" --as-of 2025-08-07
expect_no_line "$err" "serves it with"
expect_line "$out" '"generation":2'
notice DA-25-738 removal 2025-08-06 "$(provider 2)"
echo '<html></html>' >"$scratch/page.csv"
run 65 sync --json --source "$scratch/page.csv" --as-of 2025-08-07
expect_line "$out" '"result":"failed"'
expect_line "$out" '"generation":3'
verdict 1 0000000002 2025-08-07 refuse removed-by-order
rm "$notices/DA-25-738.xml"
sed -i 's/^vanished-rows.*/vanished-rows = 0/' "$conf"
list "$three" >"$scratch/list.csv"
run 3 sync --json --source "$scratch/list.csv" --as-of 2025-08-07
expect_line "$out" '"result":"held"'
expect_line "$out" '"generation":4'
verdict 0 0000000002 2025-08-07 accept listed
[ -f "$state/candidate" ] || complain "the candidate was not kept"

test_case "a mass removal passes the guard when orders on file name most of what vanished"
fresh
six="6 6 2020-01-01"
night 2025-08-05 "$three" "$two" "4 4 2020-01-01" "$six"
sed -i 's/^vanished-rows.*/vanished-rows = 1/' "$conf"
list "$two" >"$scratch/list.csv"
run 3 sync --source "$scratch/list.csv" --as-of 2025-08-07
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
run 3 sync --source "$scratch/list.csv" --as-of 2025-08-07
expect_line "$err" "1 named by removal orders"
notice DA-25-738 removal 2025-08-06 "<provider><name>Example</name><rmd>RMD0000004</rmd></provider>"
run 0 sync -q --source "$scratch/list.csv" --as-of 2025-08-07
verdict 1 0000000006 2025-08-07 refuse delisted

test_case "a document that is wrong: one line with file and line, 78, and the old snapshot serves"
fresh
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
night 2025-08-05 "$three" "$two"
# wrong LINE TEXT: what stands in the file $notices/wrong.xml is refused, at that line.
wrong() {
  line=$1
  shift
  printf '%s\n' "$@" >"$notices/wrong.xml"
  run 78 sync --offline
  expect_one_line "$err"
  expect_line "$err" "notices.d/wrong.xml:$line: "
  cp "$err" "$scratch/said"
  verdict 1 0000000001 2025-08-07 refuse removed-by-order
}
begin='<notice id="x" kind="notice" issued="2025-08-06">'
wrong 1 '<notice id="x" kind="notice" issued="2025-02-30"></notice>'
wrong 1 '<notice id="x" kind="notice" issued="2025-08-06T10:00:00"></notice>'
wrong 1 '<notice id="x" kind="letter" issued="2025-08-06"></notice>'
wrong 1 '<notice id="DA-25-737" kind="notice" issued="2025-08-06">' "$(provider 2)" '</notice>'
expect_line "$scratch/said" "has the id of $notices/DA-25-737.xml"
wrong 2 "$begin" '<respond-by>2025-08-05</respond-by>' '</notice>'
wrong 2 "$begin" '<respond-by>2025-13-05</respond-by>' '</notice>'
wrong 2 "$begin" '<cease-by>2025-08-08</cease-by>' '</notice>'
wrong 2 "$begin" '<deadline>2025-08-08</deadline>' "$(provider 2)" '</notice>'
expect_line "$scratch/said" "deadline"
wrong 3 "$begin" "$(provider 2)" "$(provider 2)" '</notice>'
wrong 2 "$begin" '<provider><name>A</name><frn>12</frn></provider>' '</notice>'
wrong 2 "$begin" '<provider><name>A</name><frn>0000000000</frn></provider>' '</notice>'
wrong 2 "$begin" '<provider match="operator" date="2025-08-07"><name>A</name></provider>' '</notice>'
wrong 2 "$begin" '<response kind="mitigated" date="2025-08-05"/>' '</notice>'
wrong 2 "$begin" '<fcc-notified date="2025-08-05"/>' '</notice>'
wrong 2 "$begin" '<title>not closed</titel>' '</notice>'
# once libxml2 printed three lines of its own here
wrong 3 '<?xml version="1.0" encoding="EUC-JP"?>' "$begin" "$(printf '<title>caf\351\240 x</title>')" '</notice>'
wrong 1 '<!DOCTYPE notice [<!ENTITY e SYSTEM "/etc/hostname">]>' "$begin" '<title>&e;</title>' '</notice>'
rm "$notices/wrong.xml"
run 0 sync -q --offline

test_case "a backup, a hidden file and another kind of file in the directory are none of the register's"
echo "<" >"$notices/.DA.xml"
echo "<" >"$notices/DA.xml~"
echo "<" >"$notices/README"
run 0 sync --json --offline
expect_line "$out" '"result":"unchanged"'

test_case "the long form, the history and the evidence tell of the document, with its digest"
digest=$(sha256sum <"$notices/DA-25-737.xml" | cut -c 1-64)
run 1 "$RMDCHECK" -d "$state" -l --at 2025-08-07 0000000001
expect_line "$out" "document                          DA-25-737, removal"
expect_line "$out" "  refuse from                     2025-08-06T00:00:00-04:00"
expect_line "$out" "6  Is a removal order in force, and the provider not relisted since? yes"
expect_no_line "$out" "7  "
run 0 "$RMDCHECK" -d "$state" --history 0000000001
expect_line "$out" "2025-08-06T00:00:00-04:00  document DA-25-737  removal  digest $(echo "$digest" | cut -c 1-12)"
run 0 "$RMDCHECK" -d "$state" -j --history 0000000001
expect_line "$out" "{\"schema\":1,\"query\":\"0000000001\",\"at\":\"2025-08-06T00:00:00-04:00\",\"generation\":null,\
\"rmd_number\":null,\"kind\":\"removal\",\"fields\":[],\"digest\":\"$digest\",\"rollback\":null,\"notice\":\"DA-25-737\"}"
run 1 "$RMDCHECK" -d "$state" --evidence --at 2025-08-07 0000000001
expect_one_line "$out"
expect_line "$out" "\"digest\":\"$digest\""
expect_line "$out" "\"source_digest\":\"$(sha256sum <"$scratch/list.csv" | cut -c 1-64)\""
expect_line "$out" "\"snapshot_digest\":\"$(sha256sum <"$state/rmd.mdb" | cut -c 1-64)\""
expect_line "$out" '"step":6'
run 66 "$RMDCHECK" -d "$scratch/nothing" --evidence 0000000001
expect_line "$out" '"reason":"no-data"'
expect_one_line "$err"

# once any 64 bytes were one
test_case "what stands beside the snapshot and is no digest is none in the evidence"
mkdir "$scratch/beside"
cp "$state/rmd.mdb" "$scratch/beside"
printf '%s  rmd.mdb\n' "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<" >"$scratch/beside/rmd.mdb.sha256"
run 1 "$RMDCHECK" -d "$scratch/beside" --evidence --at 2025-08-07 0000000001
expect_line "$out" '"snapshot_digest":null'

# once the evidence left it out and said nothing
test_case "a document that cannot be read: there is no evidence without it, and the long form says so"
mkdir "$scratch/damaged"
LC_ALL=C sed 's/\x09\x00DA-25-737/\x09\xffDA-25-737/' "$state/rmd.mdb" >"$scratch/damaged/rmd.mdb"
run 66 "$RMDCHECK" -d "$scratch/damaged" --evidence --at 2025-08-07 0000000001
expect_empty "$out"
expect_one_line "$err"
expect_line "$err" "the snapshot of the database is damaged; there is no evidence"
run 1 "$RMDCHECK" -d "$scratch/damaged" -l --at 2025-08-07 0000000001
expect_line "$out" "removed-by-order"
expect_one_line "$err"
expect_line "$err" "the verdict stands, not all that it rests on can be shown"

test_case "at one instant the history tells what the FCC issued before what the check saw, in both forms"
fresh
notice DA-25-736 notice 2025-08-06 "$(provider 1)"
notice DA-25-737 removal 2025-08-06 "$(provider 1)"
night 2025-08-05 "$three" "$two"
night 2025-08-06 "$two"
run 0 "$RMDCHECK" -d "$state" --history 0000000001
awk '{ print $2, $3, $4, $5 }' "$out" >"$scratch/given"
printf '%s\n' "generation 1 RMD0000001 added" "document DA-25-736 notice digest" "document DA-25-737 removal digest" \
  "generation 2 RMD0000001 vanished" >"$scratch/wanted"
expect_same "$scratch/wanted" "$scratch/given"
run 0 "$RMDCHECK" -d "$state" --json --history 0000000001
[ "$(wc -l <"$out")" -eq 4 ] || complain "not four lines: $(cat "$out")"
sed -n 2p "$out" >"$scratch/second"
expect_line "$scratch/second" '"DA-25-736"'
sed -n 3p "$out" >"$scratch/third"
expect_line "$scratch/third" '"DA-25-737"'
expect_line "$scratch/third" '"2025-08-06T00:00:00-04:00"'

finish
