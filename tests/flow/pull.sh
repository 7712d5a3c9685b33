#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A snapshot copied to another machine by contrib/fleet/rmd-pull with a real rsync: over a directory, and over a daemon
# that runs as nobody. Whoever reads the copy must never see anything but the old one or the new one, whole.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

for tool in rsync flock python3; do
  command -v "$tool" >"$scratch/which" || skip "no $tool"
done
ask=${ASK:-$(pwd)/tests/flow/ask}
[ -x "$ask" ] || skip "tests/flow/ask was not built"
chmod 755 "$scratch"
sample=$srcdir/contrib/sample/rmd-sample.csv
conf=$scratch/rmd.conf
list=$scratch/list
copy=$scratch/copy
gone=0099000004
mkdir "$copy" "$scratch/bin"
install -m 755 "$srcdir/contrib/fleet/rmd-pull" "$scratch/bin"
pull=$scratch/bin/rmd-pull
printf '%s\n' "[guard]" "minimum-rows = 1" "[policy]" "max-age = 30d" >"$conf"
cp "$srcdir/contrib/conf/foreign-area-codes.conf" "$scratch"
sed "s/,$gone,/,0099000993,/" "$sample" >"$scratch/without.csv"
# The program that the copy is judged with, and what it says of the copy.
export RMDCHECK

sync() {
  "$RMDSYNC" -q -c "$conf" -d "$list" "$@" 2>"$scratch/sync"
}
# next: one more generation at the source.
count=0
next() {
  count=$((count + 1))
  printf '%s\n' "[peer more $count]" "frn = 0099000003" "address = 127.0.1.$count" >>"$scratch/peers.conf"
  sync --offline
}
# kept NAME: what the source is like now, under that name.
kept() {
  cp -r "$list" "$scratch/$1"
}
# pulls SOURCE: the copy is then what the source is, readable for all and writable for none; nothing else is left.
pulls() {
  run 0 "$pull" "$1" "$copy"
  expect_empty "$out"
  expect_empty "$err"
  expect_same "$list/rmd.mdb" "$copy/rmd.mdb"
  expect_same "$list/rmd.mdb.sha256" "$copy/rmd.mdb.sha256"
  [ "$(stat -c %a "$copy/rmd.mdb" "$copy/rmd.mdb.sha256" | tr '\n' ' ')" = "444 444 " ] || complain "not 0444"
  (cd "$copy" && find . ! -name .) | sort >"$scratch/left"
  printf '%s\n' ./lock ./rmd.mdb ./rmd.mdb.sha256 >"$scratch/expected"
  expect_same "$scratch/expected" "$scratch/left"
}
# state: which files these are, and since when.
state() {
  (cd "$copy" && stat -c '%n %i %s %y %z' rmd.mdb rmd.mdb.sha256)
}
# refuses CODE SOURCE WORDS: with one line, and the copy stays.
refuses() {
  state >"$scratch/before"
  run "$1" "$pull" "$2" "$copy"
  expect_empty "$out"
  expect_one_line "$err"
  expect_line "$err" "rmd-pull: $3"
  expect_line "$err" "the copy stays as it was"
  state >"$scratch/after"
  expect_same "$scratch/before" "$scratch/after"
  [ ! -e "$copy/.rmd-pull" ] || complain "it left its private files"
}
# answers DIRECTORY: of every provider there, for one present.
now=$(date +%s)
answers() {
  python3 - "$sample" "$now" <<'END' | "$ask" "$1"
import csv, sys

for row in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")):
    for key in "frn:" + row["frn"], "rmd:" + row["number"]:
        print(sys.argv[2], "", "", "", "", key, sep="\t")
END
}

test_case "the first copy"
sync --source "$sample" --as-of 2025-10-01T12:00:00-04:00
kept first
pulls "$list"

test_case "the same again changes nothing, and is not even pulled"
state >"$scratch/before"
cp -r "$list" "$scratch/same"
rm "$scratch/same/rmd.mdb"
pulls "$list"
run 0 "$pull" "$scratch/same/" "$copy"
state >"$scratch/after"
expect_same "$scratch/before" "$scratch/after"

test_case "the same generation, checked again, is pulled; the older check never comes back"
sync --source "$sample" --as-of 2025-10-02T12:00:00-04:00
pulls "$list"
run 3 "$RMDCHECK" -d "$copy" -j 0099000003
expect_line "$out" '"checked_at":"2025-10-02T12:00:00-04:00"'
expect_line "$out" '"generation":1,'
refuses 65 "$scratch/first" "$scratch/first/rmd.mdb: generation 1, checked 2025-10-01T12:00:00-04:00, is older than the copy"

test_case "an older check is told from a newer one across the end of summer time"
sync --source "$sample" --as-of 2025-11-02T01:30:00-04:00
kept summer
sync --source "$sample" --as-of 2025-11-02T01:10:00-05:00
pulls "$list"
refuses 65 "$scratch/summer" "$scratch/summer/rmd.mdb: generation 1, checked 2025-11-02T01:30:00-04:00, is older"

test_case "a new generation is pulled, and every answer is that of the original"
sync --source "$sample"
kept second
next
now=$(date +%s)
pulls "$list"
answers "$list" >"$scratch/original"
answers "$copy" >"$scratch/copied"
expect_same "$scratch/original" "$scratch/copied"
expect_line "$scratch/copied" '"verdict":"accept"'
expect_line "$scratch/copied" '"verdict":"refuse"'
for directory in "$list" "$copy"; do
  run 0 "$RMDEXPORT" -c "$conf" -d "$directory" csv -o "$directory.csv"
done
expect_same "$list.csv" "$copy.csv"
run 0 "$RMDCHECK" -d "$copy" --status --verify
expect_line "$out" "generation 2, SHA-256 verified"

test_case "an older generation is refused, be its check as young as it will"
sync --offline
refuses 65 "$scratch/second" "$scratch/second/rmd.mdb: generation 1, checked"

test_case "a step back at the source is a new generation, and is pulled"
run 0 "$RMDSYNC" -q -c "$conf" -d "$list" --rollback 1
pulls "$list"

test_case "a damaged copy is refused"
next
kept damaged
chmod u+w "$scratch/damaged/rmd.mdb"
printf 'X' | dd of="$scratch/damaged/rmd.mdb" bs=1 seek=150000 conv=notrunc 2>"$scratch/dd"
refuses 65 "$scratch/damaged" "$scratch/damaged/rmd.mdb: not what its rmd.mdb.sha256 says: damaged, or cut short"

test_case "a copy that was cut off is refused"
kept cut
chmod u+w "$scratch/cut/rmd.mdb"
truncate -s 100000 "$scratch/cut/rmd.mdb"
refuses 65 "$scratch/cut" "$scratch/cut/rmd.mdb: not what its rmd.mdb.sha256 says"
truncate -s 0 "$scratch/cut/rmd.mdb"
refuses 65 "$scratch/cut" "$scratch/cut/rmd.mdb: not what its rmd.mdb.sha256 says"

test_case "one that was cut off before its digest was taken is refused, too"
head -c 100000 "$list/rmd.mdb" >"$scratch/cut/rmd.mdb"
chmod u+w "$scratch/cut/rmd.mdb.sha256"
(cd "$scratch/cut" && sha256sum rmd.mdb >rmd.mdb.sha256)
refuses 65 "$scratch/cut" "$scratch/cut/rmd.mdb: the snapshot of the database is damaged"

test_case "without its digest, or for an empty one, nothing is taken"
kept bare
: >"$scratch/empty"
mv -f "$scratch/empty" "$scratch/bare/rmd.mdb.sha256"
refuses 65 "$scratch/bare" "$scratch/bare/rmd.mdb: not what"
rm "$scratch/bare/rmd.mdb.sha256"
refuses 69 "$scratch/bare" "$scratch/bare/rmd.mdb.sha256: rsync: "
refuses 69 "$scratch/nowhere" "$scratch/nowhere/rmd.mdb.sha256: rsync: "

test_case "a name that leads elsewhere at the source is no file"
kept link
rm "$scratch/link/rmd.mdb"
ln -s "$list/rmd.mdb" "$scratch/link/rmd.mdb"
refuses 69 "$scratch/link" "$scratch/link/rmd.mdb: not a file"

# rsync_first LINES: the rsync of the script is then these, and behind them the real one.
real=$(command -v rsync)
rsync_first() {
  printf '%s\n' '#!/bin/sh' "$@" "exec '$real' \"\$@\"" >"$scratch/bin/rsync"
  chmod 755 "$scratch/bin/rsync"
}
old_path=$PATH
PATH=$scratch/bin:$PATH
test_case "a publication between the two files costs a second try and nothing else"
kept earlier
# By name, as a publication would; the old directory is asked for, the new one comes behind its digest.
mkdir "$scratch/served"
ln "$scratch/earlier/rmd.mdb" "$scratch/earlier/rmd.mdb.sha256" "$scratch/served"
next
rsync_first 'case $* in' "*/served/rmd.mdb\ *) ln -f '$list/rmd.mdb' '$list/rmd.mdb.sha256' '$scratch/served' ;;" 'esac'
pulls "$scratch/served"

test_case "a transfer that broke off, and a disk that is full here"
next
rsync_first 'echo "rsync: connection unexpectedly closed (0 bytes received so far) [Receiver]" >&2' 'exit 12'
refuses 75 "$list" "$list/rmd.mdb.sha256: rsync: connection unexpectedly closed"
rsync_first 'printf "rsync: write failed:\033 No space left on device (28)\n" >&2' 'exit 11'
refuses 73 "$list" "$list/rmd.mdb.sha256: rsync: write failed:? No space left"
rsync_first 'exit 30'
refuses 75 "$list" "$list/rmd.mdb.sha256: rsync ended with 30"
rm "$scratch/bin/rsync"
PATH=$old_path

test_case "another run, rmdsync's too, is waited for"
exec 8>>"$copy/lock"
flock -n 8
refuses 75 "$list" "$copy: another run holds the lock"
flock -u 8

test_case "who may not write, what is not there, and how it is called"
if [ "$(id -u)" -eq 0 ]; then
  run 73 as_other "$pull" "$list" "$copy"
  expect_line "$err" "rmd-pull: $copy: cannot be written to"
fi
run 73 "$pull" "$list" "$scratch/nowhere"
expect_one_line "$err"
for arguments in "" "$list" "$list $copy more"; do
  # shellcheck disable=SC2086 # words
  run 64 "$pull" $arguments
  expect_one_line "$err"
done
checked_with=$RMDCHECK
RMDCHECK=$scratch/nothing-there
refuses 69 "$list" "there is no $scratch/nothing-there"
RMDCHECK=$checked_with

test_case "what a run that was killed left, between any two names, the next one mends"
digest() {
  sha256sum "$1/rmd.mdb" | cut -c 1-64
}
mkdir "$copy/.rmd-pull"
cp "$list/rmd.mdb" "$copy/.rmd-pull"
printf '%s  rmd.mdb\n' "$(digest "$copy")" "$(digest "$list")" >"$scratch/two"
cp "$scratch/two" "$scratch/two.now"
mv -f "$scratch/two.now" "$copy/rmd.mdb.sha256"
run 0 "$RMDCHECK" -d "$copy" --status --verify
pulls "$list"
cp "$scratch/two" "$scratch/two.now"
mv -f "$scratch/two.now" "$copy/rmd.mdb.sha256"
run 0 "$RMDCHECK" -d "$copy" --status --verify
pulls "$list"

test_case "a copy that is damaged itself is mended"
head -c 50000 "$list/rmd.mdb" >"$scratch/half"
mv -f "$scratch/half" "$copy/rmd.mdb"
run 66 "$RMDCHECK" -d "$copy" --word 0099000003
pulls "$list"

# The daemon, as contrib/fleet/README has it, but for where and as whom it runs, and cron's line from there.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
{
  printf '%s\n' "use chroot = no" "lock file = $scratch/daemon/lock"
  sed -n 's/^    //p' "$srcdir/contrib/fleet/README" | sed -n '/^\[rmd\]/,/^exclude/p' |
    sed -e "s|/var/lib/rmd|$list|" -e '/^[ug]id = /d'
} >"$scratch/rsyncd.conf"
is_served() {
  rsync "rsync://127.0.0.1:$port/" >"$scratch/modules" 2>&1 && grep -q '^rmd' "$scratch/modules"
}

test_case "the daemon as nobody: nothing but the two files can be had, and only read"
mkdir -m 777 "$scratch/daemon"
if [ "$(id -u)" -eq 0 ]; then
  set -- setpriv --reuid=65534 --regid=65534 --clear-groups
else
  set --
fi
"$@" rsync --daemon --no-detach --address=127.0.0.1 --port="$port" --config="$scratch/rsyncd.conf" \
  --log-file="$scratch/daemon/log" >"$scratch/daemon.out" 2>&1 </dev/null &
server_pid=$!
await is_served
source=rsync://127.0.0.1:$port/rmd
expect_match "$scratch/rsyncd.conf" "^path = $list"
next
pulls "$source"
run 0 rsync --no-motd "$source/"
expect_line "$out" " rmd.mdb.sha256"
[ "$(wc -l <"$out")" -eq 3 ] || complain "more can be had: $(cat "$out")"
run 23 rsync --no-motd "$source/lock" "$scratch/taken"
got=0
rsync --no-motd "$conf" "$source/rmd.mdb" >"$out" 2>&1 || got=$?
[ "$got" -ne 0 ] || complain "the source could be written to"

test_case "a module that is not there, and a daemon that is not"
refuses 69 "rsync://127.0.0.1:$port/rmx" "rsync://127.0.0.1:$port/rmx/rmd.mdb.sha256: @ERROR: Unknown module 'rmx'"
free=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
refuses 75 "rsync://127.0.0.1:$free/rmd" "rsync://127.0.0.1:$free/rmd/rmd.mdb.sha256: "

test_case "cron's line"
next
sed -n 's|^    \*/10 \* \* \* \* rmd ||p' "$srcdir/contrib/fleet/README" |
  sed -e 's/sleep "[^;]*; //' -e "s|^rmd-pull|'$pull'|" -e "s|rsync://list.example.net/rmd|$source|" -e "s|/var/lib/rmd|$copy|" \
    >"$scratch/cron.sh"
run 0 sh "$scratch/cron.sh"
expect_same "$list/rmd.mdb" "$copy/rmd.mdb"

test_case "ten generations arrive while all is asked: the old answer or the new one, and never a digest that does not fit"
asking() {
  while [ ! -e "$scratch/stop" ]; do
    printf '%s\t\t\t\t\tfrn:%s\n' "$now" "$gone"
    code=0
    word=$("$RMDCHECK" -d "$copy" --word "$gone" 2>&1) || code=$?
    echo "$word $code" >>"$scratch/words"
    "$RMDCHECK" -d "$copy" --status --verify >>"$scratch/statuses" 2>&1 || echo "exit $?" >>"$scratch/statuses"
  done | "$ask" "$copy" >"$scratch/asked" 2>&1 || echo "ask ended with $?" >>"$scratch/asked"
}
is_asked() {
  grep -q . "$scratch/statuses"
}
# The library looks for a new one once a second.
is_late() {
  [ "$(date +%s)" -gt "$((last + 2))" ]
}
sync --source "$sample"
pulls "$source"
now=$(($(date +%s) + 3600))
asking &
asker=$!
children="$children $asker"
await is_asked
for turn in 1 2 3 4 5 6 7 8 9 10; do
  if [ "$turn" -eq 5 ]; then
    sync --source "$scratch/without.csv"
  else
    next
  fi
  pulls "$source"
done
last=$(date +%s)
await is_late
touch "$scratch/stop"
wait "$asker" || complain "the asking ended with $?"
uniq "$scratch/words" >"$scratch/turns"
printf '%s\n' "accept 0" "refuse 1" >"$scratch/expected"
expect_same "$scratch/expected" "$scratch/turns"
sed 's/^{"verdict":"\([a-z-]*\)".*/\1/' "$scratch/asked" | uniq >"$scratch/turns"
printf '%s\n' accept refuse >"$scratch/expected"
expect_same "$scratch/expected" "$scratch/turns"
if grep -v 'RMD OK - .*SHA-256 verified' "$scratch/statuses" >"$scratch/wrong"; then
  complain "$(head -n 3 "$scratch/wrong")"
fi
sed -n 's/.*generation \([0-9]*\),.*/\1/p' "$scratch/statuses" | uniq >"$scratch/generations"
sort -n -u "$scratch/generations" | cmp - "$scratch/generations" >"$out" 2>&1 || complain "a generation came back: $(cat "$out")"
echo "# asked $(wc -l <"$scratch/words") times, in $(wc -l <"$scratch/generations") generations"
kill "$server_pid"
wait "$server_pid" || :
server_pid=
finish
