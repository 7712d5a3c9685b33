#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Whole runs of rmdcheck against a snapshot of the sample: what it says, in every form, and how it exits. Which
# verdict the rules give stands in the tables of the decision's own tests.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

command -v python3 >"$scratch/which" || skip "no python3"
state=$scratch/state
conf=$scratch/rmd.conf
mkdir "$state" "$scratch/empty" "$scratch/ahead"

printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-rows = 1000" "vanished-percent = 100" "changed-percent = 100" \
  "[policy]" "max-age = 72h" >"$conf"

# Chooses filings of the sample and makes the next day's file: one filing less, another one renamed.
list_edit "$srcdir/contrib/sample/rmd-sample.csv" "$scratch/second.csv" >"$scratch/picks" <<'EOF'
import shlex
from collections import Counter

count = Counter(row["frn"] for row in rows)
names = Counter(row["business_name"].lower() for row in rows)
alone = [row for row in rows if row["frn"].isdigit() and count[row["frn"]] == 1 and
         row["business_name"].replace(" ", "").isalpha() and names[row["business_name"].lower()] == 1]
vsps = [row for row in alone if row["implementation"] != "N/A" and row["voice_service_provider_choice"] == "Yes"]
listed, gone, renamed = vsps[:3]
uncertified = next(row for row in alone if row["implementation"] == "N/A")
for word, row in ("listed", listed), ("gone", gone), ("renamed", renamed), ("uncertified", uncertified):
    print(f"{word}_rmd={row['number']} {word}_frn={row['frn']} {word}_name={shlex.quote(row['business_name'])}")
print(f"rows={len(rows)}")
renamed["business_name"] = "Renamed by the test LLC"
rows.remove(gone)
EOF
listed_rmd='' listed_frn='' listed_name='' gone_rmd='' gone_frn='' renamed_rmd='' renamed_frn='' uncertified_frn=''
rows=''
# shellcheck disable=SC1091
. "$scratch/picks"

# Questions about now would have today's answers: they are put to data that were loaded just now, and to that of these
# days, which is over 72 hours old.
first=2025-10-01T12:00:00-04:00
second=2025-10-02T12:00:00-04:00
later=2025-10-02T15:00:00-04:00
ahead=$scratch/ahead

check() {
  "$RMDCHECK" -d "$state" "$@"
}

# check_at ...: as it stood three hours after the second file.
check_at() {
  check --at "$later" "$@"
}

# answers STRING...: the verdict and reason of each line of $out, in their order.
expect_answers() {
  printf '%s\n' "$@" >"$scratch/answers"
  awk '{ print $1, $2 }' "$out" >"$scratch/given"
  cmp "$scratch/answers" "$scratch/given" >"$scratch/cmp" 2>&1 || {
    complain "other answers than expected"
    sed 's/^/# it says: /' "$out"
  }
}

# expect_bytes TEXT: $out is the text and nothing else, no newline either.
expect_bytes() {
  printf '%s' "$1" >"$scratch/bytes"
  expect_same "$scratch/bytes" "$out"
}

# with_stdin FILE COMMAND...
with_stdin() {
  input=$1
  shift
  "$@" <"$input"
}

# to_file FILE COMMAND...
to_file() {
  target=$1
  shift
  "$@" >"$target"
}

test_case "no snapshot at all"
run 66 "$RMDCHECK" -d "$scratch/empty" 0021441233
expect_answers "unknown no-data"
expect_one_line "$err"
expect_line "$err" "$scratch/empty/rmd.mdb"
run 66 "$RMDCHECK" -d "$scratch/empty" --json 0021441233 RMD0001410
expect_line "$out" '"verdict":"unknown","reason":"no-data"'
[ "$(wc -l <"$out")" -eq 2 ] || complain "not two objects"
expect_one_line "$err"
run 66 "$RMDCHECK" -d "$scratch/empty" --word 0021441233
expect_bytes unknown
run 66 "$RMDCHECK" -d "$scratch/empty" --history 0021441233
expect_empty "$out"
expect_one_line "$err"
run 3 "$RMDCHECK" -d "$scratch/empty" --status
expect_match "$out" '^RMD UNKNOWN - '
expect_one_line "$out"

test_case "-d with the snapshot itself is told as what it is"
: >"$scratch/rmd.mdb"
for option in --json --long --word --history; do
  run 66 "$RMDCHECK" -d "$scratch/rmd.mdb" "$option" 0021441233
  expect_one_line "$err"
  expect_line "$err" "-d names a file, and takes the directory that rmd.mdb is in"
done
run 3 "$RMDCHECK" -d "$scratch/rmd.mdb" --status
expect_line "$out" "RMD UNKNOWN - $scratch/rmd.mdb/rmd.mdb: -d names a file, and takes the directory that rmd.mdb is in"
rm "$scratch/rmd.mdb"

test_case "a call to 911 needs no snapshot"
run 0 "$RMDCHECK" -d "$scratch/empty" --to 911 0021441233
expect_answers "accept emergency-call"
expect_empty "$err"
run 0 "$RMDCHECK" -d "$scratch/empty" --to urn:service:sos --word 0021441233
expect_bytes accept

test_case "files are loaded"
run 0 "$RMDSYNC" -c "$conf" -d "$state" --source "file://$srcdir/contrib/sample/rmd-sample.csv" --as-of "$first"
run 0 "$RMDSYNC" -c "$conf" -d "$state" --source "file://$scratch/second.csv" --as-of "$second"
run 0 "$RMDSYNC" -c "$conf" -d "$ahead" --source "file://$scratch/second.csv"
[ -f "$state/rmd.mdb" ] && [ -f "$ahead/rmd.mdb" ] || exit 1

test_case "a listed provider, by each of its names"
for provider in "$listed_frn" "frn:$listed_frn" "$listed_rmd" "rmd:$listed_rmd" "$listed_name" "name:$listed_name"; do
  run 0 check_at "$provider"
  expect_one_line "$out"
  expect_match "$out" "^accept  listed  $listed_rmd  $listed_frn  \"$listed_name\"  [a-z-]+  [a-z,]+  47 CFR 64"
  expect_line "$out" "  data 3 h 0 min old"
  expect_line "$out" "  at $later"
  expect_empty "$err"
done
run 0 "$RMDCHECK" -d "$ahead" "$listed_frn"
expect_answers "accept listed"

test_case "no answer asks the network"
if ! strace -o "$scratch/calls" true 2>"$scratch/strace"; then
  leave_out "nothing can be traced here"
else
  # What looks for leaks cannot be traced.
  run 0 env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" strace -f -qq -e trace=%network -e signal=none -o "$scratch/calls" \
    "$RMDCHECK" -d "$ahead" "$listed_frn" "$listed_name"
  # A local socket is the C library's or the shell's, which ask who the user is.
  expect_no_line "$scratch/calls" AF_INET
fi

test_case "a vanished and an uncertified provider, and one never seen"
run 1 check_at "$gone_frn"
expect_answers "refuse delisted"
expect_line "$out" "  since $second"
run 0 check --at "$first" "$gone_frn"
run 1 check_at "$uncertified_frn"
expect_answers "refuse not-certified"
run 1 check_at 9999999999
expect_answers "refuse not-listed"
run 3 check --at 2025-09-01 "$listed_frn"
expect_answers "unknown before-history"

test_case "of several the worst decides the exit"
run 0 check_at "$listed_frn" "$renamed_rmd"
run 3 check_at "$listed_frn" frn:12
expect_answers "accept listed" "unknown bad-key"
run 1 check_at frn:12 "$listed_frn" "$gone_frn"
expect_answers "unknown bad-key" "accept listed" "refuse delisted"
run 0 check_at --to 911 frn:12 "$gone_frn"

test_case "JSON has its keys and says the same"
run 1 check_at --json --role vsp "$listed_frn" "$gone_frn" 9999999999
python3 - "$out" "$listed_rmd" "$listed_frn" "$listed_name" >"$scratch/python" 2>&1 <<'EOF' || complain "$(cat "$scratch/python")"
import json, sys

KEYS = ("schema query verdict reason flags citation rmd_number frn business_name role implementation roles "
        "effective_at at checked_at data_age generation notice").split()
answers = [json.loads(line) for line in open(sys.argv[1], encoding="ascii")]
assert [list(answer) for answer in answers] == [KEYS] * 3, answers
assert [answer["verdict"] for answer in answers] == ["accept", "refuse", "refuse"]
listed, gone, never = answers
assert (listed["rmd_number"], listed["frn"], listed["business_name"]) == tuple(sys.argv[2:5]), listed
assert listed["schema"] == 1 and listed["data_age"] == 10800 and listed["generation"] == 2 and listed["role"] == "vsp"
assert listed["at"] == "2025-10-02T15:00:00-04:00" and listed["checked_at"] == "2025-10-02T12:00:00-04:00"
assert "vsp" in listed["roles"] and listed["notice"] is None
assert gone["reason"] == "delisted" and gone["effective_at"] == "2025-10-02T12:00:00-04:00"
assert never["rmd_number"] is None and never["business_name"] is None and never["implementation"] is None
EOF

test_case "the long form shows the whole filing"
run 1 check_at --long "$listed_frn" "$gone_frn"
for column in business_address robocall_mitigation_contact_name contact_telephone_number other_frns \
  last_recertified filing_url; do
  expect_match "$out" "^$column +[^ ]"
done
expect_match "$out" "^business_name +$listed_name\$"
expect_match "$out" "^reason +listed: [A-Z]"
expect_match "$out" "^listed +no, "
run 0 check_at --long --json "$listed_frn"
expect_line "$out" "\"filing\":{\"number\":\"$listed_rmd\""

test_case "the long form tells of a foreign provider, of one that is none, and of a blank"
for row in RMD9000015:Yes:true RMD9000003:No:false RMD9000193:-:null; do
  number=${row%%:*}
  words=${row#*:}
  check --at "$first" --long "$number" >"$out" || :
  expect_match "$out" "^foreign_voice_provider +${words%:*}\$"
  check --at "$first" --long --json "$number" >"$out" || :
  expect_line "$out" "\"foreign_voice_provider\":${words#*:},"
done

test_case "a batch answers line for line"
{
  printf '%s\n' "$listed_frn" "frn:$gone_frn  to=911" "" "name:\"$listed_name\" role=vsp" "Two words" \
    "$gone_frn at=$first" "$listed_frn role=carrier"
  head -c 100000 /dev/zero | tr '\0' x
  printf '\n\000\n%s' "$listed_rmd"
} >"$scratch/batch"
run 3 with_stdin "$scratch/batch" "$RMDCHECK" -d "$state" --at "$later" --batch
expect_answers "accept listed" "accept emergency-call" "unknown bad-key" "accept listed" "unknown bad-key" \
  "accept listed" "unknown bad-key" "unknown bad-key" "unknown bad-key" "accept listed"
[ "$(wc -l <"$err")" -eq 5 ] || complain "not five lines on stderr"
for line in 3 5 7 8 9; do
  expect_line "$err" "line $line: "
done
# Of its lines only the question itself has a name.
sed 's/  asked ".*"$//' "$out" >"$scratch/answers"
expect_no_line "$scratch/answers" "$listed_name"
expect_match "$scratch/answers" "^accept  listed  $listed_rmd  $listed_frn  -  "
run 3 with_stdin "$scratch/batch" "$RMDCHECK" -d "$state" --at "$later" -b -l
expect_match "$out" "^business_name +$listed_name\$"
run 3 with_stdin "$scratch/batch" "$RMDCHECK" -d "$state" --at "$later" -b -j
expect_line "$out" "\"business_name\":\"$listed_name\""
python3 -c '
import json, sys
assert len([json.loads(line) for line in open(sys.argv[1])]) == 10' "$out" || complain "not ten objects"
run 0 with_stdin /dev/null "$RMDCHECK" -d "$state" -b
expect_empty "$out"

test_case "each question of a batch is answered before the next is read"
mkfifo "$scratch/questions" "$scratch/replies"
timeout 20 "$RMDCHECK" -d "$state" --at "$later" -b <"$scratch/questions" >"$scratch/replies" &
batch=$!
exec 8>"$scratch/questions" 9<"$scratch/replies"
for provider in "$listed_frn" "$gone_frn"; do
  echo "$provider" >&8
  read -r reply <&9 || reply=
  case $reply in accept*"$listed_rmd"* | refuse*"$gone_rmd"*) ;; *) complain "the reply was: $reply" ;; esac
done
exec 8>&- 9<&-
code=0
wait "$batch" || code=$?
[ "$code" -eq 1 ] || complain "exit $code instead of 1"

test_case "stdin is left alone without --batch"
printf 'untouched' >"$scratch/stdin"
run 0 with_stdin "$scratch/stdin" sh -c '"$1" -d "$2" --at "$3" "$4" >&2; cat' sh \
  "$RMDCHECK" "$state" "$later" "$listed_frn"
expect_bytes untouched

test_case "the bare word"
run 0 check_at --word "$listed_frn"
expect_bytes accept
run 1 check_at --word "$gone_frn"
expect_bytes refuse
run 3 check_at --word frn:12
expect_bytes unknown
run 64 check_at --word "$listed_frn" --role nonsense
expect_bytes unknown
run 64 check_at --word
expect_bytes unknown
run 64 check_at --word --json "$listed_frn"
expect_bytes unknown
expect_line "$err" "--json does not go with --word"

test_case "the history after two files"
run 0 check --history "$renamed_frn"
[ "$(wc -l <"$out")" -eq 2 ] || complain "not two events"
expect_match "$out" "^$first  generation 1  $renamed_rmd  added  -  digest [0-9a-f]{12}\$"
expect_match "$out" "^$second  generation 2  $renamed_rmd  changed  business_name  digest [0-9a-f]{12}\$"
run 0 check --history "$gone_rmd"
expect_match "$out" "^$second  generation 2  $gone_rmd  vanished  "
run 0 check --json --history "$renamed_frn"
python3 - "$out" >"$scratch/python" 2>&1 <<'EOF' || complain "$(cat "$scratch/python")"
import json, sys

events = [json.loads(line) for line in open(sys.argv[1], encoding="ascii")]
assert [event["kind"] for event in events] == ["added", "changed"], events
assert events[1]["fields"] == ["business_name"] and events[1]["generation"] == 2 and len(events[1]["digest"]) == 64
EOF
run 0 check --history 9999999999
expect_empty "$out"
expect_one_line "$err"
run 64 check --history frn:12
expect_one_line "$err"

test_case "the status of new data"
run 0 "$RMDCHECK" -d "$ahead" --status
expect_one_line "$out"
expect_match "$out" "^RMD OK - data [0-9]+ (s|min) old, [0-9]+ filings, generation 1, last run published [-0-9T:]+ \\| age=[0-9]+s;129600;259200;0 filings="
sum=$(sed 's/.* filings=\([0-9]*\) vanished=0 quarantined=\([0-9]*\)$/\1 + \2/' "$out")
[ $((${sum%% *} + ${sum##* })) -eq $((rows - 1)) ] || complain "$sum is not $((rows - 1))"
run 0 "$RMDCHECK" -d "$ahead" --status --verify
expect_line "$out" "SHA-256 verified"

test_case "a check that lies ahead of the clock is no fresh data"
mkdir "$scratch/to-come"
run 0 "$RMDSYNC" -c "$conf" -d "$scratch/to-come" --source "file://$scratch/second.csv" --as-of 2999-01-01
run 3 "$RMDCHECK" -d "$scratch/to-come" "$listed_frn"
expect_answers "unknown stale"
run 2 "$RMDCHECK" -d "$scratch/to-come" --status
expect_line "$out" "2999-01-01T00:00:00-05:00, lies ahead of the clock"
run 75 "$RMDSYNC" -c "$conf" -d "$scratch/to-come" --source "file://$scratch/second.csv"
expect_one_line "$err"
# Up to a day it is a clock that runs behind.
for case in 23:0:0 25:3:75; do
  ahead_by=${case%%:*}
  case=${case#*:}
  rm -rf "$scratch/to-come"
  run 0 "$RMDSYNC" -c "$conf" -d "$scratch/to-come" --source "file://$scratch/second.csv" \
    --as-of "$(date -d "+$ahead_by hours" +%Y-%m-%dT%H:%M:%S%:z)"
  run "${case%:*}" "$RMDCHECK" -d "$scratch/to-come" "$listed_frn"
  run "${case#*:}" "$RMDSYNC" -c "$conf" -d "$scratch/to-come" --source "file://$scratch/second.csv"
done

test_case "a held list is a warning"
mkdir "$scratch/held"
cp "$ahead/rmd.mdb" "$scratch/held"
: >"$scratch/held/candidate.held"
run 1 "$RMDCHECK" -d "$scratch/held" --status
expect_line "$out" "candidate.held"

test_case "the status of old data"
run 2 check --status
expect_match "$out" '^RMD CRITICAL - .*\(stale after 3 d 0 h\)'
expect_line "$out" " vanished=1 "
run 3 check "$listed_frn"
expect_answers "unknown stale"

test_case "the status as JSON, with the last run"
run 2 check --status --json
expect_one_line "$out"
expect_line "$out" '{"schema":1,"health":"critical","trouble":null,"generation":2,"checked_at":"2025-10-02T12:00:00-04:00","data_age":'
expect_line "$out" '"vanished":1,"quarantined":2,"not_adopted":null,"verification":null,"held":false,"last_run":{"result":"published","started_at":"'
expect_match "$out" '","exit_status":0\}\}$'
run 0 "$RMDCHECK" -d "$ahead" --status --verify -j
expect_line "$out" '"health":"ok",'
expect_line "$out" '"verification":"good",'
run 3 "$RMDCHECK" -d "$scratch/empty" --status -j
expect_line "$out" '"health":"unknown","trouble":"there is no snapshot of the database","generation":null,"checked_at":null,"data_age":null,'
expect_line "$out" '"last_run":null}'

# damage NAME: a copy of the state directory, whose files may be written.
damage() {
  cp -R "$ahead" "$scratch/$1"
  chmod -R u+w "$scratch/$1"
}

test_case "a flipped bit, no sidecar"
damage flipped
python3 - "$scratch/flipped/rmd.mdb" <<'EOF'
import sys
with open(sys.argv[1], "r+b") as snapshot:
    data = snapshot.read()
    snapshot.seek(len(data) * 3 // 4)
    snapshot.write(bytes([data[len(data) * 3 // 4] ^ 1]))
EOF
run 2 "$RMDCHECK" -d "$scratch/flipped" --status --verify
expect_match "$out" '^RMD CRITICAL - .*SHA-256 IS NOT'
expect_one_line "$out"
damage bare
rm "$scratch/bare/rmd.mdb.sha256"
run 3 "$RMDCHECK" -d "$scratch/bare" --status --verify
expect_match "$out" '^RMD UNKNOWN - '
run 0 "$RMDCHECK" -d "$scratch/bare" --status

test_case "a shortened snapshot, and one that is none"
damage short
head -c 10000 "$ahead/rmd.mdb" >"$scratch/short/rmd.mdb"
run 66 "$RMDCHECK" -d "$scratch/short" "$listed_frn"
expect_answers "unknown no-data"
expect_one_line "$err"
expect_line "$err" "$scratch/short/rmd.mdb"
run 3 "$RMDCHECK" -d "$scratch/short" --status
run 2 "$RMDCHECK" -d "$scratch/short" --status --verify
cp "$scratch/second.csv" "$scratch/short/rmd.mdb"
run 66 "$RMDCHECK" -d "$scratch/short" "$listed_frn"
expect_answers "unknown no-data"

# usage TEXT ARGUMENT...: refused with one line that names TEXT.
usage() {
  test_case "usage: $*"
  text=$1
  shift
  run 64 check "$@"
  expect_empty "$out"
  expect_one_line "$err"
  expect_line "$err" "$text"
}

usage "PROVIDER"
usage "--frobnicate" --frobnicate 1
usage "-x" -x 1
usage "carrier" --role carrier 1
usage "--role" --role
usage "yesterday" --at yesterday 1
usage "2025-02-30" --at 2025-02-30 1
usage "--batch" -b 1
usage "--verify" --verify 1
usage "--status" --status 1
usage "--long" --long --status
usage "--at" --at 2025-10-01 --status
usage "--history" --history
usage "--history" --history 1 2
usage "only one" --history --status
usage "--search" --search
usage "--changed-since" --changed-since 1 acme

test_case "standard output full, closed, or no longer read; standard input closed"
for arguments in "$listed_frn" "--json $listed_frn" "--history $listed_frn" "--word $listed_frn" --status --help \
  --version; do
  # shellcheck disable=SC2086
  run 74 to_file /dev/full check $arguments
  expect_one_line "$err"
done
run 74 sh -c 'exec "$@" >&-' sh "$RMDCHECK" -d "$state" "$listed_frn"
expect_one_line "$err"
run 74 sh -c 'exec "$@" <&-' sh "$RMDCHECK" -d "$state" -b
expect_one_line "$err"
yes "$listed_frn" | head -n 100000 >"$scratch/many"
run 74 sh -c '{ "$1" -d "$2" -b <"$3"; echo $? >"$4"; } | head -n 1; exit "$(cat "$4")"' sh \
  "$RMDCHECK" "$state" "$scratch/many" "$scratch/code"
expect_one_line "$out"
expect_empty "$err"

test_case "a mount that can only be read"
cat >"$scratch/mounted.sh" <<'END'
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && ! touch "$1/new" 2>"$2" && shift 2 && exec "$@"
END
if ! unshare -m sh -c 'mount --bind "$1" "$1"' sh "$state" 2>"$scratch/mount"; then
  leave_out "nothing can be mounted here"
else
  run 0 unshare -m sh "$scratch/mounted.sh" "$state" "$scratch/touched" "$RMDCHECK" -d "$state" --at "$later" "$listed_frn"
  expect_answers "accept listed"
fi

test_case "help and version"
run 0 "$RMDCHECK" --help
expect_empty "$err"
[ "$(wc -l <"$out")" -le 24 ] || complain "more than 24 lines"
[ "$(wc -L <"$out")" -le 80 ] || complain "more than 80 columns"
run 0 "$RMDCHECK" --version
expect_match "$out" '^rmdcheck [0-9]+\.[0-9]+\.[0-9]+'

test_case "the verdict is coloured on a terminal, unless NO_COLOR is set or TERM says nothing"
escape=$(printf '\033')
coloured() {
  run 0 env "$@" python3 "$srcdir/tests/flow/terminal.py" n "$RMDCHECK" -d "$state" --at "$later" "$listed_frn"
}
coloured -u NO_COLOR TERM=xterm
expect_match "$out" "^$escape\\[[0-9]+maccept$escape\\[0m  listed"
coloured NO_COLOR= TERM=xterm
expect_line "$out" "$escape"
for plain in "NO_COLOR=1 TERM=xterm" "-u NO_COLOR TERM=dumb" "-u NO_COLOR -u TERM"; do
  # shellcheck disable=SC2086 # words of env
  coloured $plain
  expect_no_line "$out" "$escape"
  expect_match "$out" "^accept  listed"
done
run 0 env -u NO_COLOR TERM=xterm "$RMDCHECK" -d "$state" --at "$later" "$listed_frn"
expect_no_line "$out" "$escape"

test_case "how wide the terminal is: COLUMNS, and without it the terminal itself"
for case in "40 -u COLUMNS" "60 COLUMNS=60"; do
  # shellcheck disable=SC2086 # words of env
  run 0 env ${case#* } NO_COLOR=1 python3 "$srcdir/tests/flow/terminal.py" n sh -c 'stty cols 40 && exec "$@"' sh \
    "$RMDCHECK" -d "$state" --at "$later" "$listed_frn"
  tr -d '\r' <"$out" >"$scratch/screen"
  width=$(wc -L <"$scratch/screen")
  if [ "$width" -gt "${case%% *}" ] || [ "$width" -lt $((${case%% *} - 15)) ]; then
    complain "$width columns instead of nearly ${case%% *}"
  fi
done

test_case "a name cannot talk to the terminal, and colour is for terminals"
printf 'number,frn,business_name,implementation,%s\nRMD0000001,0000000011,"Evil \033[31m\342\200\256 llc",%s\n' \
  "voice_service_provider_choice,gateway_provider_choice,intermediate_provider_choice" \
  "Complete STIR/SHAKEN Implementation,Yes,No,No" >"$scratch/evil.csv"
mkdir "$scratch/evil"
run 0 "$RMDSYNC" -c "$conf" -d "$scratch/evil" --source "file://$scratch/evil.csv" --as-of "$first"
for form in "" --long --json; do
  run 0 "$RMDCHECK" -d "$scratch/evil" --at "$later" ${form:+"$form"} RMD0000001
  tr -d '\n -~' <"$out" >"$scratch/rest"
  expect_empty "$scratch/rest"
done

finish
