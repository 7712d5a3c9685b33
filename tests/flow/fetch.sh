#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Whatever a server, a connection or a file does, rmdsync exits as the contract says, says one clear line that names
# the source, and the old snapshot stays as it was. What is in the file is judged in source.sh.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

# The bound for a compressed flood: far below what it unpacks to. A sanitizer takes more.
PEAK_KILOBYTES=262144
case $("$RMDSYNC" --version; ldd "$RMDSYNC" 2>&1) in
*asan*|*tsan*|*ubsan*) PEAK_KILOBYTES=400000 ;;
esac

files=$scratch/files
state=$scratch/state
conf=$scratch/rmd.conf
patience=60s
mkdir "$files" "$state"
# Without it each run warns.
echo 416 >"$scratch/foreign-area-codes.conf"

# make_source ROWS: made-up filings.
make_source() {
  awk -v rows="$1" 'BEGIN {
    print "number,frn,business_name,implementation,voice_service_provider_choice,gateway_provider_choice," \
      "intermediate_provider_choice"
    for (i = 1; i <= rows; i++)
      printf "RMD%07d,%010d,Example Carrier %d LLC,Complete STIR/SHAKEN Implementation,Yes,No,Yes\n", i * 7, i * 11, i
  }'
}

# configure [LINE...]: rmd.conf with the server's CA; the lines go into [source]. $patience is what a transfer may
# take: long where it is to end by itself, however slow the machine, and short where it never would.
configure() {
  {
    echo "[source]"
    echo "ca-file = $server/ca.pem"
    [ $# -eq 0 ] || printf '%s\n' "$@"
    printf '%s\n' "[limits]" "max-bytes = 1M" "connect-timeout = $patience" "total-timeout = $patience" \
      "retry-for = 0s"
    printf '%s\n' "[guard]" "minimum-rows = 1"
  } >"$conf"
}

sync_from() {
  "$RMDSYNC" -c "$conf" -d "$state" --json --source "$1"
}

# One failure: refused NAME CODE URL TEXT. The line on stderr must hold the URL and TEXT.
refused() {
  test_case "$1"
  run "$2" sync_from "$3"
  expect_one_line "$err"
  expect_line "$err" "$3"
  expect_line "$err" "$4"
  expect_same "$scratch/old.mdb" "$state/rmd.mdb"
}

# One success, into an empty state directory: fetched NAME URL.
fetched() {
  test_case "$1"
  rm -rf "$scratch/fresh"
  mkdir "$scratch/fresh"
  run 0 "$RMDSYNC" -c "$conf" -d "$scratch/fresh" --json --source "$2"
  tr -d ' ' <"$out" >"$scratch/json"
  expect_line "$scratch/json" '"result":"published"'
  expect_line "$scratch/json" "\"digest\":\"$digest\""
  expect_empty "$err"
}

# peak COMMAND...: runs it and writes its largest resident memory, in kilobytes, to $scratch/peak.
peak() {
  python3 -c '
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as peak:
    peak.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)' "$scratch/peak" "$@"
}

make_source 400 >"$files/rmd.csv"
digest=$(openssl dgst -sha256 -r "$files/rmd.csv")
digest=${digest%% *}
start_server "$files"
base=https://localhost:$https
configure

test_case "a first snapshot, from a file"
run 0 sync_from "file://$files/rmd.csv"
cp "$state/rmd.mdb" "$scratch/old.mdb"

fetched "file: with three slashes" "file://$files/rmd.csv"
fetched "file: with one slash" "file:$files/rmd.csv"
fetched "a path alone" "$files/rmd.csv"
cp "$files/rmd.csv" "$files/r md%.csv"
fetched "file: with encoded characters" "file://$files/r%20md%25.csv"
mkfifo "$files/pipe"
cat "$files/rmd.csv" >"$files/pipe" &
fetched "file: that is a pipe" "file://$files/pipe"

fetched "https: plain" "$base/ok/rmd.csv"
fetched "https: compressed" "$base/gzip/rmd.csv"
fetched "https: in chunks" "$base/chunked/rmd.csv"
fetched "https: with nothing that tells the length" "$base/close/rmd.csv"
fetched "https: three redirects" "$base/redirect/3/rmd.csv"

test_case "the User-Agent has version and contact"
configure "contact = ops@example.net"
run 0 sync_from "$base/ok/rmd.csv"
expect_match "$server/requests" '^User-Agent: rmdsync/[0-9][^ ]* \(\+ops@example\.net\)'
expect_match "$server/requests" '^Accept-Encoding: gzip'
configure
cp "$state/rmd.mdb" "$scratch/old.mdb"

refused "a fourth redirect" 69 "$base/redirect/4/rmd.csv" "redirect"
refused "a redirect to http:" 69 "$base/redirect-http" "redirect"
refused "a redirect to file:" 69 "$base/redirect-file" "redirect"
# Both were told as a mistake in rmd.conf.
refused "a redirect to a port that there is not" 69 "$base/redirect-to/https:%2F%2Flocalhost:99999%2F" "redirect"
refused "a redirect to no address" 69 "$base/redirect-to/https:%2F%2F[" "redirect"
# That was told as a redirect.
refused "an answer that is no HTTP" 75 "$base/no-http" "not reached, or not in time"
# That ended the run as a failure of this machine, and no other source was asked.
refused "a header that is too long" 75 "$base/long-header" "nothing was changed"
for status in 400 401 403 404 406 410; do
  refused "status $status is for good" 69 "$base/status/$status" "status $status"
done
for status in 204 206 304; do
  refused "status $status is not an answer" 69 "$base/status/$status" "status $status"
done
for status in 408 429 500 502 503 504; do
  refused "status $status may pass" 75 "$base/status/$status" "status $status"
done
refused "an error page without end" 69 "$base/endless-status/404" "status 404"
refused "cut before its Content-Length" 75 "$base/truncate/5000/rmd.csv" "broke off"
refused "nothing after the head" 75 "$base/truncate/0/rmd.csv" "broke off"
refused "a last chunk that never comes" 75 "$base/chunk-cut/rmd.csv" "broke off"
refused "cut, where nothing tells the length" 65 "$base/close-cut/rmd.csv" "cut"
refused "compressed and cut" 75 "$base/gzip-truncate/rmd.csv" "broke off"
refused "compressed and damaged" 65 "$base/gzip-damaged/rmd.csv" "damaged"
refused "an encoding that was not asked for" 65 "$base/encoding/br/rmd.csv" "refused"
refused "more than max-bytes" 65 "$base/endless" "max-bytes"
refused "reset before the answer" 75 "$base/reset" "broke off"
refused "reset amid the answer" 75 "$base/reset-body/rmd.csv" "broke off"
refused "no TLS at all" 75 "https://localhost:$noise/ok/rmd.csv" "not reached"
refused "nobody listens" 75 "https://localhost:1/ok/rmd.csv" "not reached"
# No name server is asked for a label of more than 63 characters.
label=$(printf '%064d' 0)
refused "a name that does not exist" 75 "https://a$label.invalid/ok/rmd.csv" "not reached"

patience=1s
configure
refused "no answer" 75 "$base/stall" "not in time"
refused "an answer that stops" 75 "$base/stall-body/rmd.csv" "not in time"
refused "an answer that trickles" 75 "$base/slow/rmd.csv" "not in time"
refused "a handshake that hangs" 75 "https://localhost:$hang/ok/rmd.csv" "not in time"
refused "a pipe that nobody writes to" 75 "file://$files/pipe" "timed out"
patience=60s
configure

test_case "connect-timeout alone ends what never comes to a connection"
sed 's/^connect-timeout.*/connect-timeout = 1s/' "$conf" >"$conf.new"
mv "$conf.new" "$conf"
run 75 timeout -s KILL 30 "$RMDSYNC" -c "$conf" -d "$state" --source "https://localhost:$hang/ok/rmd.csv"
expect_line "$err" "not in time"
run 0 sync_from "$base/ok/rmd.csv"
cp "$state/rmd.mdb" "$scratch/old.mdb"
configure

test_case "a compressed flood stays within max-bytes and in memory"
run 65 peak "$RMDSYNC" -c "$conf" -d "$state" --source "$base/gzip-bomb"
expect_line "$err" "max-bytes"
expect_same "$scratch/old.mdb" "$state/rmd.mdb"
echo "# at most $(cat "$scratch/peak") kB"
if [ "$(cat "$scratch/peak")" -gt "$PEAK_KILOBYTES" ]; then
  complain "it took $(cat "$scratch/peak") kB"
fi

# libcurl kept them all: 900 MB in four seconds.
refused "headers without end behind the body" 75 "$base/endless-trailers/rmd.csv" "headers have no end"

refused "a certificate for another name" 69 "https://127.0.0.1:$https/ok/rmd.csv" "certificate"
: >"$server/empty.pem"
for name in other.pem missing.pem empty.pem; do
  sed "s|^ca-file.*|ca-file = $server/$name|" "$conf" >"$conf.new"
  mv "$conf.new" "$conf"
  refused "the wrong CA file: $name" 69 "$base/ok/rmd.csv" "$server/$name"
done
sed "s|^ca-file.*|ca-file =|" "$conf" >"$conf.new"
mv "$conf.new" "$conf"
refused "a CA that the system does not know" 69 "$base/ok/rmd.csv" "the system's CA certificates"
configure

refused "http: is not a source" 78 "http://localhost:$https/ok/rmd.csv" "https:"
refused "ftp: is not a source" 78 "ftp://localhost/rmd.csv" "https:"
refused "no such file" 69 "file://$files/missing.csv" "No such file"
refused "a directory" 69 "file://$files" "neither a file"
refused "file: of another host" 78 "file://elsewhere/rmd.csv" "absolute path"
make_source 20000 >"$files/large.csv"
refused "a file of more than max-bytes" 65 "file://$files/large.csv" "max-bytes"

test_case "a file that may not be read"
cp "$files/rmd.csv" "$files/secret.csv"
chmod 000 "$files/secret.csv"
if [ "$(id -u)" -ne 0 ]; then
  run 69 sync_from "file://$files/secret.csv"
  expect_line "$err" "Permission denied"
elif ! setpriv --reuid=65534 --regid=65534 --clear-groups "$RMDSYNC" --version >"$out" 2>"$err"; then
  leave_out "no other user can run $RMDSYNC"
else
  chmod 755 "$scratch" "$files"
  mkdir "$scratch/nobody"
  cp "$scratch/old.mdb" "$scratch/nobody/rmd.mdb"
  chown -R 65534:65534 "$scratch/nobody"
  run 69 setpriv --reuid=65534 --regid=65534 --clear-groups \
    "$RMDSYNC" -c "$conf" -d "$scratch/nobody" --source "file://$files/secret.csv"
  expect_line "$err" "Permission denied"
  expect_same "$scratch/old.mdb" "$scratch/nobody/rmd.mdb"
fi

test_case "a password in the address is shown to nobody"
run 69 sync_from "https://operator:sesame@localhost:$https/status/404"
expect_line "$err" "https://***@localhost:$https/status/404"
expect_no_line "$err" "sesame"
expect_no_line "$out" "sesame"
expect_same "$scratch/old.mdb" "$state/rmd.mdb"
run 0 sync_from "https://operator:sesame@localhost:$https/ok/rmd.csv"
expect_no_line "$err" "sesame"
expect_no_line "$out" "sesame"
expect_no_line "$state/rmd.mdb" "sesame"
cp "$state/rmd.mdb" "$scratch/old.mdb"

configure "proxy = http://user:secret@127.0.0.1:$proxy"
fetched "through the proxy of rmd.conf" "$base/ok/rmd.csv"
expect_line "$server/proxied" "CONNECT localhost:$https"
configure "proxy = http://user:wrong@127.0.0.1:$proxy"
refused "a proxy that refuses" 69 "$base/ok/rmd.csv" "proxy answered with status 407"
expect_no_line "$err" "wrong"
configure "proxy = http://127.0.0.1:1"
refused "a proxy that is not there" 75 "$base/ok/rmd.csv" "not reached"
configure
: >"$server/proxied"
https_proxy=http://127.0.0.1:$proxy
export https_proxy
fetched "through the proxy of the environment" "$base/ok/rmd.csv"
expect_line "$server/proxied" "CONNECT localhost:$https"
unset https_proxy

finish
