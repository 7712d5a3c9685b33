#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Which source is asked, how often, with what: retries, several sources, conditional requests, proxies; and that a
# signal ends a run in good order. What one transfer can meet is fetch.sh's matter, how pauses grow source_test.c's.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

files=$scratch/files
state=$scratch/state
conf=$scratch/rmd.conf
mkdir "$files" "$state"
# Without it each run warns.
echo 416 >"$scratch/foreign-area-codes.conf"
# configure PATIENCE [LINE...]: rmd.conf with the server's CA; retry-for, and lines for [source].
configure() {
  patience=$1
  shift
  {
    printf '%s\n' "[source]" "ca-file = $server/ca.pem" "$@"
    printf '%s\n' "[limits]" "max-bytes = 16M" "connect-timeout = 60s" "total-timeout = 60s" "retry-for = $patience"
    printf '%s\n' "[guard]" "minimum-rows = 1"
  } >"$conf"
}

sync() {
  "$RMDSYNC" -c "$conf" -d "$state" "$@"
}

# The log of requests begins anew.
forget() {
  : >"$server/requests"
  : >"$server/answers"
}

# expect_answers LINE...: what the server answered since.
expect_answers() {
  printf '%s\n' "$@" >"$scratch/expected"
  expect_same "$scratch/expected" "$server/answers"
}

# expect_files NAME...: the state directory has these and no others.
expect_files() {
  printf '%s\n' last-run.json "$@" | sort >"$scratch/names"
  find "$state" -mindepth 1 -printf '%P\n' | sort >"$scratch/given"
  expect_same "$scratch/names" "$scratch/given"
}

# ended CODE: the run in the background has ended so, its output in $out and $err.
ended() {
  got=0
  wait "$running" || got=$?
  [ "$got" -eq "$1" ] || complain "exit $got instead of $1"
}

list 1 400 >"$files/rmd.csv"
touch -d '2025-01-02 03:04:05 UTC' "$files/rmd.csv"
start_server "$files"
base=https://localhost:$https
guarded=$(port_of guarded)
forget

# Two runs at once, so that their pauses pass at once.
configure 5s
mkdir "$scratch/first" "$scratch/second"
"$RMDSYNC" -c "$conf" -d "$scratch/first" --source "$base/first/1/503/0/rmd.csv" >"$scratch/first.out" \
  2>"$scratch/first.err" &
running=$!
test_case "429 with Retry-After: asked again"
run 0 "$RMDSYNC" -q -c "$conf" -d "$scratch/second" --source "$base/first/1/429/1/rmd.csv"
expect_empty "$err"
expect_empty "$out"
grep -F /429/ "$server/answers" >"$scratch/given" || :
printf '%s\n' "429 /first/1/429/1/rmd.csv" "200 /first/1/429/1/rmd.csv" >"$scratch/expected"
expect_same "$scratch/expected" "$scratch/given"
test_case "503, then 200: published, and one note"
ended 0
expect_one_line "$scratch/first.err"
expect_match "$scratch/first.err" "^rmdsync: $base/first/1/503/0/rmd.csv: .* status 503, .*; tried again in [12] s\$"
expect_match "$scratch/first.out" "^rmdsync: published generation 1: 400 rows, "
grep -F /503/ "$server/answers" >"$scratch/given" || :
printf '%s\n' "503 /first/1/503/0/rmd.csv" "200 /first/1/503/0/rmd.csv" >"$scratch/expected"
expect_same "$scratch/expected" "$scratch/given"

test_case "404 is never asked again"
configure 10m
forget
run 69 sync --source "$base/status/404"
expect_one_line "$err"
expect_answers "404 /status/404"

test_case "a pause that is longer than retry-for is not waited for"
configure 10s
forget
run 75 sync --source "$base/status/503/11"
expect_one_line "$err"
expect_answers "503 /status/503/11"

test_case "the first source is down, the second delivers"
configure 10m "url = https://localhost:1/rmd.csv" "url = $base/ok/rmd.csv" "url = $base/status/500"
forget
run 0 sync --json
expect_one_line "$err"
expect_line "$err" "rmdsync: https://localhost:1/rmd.csv: not reached"
expect_line "$err" "; the next source is tried"
expect_line "$out" "\"source\":\"$base/ok/rmd.csv\""
expect_answers "200 /ok/rmd.csv"
expect_files lock rmd.mdb rmd.mdb.sha256
cp "$state/rmd.mdb" "$scratch/old.mdb"

test_case "all sources are down: one line names each; 75 where one of them may be back"
configure 0s "url = $base/status/404" "url = $base/status/503" "url = $base/status/410"
run 75 sync -q
expect_one_line "$err"
expect_match "$err" "^rmdsync: $base/status/404: .* 404; $base/status/503: .* 503.*; $base/status/410: .* 410; "
run 75 sync
[ "$(wc -l <"$err")" -eq 3 ] || complain "not a line for each source"
configure 10m "url = $base/status/404" "url = $base/status/410"
forget
run 69 sync -q
expect_one_line "$err"
expect_match "$err" "^rmdsync: $base/status/404: .*; $base/status/410: "
expect_answers "404 /status/404" "410 /status/410"
expect_same "$scratch/old.mdb" "$state/rmd.mdb"

test_case "a list that arrives and is bad is not replaced by the next source"
configure 10m "url = $base/html" "url = $base/ok/rmd.csv"
forget
run 65 sync
expect_answers "200 /html"
expect_same "$scratch/old.mdb" "$state/rmd.mdb"

# asked_with KIND: what the last request told that it has.
asked_with() {
  expect_match "$server/requests" "^$1"
}
asked_with_nothing() {
  expect_no_line "$server/requests" "If-None-Match"
  expect_no_line "$server/requests" "If-Modified-Since"
}

configure 0s
for kind in etag modified both; do
  test_case "a second request says what it has: $kind"
  forget
  run 0 sync --source "$base/news/$kind/rmd.csv"
  asked_with_nothing
  expect_answers "200 /news/$kind/rmd.csv"
  digest=$(sha256sum <"$files/rmd.csv" | cut -d ' ' -f 1)
  for round in once twice; do
    forget
    run 0 sync --json --source "$base/news/$kind/rmd.csv"
    expect_empty "$err"
    expect_line "$out" "\"result\":\"unchanged\",\"reason\":null,\"generation\":1,\"rows\":400,\"rejected\":0,\"added\":0,"
    expect_line "$out" "\"digest\":\"$digest\",\"source\":\"$base/news/$kind/rmd.csv\""
    expect_answers "304 /news/$kind/rmd.csv"
    [ "$kind" = modified ] || asked_with 'If-None-Match: "[0-9a-f]{16}"'
    [ "$kind" = etag ] || asked_with 'If-Modified-Since: Thu, 02 Jan 2025 03:04:05 GMT'
    [ "$round" = twice ] || run 0 "$RMDCHECK" -d "$state" 0000000011
  done
done
expect_files lock rmd.mdb rmd.mdb.sha256

test_case "a dry run is told so too"
forget
run 0 sync -n --source "$base/news/both/rmd.csv"
expect_line "$out" "would be unchanged"
expect_answers "304 /news/both/rmd.csv"

test_case "another source is asked for the whole list"
forget
run 0 sync -n --source "$base/news/etag/rmd.csv"
asked_with_nothing
expect_answers "200 /news/etag/rmd.csv"

test_case "--offline keeps what the server said"
printf '%s\n' "[policy]" "max-age = 71h" >>"$conf"
run 0 sync --offline --json
expect_line "$out" '"result":"published"'
forget
run 0 sync --source "$base/news/both/rmd.csv"
expect_answers "304 /news/both/rmd.csv"
configure 0s

test_case "another edition of the decoder sees the whole list"
cp "$state/rmd.mdb" "$scratch/kept.mdb"
cp "$state/rmd.mdb.sha256" "$scratch/kept.sha256"
# The state begins with format, generation, decoder and number of runs; no other record has these four.
python3 - "$state/rmd.mdb" >"$scratch/new.mdb" <<'END'
import re, sys

data = open(sys.argv[1], "rb").read()
word = rb"([\x00-\xff])\x00\x00\x00"
found = [m for m in re.finditer(rb"\x01\x00\x00\x00" + word + rb"\x01\x00\x00\x00" + word, data)
         if 1 <= m[1][0] <= 3 and m[2][0] > 5 and b"https://" in data[m.end() + 60:m.end() + 140]]
assert len(found) == 1, found
at = found[0].start() + 8
sys.stdout.buffer.write(data[:at] + b"\x7f" + data[at + 1:])
END
cp "$scratch/new.mdb" "$state/new.mdb"
mv "$state/new.mdb" "$state/rmd.mdb"
rm "$state/rmd.mdb.sha256"
forget
run 0 sync --source "$base/news/both/rmd.csv"
asked_with_nothing
expect_answers "200 /news/both/rmd.csv"
forget
run 0 sync --source "$base/news/both/rmd.csv"
expect_answers "304 /news/both/rmd.csv"

test_case "what was said of a list that is held or refused is not kept"
cp "$files/rmd.csv" "$files/good.csv"
list 1 200 >"$files/rmd.csv"
cp "$state/rmd.mdb" "$scratch/old.mdb"
for round in once twice; do
  forget
  run 3 sync --source "$base/news/etag/rmd.csv"
  asked_with_nothing
  expect_answers "200 /news/etag/rmd.csv"
  forget
  run 3 sync --source "$base/news/both/rmd.csv"
  asked_with 'If-None-Match: "[0-9a-f]{16}"'
  expect_answers "200 /news/both/rmd.csv"
done
echo "nothing of value" >"$files/rmd.csv"
for round in once twice; do
  forget
  run 65 sync --source "$base/news/both/rmd.csv"
  expect_answers "200 /news/both/rmd.csv"
done
expect_same "$scratch/old.mdb" "$state/rmd.mdb"
cp -p "$files/good.csv" "$files/rmd.csv"
touch -d '2025-01-02 03:04:05 UTC' "$files/rmd.csv"
forget
run 0 sync --source "$base/news/both/rmd.csv"
expect_answers "304 /news/both/rmd.csv"
expect_files lock rmd.mdb rmd.mdb.1 rmd.mdb.2 rmd.mdb.sha256

test_case "after a rollback the list must come whole, the one that the server had last too"
cp -a "$state" "$scratch/rolled"
run 0 "$RMDSYNC" -q -c "$conf" -d "$scratch/rolled" --rollback 2
for answer in 200 304; do
  forget
  run 0 "$RMDSYNC" --json -c "$conf" -d "$scratch/rolled" --source "$base/news/both/rmd.csv"
  expect_line "$out" '"result":"unchanged","reason":null,"generation":4,'
  [ "$answer" = 304 ] || asked_with_nothing
  expect_answers "$answer /news/both/rmd.csv"
done

# What a server says and what must not be sent back: it is as if it had said nothing.
while read -r name value; do
  test_case "a header that is not kept: $name: $value"
  forget
  run 0 sync --source "$base/header/$name/$value/rmd.csv"
  run 0 sync --source "$base/header/$name/$value/rmd.csv"
  asked_with_nothing
  expect_answers "200 /header/$name/$value/rmd.csv" "200 /header/$name/$value/rmd.csv"
done <<END
ETag *
ETag none
ETag %22a%22,%22b%22
ETag %22a%20b%22
ETag %22a%E9%22
ETag %22a%09%22
ETag %22$(printf '%0254d' 0)%22
ETag %22
Last-Modified Fri,%2001%20Jan%202100%2000:00:00%20GMT
Last-Modified yesterday%20evening
END
test_case "headers that are kept, the longest too"
for value in W/%22a%22 %22a%22 "%22$(printf '%0253d' 0)%22"; do
  value=$(printf '%s' "$value" | sed 's|/|%2F|')
  run 0 sync --source "$base/header/ETag/$value/rmd.csv"
  forget
  run 0 sync --source "$base/header/ETag/$value/rmd.csv"
  case ${#value} in [0-9] | [0-9][0-9]) asked_with 'If-None-Match: (W/)?"a"' ;; *)
    # Its address is too long to be stored.
    asked_with_nothing
    ;;
  esac
done

test_case "nothing is kept of an address with a password"
run 0 sync --source "https://operator:sesame@localhost:$https/news/etag/rmd.csv"
forget
run 0 sync --source "https://operator:sesame@localhost:$https/news/etag/rmd.csv"
asked_with_nothing
expect_no_line "$state/rmd.mdb" "sesame"

# stopped SIGNAL TEXT: the run in the background, once it is at work, is ended by the signal with this as its last line.
stopped() {
  kill "-$1" "$running"
  ended 75
  [ "$(tail -n 1 "$scratch/run.err")" = "rmdsync: stopped by signal $2; the old snapshot keeps serving" ] ||
    complain "its last line is: $(tail -n 1 "$scratch/run.err")"
  [ "$(wc -l <"$scratch/run.err")" -eq "$3" ] || complain "it wrote $(wc -l <"$scratch/run.err") lines"
  expect_empty "$scratch/run.out"
  expect_files lock rmd.mdb rmd.mdb.1 rmd.mdb.2 rmd.mdb.sha256
  expect_same "$scratch/old.mdb" "$state/rmd.mdb"
  run 0 "$RMDCHECK" -d "$state" 0000000011
}
# background HOW SOURCE: what a shell does with SIGINT in what it puts into the background differs; HOW it is to be,
# SIG_DFL or SIG_IGN. SIGHUP is ignored already where the tests run under nohup.
background() {
  # What the run before wrote must not be taken for this one's.
  rm -f "$scratch/run.err"
  python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, getattr(signal, sys.argv[1]))
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.execv(sys.argv[2], sys.argv[2:])' "$1" "$RMDSYNC" -c "$conf" -d "$state" --source "$2" >"$scratch/run.out" \
    2>"$scratch/run.err" &
  running=$!
}

configure 30s
cp "$state/rmd.mdb" "$scratch/old.mdb"
test_case "SIGTERM amid a transfer that stalls"
background SIG_DFL "$base/stall-body/rmd.csv"
await test -s "$state/.source"
stopped TERM 15 1
test_case "SIGINT before an answer"
forget
background SIG_DFL "$base/stall"
await test -s "$server/requests"
stopped INT 2 1
test_case "SIGTERM amid a handshake that hangs"
background SIG_DFL "https://localhost:$hang/rmd.csv"
await test -e "$state/.source"
stopped TERM 15 1
test_case "SIGTERM before a pipe that nobody writes to"
mkfifo "$files/pipe"
background SIG_DFL "$files/pipe"
await test -e "$state/.source"
stopped TERM 15 1
for signal in "TERM 15" "HUP 1"; do
  test_case "SIG${signal% *} while the next try is waited for"
  background SIG_DFL "$base/status/503/20"
  await grep -qF "tried again in 20 s" "$scratch/run.err"
  # shellcheck disable=SC2086 # two words
  stopped $signal 2
done

test_case "SIGINT that was ignored from the start stays so"
background SIG_IGN "$base/status/503/20"
await grep -qF "tried again in 20 s" "$scratch/run.err"
kill -INT "$running"
stopped TERM 15 2

test_case "SIGTERM at any moment: it is done, or nothing is left of it"
list 1 20000 >"$files/large.csv"
sed 's/LLC/Inc/' "$files/large.csv" >"$files/other.csv"
printf '%s\n' "changed-percent = 100" "vanished-percent = 100" >>"$conf"
run 0 sync --source "$files/large.csv"
python3 - "$RMDSYNC" "$conf" "$state" "$files" >"$scratch/python" 2>&1 <<'END' || complain "$(cat "$scratch/python")"
import os, subprocess, sys, time

program, conf, state, files = sys.argv[1:]
line = b"rmdsync: stopped by signal 15; the old snapshot keeps serving\n"
command = [program, "-q", "-c", conf, "-d", state, "--source"]
# How long a whole run takes here, to spread the moments over it.
begin = time.monotonic()
subprocess.run(command + [files + "/other.csv"], check=True)
whole = time.monotonic() - begin
done = stopped = 0
for step in range(16):
    list_of_now = files + ("/large.csv" if done % 2 == 0 else "/other.csv")
    before = os.stat(state + "/rmd.mdb").st_ino
    run = subprocess.Popen(command + [list_of_now], stderr=subprocess.PIPE)
    time.sleep(whole * step / 14)
    run.terminate()
    said = run.communicate(timeout=60)[1]
    left = [name for name in os.listdir(state) if not name.startswith("rmd.mdb") and
            name not in ("lock", "last-run.json")]
    assert left == [], left
    assert not os.path.exists(state + "/rmd.mdb.sha256.new")
    same = os.stat(state + "/rmd.mdb").st_ino == before
    if run.returncode == 75:
        assert said == line and same, (step, said, same)
        stopped += 1
    elif run.returncode == 0:
        assert said == b"" and not same, (step, said, same)
        done += 1
    else:
        # Before its first steps a program can only die.
        assert run.returncode == -15 and said == b"" and same, (step, run.returncode, said)
print(stopped, "stopped,", done, "done")
assert stopped > 2
END
run 0 "$RMDCHECK" -d "$state" --status --verify

configure 0s
# Begun anew: the list that the proxies bring is another one.
rm -rf "$state"
mkdir "$state"
test_case "the proxy of rmd.conf, with user and password"
configure 0s "proxy = http://user:secret@127.0.0.1:$guarded"
: >"$server/proxied"
run 0 sync -n --source "$base/ok/rmd.csv"
expect_line "$server/proxied" "CONNECT localhost:$https"
expect_match "$server/proxied" "^Proxy-[Aa]uthorization: Basic dXNlcjpzZWNyZXQ="
expect_no_line "$server/requests" "dXNlcjpzZWNyZXQ="

test_case "a proxy that wants to know who asks"
configure 10m "proxy = http://127.0.0.1:$guarded"
run 69 sync -n --source "$base/ok/rmd.csv"
expect_one_line "$err"
expect_line "$err" "the proxy answered with status 407"

test_case "a proxy whose address is none is configuration, and not asked for again; its password is shown to nobody"
for address in "http://user:sesame@127.0.0.1:port" "gopher://user:sesame@127.0.0.1:70" "http://user:sesame@[::" \
  "http://user:sesame@/"; do
  configure 10m "proxy = $address"
  run 78 sync -n --source "$base/ok/rmd.csv"
  expect_one_line "$err"
  expect_line "$err" "the proxy of rmd.conf is no address"
  expect_no_line "$err" "sesame"
done
configure 0s "proxy = http://user:sesame@127.0.0.1:1"
run 75 sync -n --source "$base/ok/rmd.csv"
expect_one_line "$err"
expect_no_line "$err" "sesame"

test_case "the proxy of the environment, with user and password; no_proxy; rmd.conf before both"
configure 0s
: >"$server/proxied"
https_proxy=http://user:secret@127.0.0.1:$guarded
export https_proxy
run 0 sync -n --source "$base/ok/rmd.csv"
expect_match "$server/proxied" "^Proxy-[Aa]uthorization: Basic dXNlcjpzZWNyZXQ="
https_proxy=http://user:sesame@127.0.0.1:$guarded
run 69 sync -n --source "$base/ok/rmd.csv"
expect_one_line "$err"
expect_line "$err" "the proxy answered with status 407"
expect_no_line "$err" "sesame"
: >"$server/proxied"
no_proxy=localhost
export no_proxy
run 0 sync -n --source "$base/ok/rmd.csv"
expect_empty "$server/proxied"
configure 0s "proxy = http://127.0.0.1:$proxy"
run 0 sync -n --source "$base/ok/rmd.csv"
expect_line "$server/proxied" "CONNECT localhost:$https"
unset https_proxy no_proxy

finish
