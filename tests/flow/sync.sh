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

# configure [LINE...]: the guard lets all pass, but for what the lines say. No key may stand there twice.
configure() {
  printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-rows = 100000" "vanished-percent = 100" "contiguous-rows = 0" \
    "relisted-rows = 100000" "changed-percent = 100" "rejected-percent = 100" "$@" | tac |
    awk -F ' = ' '/^\[/ || !given[$1]++' | tac >"$conf"
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
# Every run that holds the lock says how it ended, whatever else it leaves alone.
look() {
  find "$state" "$@" ! -name last-run.json -printf '%P %i %m %s %T@ %C@\n' | sort
}

# Nothing in it has been written, replaced or removed between the two.
keep_look() {
  look -mindepth 1 >"$scratch/before"
}
expect_untouched() {
  look -mindepth 1 >"$scratch/after"
  expect_same "$scratch/before" "$scratch/after"
}

# expect_files NAME...: the state directory has these, the summary of the last run, and no others.
expect_files() {
  printf '%s\n' last-run.json "$@" | sort >"$scratch/names"
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

KEYS = "schema result reason generation rows rejected added removed changed relisted digest source checked_at message".split()
KEYS += "started_at exit_status durations".split()
text = open(sys.argv[1], encoding="ascii").read()
assert text.count("\n") == 1 and text.endswith("\n"), text
said = json.loads(text)
assert list(said) == KEYS, said
assert said["schema"] == 1 and said["reason"] is None
assert said["digest"] == hashlib.sha256(open(sys.argv[2], "rb").read()).hexdigest()
assert list(said["durations"]) == ["run", "fetch", "decode", "publish"] and said["exit_status"] == 0
parts = said["durations"]
assert all(isinstance(seconds, float) and seconds >= 0 for seconds in parts.values()), parts
assert parts["run"] >= parts["fetch"] + parts["decode"] + parts["publish"] - 0.003, parts
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
run 73 "$RMDSYNC" -c "$conf" -d "$scratch/none/there" --source "$files/one.csv" --as-of "$(day 1)"
expect_one_line "$err"
expect_line "$err" "$scratch/none/there: cannot create the state directory"
[ ! -e "$scratch/none" ] || complain "the parent was made too"

test_case "unchanged: a new time, no new generation, no rotation"
# Who has the old file open must go on reading it as it was.
ln "$state/rmd.mdb" "$scratch/first.mdb"
cp "$state/rmd.mdb" "$scratch/copy.mdb"
load 0 one.csv "$(day 2)"
expect_same "$scratch/copy.mdb" "$scratch/first.mdb"
! cmp -s "$scratch/copy.mdb" "$state/rmd.mdb" || complain "the check is not remembered"
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
counted failed 5 0 0 0 0 0 0
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

test_case "of many rows that cannot be understood ten are named, with -v all"
rows 1 13 | sed '1,12s/,Yes,No,No,/,Perhaps,No,No,/' | file many.csv
run 0 sync -n --source "$files/many.csv" --as-of "$(day 10)"
[ "$(grep -c 'voice_service_provider_choice' "$err")" -eq 10 ] || complain "not ten rows are named"
expect_line "$err" "/many.csv: 2 more rows quarantined; -v names them"
run 0 sync -n -v --source "$files/many.csv" --as-of "$(day 10)"
[ "$(grep -c 'voice_service_provider_choice' "$err")" -eq 12 ] || complain "-v does not name all twelve"

test_case "held: the old snapshot serves, the candidate is kept; --accept with a wrong and the right digest"
configure "vanished-rows = 3" "[policy]" "max-age = 30d"
rows 1 13 | awk -F, -v OFS=, 'NR == 6 { $3 = "Returned LLC" } NR % 2' | file fewer.csv
cp "$state/rmd.mdb" "$scratch/old.mdb"
load 3 fewer.csv "$(day 11)"
expect_one_line "$err"
digest=$(sha256sum <"$files/fewer.csv" | cut -d ' ' -f 1)
expect_line "$err" "rmdsync --accept $digest"
expect_line "$out" '"result":"held","reason":"vanished","generation":6,"rows":7,"rejected":0,"added":0,"removed":7,'
expect_line "$out" "\"digest\":\"$digest\""
expect_same "$scratch/old.mdb" "$state/rmd.mdb"
expect_same "$files/fewer.csv" "$state/candidate"
expect_files candidate candidate.held lock rmd.mdb rmd.mdb.1 rmd.mdb.2 rmd.mdb.3 rmd.mdb.4 rmd.mdb.5 rmd.mdb.sha256
answers "$(day 11)" "accept listed" "$(frn 2)"
run 3 sync -q --source "$files/fewer.csv" --as-of "$(day 11)"
expect_one_line "$err"
# As the manual tells to look at it.
run 3 sync -n -v --source "$state/candidate" --as-of "$(day 11)"
expect_line "$err" "vanished $(number 2) $(frn 2)"
[ "$(grep -c 'vanished RMD' "$err")" -eq 7 ] || complain "not all seven that vanished are shown"
keep_look
for wrong in "$(printf '%064d' 0)" "" "${digest%?}" "${digest}0"; do
  run 65 sync --accept "$wrong"
  expect_one_line "$err"
done
expect_line "$err" "$digest"
expect_same "$scratch/old.mdb" "$state/rmd.mdb"
expect_same "$files/fewer.csv" "$state/candidate"
# The digest is a number, whichever letters a person pastes it in.
run 0 sync --json --accept "$(printf '%s' "$digest" | tr '[:lower:]' '[:upper:]')"
counted published 7 7 0 0 7 0 1
expect_line "$out" '"checked_at":"2025-10-11T12:00:00-04:00"'
expect_files lock rmd.mdb rmd.mdb.1 rmd.mdb.2 rmd.mdb.3 rmd.mdb.4 rmd.mdb.5 rmd.mdb.6 rmd.mdb.sha256
answers "$(before_day 11)" "accept listed" "$(frn 2)"
answers "$(day 11)" "accept listed" "$(frn 1)"
# Its data are as old as its fetch, whenever it is accepted.
run 1 "$RMDCHECK" -d "$state" --at "$(day 11)" --word "$(frn 2)"
expect_line "$out" refuse
run 3 "$RMDCHECK" -d "$state" "$(frn 2)"
expect_line "$out" "unknown  stale"
run 69 sync --accept "$digest"
expect_one_line "$err"

test_case "what is refused is no candidate"
rm -rf "$state"
load 0 one.csv "$(day 1)"
echo "number,frn" >"$files/refused.csv"
load 65 refused.csv "$(day 2)"
expect_files lock rmd.mdb rmd.mdb.sha256
run 69 sync --accept "$(sha256sum <"$files/refused.csv" | cut -d ' ' -f 1)"
expect_one_line "$err"
expect_line "$err" "nothing was changed"

test_case "a newer good list makes an older candidate void"
rm -rf "$state"
load 0 one.csv "$(day 1)"
rows 1 2 | file two-rows.csv
rows 1 3 | file three-rows.csv
load 3 three-rows.csv "$(day 2)"
load 3 two-rows.csv "$(day 2)"
expect_same "$files/two-rows.csv" "$state/candidate"
{
  printf '%s\n' "held-at $(day 2)" "fetched-at $(day 2)" "reason vanished" "source file://$files/two-rows.csv" \
    "digest $(sha256sum <"$files/two-rows.csv" | cut -d ' ' -f 1)"
  for index in 3 4 5 6 7 8 9 10 11 12; do
    printf '%s\n' "$(number "$index")"
  done
} >"$scratch/record"
expect_same "$scratch/record" "$state/candidate.held"
load 0 one.csv "$(day 2)"
expect_files lock rmd.mdb rmd.mdb.sha256
digest=$(sha256sum <"$files/two-rows.csv" | cut -d ' ' -f 1)
run 69 sync --accept "$digest"
answers "$(day 3)" "accept listed" "$(frn 5)"

test_case "held, and released by a later list that loses the same"
load 3 two-rows.csv "$(day 3)"
load 3 two-rows.csv 2025-10-03T23:59:59-04:00
answers 2025-10-03T23:59:59-04:00 "accept listed" "$(frn 5)"
load 0 two-rows.csv "$(day 4)"
counted published 2 2 0 0 10 0 0
answers "$(before_day 4)" "accept listed" "$(frn 5)"
answers "$(day 4)" "refuse delisted" "$(frn 5)"
expect_files lock rmd.mdb rmd.mdb.1 rmd.mdb.sha256

test_case "exactly 10,000 rows, on a first load too"
rm -rf "$state"
rows 1 10000 | file ten.csv
load 3 ten.csv "$(day 1)"
expect_line "$out" '"result":"held","reason":"exactly-10000-rows","generation":0,"rows":10000,'
expect_files candidate candidate.held lock
run 66 "$RMDCHECK" -d "$state" "$(frn 1)"
run 0 sync --json --accept "$(sha256sum <"$files/ten.csv" | cut -d ' ' -f 1)"
counted published 1 10000 0 10000 0 0 0
answers "$(day 1)" "accept listed" "$(frn 10000)"
load 0 ten.csv "$(day 2)"
counted unchanged 1 10000 0 0 0 0 0
# Another one of that length is held, however long it goes on.
rows 2 10001 | file ten.csv
for day in 3 30; do
  load 3 ten.csv "$(day "$day")"
  expect_line "$out" '"reason":"exactly-10000-rows"'
done

test_case "-n on a first load leaves nothing anywhere"
rm -rf "$state"
configure "vanished-rows = 3" "[policy]" "max-age = 30d"
run 0 sync -n --source "$files/one.csv" --as-of "$(day 1)"
expect_line "$out" "would be published generation 1: 12 rows, 12 added,"
[ ! -e "$state" ] || complain "there is a state directory"
find "$TMPDIR" -mindepth 1 >"$scratch/left"
expect_empty "$scratch/left"

# dry CODE FILE TEXT [OPTION...]: a dry run that says TEXT, and not a byte or a time is another one afterwards.
dry() {
  code=$1
  name=$2
  text=$3
  shift 3
  look >"$scratch/before"
  run "$code" sync -n --source "$files/$name" --as-of "$(day 2)" "$@"
  cat "$out" "$err" >"$scratch/both"
  expect_line "$scratch/both" "$text"
  look >"$scratch/after"
  expect_same "$scratch/before" "$scratch/after"
  find "$TMPDIR" -mindepth 1 >"$scratch/left"
  expect_empty "$scratch/left"
}

test_case "-n exits as the run would, and changes nothing"
load 0 one.csv "$(day 1)"
echo "number,frn" >"$files/column.csv"
dry 0 one.csv "would be unchanged generation 1: 12 rows,"
dry 0 two.csv "would be published generation 2: 12 rows, 1 added, 1 removed, 5 changed,"
dry 3 two-rows.csv "would be held"
expect_line "$scratch/both" "rmdsync: would be held (vanished), still generation 1: 2 rows, 0 added, 10 removed,"
dry 65 column.csv "column.csv"
dry 69 missing.csv "missing.csv"
run 73 env TMPDIR="$scratch/nowhere" "$RMDSYNC" -n -c "$conf" -d "$state" --source "$files/one.csv"
expect_one_line "$err"
expect_line "$err" "$scratch/nowhere/rmdsync-"

test_case "-n -v names the rows"
dry 0 two.csv "changed $(number 3) $(frn 3) \"Renamed LLC\"" -v
expect_line "$scratch/both" "  business_name"
expect_line "$scratch/both" "added $(number 13) $(frn 13) \"Example Carrier 13 LLC\""
# The one that is gone has the name that it had.
expect_line "$scratch/both" "vanished $(number 5) $(frn 5) \"Example Carrier 5 LLC\""
expect_line "$scratch/both" "changed $(number 7) 0000009999 \"Example Carrier 7 LLC\""

test_case "-n that is killed leaves nothing either"
mkfifo "$files/endless"
"$RMDSYNC" -c "$conf" -d "$state" -n --source "$files/endless" >"$out" 2>"$err" &
running=$!
# Opens when the run has opened the other end, and so has what it writes to.
exec 7>"$files/endless"
cat "$files/one.csv" >&7
find "$TMPDIR" -mindepth 1 >"$scratch/left"
kill -9 "$running"
wait "$running" 2>"$scratch/wait" || :
exec 7>&-
expect_empty "$scratch/left"

test_case "--offline compiles a new policy, with the filings that there are"
answers "$(day 1)" "refuse role-mismatch" "$(frn 1)" --role gateway
configure "[policy]" "max-age = 30d" "role-mismatch = accept"
run 0 sync --offline --json
counted published 2 12 0 0 0 0 0
expect_line "$out" '"checked_at":"2025-10-01T12:00:00-04:00"'
answers "$(day 1)" "accept listed" "$(frn 1)" --role gateway
expect_line "$scratch/answer" "flags role-mismatch"
answers "$(day 2)" "accept listed" "$(frn 1)"
configure "[policy]" "max-age = 1h" "role-mismatch = accept"
run 0 sync --offline --json
counted published 3 12 0 0 0 0 0
answers "$(day 2)" "unknown stale" "$(frn 1)"
answers "$(day 1)" "accept listed" "$(frn 1)"

test_case "--offline with nothing new writes no file"
keep_look
run 0 sync --offline --json
counted unchanged 3 12 0 0 0 0 0
expect_untouched
run 0 sync --offline -q
expect_empty "$out"
expect_empty "$err"

test_case "--offline without a snapshot"
run 69 "$RMDSYNC" -c "$conf" -d "$scratch/none" --offline
expect_one_line "$err"
expect_line "$err" "$scratch/none"

test_case "a kernel without Landlock is told, and the list is read all the same"
run 0 python3 "$srcdir/tests/flow/without_landlock.py" "$RMDSYNC" -c "$conf" -d "$scratch/landlock" \
  --source "$files/one.csv"
expect_line "$err.told" "rmdsync: this kernel has no Landlock: the decoder was shut in by seccomp alone"
run 0 python3 "$srcdir/tests/flow/without_landlock.py" "$RMDSYNC" -q -c "$conf" -d "$scratch/landlock" \
  --source "$files/one.csv"
expect_empty "$err.told"

test_case "without a limit to the decoder's memory nothing is read"
case ${CFLAGS:-} in *-fsanitize*) without_proc="a sanitizer cannot do without /proc" ;; *) without_proc= ;; esac
unshare -m mount -t tmpfs none /proc 2>"$scratch/mount" || without_proc="nothing can be mounted here"
if [ -n "$without_proc" ]; then
  leave_out "$without_proc"
else
  run 70 unshare -m sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$RMDSYNC" -q -c "$conf" -d "$scratch/unlimited" \
    --source "$files/one.csv"
  expect_one_line "$err"
  expect_line "$err" "the decoder cannot limit its memory: No such file or directory; nothing is read"
  [ ! -e "$scratch/unlimited/rmd.mdb" ] || complain "a snapshot was made"
fi

test_case "without a list of foreign area codes every run says so"
mkdir "$scratch/bare"
printf '%s\n' "[guard]" "minimum-rows = 1" >"$scratch/bare/rmd.conf"
for directory in bare/state bare/state bare/another; do
  run 0 "$RMDSYNC" -c "$scratch/bare/rmd.conf" -d "$scratch/$directory" --source "$files/one.csv"
  expect_one_line "$err"
  expect_line "$err" "there is no foreign-area-codes.conf beside $scratch/bare/rmd.conf: every NANP number counts as US"
  run 0 "$RMDSYNC" -q -c "$scratch/bare/rmd.conf" -d "$scratch/$directory" --source "$files/one.csv"
  expect_empty "$err"
done
run 1 "$RMDCHECK" -d "$scratch/bare/state" --role foreign --from +14165550100 "$(frn 99)"
run 0 "$RMDCHECK" -d "$scratch/bare/state" --role foreign --from +442071838750 "$(frn 99)"

test_case "on a terminal a line tells how far it is"
mkfifo "$files/trickle"
# A list that comes piece by piece, within a second.
trickle() {
  python3 -c '
import sys, time
data = open(sys.argv[1], "rb").read()
for i in range(20):
    sys.stdout.buffer.write(data[len(data) * i // 20:len(data) * (i + 1) // 20])
    sys.stdout.buffer.flush()
    time.sleep(0.05)' "$files/one.csv" >"$files/trickle"
}
trickle &
run 0 python3 "$srcdir/tests/flow/terminal.py" "" "$RMDSYNC" -n -c "$conf" -d "$state" --source "$files/trickle"
expect_line "$out" "$(printf '\rrmdsync: 0.0 MB ')"
expect_line "$out" "$(printf '\r\033[K')"
trickle &
run 0 python3 "$srcdir/tests/flow/terminal.py" "" "$RMDSYNC" -n -q -c "$conf" -d "$state" --source "$files/trickle"
expect_no_line "$out" " MB "
trickle &
run 0 sync -n --source "$files/trickle"
expect_empty "$err"

test_case "-q is silent on success and speaks on failure; JSON is whole on both"
configure "vanished-rows = 3" "[policy]" "max-age = 30d"
for name in one.csv four.csv one.csv; do
  run 0 sync -q --source "$files/$name" --as-of "$(day 3)"
  expect_empty "$out"
  expect_empty "$err"
done
run 65 sync -q --source "$files/column.csv" --as-of "$(day 4)"
expect_empty "$out"
expect_one_line "$err"
run 64 sync -q -v
# once it was the directory in which it was started
run 73 "$RMDSYNC" -c "$conf" -d "" --source "$files/one.csv"
expect_line "$err" '"": '
expect_one_line "$err"
for code in 0:one.csv 3:two-rows.csv 65:column.csv 69:missing.csv; do
  load "${code%:*}" "${code#*:}" "$(day 4)"
  python3 - "$out" "$err" "$got" >"$scratch/python" 2>&1 <<'END' || complain "${code#*:}: $(cat "$scratch/python")"
import json, sys

KEYS = "schema result reason generation rows rejected added removed changed relisted digest source checked_at message"
KEYS += " started_at exit_status durations"
said = json.loads(open(sys.argv[1], encoding="ascii").read())
assert list(said) == KEYS.split()
assert said["exit_status"] == int(sys.argv[3])
if sys.argv[3] == "0":
    assert said["message"] is None
else:
    assert len(said["message"]) > 10 and said["message"] in open(sys.argv[2], encoding="ascii").read()
END
done

# on_file CODE RESULT NULL...: the last run is on file as it spoke, and these durations are null.
on_file() {
  expect_same "$out" "$state/last-run.json"
  expect_line "$out" "{\"schema\":1,\"result\":\"$2\","
  expect_line "$out" ",\"exit_status\":$1,"
  shift 2
  printf '%s ' "$@" >"$scratch/names"
  python3 -c 'import json, sys
for name, seconds in json.load(sys.stdin)["durations"].items():
    if seconds is None: print(name, end=" ")' <"$out" >"$scratch/given"
  expect_same "$scratch/names" "$scratch/given"
}

test_case "last-run.json: what each run that holds the lock says, for --status and Prometheus too"
load 0 one.csv "$(day 4)"
on_file 0 unchanged decode
expect_line "$out" ',"started_at":"20'
expect_no_line "$out" ',"started_at":"2025-10-04'
load 3 two-rows.csv "$(day 4)"
on_file 3 held publish
"$RMDCHECK" -d "$state" --status >"$scratch/status" || :
expect_line "$scratch/status" ", last run held 20"
run 0 "$RMDEXPORT" -d "$state" prometheus
expect_line "$out" 'rmd_last_run_result{result="held"} 1'
[ "$(grep -c '^rmd_last_run_result{.*} 0$' "$out")" -eq 3 ] || complain "another result is 1 too"
expect_match "$out" '^rmd_last_run_timestamp_seconds [1-9][0-9]*$'
expect_match "$out" '^rmd_last_run_duration_seconds{phase="run"} [0-9]+\.[0-9]{3}$'
! grep -q 'phase="publish"' "$out" || complain "it tells of a phase that there was not"
load 65 column.csv "$(day 4)"
on_file 65 failed publish
load 69 missing.csv "$(day 4)"
on_file 69 failed decode publish
[ "$(stat -c %a "$state/last-run.json")" = 644 ] || complain "mode $(stat -c %a "$state/last-run.json")"

test_case "last-run.json: a dry run, another run's lock and a broken file"
cp "$state/last-run.json" "$scratch/last-run.json"
run 0 sync -n --source "$files/one.csv" --as-of "$(day 4)"
run 75 flock "$state/lock" "$RMDSYNC" -c "$conf" -d "$state" --source "$files/one.csv"
expect_same "$scratch/last-run.json" "$state/last-run.json"
for text in "" "{" '{"result":"failed"}'; do
  echo "$text" >"$state/last-run.json"
  "$RMDCHECK" -d "$state" --status >"$scratch/status" || :
  ! grep -q "last run" "$scratch/status" || complain "\"$text\" is told"
  run 0 "$RMDEXPORT" -d "$state" prometheus
  ! grep -q "last_run" "$out" || complain "\"$text\" is exported"
done

rm "$state/last-run.json"
mkfifo "$state/last-run.json"
got=0
timeout 20 "$RMDCHECK" -d "$state" --status >"$scratch/status" || got=$?
[ "$got" -le 2 ] || complain "--status with a pipe in its place: exit $got"
! grep -q "last run" "$scratch/status" || complain "a pipe is told"

test_case "last-run.json that cannot be written: a warning, and the run is what it was"
mkdir "$state/last-run.json.new"
for code in 0:one.csv 3:two-rows.csv 65:column.csv; do
  run "${code%:*}" sync -q --source "$files/${code#*:}" --as-of "$(day 4)"
  expect_line "$err" "cannot write last-run.json"
done
rmdir "$state/last-run.json.new"
run 0 sync -q --source "$files/one.csv" --as-of "$(day 4)"
expect_empty "$err"

test_case "standard output that is full"
for option in --json --verbose --help --version; do
  run 74 sh -c 'exec "$@" >/dev/full' sh "$RMDSYNC" -c "$conf" -d "$state" --source "$files/one.csv" \
    --as-of "$(day 5)" "$option"
  expect_one_line "$err"
  # What became of the snapshot is on file all the same.
  expect_line "$state/last-run.json" '"result":"unchanged"'
  expect_line "$state/last-run.json" '"exit_status":0,'
  expect_line "$err" "rmdsync: standard output: No space left on device"
done

test_case "another run holds the lock; a lock file that nobody holds"
keep_look
run 75 flock "$state/lock" "$RMDSYNC" -c "$conf" -d "$state" --source "$files/four.csv" --as-of "$(day 6)"
expect_one_line "$err"
expect_line "$err" "another run holds the lock"
expect_untouched
echo 1 >"$state/lock"
load 0 four.csv "$(day 6)"

test_case "a source whose path has a newline in it: held, and accepted"
mkdir "$files/two
lines"
cp "$files/two-rows.csv" "$files/two
lines/list.csv"
load 3 "two
lines/list.csv" "$(day 7)"
expect_line "$state/candidate.held" "source file://$files/two?lines/list.csv"
run 0 sync -n --accept "$(sha256sum <"$files/two-rows.csv" | cut -d ' ' -f 1)"
load 0 four.csv "$(day 7)"

test_case "bad rmd.conf: file and line"
keep_look
while IFS='|' read -r line text; do
  printf '%s\n' "# a comment" "[policy]" "$line" >"$scratch/bad.conf"
  run 78 "$RMDSYNC" -c "$scratch/bad.conf" -d "$state" --source "$files/one.csv"
  expect_one_line "$err"
  expect_line "$err" "$scratch/bad.conf:3: $text"
done <<'END'
max_age = 72h|unknown key "max_age"
max-age = 72|max-age = "72"
max-age = 72h # three days|"max-age = 72h # three days"
role-mismatch = maybe|role-mismatch = "maybe"
[guard|"[guard"
minimum-rows = 1|unknown key "minimum-rows"
no value|neither a section
END
printf '%s\n' "[policy]" " max-age = 72h" >"$scratch/bad.conf"
run 78 "$RMDSYNC" -c "$scratch/bad.conf" -d "$state" --source "$files/one.csv"
expect_line "$err" "$scratch/bad.conf:2: \"max-age = 72h\" is indented"
printf '%s\n' "[policy]" "max-age = 72h" "# not so long" "max-age = 24h" >"$scratch/bad.conf"
run 78 "$RMDSYNC" -c "$scratch/bad.conf" -d "$state" --source "$files/one.csv"
expect_line "$err" "$scratch/bad.conf:4: max-age stands in line 2 too"
printf '%s\n' "[guard]" "minimum-rows = -1" >"$scratch/bad.conf"
run 78 "$RMDSYNC" -c "$scratch/bad.conf" -d "$state" --source "$files/one.csv"
expect_line "$err" "$scratch/bad.conf:2: minimum-rows"
run 78 "$RMDSYNC" -c "$scratch/no.conf" -d "$state" --source "$files/one.csv"
expect_one_line "$err"
expect_line "$err" "$scratch/no.conf"
mkdir "$scratch/other"
for name in foreign-area-codes public-safety; do
  rm -f "$scratch/other"/*
  cp "$conf" "$scratch/other/rmd.conf"
  printf '%s\n' "# numbers" "" "nonsense" >"$scratch/other/$name.conf"
  run 78 "$RMDSYNC" -c "$scratch/other/rmd.conf" -d "$state" --source "$files/one.csv"
  expect_line "$err" "$scratch/other/$name.conf:3: "
done
run 78 sync --source "http://localhost/rmd.csv"
expect_untouched

test_case "usage"
for option in --frobnicate -x extra --source --accept -c; do
  run 64 sync "$option"
  expect_empty "$out"
  expect_line "$err" "${option#-}"
done
run 64 sync --offline --source "$files/one.csv"
expect_one_line "$err"
expect_untouched
run 0 "$RMDSYNC" --help
expect_empty "$err"
expect_line "$out" "usage: rmdsync"
[ "$(wc -l <"$out")" -le 24 ] || complain "more than 24 lines"
# The directories are those of this build, and may be long.
sed 's|(/[^)]*)|(/DIR)|' "$out" >"$scratch/help"
[ "$(wc -L <"$scratch/help")" -le 80 ] || complain "more than 80 columns"
run 0 "$RMDSYNC" --version
expect_empty "$err"
expect_match "$out" '^rmdsync [0-9]+\.[0-9]+\.[0-9]+'

test_case "keep = 2"
rm -rf "$state"
configure "[history]" "keep = 2" "[policy]" "max-age = 30d"
for step in 1 2 3 4 5; do
  rows 1 "$((10 + step))" | file step.csv
  load 0 step.csv "$(day "$step")"
done
expect_files lock rmd.mdb rmd.mdb.1 rmd.mdb.2 rmd.mdb.sha256
for step in 1 2; do
  mkdir "$scratch/kept.$step"
  cp "$state/rmd.mdb.$step" "$scratch/kept.$step/rmd.mdb"
  run 0 "$RMDCHECK" -d "$scratch/kept.$step" --at "$(day 5)" --json "$(frn 1)"
  expect_line "$out" "\"generation\":$((5 - step)),"
  [ "$(stat -c %a "$state/rmd.mdb.$step")" = 444 ] || complain "mode $(stat -c %a "$state/rmd.mdb.$step")"
done
# The kept one takes the place of the current one by a rename, and goes on from there.
mv -f "$state/rmd.mdb.1" "$state/rmd.mdb"
rm -f "$state/rmd.mdb.sha256"
load 0 step.csv "$(day 6)"
counted published 5 15 0 1 0 0 0
run 0 sh -c 'cd "$1" && sha256sum -c rmd.mdb.sha256' sh "$state"
configure "[history]" "keep = 0"
load 0 one.csv "$(day 7)"
expect_files lock rmd.mdb rmd.mdb.sha256

# kept GENERATION...: what stands behind the current snapshot, the youngest first.
kept() {
  at=0
  for generation in "$@"; do
    at=$((at + 1))
    rm -rf "$scratch/kept"
    mkdir "$scratch/kept"
    cp "$state/rmd.mdb.$at" "$scratch/kept/rmd.mdb"
    run 0 "$RMDCHECK" -d "$scratch/kept" --at "$(day 1)" --json "$(frn 1)"
    expect_line "$out" "\"generation\":$generation,"
  done
}

test_case "a link that leads nowhere in the place of rmd.mdb.1 is no reason not to publish"
rm -rf "$state"
configure "[history]" "keep = 2" "[policy]" "max-age = 30d"
for step in 1 2 3 4; do
  rows 1 "$((10 + step))" | file step.csv
  load 0 step.csv "$(day 1)"
  expect_empty "$err"
  [ "$step" -ne 1 ] || ln -s nowhere "$state/rmd.mdb.1"
done
expect_files lock rmd.mdb rmd.mdb.1 rmd.mdb.2 rmd.mdb.sha256
kept 3 2

test_case "what cannot be moved away is named, and the new snapshot is published all the same"
rm -rf "$state"
rows 1 11 | file step.csv
load 0 step.csv "$(day 1)"
mkdir -p "$state/rmd.mdb.1/full" "$state/rmd.mdb.2/full"
rows 1 12 | file step.csv
load 0 step.csv "$(day 1)"
counted published 2 12 0 1 0 0 0
expect_one_line "$err"
expect_line "$err" "$state: cannot keep the old snapshot as rmd.mdb.1: "
expect_line "$err" "; the new one is published all the same"
run 0 sh -c 'cd "$1" && sha256sum -c rmd.mdb.sha256' sh "$state"

test_case "a damaged snapshot is refused, not replaced"
rm -rf "$state"
load 0 one.csv "$(day 1)"
head -c 9000 "$state/rmd.mdb" >"$scratch/short.mdb"
printf 'not a snapshot' >"$scratch/text.mdb"
: >"$scratch/nothing.mdb"
for damage in short text nothing; do
  cp "$scratch/$damage.mdb" "$scratch/damaged.mdb"
  mv -f "$scratch/damaged.mdb" "$state/rmd.mdb"
  keep_look
  for way in "--source=$files/one.csv" --offline; do
    run 73 sync "$way"
    expect_one_line "$err"
    expect_line "$err" "$state/rmd.mdb: "
    expect_line "$err" "damaged"
  done
  expect_untouched
done

# Found by a new user: two bytes wrong in a page that no opening looks at were taken for a change of the FCC's.
test_case "a snapshot that is damaged where no opening looks is not built upon"
rm -rf "$state"
load 0 one.csv "$(day 1)"
offset=$(grep -abo 'Example Carrier 4 LLC' "$state/rmd.mdb" | head -n 1 | cut -d : -f 1)
cp "$state/rmd.mdb" "$scratch/damaged.mdb"
chmod u+w "$scratch/damaged.mdb"
printf 'X' | dd of="$scratch/damaged.mdb" bs=1 seek="$offset" conv=notrunc 2>"$scratch/dd"
mv -f "$scratch/damaged.mdb" "$state/rmd.mdb"
keep_look
run 73 sync --source "$files/four.csv" --as-of "$(day 2)"
expect_one_line "$err"
expect_line "$err" "its digest is not that of rmd.mdb.sha256"
expect_untouched

test_case "paths: relative, with spaces, percent signs and more"
configure "vanished-rows = 3" "[policy]" "max-age = 30d"
odd="$scratch/100% of a path, 50%25 #1?"
mkdir "$odd"
cp "$conf" "$files/two-rows.csv" "$scratch/foreign-area-codes.conf" "$odd"
cp "$files/one.csv" "$odd/the list 5%.csv"
inside() {
  sh -c 'cd "$1" && shift && exec "$@"' sh "$odd" "$@"
}
run 0 inside "$RMDSYNC" -c rmd.conf -d "my state" --source "the list 5%.csv" --as-of "$(day 1)"
expect_empty "$err"
run 0 inside "$RMDCHECK" -d "my state" --at "$(day 1)" "$(frn 1)"
expect_match "$out" '^accept  listed  '
run 0 "$RMDSYNC" -c "$odd/rmd.conf" -d "$odd/my state" --source "$odd/the list 5%.csv" --as-of "$(day 2)"
expect_line "$out" "unchanged generation 1: 12 rows"
printf '%s\n' "[source]" "url = file://$(echo "$files/one.csv" | sed 's/one/%6fne/')" >>"$odd/rmd.conf"
run 0 inside "$RMDSYNC" -c rmd.conf -d "my state" --as-of "$(day 2)"
expect_line "$out" "unchanged generation 1: 12 rows"
run 3 inside "$RMDSYNC" -c rmd.conf -d "my state" --source "./two-rows.csv" --as-of "$(day 3)"
run 0 inside "$RMDSYNC" -c rmd.conf -d "my state" --json --accept "$(sha256sum <"$odd/two-rows.csv" | cut -d ' ' -f 1)"
counted published 2 2 0 0 10 0 0
run 3 "$RMDSYNC" -c "$conf" -d "/$scratch//slashes" --source "//$files//ten.csv" --as-of "$(day 3)"
run 0 "$RMDSYNC" -c "$conf" -d "//$scratch/slashes/" --accept "$(sha256sum <"$files/ten.csv" | cut -d ' ' -f 1)"

test_case "a state directory that cannot be written"
rm -rf "$state"
load 0 one.csv "$(day 1)"
chmod 755 "$scratch" "$files"
chmod 444 "$state/lock"
[ "$(id -u)" -eq 0 ] || chmod 555 "$state"
# The first is started with rights that the second, a script before it is installed, no longer has.
if ! as_other "$RMDSYNC" --version >"$out" 2>"$err" || ! as_other "$RMDCHECK" --version >"$out" 2>"$err"; then
  leave_out "no other user can run $RMDSYNC and $RMDCHECK"
else
  keep_look
  run 73 as_other "$RMDSYNC" -c "$conf" -d "$state" --source "$files/four.csv" --as-of "$(day 2)"
  expect_one_line "$err"
  expect_line "$err" "$state"
  mkdir "$scratch/closed"
  chmod 555 "$scratch/closed"
  run 73 as_other "$RMDSYNC" -c "$conf" -d "$scratch/closed/state" --source "$files/four.csv"
  expect_one_line "$err"
  expect_line "$err" "$scratch/closed/state"
  expect_untouched
  # It may be read all the same.
  run 0 as_other "$RMDCHECK" -d "$state" --at "$(day 1)" --word "$(frn 1)"
fi
chmod 755 "$state"

test_case "a full disk, at every step of the way"
cat >"$scratch/fill.sh" <<'END'
# A disk of its own, so much of it free for a run: afterwards the old snapshot must be whole, or the new one.
set -eu
disk=$1 sync=$2 conf=$3 small=$4 large=$5 results=$6
mount -t tmpfs -o size=3m none "$disk"
cd "$disk"
try() {
  rm -rf state filler
  "$sync" -q -c "$conf" -d state --source "$small" --as-of 2025-10-01
  cp state/rmd.mdb ../old.mdb
  dd if=/dev/zero of=filler bs=4096 2>../fill.dd || :
  truncate -s "$(($(stat -c %s filler) - $1 * 1024))" filler
  code=0
  "$sync" -q -c "$conf" -d state --source "$large" --as-of 2025-10-02 2>../fill.err || code=$?
  serves=other
  ! cmp -s ../old.mdb state/rmd.mdb || serves=old
  grep -q "^$(sha256sum <state/rmd.mdb | cut -d ' ' -f 1)  rmd.mdb$" state/rmd.mdb.sha256 || serves=damaged
  echo "$code $serves $(wc -l <../fill.err) $(ls -A state | tr '\n' ' ')" >>"$results"
  cat ../fill.err >>../fill.errs
}
free=0
code=73
while [ "$code" -ne 0 ] && [ "$free" -lt 2560 ]; do
  try "$free"
  free=$((free + 64))
done
end=$((free - 128))
while [ "$free" -gt "$end" ]; do
  free=$((free - 4))
  try "$free"
done
END
mkdir "$scratch/disk"
rows 1 3000 | file large.csv
configure "[policy]" "max-age = 30d"
if ! unshare -m sh -c 'mount -t tmpfs -o size=1m none "$1"' sh "$scratch/disk" 2>"$scratch/mount"; then
  leave_out "nothing can be mounted here"
else
  run 0 unshare -m sh "$scratch/fill.sh" "$scratch/disk" "$RMDSYNC" "$conf" "$files/one.csv" "$files/large.csv" \
    "$scratch/results"
  # Exit code, which snapshot serves, lines on stderr, and what is left in the directory. Where there is no room for
  # the summary of the run either, a second line says so.
  grep -vxE -e '73 old [12] last-run\.json lock rmd\.mdb (rmd\.mdb\.1 )?rmd\.mdb\.sha256 ' \
    -e '0 other [01] last-run\.json lock rmd\.mdb rmd\.mdb\.1 rmd\.mdb\.sha256 ' "$scratch/results" >"$scratch/wrong" || :
  expect_empty "$scratch/wrong"
  [ "$(awk '{ lines += $3 - ($1 != 0) } END { print lines }' "$scratch/results")" -eq \
    "$(grep -c 'cannot write last-run.json' "$scratch/fill.errs")" ] || complain "a line too many on stderr"
  [ "$(grep -c '^73' "$scratch/results")" -ge 10 ] || complain "it hardly ever failed"
  expect_match "$scratch/results" '^0 '
  expect_line "$scratch/fill.errs" "cannot write what was fetched"
  expect_line "$scratch/fill.errs" "cannot write a snapshot"
fi

# every_answer FILE: what is said of each of the rows on the last day.
every_answer() {
  "$RMDCHECK" -d "$state" --at "$(day 30)" -b <"$scratch/keys" >"$1" 2>"$scratch/answer.err" || :
}

test_case "killed at any moment: every answer comes from a whole snapshot"
rm -rf "$state"
configure "[policy]" "max-age = 30d" "[history]" "keep = 2"
rows 1 2000 | file even.csv
rows 1 2000 | awk -F, -v OFS=, '{ $3 = $3 " (renamed)"; $4 = "N/A" } 1' | file odd.csv
awk -F, 'NR > 1 { print $2 }' "$files/even.csv" >"$scratch/keys"
for list in even odd; do
  load 0 "$list.csv" "$(day 30)"
  every_answer "$scratch/$list.answers"
  expect_empty "$scratch/answer.err"
done
[ "$(grep -c '^accept  listed ' "$scratch/even.answers")" -eq 2000 ] || complain "not all were listed"
[ "$(grep -c '^refuse  not-certified ' "$scratch/odd.answers")" -eq 2000 ] || complain "not all were refused"
begin=$(date +%s%N)
for list in even odd even odd; do
  run 0 sync -q --source "$files/$list.csv" --as-of "$(day 30)"
done
span=$((($(date +%s%N) - begin) / 4000))
killed=0
moment=0
while [ "$moment" -lt 200 ]; do
  moment=$((moment + 1))
  list=even
  [ $((moment % 2)) -eq 0 ] || list=odd
  # Each two-hundredth of a run's time, early and late ones in turn.
  delay=$(printf '%d.%06d' "$((span * (moment * 77 % 201) / 200 / 1000000))" \
    "$((span * (moment * 77 % 201) / 200 % 1000000))")
  code=0
  # The decoder of a run that is killed dies with it, but not in the same moment.
  flock -w 60 "$state/lock" true || complain "the lock is held on"
  timeout -s KILL "$delay" "$RMDSYNC" -q -c "$conf" -d "$state" --source "$files/$list.csv" --as-of "$(day 30)" \
    >"$out" 2>"$err" || code=$?
  case $code in
  0) ;;
  137) killed=$((killed + 1)) ;;
  *) complain "exit $code: $(cat "$err")" ;;
  esac
  every_answer "$scratch/now.answers"
  expect_empty "$scratch/answer.err"
  cmp -s "$scratch/now.answers" "$scratch/even.answers" || cmp -s "$scratch/now.answers" "$scratch/odd.answers" ||
    complain "after moment $moment the answers are those of neither list"
  grep -qF "$(sha256sum <"$state/rmd.mdb" | cut -d ' ' -f 1)  rmd.mdb" "$state/rmd.mdb.sha256" ||
    complain "after moment $moment no digest is that of the snapshot"
done
[ "$killed" -ge 50 ] || complain "only $killed of 200 runs were killed"
echo "# $killed of 200 runs were killed"
# What a killed run has left, the next ones clear away.
load 0 even.csv "$(day 30)"
load 0 odd.csv "$(day 30)"
expect_files lock rmd.mdb rmd.mdb.1 rmd.mdb.2 rmd.mdb.sha256

finish
