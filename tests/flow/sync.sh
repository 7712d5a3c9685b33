#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Whole runs of rmdsync on little files made here: what it counts, keeps, holds and publishes, how it exits, and that
# an old snapshot serves whatever happens. What a source may send on a bad day is source.sh's matter.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

command -v python3 >"$scratch/which" || skip "no python3"
state=$scratch/state
conf=$scratch/rmd.conf
files=$scratch/files
mkdir "$files" "$scratch/tmp"
TMPDIR=$scratch/tmp
export TMPDIR
# Without it each run warns.
echo 416 >"$scratch/foreign-area-codes.conf"
header="number,frn,business_name,implementation,voice_service_provider_choice,gateway_provider_choice"
header="$header,intermediate_provider_choice,other_frns"

# configure [LINE...]: the guard lets all pass, but for what the lines say.
configure() {
  printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-rows = 100000" "vanished-percent = 100" "contiguous-rows = 0" \
    "relisted-rows = 100000" "changed-percent = 100" "rejected-percent = 100" "$@" >"$conf"
}

# rows FROM TO: made-up filings. Number 7 times, FRN 11 times the index; all are voice service providers only.
rows() {
  awk -v from="$1" -v to="$2" 'BEGIN {
    for (i = from; i <= to; i++)
      printf "RMD%07d,%010d,Example Carrier %d LLC,Complete STIR/SHAKEN Implementation,Yes,No,No,\n", i * 7, i * 11, i
  }'
}

# file NAME: the header, and rows from stdin.
file() {
  {
    echo "$header"
    cat
  } >"$files/$1"
}

# number INDEX, frn INDEX: keys of one of the rows.
number() {
  printf 'RMD%07d' "$(($1 * 7))"
}
frn() {
  printf '%010d' "$(($1 * 11))"
}

sync() {
  "$RMDSYNC" -c "$conf" -d "$state" "$@"
}

# load CODE FILE TIME [OPTION...]: one run, its JSON in $out.
load() {
  code=$1
  name=$2
  at=$3
  shift 3
  run "$code" sync --json --source "$files/$name" --as-of "$at" "$@"
}

# counted RESULT GENERATION ROWS REJECTED ADDED REMOVED CHANGED RELISTED: what $out says.
counted() {
  expect_line "$out" "\"result\":\"$1\","
  expect_line "$out" ",\"generation\":$2,\"rows\":$3,\"rejected\":$4,\"added\":$5,\"removed\":$6,\"changed\":$7,\
\"relisted\":$8,"
}

# answers TIME "VERDICT REASON" PROVIDER [OPTION...]
answers() {
  at=$1
  expected_answer=$2
  shift 2
  "$RMDCHECK" -d "$state" --at "$at" "$@" >"$scratch/answer" 2>"$scratch/answer.err" || :
  given=$(awk '{ print $1, $2 }' "$scratch/answer")
  [ "$given" = "$expected_answer" ] || complain "at $at \"$*\" is \"$given\" and not \"$expected_answer\""
}

# history PROVIDER "KIND FIELDS"...: each event, the oldest first.
history() {
  provider=$1
  shift
  printf '%s\n' "$@" >"$scratch/events"
  "$RMDCHECK" -d "$state" --history "$provider" | awk '{ print $1, $5, $6 }' >"$scratch/given"
  expect_same "$scratch/events" "$scratch/given"
}

# look [OPTION...]: what the state directory holds, to the nanosecond; itself too, unless the options of find say no.
look() {
  find "$state" "$@" -printf '%P %i %m %s %T@ %C@\n' | sort
}

# Nothing in it has been written, replaced or removed between the two.
keep_look() {
  look -mindepth 1 >"$scratch/before"
}
expect_untouched() {
  look -mindepth 1 >"$scratch/after"
  expect_same "$scratch/before" "$scratch/after"
}

# expect_files NAME...: the state directory has these and no others.
expect_files() {
  printf '%s\n' "$@" | sort >"$scratch/names"
  find "$state" -mindepth 1 -printf '%P\n' | sort >"$scratch/given"
  expect_same "$scratch/names" "$scratch/given"
}

inode() {
  stat -c %i "$state/rmd.mdb"
}

day() {
  printf '2025-10-%02dT12:00:00-04:00' "$1"
}
before_day() {
  printf '2025-10-%02dT11:59:59-04:00' "$1"
}

configure "[policy]" "max-age = 30d"
rows 1 12 | file one.csv

test_case "the first load"
load 0 one.csv "$(day 1)"
counted published 1 12 0 12 0 0 0
expect_empty "$err"
expect_files lock rmd.mdb rmd.mdb.sha256
python3 - "$out" "$files/one.csv" >"$scratch/python" 2>&1 <<'END' || complain "$(cat "$scratch/python")"
import hashlib, json, sys

KEYS = "schema result reason generation rows rejected added removed changed relisted digest source checked_at".split()
text = open(sys.argv[1], encoding="ascii").read()
assert text.count("\n") == 1 and text.endswith("\n"), text
said = json.loads(text)
assert list(said) == KEYS, said
assert said["schema"] == 1 and said["reason"] is None
assert said["digest"] == hashlib.sha256(open(sys.argv[2], "rb").read()).hexdigest()
assert said["source"] == "file://" + sys.argv[2] and said["checked_at"] == "2025-10-01T12:00:00-04:00"
END
answers "$(before_day 1)" "unknown before-history" "$(frn 1)"
answers "$(day 1)" "accept listed" "$(frn 1)"
answers "$(day 1)" "accept listed" "$(number 12)"
answers "$(day 1)" "refuse not-listed" "$(frn 13)"
history "$(frn 1)" "$(day 1) added -"

test_case "mode and digest of a snapshot, whatever the umask"
[ "$(stat -c %a "$state/rmd.mdb")" = 444 ] || complain "mode $(stat -c %a "$state/rmd.mdb")"
run 0 sh -c 'cd "$1" && sha256sum -c rmd.mdb.sha256' sh "$state"
expect_line "$out" "rmd.mdb: OK"
run 0 sh -c 'umask 077 && exec "$@"' sh "$RMDSYNC" -c "$conf" -d "$scratch/masked" --source "$files/one.csv" \
  --as-of "$(day 1)"
[ "$(stat -c %a "$scratch/masked/rmd.mdb")" = 444 ] || complain "mode $(stat -c %a "$scratch/masked/rmd.mdb")"
[ "$(stat -c %a "$scratch/masked")" = 755 ] || complain "mode $(stat -c %a "$scratch/masked") of the directory"

test_case "unchanged: a new time, no new generation, no rotation"
load 0 one.csv "$(day 2)"
counted unchanged 1 12 0 0 0 0 0
expect_line "$out" '"checked_at":"2025-10-02T12:00:00-04:00"'
expect_files lock rmd.mdb rmd.mdb.sha256
run 0 "$RMDCHECK" -d "$state" --at "$(day 2)" --json "$(frn 1)"
expect_line "$out" '"checked_at":"2025-10-02T12:00:00-04:00","data_age":0,"generation":1,'
run 0 "$RMDCHECK" -d "$state" --at "$(before_day 2)" --json "$(frn 1)"
expect_line "$out" '"checked_at":"2025-10-01T12:00:00-04:00","data_age":86399,"generation":1,'
history "$(frn 1)" "$(day 1) added -"

test_case "the same filings in another order, in other columns, as XML of both shapes: unchanged"
rows 1 12 | sort -r | file reversed.csv
awk -F, -v OFS=, '{ print $8, $4, $3, $2, $1, $7, $6, $5 }' "$files/one.csv" >"$files/columns.csv"
python3 - "$files" <<'END'
import csv, sys
from xml.sax.saxutils import escape

rows = list(csv.DictReader(open(sys.argv[1] + "/one.csv", newline="")))
def element(name, text, reference):
    if reference and name == "frn":
        return f"<frn><display_value>{escape(text)}</display_value><value>0f3a</value></frn>"
    return f"<{name}>{escape(text)}</{name}>" if text else f"<{name}/>"
for name, root, row_name in ("rest", "response", "result"), ("unload", "unload", "x_g_fmc_rmd_robocall_mitigation_database"):
    with open(f"{sys.argv[1]}/{name}.xml", "w") as stream:
        stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>')
        for row in rows:
            columns = "".join(element(key, text, name == "rest") for key, text in row.items())
            stream.write(f"<{row_name}>{columns}</{row_name}>\n")
        stream.write(f"</{root}>\n")
END
sed 's/<unload>/<xml>/; s/<\/unload>/<\/xml>/' "$files/unload.xml" >"$files/list.xml"
for name in reversed.csv rest.xml columns.csv unload.xml one.csv list.xml; do
  load 0 "$name" "$(day 3)"
  counted unchanged 1 12 0 0 0 0 0
done
expect_files lock rmd.mdb rmd.mdb.sha256

test_case "changed, vanished, added"
rows 1 13 | awk -F, -v OFS=, 'NR == 3 { $3 = "Renamed LLC" } NR == 4 { $5 = "No"; $6 = "Yes" } NR == 7 { $2 = "0000009999" }
  NR == 8 { $4 = "N/A" } NR == 9 { $8 = "0000-0088-88" } NR != 5' | file two.csv
load 0 two.csv "$(day 4)"
counted published 2 12 0 1 1 5 0
for verdict in "$(before_day 4) accept" "$(day 4) refuse"; do
  at=${verdict% *}
  verdict=${verdict#* }
  case $verdict in accept) reasons="listed listed listed listed" ;; *)
    reasons="delisted delisted not-certified role-mismatch"
    ;;
  esac
  # shellcheck disable=SC2086
  set -- $reasons
  answers "$at" "$verdict $1" "$(frn 5)"
  answers "$at" "$verdict $2" "$(frn 7)"
  answers "$at" "$verdict $3" "$(number 8)"
  answers "$at" "$verdict $4" "$(frn 4)" --role vsp
done
answers "$(before_day 4)" "refuse not-listed" "$(number 13)"
answers "$(before_day 4)" "refuse not-listed" 0000009999
answers "$(before_day 4)" "refuse not-listed" 0000008888
answers "$(day 4)" "accept listed" "$(number 13)"
answers "$(day 4)" "accept listed" 0000009999
answers "$(day 4)" "unknown alias-only" 0000008888
history "$(number 3)" "$(day 1) added -" "$(day 4) changed business_name"
history "$(number 4)" "$(day 1) added -" \
  "$(day 4) changed voice_service_provider_choice,gateway_provider_choice"
history "$(number 5)" "$(day 1) added -" "$(day 4) vanished -"
history "$(number 7)" "$(day 1) added -" "$(day 4) changed frn"
history "$(number 13)" "$(day 4) added -"
expect_files lock rmd.mdb rmd.mdb.1 rmd.mdb.sha256

test_case "an FRN that only another filing named, then"
rows 1 13 | awk -F, -v OFS=, 'NR != 5' | file three.csv
load 0 three.csv "$(day 5)"
counted published 3 12 0 0 0 5 0
answers "$(before_day 4)" "refuse not-listed" 0000008888
answers "$(day 4)" "unknown alias-only" 0000008888
answers "$(before_day 5)" "unknown alias-only" 0000008888
answers "$(day 5)" "refuse not-listed" 0000008888
# It gave up the FRN that it had for a day, and has its own again.
answers "$(before_day 5)" "accept listed" 0000009999
answers "$(day 5)" "refuse delisted" 0000009999
answers "$(before_day 5)" "refuse delisted" "$(frn 7)"
answers "$(day 5)" "accept listed" "$(frn 7)"

test_case "relisted, as it was and changed; the old absence stays"
rows 1 13 | awk 'NR != 6' | file four.csv
load 0 four.csv "$(day 6)"
counted published 4 12 0 0 1 0 1
rows 1 13 | awk -F, -v OFS=, 'NR == 6 { $3 = "Returned LLC" } NR != 5' | file five.csv
load 0 five.csv "$(day 7)"
counted published 5 12 0 0 1 0 1
history "$(number 5)" "$(day 1) added -" "$(day 4) vanished -" "$(day 6) relisted -" "$(day 7) vanished -"
history "$(number 6)" "$(day 1) added -" "$(day 6) vanished -" "$(day 7) relisted business_name"
for answer in "$(before_day 6) refuse delisted" "$(day 6) accept listed" "$(before_day 7) accept listed" \
  "$(day 7) refuse delisted"; do
  answers "${answer%% *}" "${answer#* }" "$(frn 5)"
done
for answer in "$(before_day 6) accept listed" "$(day 6) refuse delisted" "$(before_day 7) refuse delisted" \
  "$(day 7) accept listed"; do
  answers "${answer%% *}" "${answer#* }" "$(frn 6)"
done
load 0 five.csv "$(day 8)"
counted unchanged 5 12 0 0 0 0 0
run 0 "$RMDCHECK" -d "$state" --at "$(day 8)" --json --long "$(frn 6)"
expect_line "$out" '"since":"2025-10-07T12:00:00-04:00","first_seen":"2025-10-01T12:00:00-04:00"'

test_case "--as-of before the last check, and with the network"
keep_look
load 64 one.csv "$(before_day 8)"
expect_one_line "$err"
expect_line "$err" "2025-10-08T12:00:00-04:00"
counted failed 0 0 0 0 0 0 0
expect_untouched
load 0 five.csv "$(day 8)"
counted unchanged 5 12 0 0 0 0 0
keep_look
run 64 sync --source https://localhost:1/rmd.csv --as-of "$(day 9)"
expect_one_line "$err"
expect_line "$err" "file:"
run 64 sync --as-of "$(day 9)"
expect_one_line "$err"
run 64 sync --offline --as-of "$(day 9)"
expect_one_line "$err"
run 64 sync --source "$files/one.csv" --as-of yesterday
expect_one_line "$err"
expect_line "$err" "yesterday"
expect_untouched

test_case "a row that cannot be understood: its provider keeps its last filing"
{
  printf '%s\n' "RMD0090000,0000090000,\"Two" "lines LLC\",N/A,Yes,No,No,"
  rows 1 13 | awk -F, -v OFS=, 'NR == 2 { $3 = "Overlooked LLC"; $5 = "Perhaps" } NR == 6 { $3 = "Returned LLC" }
    NR != 3 && NR != 5'
  echo "RMD0090001,0000090001,Never seen LLC,Complete STIR/SHAKEN Implementation,Yes,,No,"
  echo "RMD009000X,0000000033,A number that is none LLC,N/A,Yes,No,No,"
} | file quarantine.csv
run 0 sync --source "$files/quarantine.csv" --as-of "$(day 9)"
[ "$(wc -l <"$err")" -eq 3 ] || complain "not three lines on stderr"
expect_line "$err" "/quarantine.csv:5: voice_service_provider_choice: \"Perhaps\""
expect_line "$err" "/quarantine.csv:15: gateway_provider_choice: \"\""
expect_line "$err" "/quarantine.csv:16: number: \"RMD009000X\""
expect_line "$out" "published generation 6: 14 rows, 1 added, 0 removed, 0 changed, 0 relisted, 3 quarantined;"
for key in "$(frn 2)" "$(number 2)" "$(frn 3)"; do
  answers "$(day 9)" "accept listed" "$key"
  expect_match "$scratch/answer" '  flags row-quarantined(  |$)'
done
expect_line "$scratch/answer" '"Example Carrier 3 LLC"'
answers "$(day 9)" "unknown row-quarantined" 0000090001
answers "$(day 9)" "unknown row-quarantined" RMD0090001
answers "$(day 9)" "refuse not-listed" 0000090002
answers "$(day 9)" "accept listed" "$(frn 1)"
expect_no_line "$scratch/answer" "row-quarantined"
load 0 quarantine.csv "$(day 9)"
counted unchanged 6 14 3 0 0 0 0
answers "$(day 9)" "unknown row-quarantined" 0000090001
answers "$(day 9)" "accept listed" "$(frn 2)"
expect_match "$scratch/answer" '  flags row-quarantined(  |$)'
run 0 sync --offline
answers "$(day 9)" "unknown row-quarantined" 0000090001
# The next list has the row again, well written.
{
  printf '%s\n' "RMD0090000,0000090000,\"Two" "lines LLC\",N/A,Yes,No,No,"
  rows 1 13 | awk -F, -v OFS=, 'NR == 6 { $3 = "Returned LLC" } NR != 5'
} | file six.csv
load 0 six.csv "$(day 10)"
counted unchanged 6 13 0 0 0 0 0
for key in "$(frn 2)" "$(frn 3)"; do
  answers "$(day 10)" "accept listed" "$key"
  expect_no_line "$scratch/answer" "row-quarantined"
done
answers "$(day 10)" "refuse not-listed" RMD0090001
