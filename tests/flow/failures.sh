#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The table of rmdsync(8), line by line: each failure is brought about in a whole run, which must exit as the table says;
# what serves then must be what it says; and what it says to do must bring the next list. A line that nobody tries here,
# and a trial that has no line, fail.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

files=$scratch/files
night=$scratch/night
state=$scratch/state
conf=$scratch/rmd.conf
said=$scratch/said
mkdir "$files"
# Without it each run warns.
echo 416 >"$scratch/foreign-area-codes.conf"
frn() {
  printf '%010d' "$(($1 * 11))"
}

# configure [LINE...]: rmd.conf as it should be, but for the lines, which go into [source].
configure() {
  {
    printf '%s\n' "[source]" "ca-file = $server/ca.pem" "$@"
    printf '%s\n' "[limits]" "max-bytes = 2M" "total-timeout = ${patience:-60s}" "retry-for = 0s"
    printf '%s\n' "[guard]" "minimum-rows = ${minimum:-1}"
  } >"$conf"
}

sync() {
  "$RMDSYNC" -q -c "$conf" -d "$state" "$@"
}

# The state directory as it was after the last good night.
again() {
  rm -rf "$state"
  cp -a "$night" "$state"
}

# What serves is what the table says. An answer from it is asked for, too.
serves() {
  case $1 in
  old)
    expect_same "$night/rmd.mdb" "$state/rmd.mdb"
    case $todo in "set the clock") ;; *) run 0 "$RMDCHECK" -d "$state" --word "$(frn 1)" ;; esac
    run 1 "$RMDCHECK" -d "$state" --at "$soon" --word "$(frn 401)" ;;
  new)
    run 0 "$RMDCHECK" -d "$state" --word "$(frn 401)" ;;
  either)
    cmp -s "$night/rmd.mdb" "$state/rmd.mdb" || run 0 "$RMDCHECK" -d "$state" --word "$(frn 401)"
    run 0 "$RMDCHECK" -d "$state" --word "$(frn 1)"
    grep -qF "$(sha256sum <"$state/rmd.mdb" | cut -d ' ' -f 1)" "$state/rmd.mdb.sha256" || complain "it is damaged" ;;
  none)
    run 66 "$RMDCHECK" -d "$state" --word "$(frn 1)" ;;
  *)
    complain "the table says that \"$1\" serves" ;;
  esac
}

# The next list comes, and serves.
next_list() {
  configure
  run 0 sync --source "$base/ok/good.csv"
  expect_empty "$err"
  serves new
}

# What the table says to do is done, and does it. $held is the list that was held, if one was.
mended() {
  case $todo in
  nothing | "mend the address" | "mend ca-file" | "mend rmd.conf") ;;
  "make room") rm -f "$state/filler" ;;
  "give it to us") chmod 755 "$state" "$state/lock" ;;
  "mv rmd.mdb.1") (cd "$state" && mv rmd.mdb.1 rmd.mdb && rm rmd.mdb.sha256) ;;
  "set the clock")
    # A run at a later time is one with another clock.
    run 0 sync --source "$files/good.csv" --as-of "2099-01-02"
    return ;;
  "nothing, or accept" | "look, then accept")
    code=0
    [ "$todo" = "nothing, or accept" ] || code=3
    run "$code" sync --source "$held" --as-of "$tomorrow"
    if [ "$code" -eq 0 ]; then
      cp -a "$night/." "$state"
      again_held
    fi
    run 0 sync --accept "$(sha256sum <"$held" | cut -d ' ' -f 1)"
    expect_empty "$err"
    ! cmp -s "$night/rmd.mdb" "$state/rmd.mdb" || complain "it was not published"
    return ;;
  "ask for a kept one")
    next_list
    run 0 sync --rollback 1
    run 1 "$RMDCHECK" -d "$state" --word "$(frn 401)"
    return ;;
  *)
    complain "the table says to do \"$todo\""
    return ;;
  esac
  next_list
}

# failed [OPTION...]: one run on the night after, and what holds of it.
failed() {
  again
  run "$exit" sync "$@"
  cp "$err" "$said"
  [ "$exit" = 0 ] || expect_one_line "$said"
  [ "$serves" != none ] || return 0
  serves "$serves"
}
# failed_held FILE: likewise, a list that is held.
failed_held() {
  held=$1
  failed --source "$held"
}
again_held() {
  again
  run 3 sync --source "$held"
}
rows_xml() {
  echo '<?xml version="1.0"?>'
  echo "$1"
  printf '<response><result><number>RMD0000007</number><business_name>%s</business_name></result></response>\n' "$2"
}
# broken_off SIGNAL CODE: a run that waits for the rest of the list gets the signal.
broken_off() {
  again
  # No function: the number is to be that of the run itself. Under nohup SIGHUP is ignored from the start.
  env --default-signal=HUP "$RMDSYNC" -q -c "$conf" -d "$state" --source "$base/stall-body/good.csv" >"$out" 2>"$err" &
  running=$!
  await test -s "$state/.source"
  kill "-$1" "$running"
  got=0
  wait "$running" 2>"$scratch/wait" || got=$?
  [ "$got" -eq "$2" ] || complain "SIG$1: exit $got instead of $2"
  serves "$serves"
}

# bring_about FAILURE
bring_about() {
  case $1 in
"status 404, or another 4xx")
    for status in 400 401 403 404 406 410; do failed --source "$base/status/$status"; done ;;
"status 408, 429 or 5xx")
    for status in 408 429 500 502 503 504; do failed --source "$base/status/$status"; done ;;
"no answer, or one that stops")
    patience=1s
    configure
    for path in stall stall-body/good.csv slow/good.csv; do failed --source "$base/$path"; done
    patience= ;;
"nobody listens, or no such host")
    failed --source "https://localhost:1/good.csv"
    # No name server is asked for a label of more than 63 characters.
    failed --source "https://a$(printf '%064d' 0).invalid/good.csv" ;;
"a handshake that fails")
    failed --source "https://localhost:$noise/ok/good.csv" ;;
"a certificate that does not verify")
    sed "s|^ca-file.*|ca-file = $server/other.pem|" "$conf" >"$conf.other"
    mv "$conf.other" "$conf"
    failed --source "$base/ok/good.csv"
    expect_line "$said" "$server/other.pem" ;;
"a redirect to http:")
    failed --source "$base/redirect-http" ;;
"a proxy whose address is none")
    configure "proxy = htp://127.0.0.1:$proxy"
    failed --source "$base/ok/good.csv" ;;
"a transfer that breaks off")
    for path in truncate/5000 chunk-cut gzip-truncate reset-body; do failed --source "$base/$path/good.csv"; done ;;
"the first of two sources down")
    configure "url = $base/status/503" "url = $base/ok/good.csv"
    failed ;;
"a list that is cut short")
    failed --source "$base/close-cut/good.csv"
    list 1 401 | head -c 20000 >"$files/cut.csv"
    failed --source "$files/cut.csv" ;;
"nothing at all, with status 200")
    : >"$files/empty.csv"
    failed --source "$base/ok/empty.csv" ;;
"HTML or JSON, with status 200")
    failed --source "$base/html"
    failed --source "$base/json" ;;
"rows, then an error")
    failed --source "$base/cut-error/good.csv" ;;
"a gzip bomb, or no end")
    failed --source "$base/gzip-bomb"
    failed --source "$base/endless" ;;
"compressed data that is damaged")
    failed --source "$base/gzip-damaged/good.csv" ;;
"a DOCTYPE, an entity, deep XML")
    rows_xml '<!DOCTYPE response [<!ENTITY a SYSTEM "file:///etc/hostname">]>' '&a;' >"$files/doctype.xml"
    failed --source "$files/doctype.xml"
    rows_xml '' '&a;' >"$files/entity.xml"
    failed --source "$files/entity.xml"
    rows_xml '' "$(printf '<a>%.0s' $(seq 100))$(printf '</a>%.0s' $(seq 100))" >"$files/deep.xml"
    failed --source "$files/deep.xml" ;;
"a NUL byte")
    { list 1 401; printf 'RMD0009999,0000009999,N\0L LLC,N/A,Yes,No,Yes\n'; } >"$files/nul.csv"
    failed --source "$files/nul.csv" ;;
"a quote that is never closed")
    { list 1 401; echo 'RMD0009999,0000009999,"Never ended LLC,N/A,Yes,No,Yes'; } >"$files/quote.csv"
    failed --source "$files/quote.csv" ;;
"a row with too few columns")
    { list 1 401; echo 'RMD0009999,0000009999,Short LLC'; } >"$files/short.csv"
    failed --source "$files/short.csv" ;;
"a column missing, twice or empty")
    list 1 401 | sed '1s/implementation/installation/' >"$files/missing.csv"
    failed --source "$files/missing.csv"
    list 1 401 | sed '1s/business_name/frn/' >"$files/twice.csv"
    failed --source "$files/twice.csv"
    list 1 401 | sed '2,$s/Example Carrier [0-9]* LLC//' >"$files/blank.csv"
    failed --source "$files/blank.csv" ;;
"an RMD number in two rows")
    { list 1 401; list 7 7 | tail -n 1; } >"$files/number.csv"
    failed --source "$files/number.csv" ;;
"a row that is not understood")
    list 1 401 | sed '3s/,Yes,No,Yes/,Perhaps,No,Yes/; 4s/Example/\xff/' >"$files/row.csv"
    failed --source "$files/row.csv"
    run 0 "$RMDCHECK" -d "$state" "$(frn 2)"
    expect_line "$out" "flags row-quarantined" ;;
"more than 1 % of such rows")
    list 1 401 | sed '3,7s/,Yes,No,Yes/,Perhaps,No,Yes/' >"$files/rows.csv"
    failed --source "$files/rows.csv" ;;
"half the rows gone, scattered")
    list 1 400 | awk 'NR == 1 || NR % 2' >"$files/half.csv"
    failed_held "$files/half.csv"
    expect_line "$said" "the shape of an enforcement order" ;;
"20 neighbours gone")
    list 1 380 >"$files/neighbours.csv"
    failed_held "$files/neighbours.csv"
    expect_line "$said" "the shape of a broken export" ;;
"exactly 10,000 rows")
    list 1 10000 >"$files/ten.csv"
    failed_held "$files/ten.csv" ;;
"most rows changed, or back at once")
    list 1 400 | sed '2,$s/LLC/Inc/' >"$files/changed.csv"
    failed_held "$files/changed.csv"
    # Whose return is too much were gone before.
    run 0 sync --accept "$(sha256sum <"$held" | cut -d ' ' -f 1)"
    list 1 200 >"$files/gone.csv"
    run 3 sync --source "$files/gone.csv"
    run 0 sync --accept "$(sha256sum <"$files/gone.csv" | cut -d ' ' -f 1)"
    cp "$state/rmd.mdb" "$scratch/gone.mdb"
    run "$exit" sync --source "$held"
    expect_line "$err" "came back at once"
    expect_same "$scratch/gone.mdb" "$state/rmd.mdb"
    again_held ;;
"another digest than the held list's")
    held=$files/neighbours.csv
    list 1 380 >"$held"
    again_held
    run "$exit" sync --accept "$(printf '%064d' 0)"
    serves "$serves" ;;
"a generation that is not kept")
    again
    run "$exit" sync --rollback 7
    expect_one_line "$err"
    serves "$serves" ;;
"a kept generation, damaged")
    again
    head -c 9000 "$state/rmd.mdb" >"$state/rmd.mdb.1"
    run "$exit" sync --rollback 7
    expect_one_line "$err"
    serves "$serves" ;;
"a first load that is too small")
    rm -rf "$state"
    minimum=401
    configure
    run "$exit" sync --source "$files/old.csv"
    serves "$serves"
    minimum= ;;
"a file that is not there")
    failed --source "$files/nowhere.csv" ;;
"a source that is http:")
    failed --source "http://localhost:$https/ok/good.csv" ;;
"an error in rmd.conf")
    echo "minimum-rows = few" >>"$conf"
    failed --source "$base/ok/good.csv" ;;
"another run under way")
    again
    run "$exit" flock "$state/lock" "$RMDSYNC" -q -c "$conf" -d "$state" --source "$base/ok/good.csv"
    expect_one_line "$err"
    serves "$serves" ;;
"a full disk")
    again
    # No file may grow long: the same error of write as on a disk without room, which sync.sh tries where it may mount one.
    run "$exit" sh -c 'ulimit -f 8 && exec "$@"' sh "$RMDSYNC" -q -c "$conf" -d "$state" --source "$base/ok/good.csv"
    expect_one_line "$err"
    serves "$serves" ;;
"a state directory closed to us")
    again
    chmod 755 "$scratch" "$server"
    chmod 444 "$state/lock"
    [ "$(id -u)" -eq 0 ] || chmod 555 "$state"
    if as_other "$RMDSYNC" --version >"$out" 2>"$err"; then
      run "$exit" as_other "$RMDSYNC" -q -c "$conf" -d "$state" --source "$base/ok/good.csv"
      expect_one_line "$err"
    else
      leave_out "no other user can run $RMDSYNC"
    fi
    serves "$serves" ;;
"standard output full")
    again
    run "$exit" sh -c 'exec "$@" >/dev/full' sh "$RMDSYNC" -c "$conf" -d "$state" --source "$base/ok/good.csv"
    expect_one_line "$err"
    serves "$serves" ;;
"SIGTERM, SIGINT or SIGHUP")
    # What is started in the background ignores SIGINT, so that network.sh tries that one.
    broken_off TERM "$exit"
    broken_off HUP "$exit" ;;
"SIGKILL, or a power cut")
    broken_off KILL 137
    for moment in 0.01 0.02 0.03 0.05 0.1; do
      again
      timeout -s KILL "$moment" "$RMDSYNC" -q -c "$conf" -d "$state" --source "$files/good.csv" >"$out" 2>"$err" || :
      serves "$serves"
    done ;;
"a last check ahead of the clock")
    again
    run 0 sync --source "$files/old.csv" --as-of 2099-01-01
    cp "$state/rmd.mdb" "$night/rmd.mdb"
    run "$exit" sync --source "$base/ok/good.csv"
    expect_one_line "$err"
    serves "$serves"
    cp "$scratch/night.mdb" "$night/rmd.mdb" ;;
"rmd.mdb damaged")
    again
    cp "$state/rmd.mdb" "$state/rmd.mdb.1"
    head -c 9000 "$state/rmd.mdb" >"$state/short"
    mv -f "$state/short" "$state/rmd.mdb"
    run "$exit" sync --source "$base/ok/good.csv"
    expect_one_line "$err"
    serves "$serves" ;;
*)
    complain "nobody tries this line" ;;
  esac
}

list 1 400 >"$files/old.csv"
list 1 401 >"$files/good.csv"
start_server "$files"
base=https://localhost:$https
soon=$(date -d '+1 minute' +%Y-%m-%dT%H:%M:%S%:z)
tomorrow=$(date -d '+13 hours' +%Y-%m-%dT%H:%M:%S%:z)
patience=
minimum=
configure
state=$night
test_case "the night before"
run 0 sync --source "$files/old.csv"
state=$scratch/state
cp "$night/rmd.mdb" "$scratch/night.mdb"

awk '/^\.Sh/ { inside = $2 == "DIAGNOSTICS" } inside && sub(/^\.It /, "") && !/^Sy / { gsub(/ Ta /, "|"); print }' \
  "$srcdir/src/sync/rmdsync.8" >"$scratch/table"
while IFS='|' read -r failure exit serves todo <&3; do
  test_case "when there is $failure: exit $exit, $serves serves; $todo"
  held=
  configure
  bring_about "$failure"
  [ -z "$test_name" ] || mended
done 3<"$scratch/table"

test_case "each trial here stands in the table"
cut -d '|' -f 1 "$scratch/table" | sort >"$scratch/told"
sed -n 's/^"\(.*\)")$/\1/p' "$srcdir/tests/flow/failures.sh" | sort >"$scratch/tried"
expect_same "$scratch/told" "$scratch/tried"
[ "$(wc -l <"$scratch/told")" -gt 30 ] || complain "the table has only $(wc -l <"$scratch/told") lines"
finish
