#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Hooks after whole runs: which runs they hear of and what, that none of them changes how a run ends, and that each
# hears an event once, also when it is told by --run-hooks or the run is killed at any of its steps.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

state=$scratch/state
conf=$scratch/rmd.conf
files=$scratch/files
told=$scratch/told
hooks=$scratch/hooks.d
umask 022
mkdir "$files" "$told" "$hooks"
# Without it each run warns.
echo 416 >"$scratch/foreign-area-codes.conf"

# configure [LINE...]
configure() {
  printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-rows = 3" "vanished-percent = 100" "$@" >"$conf"
}

# rows FROM TO: made-up filings. Number 7 times, FRN 11 times the index.
rows() {
  awk -v from="$1" -v to="$2" 'BEGIN {
    for (i = from; i <= to; i++)
      printf "RMD%07d,%010d,Example Carrier %d LLC,Complete STIR/SHAKEN Implementation,Yes,No,No\n", i * 7, i * 11, i
  }'
}

# file NAME: the header, and rows from stdin.
file() {
  {
    echo "$header"
    cat
  } >"$files/$1"
}

day() {
  printf '2025-10-%02dT12:00:00-04:00' "$1"
}

sync() {
  "$RMDSYNC" -c "$conf" -d "$state" "$@"
}

# load CODE FILE DAY [OPTION...]
load() {
  code=$1
  name=$2
  at=$(day "$3")
  shift 3
  run "$code" sync --source "$files/$name" --as-of "$at" "$@"
}

# hook NAME: a script from stdin.
hook() {
  {
    echo "#!/bin/sh"
    cat
  } >"$hooks/$1"
  chmod 755 "$hooks/$1"
}

# The hook of most tests: what it heard, one line an event; the last event's summary, difference and the snapshot that
# serves at that moment.
listener() {
  hook "${1:-50-listen}" <<END
echo "\$RMD_EVENT \$RMD_GENERATION \$RMD_ADDED \$RMD_REMOVED \$RMD_CHANGED \$RMD_RELISTED" >>"$told/events"
cat >"$told/summary"
cat "\$RMD_DIFF" >"$told/diff"
if [ -e "\$RMD_DB" ]; then sha256sum <"\$RMD_DB" >"$told/db"; fi
END
}

forget() {
  rm -rf "$hooks" "$state"
  mkdir "$hooks"
  : >"$told/events"
}

# heard LINE...: all events since `forget`, or the last `heard`.
heard() {
  printf '%s\n' "$@" | grep . >"$scratch/expected" || :
  [ -e "$told/events" ] || : >"$told/events"
  expect_same "$scratch/expected" "$told/events"
  : >"$told/events"
}

# Nothing waits to be told, or at least not an event: the kill of a run may leave the beginning of its record.
expect_told() {
  find "$state" -name "pending.${1:-*}" >"$scratch/waiting"
  expect_empty "$scratch/waiting"
}

# line EVENT INDEX NAME FIELDS GENERATION DAY: one of the difference.
line() {
  printf '{"schema":1,"event":"%s","rmd_number":"RMD%07d","frn":"%010d","business_name":"%s","fields":[%s],' "$1" \
    "$(($2 * 7))" "$(($2 * 11))" "$3" "$4"
  printf '"generation":%s,"at":"%s"}\n' "$5" "$(day "$6")"
}

configure
rows 1 12 | file one.csv
{
  rows 1 1
  echo "RMD0000014,0000000022,Renamed 2 LLC,N/A,Yes,No,No"
  rows 4 13
} | file two.csv
{
  rows 1 3
  rows 5 13
} | file three.csv
rows 1 2 | file few.csv
echo "number,frn" >"$files/bad.csv"

# The last hook's summary is the one of --json as it was before the new generation was published.
expect_recorded() {
  sed -E 's/"(run|publish)":[0-9.]+/"\1":null/g' "$out" >"$scratch/recorded"
  expect_same "$scratch/recorded" "$told/summary"
}

test_case "a first load: changed, told after publishing, with the summary of --json"
listener
load 0 one.csv 1 --json
expect_empty "$err"
expect_recorded
heard "changed 1 12 0 0 0"
sha256sum <"$state/rmd.mdb" >"$scratch/db"
expect_same "$scratch/db" "$told/db"
[ "$(wc -l <"$told/diff")" -eq 12 ] || complain "the difference has not 12 lines"
line added 5 "Example Carrier 5 LLC" "" 1 1 >"$scratch/line"
sed -n 5p "$told/diff" >"$scratch/fifth"
expect_same "$scratch/line" "$scratch/fifth"
expect_told
find "$state" -mindepth 1 -printf '%f %m\n' | sort >"$scratch/names"
printf '%s\n' "diff.jsonl 444" "last-run.json 644" "lock 600" "rmd.mdb 444" "rmd.mdb.sha256 444" >"$scratch/expected"
expect_same "$scratch/expected" "$scratch/names"

test_case "unchanged and dry runs tell nothing"
load 0 one.csv 2
expect_match "$out" "unchanged"
load 0 two.csv 2 -n
expect_match "$out" "would be published"
load 3 few.csv 2 -n
load 65 bad.csv 2 -n
run 0 sync --offline
heard
expect_told

test_case "changed: the difference, filing by filing"
load 0 two.csv 3 --json
heard "changed 2 1 1 1 0"
expect_recorded
{
  line changed 2 "Renamed 2 LLC" '"business_name","implementation"' 2 3
  line vanished 3 "Example Carrier 3 LLC" "" 2 3
  line added 13 "Example Carrier 13 LLC" "" 2 3
} >"$scratch/expected"
expect_same "$scratch/expected" "$told/diff"
expect_same "$scratch/expected" "$state/diff.jsonl"
load 0 three.csv 4
heard "changed 3 0 1 1 1"
{
  line changed 2 "Example Carrier 2 LLC" '"business_name","implementation"' 3 4
  line relisted 3 "Example Carrier 3 LLC" "" 3 4
  line vanished 4 "Example Carrier 4 LLC" "" 3 4
} >"$scratch/expected"
expect_same "$scratch/expected" "$told/diff"

test_case "held: what would change, of no generation; then accepted"
sha256sum <"$state/rmd.mdb" >"$scratch/db"
load 3 few.csv 5 --json
heard "held 3 0 10 0 0"
expect_same "$out" "$told/summary"
expect_line "$told/summary" '"result":"held","reason":"vanished"'
expect_same "$scratch/db" "$told/db"
[ "$(wc -l <"$told/diff")" -eq 10 ] || complain "the difference has not 10 lines"
line vanished 3 "Example Carrier 3 LLC" "" null 5 >"$scratch/expected"
head -n 1 "$told/diff" >"$scratch/first"
expect_same "$scratch/expected" "$scratch/first"
run 0 sync --accept "$(sha256sum <"$files/few.csv" | cut -d ' ' -f 1)"
heard "changed 4 0 10 0 0"

test_case "failed: with the generation that serves, and an empty difference"
load 65 bad.csv 6 --json
heard "failed 4 0 0 0 0"
expect_same "$out" "$told/summary"
expect_empty "$told/diff"
load 69 missing.csv 6
expect_one_line "$err"
heard "failed 4 0 0 0 0"
# The files beside rmd.conf too.
echo nonsense >"$scratch/public-safety.conf"
load 78 few.csv 6
heard "failed 4 0 0 0 0"
rm "$scratch/public-safety.conf"
# A damaged snapshot, by which no generation can be judged.
cp -a "$state" "$scratch/kept"
rm "$state/rmd.mdb"
echo damaged >"$state/rmd.mdb"
load 73 few.csv 6
heard "failed 0 0 0 0 0"
rm -rf "$state"
mv "$scratch/kept" "$state"
expect_told

test_case "who only mistyped, or came while another run was on, is told himself"
load 64 few.csv 1
run 64 sync --frobnicate
run 75 flock "$state/lock" "$RMDSYNC" -c "$conf" -d "$state" --source "$files/bad.csv" --as-of "$(day 7)"
configure "nonsense = 1"
load 78 few.csv 7
configure
heard

test_case "a run that a signal stops tells nothing, then or later"
mkfifo "$files/endless"
"$RMDSYNC" -c "$conf" -d "$state" --source "$files/endless" >"$out" 2>"$err" &
running=$!
# Opens when the run has opened the other end.
exec 7>"$files/endless"
kill -TERM "$running"
wait "$running" 2>"$scratch/wait" || :
exec 7>&-
run 0 sync --run-hooks
heard
expect_told

test_case "--offline with a new policy: changed, with an empty difference"
configure "[policy]" "max-age = 30d"
run 0 sync --offline
heard "changed 5 0 0 0 0"
expect_empty "$told/diff"

test_case "no hook: nothing is kept for one"
forget
configure
load 0 one.csv 1
load 65 bad.csv 2
find "$state" -mindepth 1 -printf '%f\n' | sort | tr '\n' ' ' >"$scratch/names"
expect_match "$scratch/names" '^last-run.json lock rmd.mdb rmd.mdb.sha256 $'
rmdir "$hooks"
load 0 two.csv 3
expect_empty "$err"
expect_told

test_case "hooks that fail or hang change nothing, are named in one line each, also with -q; the next ones are told"
forget
configure "[hooks]" "timeout = 1s"
echo "exit 9" | hook 10-fails
echo "exec sleep 60" | hook 20-hangs
printf '%s\n' "echo to standard output" "echo to standard error >&2" | hook 30-speaks
listener
load 0 one.csv 1 -q
expect_empty "$out"
printf '%s\n' "rmdsync: hook 10-fails: ended with 9; what the run did stands" \
  "rmdsync: hook 20-hangs: stopped after 1 s, its time; what the run did stands" "to standard output" \
  "to standard error" >"$scratch/expected"
expect_same "$scratch/expected" "$err"
heard "changed 1 12 0 0 0"
run 0 "$RMDCHECK" -d "$state" --at "$(day 1)" --word 0000000011
rm "$hooks/20-hangs"
load 3 few.csv 2
load 65 bad.csv 2
heard "held 1 0 10 0 0" "failed 1 0 0 0 0"
expect_told

test_case "a hook cannot start another run: the lock is held until the last one has ended"
forget
configure
hook 10-runs <<END
"$RMDSYNC" -q -c "$conf" -d "$state" --source "$files/two.csv" --as-of "$(day 2)" 2>"$told/refused"
echo \$? >"$told/code"
END
load 0 one.csv 1
[ "$(cat "$told/code")" = 75 ] || complain "it ended with $(cat "$told/code")"
expect_line "$told/refused" "another run holds the lock"
load 0 one.csv 2
expect_match "$out" "unchanged generation 1"

test_case "a hook that others can write is skipped; -v names it"
forget
configure
listener 10-group
chmod g+w "$hooks/10-group"
listener 20-link
mv "$hooks/20-link" "$files/elsewhere"
ln -s "$files/elsewhere" "$hooks/20-link"
listener 30-good
load 0 one.csv 1
expect_empty "$err"
heard "changed 1 12 0 0 0"
load 0 two.csv 2 -v
expect_line "$err" "$hooks/10-group can be written by others and is no hook"
expect_line "$err" "$hooks/20-link is no regular file and is no hook"
expect_line "$err" "hook 30-good: done"
heard "changed 2 1 1 1 0"

test_case "another directory of hooks, relative to rmd.conf, and none"
mv "$hooks" "$scratch/other"
mkdir "$hooks"
configure "[hooks]" "directory = other"
run 0 sh -c 'cd "$1" && exec "$2" -c ../rmd.conf -d ../state --source three.csv --as-of "$3"' sh "$files" "$RMDSYNC" \
  "$(day 3)"
heard "changed 3 0 1 1 1"
configure "[hooks]" "directory ="
load 0 one.csv 4
run 0 env RMD_HOOKS=later "$RMDSYNC" -c "$conf" -d "$state" --source "$files/two.csv" --as-of "$(day 5)"
expect_told
run 0 sync --run-hooks
heard
rm -rf "$scratch/other"

# later ARGUMENT...: a run that leaves its hooks to --run-hooks.
later() {
  RMD_HOOKS=later "$RMDSYNC" -c "$conf" -d "$state" "$@"
}

test_case "RMD_HOOKS=later: --run-hooks tells what waits, in its order, once and only once"
forget
configure
listener
run 0 later --source "$files/one.csv" --as-of "$(day 1)"
expect_empty "$err"
run 0 later --source "$files/one.csv" --as-of "$(day 2)"
run 0 later --source "$files/two.csv" --as-of "$(day 3)" --json
cp "$out" "$scratch/summary"
heard
run 3 later --source "$files/few.csv" --as-of "$(day 4)"
run 65 later --source "$files/bad.csv" --as-of "$(day 4)"
heard
run 75 flock "$state/lock" "$RMDSYNC" -c "$conf" -d "$state" --run-hooks
expect_one_line "$err"
heard
sha256sum <"$state/rmd.mdb" >"$scratch/db"
# It is no run: what a run would do is not done, and where it is told does not matter.
run 0 later --run-hooks
expect_empty "$out"
expect_empty "$err"
heard "changed 1 12 0 0 0" "changed 2 1 1 1 0" "held 2 0 10 1 0" "failed 2 0 0 0 0"
sha256sum <"$state/rmd.mdb" >"$scratch/db.after"
expect_same "$scratch/db" "$scratch/db.after"
expect_told
run 0 sync --run-hooks
heard
run 0 later --source "$files/one.csv" --as-of "$(day 5)"
run 0 sync --run-hooks
heard "changed 3 0 1 1 1"
[ "$(wc -l <"$told/diff")" -eq 3 ] || complain "the difference has not 3 lines"

test_case "what waits is told by the next run that tells hooks itself, before its own"
run 0 later --source "$files/two.csv" --as-of "$(day 6)"
load 0 two.csv 7
heard "changed 4 0 1 1 1"
run 0 later --source "$files/three.csv" --as-of "$(day 8)"
load 0 one.csv 9
heard "changed 5 0 1 1 1" "changed 6 0 1 0 1"

test_case "the options and the variable"
for option in -n --offline --json --as-of=2025-10-01 "--source=$files/one.csv" --accept=00; do
  run 64 sync --run-hooks "$option"
  expect_one_line "$err"
done
run 78 env RMD_HOOKS=never "$RMDSYNC" -c "$conf" -d "$state" --source "$files/one.csv"
expect_one_line "$err"
expect_line "$err" "never"
run 0 env RMD_HOOKS= "$RMDSYNC" -c "$conf" -d "$state" --source "$files/two.csv" --as-of "$(day 10)"
heard "changed 7 0 1 1 1"
run 0 "$RMDSYNC" -c "$conf" -d "$scratch/nowhere" --run-hooks
[ ! -e "$scratch/nowhere" ] || complain "--run-hooks made a state directory"
run 78 "$RMDSYNC" -c "$scratch/no.conf" -d "$state" --run-hooks
expect_one_line "$err"

test_case "SIGTERM while a hook runs: it ends, the run says what it did and ends by the signal"
forget
mkfifo "$scratch/fifo"
listener 10-first
hook 20-waits <<END
exec 9>"$scratch/fifo"
sleep 60 &
echo begun >&9
exec sleep 60
END
listener 30-last
"$RMDSYNC" -c "$conf" -d "$state" --source "$files/one.csv" --as-of "$(day 1)" >"$out" 2>"$err" &
running=$!
{
  read -r word
  [ "$word" = begun ] || complain "the hook says $word"
  heard "changed 1 12 0 0 0"
  kill -TERM "$running"
  # Ends when the hook and its child have.
  cat >"$scratch/rest"
} <"$scratch/fifo"
got=0
wait "$running" 2>"$scratch/wait" || got=$?
[ "$got" -eq 143 ] || complain "exit $got instead of 143"
expect_line "$out" "published generation 1: 12 rows"
expect_line "$err" "hook 20-waits: stopped, because rmdsync was told to end"
heard
rm "$scratch/fifo"
load 0 one.csv 2
expect_match "$out" "unchanged generation 1"
heard "changed 1 12 0 0 0"
expect_told

test_case "a run that is killed while a hook runs: the hooks behind it hear of it the next time, the others not again"
forget
listener 10-first
echo 'kill -KILL "$PPID"' | hook 20-kills
listener 30-last
run 137 sh -c '"$@"' sh "$RMDSYNC" -c "$conf" -d "$state" --source "$files/one.csv" --as-of "$(day 1)"
heard "changed 1 12 0 0 0"
run 0 sync --run-hooks
heard "changed 1 12 0 0 0"
run 0 sync --run-hooks
heard

test_case "a generation that could not be published is not told"
forget
listener
load 0 one.csv 1
heard "changed 1 12 0 0 0"
mkdir "$state/rmd.mdb.sha256.new"
load 73 two.csv 2
heard "failed 1 1 1 1 0"
rmdir "$state/rmd.mdb.sha256.new"
expect_told
load 0 three.csv 3
heard "changed 2 1 1 0 0"

# One more night under a fault: killed before the Nth call that writes, syncs, renames or opens.
killed() {
  rm -rf "$state"
  cp -a "$scratch/old" "$state"
  : >"$told/events"
  code=0
  FAULT_KIND=any FAULT_AT=$1 FAULT_MODE=kill FAULT_COUNT=$scratch/calls LD_PRELOAD=$scratch/fault.so \
    "$RMDSYNC" -q -c "$conf" -d "$state" --as-of "$(day 2)" --source "$files/two.csv" >"$out" 2>"$err" || code=$?
}

test_case "killed before each of its steps, a run is told once, if it published, and never twice"
case $("$RMDSYNC" --version; ldd "$RMDSYNC" 2>&1) in
*asan* | *tsan* | *ubsan*) leave_out "a sanitizer must come before libc, and so must the faults" ;;
*)
  ${CC:-cc} -D_GNU_SOURCE -O1 -shared -fPIC -o "$scratch/fault.so" "$srcdir/tests/fault/fault.c" -ldl
  forget
  listener 10-first
  listener 20-second
  load 0 one.csv 1
  cp -a "$state" "$scratch/old"
  killed 0
  heard "changed 2 1 1 1 0" "changed 2 1 1 1 0"
  [ "$code" -eq 0 ] || complain "exit $code"
  total=$(cat "$scratch/calls")
  at=1
  recorded=0
  twice=0
  started=0
  while [ "$at" -le "$total" ]; do
    killed "$at"
    [ "$code" -eq 137 ] || complain "call $at: exit $code"
    published=0
    cmp -s "$scratch/old/rmd.mdb" "$state/rmd.mdb" || published=2
    # A hook whose start is written down is not started again, though the kill may have come just before it.
    if [ -e "$state/pending.1.json" ] && [ "$published" -eq 0 ]; then recorded=$at; fi
    name=$(cat "$state"/pending.*.json 2>"$scratch/none" | sed -n 2p)
    : >"$scratch/waiting"
    before=$(wc -l <"$told/events")
    case $name in
    10-first) begun=1 ;;
    20-second) begun=2 ;;
    *) begun=$before ;;
    esac
    [ "$before" -le "$begun" ] || complain "call $at: $before hooks heard of it, and $begun are written down"
    run 0 sync --run-hooks
    after=$(wc -l <"$told/events")
    [ "$((after - before))" -eq "$((published > 0 ? published - begun : 0))" ] ||
      complain "call $at: $before hooks were told before, $after in the end; $begun had been written down"
    [ "$after" -le "$published" ] || complain "call $at: $after hooks were told of $published"
    [ "$after" -ne 2 ] || twice=$((twice + 1))
    [ "$after" -eq "$published" ] || started=$((started + 1))
    expect_told '*.json'
    at=$((at + 1))
  done
  echo "# killed at $total calls: published and told whole $twice times; a hook lost between its record and its start $started"
  # What was recorded and not published does not come true by the next generation, and what a kill left is cleared away.
  [ "$recorded" -gt 0 ] || complain "no kill came between the record and the publication"
  killed "$recorded"
  load 0 three.csv 3
  heard "changed 2 1 1 0 0" "changed 2 1 1 0 0"
  expect_told
  [ "$twice" -gt 5 ] || complain "hardly any kill came after publishing"
  [ "$started" -lt 10 ] || complain "a hook was lost $started times"
  ;;
esac

finish
