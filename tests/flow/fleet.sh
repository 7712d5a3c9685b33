#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Exports in the hands of those that they are for: Knot as primary and NSD as secondary name server, rbldnsd, Redis,
# Kamailio and promtool, where they are installed. Whatever answers must say what rmdcheck says. Over a real export,
# where there is one beside the tree, else over the sample.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

command -v python3 >"$scratch/which" || skip "no python3"
# Debian keeps servers where only root looks.
PATH=$PATH:/usr/sbin:/sbin
export PATH
real=$srcdir/../shared/data/rmd-2025-01-as-exported.csv
list=$srcdir/contrib/sample/rmd-sample.csv
[ ! -r "$real" ] || list=$real
state=$scratch/state
conf=$scratch/rmd.conf
all=$scratch/all
zone=rmd.example
tried=0
mkdir "$all"
cp "$srcdir/contrib/conf/foreign-area-codes.conf" "$scratch/foreign-area-codes.conf"
printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-percent = 100" "[export]" \
  "formats = dns rbldnsd kamailio redis prometheus" >"$conf"

# The list, and the next day's: 25 filings less.
list_edit "$list" "$scratch/second.csv" >"$scratch/peers.conf" <<'EOF'
from collections import Counter

count = Counter(row["frn"] for row in rows)
alone = [row for row in rows if row["frn"].isdigit() and count[row["frn"]] == 1 and row["implementation"] != "N/A" and
         row["voice_service_provider_choice"] == "Yes"]
gone = {row["number"] for row in alone[::len(alone) // 25][:25]}
rows = [row for row in rows if row["number"] not in gone]
stays = next(row for row in alone if row["number"] not in gone)
leaves = next(row for row in alone if row["number"] in gone)
print(f"[peer stays]\nrmd = {stays['number']}\naddress = 192.0.2.0/24")
print(f"[peer leaves]\nrmd = {leaves['number']}\naddress = 192.0.2.128/25\naddress = 2001:db8::/32")
EOF
python3 - >"$scratch/ports" <<'EOF'
import socket

held = []
for name in "knot", "nsd", "rbldnsd", "kamailio":
    while True:
        tcp, udp = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp.bind(("127.0.0.1", 0))
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            continue
        held += tcp, udp
        print(f"{name}_port={tcp.getsockname()[1]}")
        break
EOF
knot_port='' nsd_port='' rbldnsd_port='' kamailio_port=''
# shellcheck disable=SC1091
. "$scratch/ports"

sync() {
  run 0 "$RMDSYNC" -c "$conf" -d "$state" -q --source "$1"
}
export_all() {
  run 0 "$RMDEXPORT" -c "$conf" -d "$state" --all "$all"
}
dns() {
  python3 "$srcdir/tests/flow/dns.py" "$@"
}
exports() {
  run 0 python3 "$srcdir/tests/flow/exports.py" "$@"
  sed 's/^/# /' "$out"
}
# has COMMAND: else the test is left out.
has() {
  command -v "$1" >"$scratch/which" && tried=1 && return 0
  leave_out "no $1"
  return 1
}
# start NAME COMMAND...: a server of ours, which ends with the test.
start() {
  name=$1
  shift
  "$@" >"$scratch/$name.log" 2>&1 &
  server_pid="$server_pid $!"
}
# serves PORT NAME DATA: a name server comes to say so of the first word of its record: A, or of the zone ("@") its serial.
serves() {
  run 0 dns "$1" "$zone" --until "$2" "$3"
}
serial() {
  sed -n 's/^@\tSOA\t[^ ]* [^ ]* \([0-9]*\) .*/\1/p' "$all/rmd.zone"
}
# all_equal PORT [OPTION]: every answer is rmdcheck's.
all_equal() {
  python3 "$srcdir/tests/flow/exports.py" --keys "$list" >"$scratch/names"
  run 0 dns "$1" "$zone" A TXT <"$scratch/names"
  cp "$out" "$scratch/served"
  exports "${2:---answers}" "$scratch/served" "$RMDCHECK" "$state" "$list"
}

test_case "the first day is exported"
sync "$list"
export_all

test_case "kzonecheck has nothing to say"
if has kzonecheck; then
  run 0 kzonecheck -o "$zone" "$all/rmd.zone"
  expect_empty "$out"
  expect_empty "$err"
fi

test_case "nsd-checkzone finds it ok"
if has nsd-checkzone; then
  run 0 nsd-checkzone "$zone" "$all/rmd.zone"
  expect_line "$out" "zone $zone is ok"
  expect_empty "$err"
fi

test_case "promtool check metrics has nothing to say"
if has promtool; then
  run 0 sh -c 'promtool check metrics <"$1"' sh "$all/rmd.prom"
  expect_empty "$out"
  expect_empty "$err"
fi

secret=$(head -c 32 /dev/urandom | base64)
mkdir "$scratch/knot" "$scratch/nsd"
cat >"$scratch/knot.conf" <<END
server:
    rundir: "$scratch/knot"
    listen: 127.0.0.1@$knot_port
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
database:
    storage: "$scratch/knot"
key:
  - id: transfer
    algorithm: hmac-sha256
    secret: $secret
remote:
  - id: secondary
    address: 127.0.0.1@$nsd_port
    key: transfer
acl:
  - id: secondary
    key: transfer
    action: transfer
zone:
  - domain: $zone
    file: "$all/rmd.zone"
    zonefile-sync: -1
    zonefile-load: difference
    notify: secondary
    acl: secondary
END
cat >"$scratch/nsd.conf" <<END
server:
    server-count: 1
    ip-address: 127.0.0.1@$nsd_port
    username: ""
    chroot: ""
    zonesdir: "$scratch/nsd"
    database: ""
    pidfile: "$scratch/nsd/pid"
    xfrdfile: "$scratch/nsd/xfrd.state"
    xfrdir: "$scratch/nsd"
    zonelistfile: "$scratch/nsd/zone.list"
    cookie-secret-file: "$scratch/nsd/cookie"
    rrl-ratelimit: 0
remote-control:
    control-enable: no
key:
    name: transfer
    algorithm: hmac-sha256
    secret: "$secret"
zone:
    name: $zone
    zonefile: "rmd.zone"
    allow-notify: 127.0.0.1 transfer
    request-xfr: 127.0.0.1@$knot_port transfer
END

fleet=0
test_case "two name servers: a full transfer, and every answer is rmdcheck's"
if has knotd && has knotc && has nsd; then
  fleet=1
  start knotd knotd -c "$scratch/knot.conf"
  serves "$knot_port" @ "$(serial)"
  start nsd nsd -d -c "$scratch/nsd.conf"
  serves "$nsd_port" @ "$(serial)"
  expect_match "$scratch/knotd.log" 'AXFR, outgoing, .* finished'
  all_equal "$nsd_port"
  printf '%s\n' test 2.0.0.127 invalid 1.0.0.127 >"$scratch/tests"
  run 0 dns "$nsd_port" "$zone" A <"$scratch/tests"
  printf '%s\n' "test A 127.0.0.2" "2.0.0.127 A 127.0.0.2" >"$scratch/expected"
  expect_same "$scratch/expected" "$out"
fi

test_case "without its key nobody gets the zone"
if [ "$fleet" -eq 0 ]; then
  leave_out "no name servers"
elif has kdig; then
  run 0 sh -c 'kdig +retry=0 @127.0.0.1 -p "$1" "$2" AXFR || :' sh "$knot_port" "$zone"
  expect_no_line "$out" "127.0.0.2"
  cat "$out" "$err" >"$scratch/told"
  expect_match "$scratch/told" 'NOTAUTH|REFUSED'
fi

test_case "rbldnsd: every answer is rmdcheck's"
if has rbldnsd; then
  # It does not run as root, and who it becomes must read a test's directory.
  user=
  [ "$(id -u)" -ne 0 ] || user="-u 65534"
  chmod 755 "$scratch"
  # shellcheck disable=SC2086 # an option and its value
  start rbldnsd rbldnsd -n $user -w "$all" -b "127.0.0.1/$rbldnsd_port" "$zone:dnset:rmd.rbldnsd"
  serves "$rbldnsd_port" test 127.0.0.2
  all_equal "$rbldnsd_port" --answers-excluded
fi

redis() {
  redis-cli -s "$scratch/redis.sock" "$@"
}
# What a switch asks, for every key: its field, else that of unseen keys.
redis_equal() {
  python3 "$srcdir/tests/flow/exports.py" --keys "$list" | sed 's/\..*//' >"$scratch/keys"
  sed 's/.*/HMGET rmd & */' "$scratch/keys" | redis --raw >"$scratch/values"
  awk 'NR % 2 { first = $0; next } { print first == "" ? $0 : first }' "$scratch/values" |
    paste -d ' ' "$scratch/keys" - >"$scratch/texts"
  exports --texts "$scratch/texts" "$RMDCHECK" "$state" "$list"
}
redis_answers() {
  [ "$(redis PING 2>&1)" = PONG ]
}
test_case "Redis: every answer is rmdcheck's, and they end with the data's age"
if has redis-server && has redis-cli; then
  start redis-server redis-server --port 0 --unixsocket "$scratch/redis.sock" --save "" --dir "$scratch"
  await redis_answers
  run 0 redis --pipe <"$all/rmd.resp"
  expect_line "$out" "errors: 0,"
  redis_equal
  [ "$(redis EXISTS "{rmd}:new")" = 0 ] || complain "the temporary hash is left"
  left=$(redis TTL rmd)
  if [ "$left" -lt 250000 ] || [ "$left" -gt 259200 ]; then
    complain "it ends in $left seconds"
  fi
fi

kamailio_ask() {
  kamcmd -s "unix:$scratch/kamailio.ctl" "$@"
}
kamailio_answers() {
  kamailio_ask core.version >"$scratch/version" 2>&1 && grep -q kamailio "$scratch/version"
}
# value KEY: in the hash table.
value() {
  kamailio_ask htable.get rmd "s:$1" | sed -n 's/^.*value: //p'
}
kamailio=0
stays=$(sed -n 2p "$scratch/peers.conf" | sed 's/.* //')
leaves=$(sed -n 5p "$scratch/peers.conf" | sed 's/.* //')
test_case "Kamailio reads addresses and verdicts"
if has kamailio && has kamcmd; then
  kamailio=1
  cat >"$scratch/kamailio.cfg" <<END
children=1
disable_tcp=yes
listen=udp:127.0.0.1:$kamailio_port
loadmodule "kex.so"
loadmodule "ctl.so"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "db_text.so"
loadmodule "htable.so"
loadmodule "permissions.so"
modparam("ctl", "binrpc", "unix:$scratch/kamailio.ctl")
modparam("permissions", "address_file", "$all/kamailio/address.list")
modparam("db_text", "db_mode", 1)
modparam("htable", "db_url", "text://$all/kamailio")
modparam("htable", "htable", "rmd=>size=15;dbtable=rmd")
request_route { sl_send_reply("404", "Not here"); }
END
  start kamailio kamailio -f "$scratch/kamailio.cfg" -DD -E -m 64 -M 8 -Y "$scratch"
  await kamailio_answers
  kamailio_ask permissions.subnetDump >"$scratch/subnets"
  for line in "ip: 192.0.2.0" "mask: 25" "ip: 192.0.2.128" "ip: 2001:db8::" "mask: 32" "tag: $stays" "tag: $leaves"; do
    expect_line "$scratch/subnets" "$line"
  done
  for pair in "$stays:accept listed" "$leaves:accept listed" "*:refuse not-listed"; do
    given=$(value "${pair%%:*}")
    [ "$given" = "${pair#*:}" ] || complain "${pair%%:*} is \"$given\""
  done
  value _meta >"$scratch/meta"
  expect_match "$scratch/meta" '^generation=1 checked-at=.*T..:..:.*digest='
fi

test_case "the second day, 25 filings less, is exported"
old=$(serial)
sync "$scratch/second.csv"
export_all
[ "$(serial)" -eq $((old + 1)) ] || complain "the serial $old became $(serial)"

test_case "25 changes reach the secondary by IXFR after NOTIFY, and every answer is rmdcheck's"
if [ "$fleet" -eq 1 ]; then
  run 0 knotc -c "$scratch/knot.conf" -s "$scratch/knot/knot.sock" zone-reload "$zone"
  serves "$nsd_port" @ "$(serial)"
  expect_match "$scratch/knotd.log" 'notify, outgoing, .*, serial '
  expect_match "$scratch/knotd.log" 'IXFR, outgoing, .* finished'
  [ "$(grep -c 'AXFR, outgoing.* finished' "$scratch/knotd.log")" -eq 1 ] || complain "more than one full transfer"
  grep 'IXFR, outgoing.* finished' "$scratch/knotd.log" | sed 's/^/# /'
  all_equal "$nsd_port"
  all_equal "$knot_port"
  expect_match "$scratch/served" 'A 127\.0\.0\.4'
else
  leave_out "no name servers"
fi

test_case "Redis has the second day at once"
if has redis-server && has redis-cli; then
  run 0 redis --pipe <"$all/rmd.resp"
  expect_line "$out" "errors: 0,"
  redis_equal
fi

test_case "Kamailio has the second day after its reload"
if [ "$kamailio" -eq 1 ]; then
  run 0 kamailio_ask htable.reload rmd
  given=$(value "$leaves")
  case $given in
  "refuse delisted since="*) ;;
  *) complain "$leaves is \"$given\"" ;;
  esac
  [ "$(value "$stays")" = "accept listed" ] || complain "$stays is \"$(value "$stays")\""
  run 0 kamailio_ask permissions.addressReload
  kamailio_ask permissions.subnetDump >"$scratch/subnets"
  expect_line "$scratch/subnets" "mask: 25"
  expect_no_line "$scratch/subnets" "tag: $leaves"
else
  leave_out "no Kamailio"
fi

[ "$tried" -eq 1 ] || skip "none of knot, nsd, rbldnsd, redis-server, kamailio and promtool is there"
finish
