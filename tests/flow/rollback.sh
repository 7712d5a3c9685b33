#!/bin/sh
# SPDX-License-Identifier: ISC
#
# rmdsync --rollback by whole runs: what serves again, how old it is, what the history says of before, at and after it,
# that the next list ends it, and that nothing which is damaged comes back by it. The nights before have their times from
# --as-of; a rollback has that of the clock, so answers about it are asked for with times out of its own history.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

state=$scratch/state
conf=$scratch/rmd.conf
files=$scratch/files
mkdir "$files" "$scratch/tmp"
TMPDIR=$scratch/tmp
export TMPDIR
echo 416 >"$scratch/foreign-area-codes.conf"

configure() {
  printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-rows = 3" "vanished-percent = 100" "rejected-percent = 100" "changed-percent = 100" \
    "[policy]" "max-age = ${age:-3650d}" "$@" >"$conf"
}

# list FILE ROW...: a row is "INDEX IMPLEMENTATION NAME"; an implementation of - cannot be understood.
list() {
  name=$1
  shift
  {
    echo "$header"
    for row in "$@"; do
      # shellcheck disable=SC2086 # three words
      set -- $row
      case $2 in
      full) implementation="Complete STIR/SHAKEN Implementation" ;;
      none) implementation="N/A" ;;
      *) implementation="Perhaps" ;;
      esac
      echo "RMD000000$1,000000000$1,$3 LLC,$implementation,Yes,No,No"
    done
  } >"$files/$name"
}

sync() {
  "$RMDSYNC" -c "$conf" -d "$state" "$@"
}

day() {
  printf '2025-10-%02dT12:00:00-04:00' "$1"
}

# load CODE FILE DAY
load() {
  run "$1" sync -q --source "$files/$2" --as-of "$(day "$3")"
}

# counted RESULT GENERATION ROWS REJECTED ADDED REMOVED CHANGED RELISTED
counted() {
  expect_line "$out" "\"result\":\"$1\","
  expect_line "$out" ",\"generation\":$2,\"rows\":$3,\"rejected\":$4,\"added\":$5,\"removed\":$6,\"changed\":$7,\
\"relisted\":$8,"
}

# answers TIME "VERDICT REASON" PROVIDER: TIME may be "now".
answers() {
  at="--at=$1"
  [ "$1" != now ] || at=--long
  "$RMDCHECK" -d "$state" "$at" --json "$3" >"$scratch/answer" 2>"$scratch/answer.err" || :
  given=$(sed -n 's/.*"verdict":"\([^"]*\)","reason":"\([^"]*\)".*/\1 \2/p' "$scratch/answer")
  [ "$given" = "$2" ] || complain "at $1 \"$3\" is \"$given\" and not \"$2\""
}

# said KEY: a plain value in the last answer.
said() {
  sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$scratch/answer"
}

expect_said() {
  [ "$(said "$1")" = "$2" ] || complain "$1 is $(said "$1") and not $2: $(cat "$scratch/answer")"
}

# The instant at which a generation began, from the history of that provider.
began() {
  "$RMDCHECK" -d "$state" --history "$2" | sed -n "s/^\([^ ]*\)  generation $1  .*/\1/p" | tail -n 1
}

# history PROVIDER: the generation, the kind and the last word of each event.
history() {
  "$RMDCHECK" -d "$state" --history "$1" | awk '{ print $3, $5, $NF }' | sed 's/[0-9a-f]\{12\}$/-/' >"$scratch/given"
  shift
  printf '%s\n' "$@" >"$scratch/events"
  expect_same "$scratch/events" "$scratch/given"
}

look() {
  find "$state" -mindepth 1 ! -name last-run.json -printf '%P %i %m %s %T@ %C@\n' | sort
}
keep_look() {
  look >"$scratch/before"
}
expect_untouched() {
  look >"$scratch/after"
  expect_same "$scratch/before" "$scratch/after"
}

# Four nights. 1: good. 2: one more, one renamed; a row that cannot be read. 3: a bad list that nobody held. 4: the
# same again.
list one.csv "1 full One" "2 full Two" "3 full Three" "4 full Four"
list two.csv "1 full One" "2 full Renamed" "3 - Three" "4 full Four" "5 full Five" "7 - Seven"
list bad.csv "1 none One" "2 full Again" "3 full Three" "5 full Five" "6 full Six" "7 full Seven"
nights() {
  rm -rf "$state"
  configure "$@"
  load 0 one.csv 1
  load 0 two.csv 2
  load 0 two.csv 3
  load 0 bad.csv 4
  load 0 bad.csv 5
}
digest_of() {
  sha256sum <"$files/$1" | cut -d ' ' -f 1
}

test_case "-n --rollback says what would change, and changes nothing"
nights
keep_look
run 0 sync -n -v --rollback 2
expect_line "$out" "would be published (rollback), generation 4: 6 rows, 0 added, 1 removed, 2 changed, 1 relisted, \
2 quarantined; checked $(day 3); sha256 $(digest_of two.csv | cut -c 1-16)"
expect_line "$err" "generation 2: its data were checked $(day 3)"
expect_line "$err" 'relisted RMD0000004 0000000004 "Four LLC"'
expect_line "$err" 'changed RMD0000001 0000000001 "One LLC"'
expect_line "$err" 'vanished RMD0000006 0000000006 "Six LLC"'
expect_untouched
find "$TMPDIR" -mindepth 1 >"$scratch/left"
expect_empty "$scratch/left"

test_case "an older generation serves again, under a new number"
answers now "refuse not-certified" 0000000001
answers now "refuse delisted" 0000000004
answers now "accept listed" 0000000006
cp "$state/rmd.mdb" "$scratch/served.mdb"
# The guard would hold each of its changes.
sed -i -e 's/^vanished-rows.*/vanished-rows = 0/' -e 's/^changed-percent.*/changed-percent = 0/' "$conf"
echo "relisted-rows = 0" >"$scratch/limits"
sed -i "/^\[guard\]/r $scratch/limits" "$conf"
run 0 sync --json --rollback 2
configure
expect_same "$scratch/served.mdb" "$state/rmd.mdb.1"
counted published 4 6 2 0 1 2 1
expect_line "$out" '"reason":"rollback"'
expect_line "$out" "\"digest\":\"$(digest_of two.csv)\",\"source\":\"file://$files/two.csv\",\"checked_at\":\"$(day 3)\""
expect_one_line "$err"
answers now "accept listed" 0000000001
answers now "accept listed" 0000000004
answers now "accept listed" 0000000005
answers now "refuse delisted" 0000000006
expect_said generation 4
run 0 "$RMDCHECK" -d "$state" --status --verify
expect_line "$out" "generation 4, SHA-256 verified"

test_case "what was quarantined is so again"
answers now "accept listed" 0000000003
expect_line "$scratch/answer" '"flags":["row-quarantined"]'
# Generation 2 had no filing of it, but a row: it stays by that of a later list, as it would in any run.
answers now "accept listed" 0000000007
expect_line "$scratch/answer" '"flags":["row-quarantined"]'
answers now "accept listed" 0000000001
expect_line "$scratch/answer" '"flags":[]'

test_case "the data of a rollback are as old as their check"
rolled=$(began 4 0000000001)
answers now "accept listed" 0000000001
expect_said checked_at "$(day 3)"
now=$(date +%s)
elapsed=$((now - $(date -d "$(day 3)" +%s)))
if [ "$(said data_age)" -lt $((elapsed - 60)) ] || [ "$(said data_age)" -gt $((elapsed + 60)) ]; then
  complain "the age is $(said data_age) and not about $elapsed"
fi
answers "$rolled" "accept listed" 0000000001
expect_said checked_at "$(day 3)"
expect_said generation 4
expect_said data_age $(($(date -d "$rolled" +%s) - $(date -d "$(day 3)" +%s)))
"$RMDCHECK" -d "$state" --status >"$scratch/status" || :
expect_match "$scratch/status" "age=$(echo "$elapsed" | cut -c 1-5)[0-9]*s;"
# An hour of max-age is over at once.
age=1h
configure
run 0 sync -q --offline
answers now "unknown stale" 0000000001
expect_said checked_at "$(day 3)"
run 0 sync -n --rollback 3
expect_line "$err" "generation 3: its data were checked $(day 5), longer ago than max-age: answers will be unknown, stale"
age=
configure
run 0 sync -q --offline
answers now "accept listed" 0000000001
expect_said checked_at "$(day 3)"
expect_said generation 6

test_case "the past before, at and after it"
before=$(date -d "@$(($(date -d "$rolled" +%s) - 1))" +%Y-%m-%dT%H:%M:%S%:z)
for key in 0000000001 RMD0000001; do
  answers "$(day 1)" "accept listed" "$key"
  expect_said generation 1
  answers "$(day 3)" "accept listed" "$key"
  expect_said generation 2
  answers "$(day 4)" "refuse not-certified" "$key"
  expect_said generation 3
  answers "$before" "refuse not-certified" "$key"
  expect_said generation 3
  expect_said checked_at "$(day 5)"
  answers "$rolled" "accept listed" "$key"
done
answers "$(day 3)" "refuse not-listed" 0000000006
answers "$before" "accept listed" 0000000006
answers "$rolled" "refuse delisted" 0000000006
answers "$before" "refuse delisted" 0000000004
answers "$rolled" "accept listed" 0000000004
# In the generations that are rebuilt on it, too.
answers 2125-01-01 "accept listed" 0000000004
history 0000000001 "1 added -" "3 changed -" "4 changed rollback"
history 0000000002 "1 added -" "2 changed -" "3 changed -" "4 changed rollback"
history 0000000004 "1 added -" "3 vanished -" "4 relisted rollback"
history 0000000006 "3 added -" "4 vanished rollback"
run 0 "$RMDCHECK" -d "$state" --json --history 0000000006
expect_line "$out" '"generation":3,"rmd_number":"RMD0000006","kind":"added","fields":[],"digest":"'"$(digest_of bad.csv)"'","rollback":false'
expect_line "$out" '"kind":"vanished","fields":[],"digest":"'"$(digest_of two.csv)"'","rollback":true'

test_case "the next list ends it, the one that was rolled away from too, and its data are young"
run 0 sync --json --source "$files/bad.csv"
counted published 7 6 0 0 1 2 1
answers now "refuse not-certified" 0000000001
[ "$(said data_age)" -lt 3600 ] || complain "the age is $(said data_age)"
answers now "accept listed" 0000000006
# Both within one second: then the later one answers for it.
[ "$(said checked_at)" = "$rolled" ] || answers "$rolled" "accept listed" 0000000001
history 0000000006 "3 added -" "4 vanished rollback" "7 relisted -"
run 0 sync --json --source "$files/bad.csv"
counted unchanged 7 6 0 0 0 0 0

test_case "a rollback of a rollback; the list that serves again is then unchanged"
run 0 sync -q --rollback 4
answers now "accept listed" 0000000001
expect_said generation 8
expect_said checked_at "$(day 3)"
run 0 sync -q --rollback 3
answers now "refuse not-certified" 0000000001
expect_said checked_at "$(day 5)"
run 0 sync --json --source "$files/bad.csv"
counted unchanged 9 6 0 0 0 0 0
answers now "refuse not-certified" 0000000001
[ "$(said data_age)" -lt 3600 ] || complain "the age is $(said data_age)"
answers now "accept listed" 0000000003
expect_line "$scratch/answer" '"flags":[]'

test_case "a generation without another filing is one all the same: its age is another"
nights
configure "role-mismatch = accept"
run 0 sync -q --offline
run 0 sync --json --rollback 3
counted published 5 6 0 0 0 0 0
expect_line "$out" '"reason":"rollback"'
# With the policy of today, not that of then.
run 0 "$RMDCHECK" -d "$state" --role gateway 0000000002
expect_line "$out" "flags role-mismatch"

test_case "a generation that is not kept, or serves, or is none"
nights "[history]" "keep = 1"
keep_look
run 69 sync --rollback 1
expect_one_line "$err"
expect_line "$err" "generation 1 is not kept (kept: 2); nothing was changed"
run 69 sync --rollback 4
expect_line "$err" "kept: 2"
run 64 sync --rollback 3
expect_one_line "$err"
expect_line "$err" "generation 3 is the one that serves"
for none in 0 -1 x "" 2x 4294967296 "2 "; do
  run 64 sync "--rollback=$none"
  expect_one_line "$err"
  expect_line "$err" "\"$none\" is no generation"
done
for option in "--source=$files/one.csv" --offline "--accept=$(digest_of one.csv)" "--as-of=$(day 9)" --run-hooks; do
  run 64 sync --rollback 2 "$option"
  expect_one_line "$err"
  expect_empty "$out"
done
expect_untouched
run 69 "$RMDSYNC" -c "$conf" -d "$scratch/none" --rollback 1
expect_one_line "$err"
expect_line "$err" "there is no snapshot to roll back"
nights "[history]" "keep = 0"
run 69 sync --rollback 2
expect_line "$err" "kept: none"

# damage FILE OFFSET BYTE: into a copy that takes its name.
damage() {
  cp "$1" "$scratch/damaged.mdb"
  chmod u+w "$scratch/damaged.mdb"
  printf '%s' "$3" | dd of="$scratch/damaged.mdb" bs=1 seek="$2" conv=notrunc 2>"$scratch/dd"
  mv -f "$scratch/damaged.mdb" "$1"
}

test_case "a damaged one is refused, one that is shortened and one in which a single letter is wrong"
nights
offset=$(grep -abo 'Four LLC' "$state/rmd.mdb.1" | head -n 1 | cut -d : -f 1)
damage "$state/rmd.mdb.1" "$offset" X
keep_look
run 73 sync --rollback 2
expect_one_line "$err"
expect_line "$err" "$state/rmd.mdb.1: generation 2 is not there as the history knows it"
expect_untouched
answers now "refuse not-certified" 0000000001
head -c 9000 "$state/rmd.mdb.1" >"$scratch/short.mdb"
mv -f "$scratch/short.mdb" "$state/rmd.mdb.1"
keep_look
run 73 sync --rollback 2
expect_one_line "$err"
expect_line "$err" "$state/rmd.mdb.1 is damaged, and generation 2 is no other one's (kept: 1)"
expect_untouched
# Another one beside it may serve.
run 0 sync -q --rollback 1
answers now "refuse delisted" 0000000006
answers now "accept listed" 0000000004

test_case "a file of another history is none of this one's"
rm -rf "$state"
configure
load 0 bad.csv 1
load 0 one.csv 2
mv "$state/rmd.mdb.1" "$scratch/other.mdb"
nights
mv -f "$scratch/other.mdb" "$state/rmd.mdb.2"
run 73 sync --rollback 1
expect_line "$err" "$state/rmd.mdb.2: generation 1 is not there as the history knows it"

test_case "a held list stays held, and is as old as its fetch when it is accepted after the rollback"
nights
list few.csv "1 full One" "5 full Five"
load 3 few.csv 6
expect_line "$err" "--accept $(digest_of few.csv)"
run 0 sync -q --rollback 2
for name in candidate candidate.held; do
  [ -f "$state/$name" ] || complain "there is no $name any more"
done
answers now "accept listed" 0000000002
run 0 sync --json --accept "$(digest_of few.csv)"
counted published 5 2 0 0 4 0 0
expect_line "$out" "\"checked_at\":\"$(day 6)\""
answers now "refuse delisted" 0000000002
expect_said checked_at "$(day 6)"
answers "$(day 6)" "accept listed" 0000000002
expect_said generation 3

test_case "nobody comes back by a rollback whom an order removed"
mkdir "$scratch/notices.d"
cat >"$scratch/notices.d/order.xml" <<'XML'
<notice id="order" kind="removal" issued="2025-10-03">
  <provider><name>Four LLC</name><frn>0000000004</frn></provider>
</notice>
XML
nights
answers now "refuse removed-by-order" 0000000004
run 0 sync -q --rollback 2
answers now "refuse removed-by-order" 0000000004
expect_line "$scratch/answer" '"flags":["still-listed"]'
# Nor does the rebuild of one show that it is back.
configure "role-mismatch = accept"
run 0 sync -q --offline
answers now "refuse removed-by-order" 0000000004
configure
# A list does.
run 0 sync -q --source "$files/two.csv"
answers now "accept listed" 0000000004
expect_line "$scratch/answer" '"flags":["relisted"]'
# Back before that list, the order is in force again: what serves does not know it.
run 0 sync -q --rollback 2
answers now "refuse removed-by-order" 0000000004
expect_line "$scratch/answer" '"flags":["still-listed"]'
rm -r "$scratch/notices.d"

test_case "hooks are told of it, with the difference"
nights
mkdir "$scratch/hooks.d"
cat >"$scratch/hooks.d/told" <<'HOOK'
#!/bin/sh
cat - "$RMD_DIFF" >"$TOLD"
echo "$RMD_EVENT $RMD_GENERATION $RMD_ADDED $RMD_REMOVED $RMD_CHANGED $RMD_RELISTED" >>"$TOLD"
HOOK
sed -i "s|\$TOLD|$scratch/told|" "$scratch/hooks.d/told"
chmod 755 "$scratch/hooks.d/told" "$scratch/hooks.d"
run 0 sync -q --rollback 2
expect_empty "$err"
expect_line "$scratch/told" "changed 4 0 1 2 1"
expect_line "$scratch/told" '"result":"published","reason":"rollback","generation":4'
expect_line "$scratch/told" '"event":"relisted","rmd_number":"RMD0000004","frn":"0000000004","business_name":"Four LLC"'
expect_line "$scratch/told" "\"at\":\"$(began 4 0000000004)\""
rm -r "$scratch/hooks.d"

finish
