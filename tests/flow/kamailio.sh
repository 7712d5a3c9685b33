#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The samples of contrib/kamailio in a real Kamailio, called by SIPp and by the thousand: who is let through, who is
# refused and with what, whatever the data are like and while they change. Providers are the addresses 127.0.0.N.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"
# shellcheck source=tests/flow/sipp.sh
. "$srcdir/tests/flow/sipp.sh"

PATH=$PATH:/usr/sbin:/sbin
for tool in kamailio sipp pkg-config; do
  command -v "$tool" >"$scratch/which" || skip "no $tool"
done
build=$(pwd)
[ -f "$build/.libs/librmd.so" ] || skip "no shared library was built"
modules=$(find /usr/lib*/*/kamailio/modules /usr/lib*/kamailio/modules -name app_lua.so 2>"$scratch/find" | head -n 1)
[ -n "$modules" ] || skip "Kamailio has no app_lua"
lua=$(ldd "$modules" | sed -n 's/.*lib\(lua5\.[0-9]\)[^0-9].*/\1/p' | head -n 1)
pkg-config --exists "${lua:-none}" || skip "no headers of the ${lua:-Lua} that Kamailio has"
case ${CFLAGS:-} in *-fsanitize*) skip "Kamailio is built without the sanitizer" ;; esac
chmod 755 "$scratch"
CC=${CC:-cc}
listed=0099000003
gone=0099000004
blamed=0099000001
never=0099000999

# Where another user can read it, too.
mkdir "$scratch/lib"
cp "$build"/.libs/librmd.so.* "$srcdir/contrib/lua/rmd_gate.lua" "$scratch/lib"
LD_LIBRARY_PATH=$scratch/lib
LUA_PATH="$scratch/lib/?.lua"
LUA_CPATH="$scratch/lib/?.so"
export LD_LIBRARY_PATH LUA_PATH LUA_CPATH
call=$scratch/call

test_case "the module for $lua and the caller are built without a warning"
# shellcheck disable=SC2046,SC2086 # compilers and flags are several words
run 0 $CC -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -fPIC -shared -Wl,-z,nodelete $(pkg-config --cflags "$lua") \
  -I"$srcdir/src" -o "$scratch/lib/rmd.so" "$srcdir/contrib/lua/rmd.c" -L"$build/.libs" -lrmd
# shellcheck disable=SC2086
run 0 $CC -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -o "$call" "$srcdir/tests/flow/call.c"
[ "$test_bad" -eq 0 ] || finish

# The world: 11 is listed, 12 was never, 13 will be removed, 14 has a letter that has matured; 19 is nobody's.
conf=$scratch/conf
state=$scratch/state
sample=$srcdir/contrib/sample/rmd-sample.csv
mkdir "$conf" "$conf/notices.d"
printf '%s\n' "[guard]" "minimum-rows = 1" "[policy]" "max-age = 30d" >"$conf/rmd.conf"
printf '%s\n' 416 >"$conf/foreign-area-codes.conf"
printf '%s\n' +12025550111 >"$conf/public-safety.conf"
printf '%s\n' "[peer listed]" "frn = $listed" "address = 127.0.0.11" "address = ::1" "trunk = TG-11" \
  "[peer never]" "frn = $never" "address = 127.0.0.12" "trunk = TG-12" \
  "[peer gone]" "frn = $gone" "address = 127.0.0.13" "trunk = TG-13" \
  "[peer blamed]" "frn = $blamed" "address = 127.0.0.14" "trunk = TG-14" >"$conf/peers.conf"
printf '%s\n' '<notice id="Letter 1" kind="notice" issued="2025-09-01">' \
  '<provider><name>One</name><frn>'$blamed'</frn></provider></notice>' >"$conf/notices.d/letter.xml"
sed "s/,$gone,/,0099000993,/" "$sample" >"$scratch/without.csv"
sync() {
  "$RMDSYNC" -q -c "$conf/rmd.conf" "$@" 2>"$scratch/sync"
}
sync -d "$state" --source "$sample"
sync -d "$scratch/old" --source "$sample" --as-of 2025-10-01T12:00:00-04:00

# begin COMMAND...: in the background, until the end of the test; sets $begun to its process.
begin() {
  "$@" &
  begun=$!
  children="$children $begun"
}

end() {
  kill "$1" || complain "it had ended"
  wait "$1" || :
}

free_port() {
  "$call" port | sed -n 's/^ready //p'
}

is_ready() {
  [ -n "$(sed -n 's/^ready //p' "$scratch/far")" ]
}

begin "$call" answer 0 >"$scratch/far"
await is_ready
far=$(sed -n 's/^ready //p' "$scratch/far")

# sample NAME STATE MAY_BLOCK UNKNOWN [SETTINGS]: a copy of all samples as an operator would make one, in $scratch/NAME.
sample() {
  mkdir -p "$scratch/$1"
  port=$(free_port)
  for file in "$srcdir"/contrib/kamailio/*.lua "$srcdir"/contrib/kamailio/*.cfg; do
    sed -e "s|/etc/kamailio/|$scratch/$1/|" -e "s|127\.0\.0\.1:5060|127.0.0.1:$port|" -e "s|127\.0\.0\.1:5080|127.0.0.1:$far|" \
      -e "s|may_block = DECIDE,|directory = \"$2\", ${5:-} may_block = \"$3\",|" -e "s|unknown = DECIDE,|unknown = \"$4\",|" \
      "$file" >"$scratch/$1/${file##*/}"
  done
}

# What Kamailio is started by.
within=

# kamailio NAME CFG [OPTION...]: what sample has set up; ends when Kamailio ends.
kamailio_run() {
  name=$1
  cfg=$2
  shift 2
  # shellcheck disable=SC2086 # a command, or nothing
  exec $within kamailio -f "$scratch/$name/$cfg" -DD -E -Y "$scratch/$name" -m 512 -M 8 "$@" >"$scratch/$name/log" 2>&1
}

# Sets $switch to its process. 911 is let through whatever the settings are.
start() {
  begin kamailio_run "$@"
  switch=$begun
  await "$call" ask 127.0.0.31 127.0.0.1 "$port" 911 1 1 >"$scratch/up"
  [ "$test_bad" -eq 0 ] || {
    head -n 20 "$scratch/$1/log"
    finish
  }
}

# passes ADDRESS CALLED, is_refused ADDRESS CALLED REASON-REGEXP [STATUS]
passes() {
  sip_call "$1" "$port" "sip:$2@example.net" 480 -
}

is_refused() {
  sip_call "$1" "$port" "sip:$2@example.net" "${4:-403}" "Q\\.850;cause=21;text=&quot;RMD $3&quot;"
}

emergencies() {
  for uri in sip:911@example.net sip:+1911@example.net sip:1911@example.net sip:+911@example.net tel:911 \
    urn:service:sos urn:service:sos.fire; do
    sip_call "$1" "$port" "$uri" 480 -
  done
}

# thousand ADDRESS COUNT STATUS: each of so many calls gets this status.
thousands() {
  "$call" ask "$1" 127.0.0.1 "$port" +12025550100 "$2" 64 >"$out" 2>"$err" || complain "$(cat "$err")"
  expect_match "$out" "^$3 $2 "
  expect_line "$out" "lost 0"
  sed -n 's/^rate/# calls a second/p' "$out"
}

# refuses_to_start NAME CFG WORDS
refuses_to_start() {
  code=0
  (timeout 20 kamailio -f "$scratch/$1/$2" -DD -E -Y "$scratch/$1" -m 64 -M 8 >"$scratch/$1/log" 2>&1) || code=$?
  case $code in 0 | 124) complain "Kamailio started, or hung: $code" ;; esac
  expect_line "$scratch/$1/log" "$3"
}

for kind in native kemi; do
  test_case "$kind: without the settings it does not start"
  sample unset "$state" continue continue
  sed "s|may_block = \"continue\",||" "$scratch/unset/gate.lua" >"$scratch/gate" && cp "$scratch/gate" "$scratch/unset/gate.lua"
  refuses_to_start unset "$kind.cfg" 'may_block must be set, to "continue" or to "reject"'
  sample unset "$state" reject perhaps
  refuses_to_start unset "$kind.cfg" 'unknown is "perhaps"'
  cp "$srcdir/contrib/kamailio/gate.lua" "$scratch/unset/gate.lua"
  refuses_to_start unset "$kind.cfg" 'must be set'

  sample "$kind" "$state" continue continue
  start "$kind" "$kind.cfg"

  test_case "$kind: a listed provider's call goes on, to its end"
  passes 127.0.0.11 +12025550100
  sip_call 127.0.0.11 "$port" "sip:+12025550200@example.net" 200 -

  test_case "$kind: a provider that is not listed is refused, with a Reason"
  is_refused 127.0.0.12 +12025550100 not-listed
  expect_line "$scratch/$kind/log" "RMD -2 (not-listed, 47 CFR 64.6305(g)(1))"

  test_case "$kind: an unknown peer and one that may be blocked go on, as the settings say"
  passes 127.0.0.19 +12025550100
  passes 127.0.0.14 +12025550100
  expect_line "$scratch/$kind/log" "RMD -5 (no-such-peer"
  expect_line "$scratch/$kind/log" "RMD -3 (notice-matured"

  test_case "$kind: 911 goes on from everybody"
  emergencies 127.0.0.12

  test_case "$kind: a public safety caller goes on, by P-Asserted-Identity"
  sip_call 127.0.0.12 "$port" sip:+12025550100@example.net 480 - INVITE 'P-Asserted-Identity: <sip:+12025550111@example.net>'

  test_case "$kind: a tag in To leads not around the gate"
  sip_call 127.0.0.12 "$port" sip:+12025550100@example.net 481 - INVITE 'To: <sip:called@example.net>;tag=none'

  test_case "$kind: OPTIONS is answered"
  sip_call 127.0.0.12 "$port" "sip:127.0.0.1:$port" 200 - OPTIONS
  end "$switch"

  test_case "$kind: rejected, where the settings say so; and 911 goes on"
  sample strict "$state" reject reject 'code = 480, phrase = "Not here",'
  start strict "$kind.cfg"
  passes 127.0.0.11 +12025550100
  is_refused 127.0.0.12 +12025550100 not-listed 480
  is_refused 127.0.0.19 +12025550100 no-such-peer 480
  is_refused 127.0.0.14 +12025550100 notice-matured 480
  emergencies 127.0.0.19
  end "$switch"
done


# One switch for each state of the data, in turn.
test_case "stale data: as the settings say, and 911 goes on"
sample stale "$scratch/old" continue reject
start stale native.cfg
is_refused 127.0.0.11 +12025550100 stale
emergencies 127.0.0.11
end "$switch"
sample stale "$scratch/old" continue reject 'stale = "continue",'
start stale native.cfg
passes 127.0.0.11 +12025550100
expect_line "$scratch/stale/log" "RMD -6 (stale"
end "$switch"

test_case "no snapshot: as the settings say, 911 goes on, and the first snapshot is taken up"
sample none "$scratch/new" continue reject
start none native.cfg
is_refused 127.0.0.11 +12025550100 no-data
expect_line "$scratch/none/log" "RMD -7 (no-data, there is no snapshot of the database)"
emergencies 127.0.0.11
sync -d "$scratch/new" --source "$sample"
# As each worker looks once a second.
goes_on() {
  "$call" ask 127.0.0.11 127.0.0.1 "$port" +12025550100 200 16 >"$scratch/asked" &&
    grep -q '^480 200 ' "$scratch/asked"
}
await goes_on
passes 127.0.0.11 +12025550100
end "$switch"

test_case "no module: as the settings say, and 911 goes on"
mv "$scratch/lib/rmd.so" "$scratch/lib/away.so"
sample nothing "$state" continue reject
start nothing native.cfg
is_refused 127.0.0.11 +12025550100 no-module
expect_line "$scratch/nothing/log" "RMD -8 (no-module"
emergencies 127.0.0.11
end "$switch"
sample nothing "$state" continue continue
start nothing native.cfg
passes 127.0.0.12 +12025550100
end "$switch"
mv "$scratch/lib/away.so" "$scratch/lib/rmd.so"

test_case "another user's file, that can be read and no more"
mkdir "$scratch/theirs"
cp "$state/rmd.mdb" "$scratch/theirs"
chmod 444 "$scratch/theirs/rmd.mdb"
chmod 555 "$scratch/theirs"
sample other "$scratch/theirs" continue reject
if [ "$(id -u)" -eq 0 ]; then
  chown 65534 "$scratch/other"
  set -- -u 65534 -g 65534
else
  set --
fi
start other native.cfg "$@"
passes 127.0.0.11 +12025550100
is_refused 127.0.0.12 +12025550100 not-listed
end "$switch"

test_case "a file that must not be read is no data"
if [ "$(id -u)" -eq 0 ]; then
  chmod 400 "$scratch/theirs/rmd.mdb"
  start other native.cfg "$@"
  is_refused 127.0.0.11 +12025550100 no-data
  emergencies 127.0.0.11
  end "$switch"
else
  leave_out "not root"
fi

test_case "140 workers: thousands of calls, and none of a provider that is refused goes on"
sample many "$state" continue reject
start many native.cfg -n 140
thousands 127.0.0.11 2000 480
thousands 127.0.0.12 3000 403
end "$switch"

test_case "kamcmd app_lua.reload reads changed settings; with a mistake in them the old ones go on, and the log says so"
if command -v kamcmd >"$scratch/which"; then
  sample again "$state" continue reject
  { cat "$scratch/again/native.cfg"; printf '%s\n' 'loadmodule "ctl.so"' \
    "modparam(\"ctl\", \"binrpc\", \"unix:$scratch/again/ctl\")"; } >"$scratch/again/ctl.cfg"
  start again ctl.cfg -n 1
  is_refused 127.0.0.19 +12025550100 no-such-peer
  sed 's|unknown = "reject"|unknown = "continue"|' "$scratch/again/gate.lua" >"$scratch/gate"
  cp "$scratch/gate" "$scratch/again/gate.lua"
  run 0 kamcmd -s "unix:$scratch/again/ctl" app_lua.reload
  passes 127.0.0.19 +12025550100
  is_refused 127.0.0.12 +12025550100 not-listed
  sed 's|unknown = "continue"|unknown = "perhaps"|' "$scratch/again/gate.lua" >"$scratch/gate"
  cp "$scratch/gate" "$scratch/again/gate.lua"
  run 0 kamcmd -s "unix:$scratch/again/ctl" app_lua.reload
  passes 127.0.0.19 +12025550100
  is_refused 127.0.0.12 +12025550100 not-listed
  expect_line "$scratch/again/log" 'unknown is "perhaps"'
  end "$switch"
else
  leave_out "no kamcmd"
fi

test_case "a peer with an IPv6 address"
port=$(free_port)
if [ -d /proc/sys/net/ipv6 ] && grep -q '^0\{31\}1 ' /proc/net/if_inet6; then
  sample six "$state" continue reject
  sed "s|^listen=.*|&\nlisten=udp:[::1]:$port|" "$scratch/six/native.cfg" >"$scratch/six/six.cfg"
  start six six.cfg
  scenario INVITE 480 - '' | sed 's|__URI__|sip:+12025550100@example.net|' >"$scratch/scenario.xml"
  run 0 sipp "[::1]:$port" -i ::1 -m 1 -sf "$scratch/scenario.xml" -nostdin -timeout 6 -timeout_error
  end "$switch"
else
  leave_out "no IPv6 on the loopback"
fi

test_case "peers by address.list"
sample tagged "$state" continue reject
sed -e 's|^##!define WITH_PERMISSIONS|#!define WITH_PERMISSIONS|' "$scratch/tagged/native.cfg" >"$scratch/tagged/tagged.cfg"
printf '%s\n' "1 127.0.0.21 32 0 frn:$listed" "1 127.0.0.22 32 0 frn:$never" >"$scratch/tagged/address.list"
start tagged tagged.cfg
passes 127.0.0.21 +12025550100
is_refused 127.0.0.22 +12025550100 not-listed
is_refused 127.0.0.11 +12025550100 bad-key
emergencies 127.0.0.22
end "$switch"

# The zone of `rmdexport dns` from a real name server. Port 53 is root's, and each run has an address of its own there.
dns_ready=0
name_server=127.53.$(($$ / 250 % 250)).$(($$ % 250 + 1))
test_case "dns: a name server with the zone"
if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>"$scratch/unshare"; then
  leave_out "it needs root, and a resolv.conf of its own"
elif ! command -v nsd >"$scratch/which"; then
  leave_out "no nsd"
else
  dns_ready=1
  mkdir "$scratch/nsd"
  printf '%s\n' "nameserver $name_server" "search search.example" "options timeout:1 attempts:1" >"$scratch/resolv.conf"
  printf '%s\n' '#!/bin/sh' "exec unshare -m sh -c 'mount --bind \"\$0\" /etc/resolv.conf && exec \"\$@\"' '$scratch/resolv.conf' \"\$@\"" \
    >"$scratch/within"
  chmod 755 "$scratch/within"
  run 0 "$RMDEXPORT" -c "$conf/rmd.conf" -d "$state" dns -o "$scratch/nsd/rmd.zone"
  # What an operator's other names may say; and what must not be asked at all.
  printf '%s\n' "\$TTL 60" "@ SOA ns hostmaster 1 3600 900 604800 60" "@ NS ns" "* A 203.0.113.1" >"$scratch/nsd/strange.zone"
  printf '%s\n' server: "ip-address: $name_server" "port: 53" 'username: ""' 'chroot: ""' "zonesdir: \"$scratch/nsd\"" \
    "pidfile: \"$scratch/nsd/pid\"" "xfrdfile: \"$scratch/nsd/xfrd\"" "zonelistfile: \"$scratch/nsd/list\"" \
    "xfrdir: \"$scratch/nsd\"" "cookie-secret-file: \"$scratch/nsd/cookie\"" "rrl-ratelimit: 0" 'database: ""' \
    "server-count: 1" remote-control: "control-enable: no" zone: "name: rmd.example" "zonefile: rmd.zone" \
    zone: "name: strange.example" "zonefile: strange.zone" zone: "name: search.example" "zonefile: strange.zone" \
    >"$scratch/nsd/conf"
fi

serve_dns() {
  begin nsd -d -c "$scratch/nsd/conf" >"$scratch/nsd/log" 2>&1
  name_daemon=$begun
}
# dns_switch NAME MAY_BLOCK UNKNOWN NO_ANSWER [ZONE]: peers are 127.0.0.21 to .28; 19 is nobody's.
dns_switch() {
  dns_name=$1
  sample "$1" "$scratch/nowhere" continue continue
  sed -i 's|^##!define WITH_DNS|#!define WITH_DNS|' "$scratch/$1/native.cfg"
  sed -i -e "s|!MAY_BLOCK_GOES!DECIDE!|!MAY_BLOCK_GOES!$2!|" -e "s|!UNKNOWN_GOES!DECIDE!|!UNKNOWN_GOES!$3!|" \
    -e "s|!NO_ANSWER_GOES!DECIDE!|!NO_ANSWER_GOES!$4!|" -e "s|!rmd\.example!|!${5:-rmd.example}!|" "$scratch/$1/dns.cfg"
  printf '%s\n' "1 127.0.0.21 32 0 $listed" "1 127.0.0.22 32 0 frn:$never" "1 127.0.0.23 32 0 RMD9000009" \
    "1 127.0.0.24 32 0 frn:$blamed" "1 127.0.0.25 32 0 frn:0099000910" "1 127.0.0.26 32 0 frn:12" \
    "1 127.0.0.27 32 0 frn:0099000902" "1 127.0.0.28 32 0 RMD9999999" >"$scratch/$1/address.list"
}
dns_start() {
  within=$scratch/within
  start "$1" native.cfg
  within=
}
dns_serves() {
  "$call" ask 127.0.0.21 127.0.0.1 "$port" +12025550100 1 1 >"$scratch/asked" && grep -q '^480 1 ' "$scratch/asked"
}
dns_goes_on() {
  passes "$1" +12025550100
  expect_line "$scratch/$dns_name/log" "RMD ($2): call from $1 goes on"
}

if [ "$dns_ready" -eq 1 ]; then
  test_case "dns: without the settings it does not start"
  for undecided in MAY_BLOCK UNKNOWN NO_ANSWER; do
    dns_switch unset CONTINUE REJECT CONTINUE
    sed -i "s/!${undecided}_GOES![A-Z]*!/!${undecided}_GOES!DECIDE!/" "$scratch/unset/dns.cfg"
    refuses_to_start unset native.cfg 'route "DECIDE" not found'
  done

  test_case "dns: who is listed goes on, who is not is refused with a Reason, by FRN and by RMD number"
  serve_dns
  dns_switch asking CONTINUE CONTINUE REJECT
  dns_start asking
  await dns_serves
  passes 127.0.0.21 +12025550100
  sip_call 127.0.0.21 "$port" "sip:+12025550200@example.net" 200 -
  is_refused 127.0.0.22 +12025550100 not-listed
  passes 127.0.0.23 +12025550100
  is_refused 127.0.0.27 +12025550100 refuse
  is_refused 127.0.0.28 +12025550100 not-listed
  expect_no_line "$scratch/asking/log" "call from 127.0.0.21 goes on"

  test_case "dns: may-block, an unknown peer, a provider without a verdict and a slip of the pen go on, as the settings say"
  dns_goes_on 127.0.0.24 may-block
  dns_goes_on 127.0.0.19 no-such-peer
  dns_goes_on 127.0.0.25 unknown
  dns_goes_on 127.0.0.26 bad-key
  # The answer of the call before must not be that of this one.
  is_refused 127.0.0.22 +12025550100 not-listed
  passes 127.0.0.25 +12025550100

  test_case "dns: 911 goes on from everybody"
  emergencies 127.0.0.22
  for uri in sip:9-1-1@example.net tel:+1-911 'sip:%39%31%31@example.net' 'sip:911;phone-context=example.net@example.net'; do
    sip_call 127.0.0.22 "$port" "$uri" 480 -
  done
  for uri in sip:9110@example.net sip:+12025550911@example.net sip:x911@example.net urn:service:sosx; do
    sip_call 127.0.0.22 "$port" "$uri" 403 'RMD not-listed'
  done

  test_case "dns: calls by the thousand"
  thousands 127.0.0.21 1000 480
  thousands 127.0.0.22 1000 403

  test_case "dns: the name server down: rejected, where the settings say so, and 911 goes on"
  end "$name_daemon"
  is_refused 127.0.0.21 +12025550100 no-answer
  emergencies 127.0.0.22
  passes 127.0.0.19 +12025550100

  test_case "dns: it is there again, and so are its verdicts"
  serve_dns
  await dns_serves
  is_refused 127.0.0.22 +12025550100 not-listed
  end "$switch"

  test_case "dns: rejected, where the settings say so; a zone that nobody serves goes on"
  dns_switch strict REJECT REJECT CONTINUE
  dns_start strict
  is_refused 127.0.0.24 +12025550100 may-block
  is_refused 127.0.0.19 +12025550100 no-such-peer
  is_refused 127.0.0.25 +12025550100 unknown
  is_refused 127.0.0.26 +12025550100 bad-key
  emergencies 127.0.0.19
  end "$switch"
  dns_switch lost REJECT REJECT CONTINUE lost.example
  dns_start lost
  dns_goes_on 127.0.0.22 no-answer
  is_refused 127.0.0.19 +12025550100 no-such-peer
  end "$switch"

  test_case "dns: an address that is no verdict is no answer"
  dns_switch strange REJECT CONTINUE REJECT strange.example
  dns_start strange
  is_refused 127.0.0.21 +12025550100 strange-answer
  end "$switch"

  test_case "dns: a name server that is silent: the call is answered all the same, as the settings say"
  end "$name_daemon"
  begin python3 -c 'import socket, sys, time
held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
held.bind((sys.argv[1], 53))
print("ready", flush=True)
while True: held.recv(4096)' "$name_server" >"$scratch/mute"
  silent=$begun
  is_silent() {
    grep -q ready "$scratch/mute"
  }
  await is_silent
  dns_switch silent REJECT REJECT CONTINUE
  dns_start silent
  began=$(date +%s%N)
  dns_goes_on 127.0.0.22 no-answer
  echo "# answered after $((($(date +%s%N) - began) / 1000000)) ms"
  emergencies 127.0.0.22
  end "$switch"
  end "$silent"
fi

# Generations come while calls do. The times are those at which a call was sent: one that was sent 1.1 s after the new
# file got its name must have the new verdict.
test_case "20 generations under load: no call is lost, and the new verdict is there within 1.1 s"
cp -r "$state" "$scratch/moving"
sample moving "$scratch/moving" continue reject
start moving native.cfg
begin "$call" watch 127.0.0.13 127.0.0.1 "$port" +12025550100 60 32 >"$scratch/watched"
watching=$begun
is_watching() {
  grep -q ready "$scratch/watched"
}
await is_watching
i=0
while [ "$i" -lt 20 ]; do
  i=$((i + 1))
  printf '%s\n' "[peer more $i]" "frn = $listed" "address = 127.0.1.$i" >>"$conf/peers.conf"
  if [ "$i" -eq 10 ]; then
    sync -d "$scratch/moving" --source "$scratch/without.csv"
    renamed=$(stat -c %.6Z "$scratch/moving/rmd.mdb")
  else
    sync -d "$scratch/moving" --offline
  fi
done
# Not before all workers refuse; if they come to it too late, the load has seen it.
all_refuse() {
  "$call" ask 127.0.0.13 127.0.0.1 "$port" +12025550100 200 16 >"$scratch/asked" && grep -q '^403 200 ' "$scratch/asked"
}
await all_refuse
kill "$watching"
wait "$watching" || complain "the load ended with $?"
run 0 "$RMDCHECK" -d "$scratch/moving" -j frn:$listed
expect_line "$out" '"generation":21'
sed 's/^/# /' "$scratch/watched"
expect_line "$scratch/watched" "lost 0"
awk -v renamed="$renamed" '
  $1 == 480 { before = $2; last = $4 }
  $1 == 403 { after = $2; first = $3 }
  $1 != 480 && $1 != 403 && $1 ~ /^[0-9]+$/ { print "an answer " $1; bad = 1 }
  END {
    printf "%d calls went on, %d were refused; the last to go on %.3f s after the new file, the first refused %.3f s\n",
      before, after, last - renamed, first - renamed
    exit bad || before == 0 || after == 0 || last - renamed > 1.1 || first < renamed - 0.1
  }' "$scratch/watched" >"$out" || complain "$(cat "$out")"
sed 's/^/# /' "$out"
end "$switch"

# The responder: its INVITE comes from the border controller, which says where the call came from.
# answers HEADERS URI STATUS REASON
answers() {
  sip_call 127.0.0.31 "$port" "$2" "$3" "$4" INVITE "$1"
}
refused='Q\.850;cause=21;text=&quot;RMD not-listed'
called=sip:+12025550100@example.net
test_case "responder: its settings"
sample unset "$state" continue no-verdict
refuses_to_start unset responder.cfg 'unknown is "no-verdict", which a switch cannot answer its caller'
sample responder "$state" continue no-verdict 'responder = true, code = 603, phrase = "Decline",'
start responder responder.cfg

test_case "responder: goes on, is refused, no verdict, by trunk"
answers 'Contact: <sip:+12125550100;tgrp=TG-11;trunk-context=example.net@127.0.0.31>' "$called" 404 -
answers 'Contact: <sip:+12125550100;tgrp=TG-12;trunk-context=example.net@127.0.0.31>' "$called" 603 "$refused"
answers 'Contact: <sip:+12125550100;tgrp=TG-14@127.0.0.31>' "$called" 404 -
answers 'Contact: <sip:+12125550100;tgrp=TG-99@127.0.0.31>' "$called" 503 'RMD no-such-peer'
answers 'Contact: <sip:+12125550100@127.0.0.31;tgrp=TG-11>' "$called" 503 'RMD'
answers 'Contact: <sip:+12125550100;tgrp=@127.0.0.31>' "$called" 503 'RMD'
answers '' 'sip:+12025550100;tgrp=TG-11@example.net' 503 'RMD'
answers '' "$called" 503 'RMD'

test_case "responder: by X-RMD-FRN, which goes before the trunk"
answers "X-RMD-FRN: $listed" "$called" 404 -
answers "X-RMD-FRN: $never" "$called" 603 "$refused"
answers "X-RMD-FRN: $never\nContact: <sip:+12125550100;tgrp=TG-11@127.0.0.31>" "$called" 603 "$refused"
answers 'X-RMD-FRN: 12' "$called" 503 'RMD bad-key'
answers 'X-RMD-FRN: \x22; DROP' "$called" 503 'RMD bad-key'

test_case "responder: 911 goes on, whoever hands it over"
answers "X-RMD-FRN: $never" urn:service:sos 404 -
answers "X-RMD-FRN: $never" sip:911@example.net 404 -
answers '' sip:911@example.net 404 -

test_case "responder: OPTIONS; BYE; and who may not ask"
sip_call 127.0.0.31 "$port" "sip:127.0.0.1:$port" 200 - OPTIONS
sip_call 127.0.0.31 "$port" "$called" 405 - BYE
sip_call 127.0.1.31 "$port" "$called" 403 - INVITE "X-RMD-FRN: $listed"
end "$switch"

test_case "responder: no snapshot is no verdict, and 911 goes on"
sample blind "$scratch/nowhere" continue no-verdict 'responder = true, code = 603, phrase = "Decline",'
start blind responder.cfg
answers "X-RMD-FRN: $listed" "$called" 503 'RMD no-data'
answers "X-RMD-FRN: $listed" sip:911@example.net 404 -
end "$switch"

test_case "responder: tgrp of the request's own URI, where it is told so"
sample inside "$state" continue no-verdict 'responder = true,'
sed 's|^local TRUNK_IN_REQUEST_URI = false|local TRUNK_IN_REQUEST_URI = true|' "$scratch/inside/responder.lua" >"$scratch/changed"
cp "$scratch/changed" "$scratch/inside/responder.lua"
start inside responder.cfg
answers '' 'sip:+12025550100;tgrp=TG-11@example.net' 404 -
answers '' 'sip:+12025550100;tgrp=TG-12@example.net' 403 "$refused"
answers 'Contact: <sip:+12125550100;tgrp=TG-12@127.0.0.31>' 'sip:+12025550100;tgrp=TG-11@example.net' 403 "$refused"
end "$switch"


# The trial of the README: its lines but for those that install, on other ports, and with a wait where a person would need
# some seconds to type on.
test_case "the README's trial, line by line"
port=$(free_port)
trial_far=$(free_port)
cp -r "$srcdir/contrib" "$scratch/contrib"
chmod -R u+w "$scratch/contrib"
sed -n '/^== A trial/,/^== For calls/s/^    //p' "$srcdir/contrib/kamailio/README" |
  grep -vE '^(apt-get |service |contrib/quickstart|\(cd build|make )' >"$scratch/typed"
expect_match "$scratch/typed" '^kamailio -f'
sed -e "s|^rmdsync|'$RMDSYNC' -q|" -e "s|127\.0\.0\.1:5060|127.0.0.1:$port|" -e "s|-p 5080|-p $trial_far|" \
  -e "s|^kamailio .*|sed -i 's/127.0.0.1:5060/127.0.0.1:$port/; s/127.0.0.1:5080/127.0.0.1:$trial_far/' trial/native.cfg\n&|" \
  -e "s|^sipp .*far-end.xml.*|&\nawait 911 127.0.0.11|" "$scratch/typed" >"$scratch/typed.sh"
cat >"$scratch/trial.sh" <<END_OF_SHELL
cd "$scratch"
# Whatever line fails, nothing is left; those that have ended are not asked again.
trap 'kill \$(jobs -p) 2>trial/kill' EXIT
await() {
  left=200
  until "$call" ask "\$2" 127.0.0.1 $port "\$1" 1 1 >trial/up 2>&1 && grep -q '^200 1 ' trial/up; do
    left=\$((left - 1))
    [ "\$left" -gt 0 ] || break
    sleep 0.05 # what is awaited cannot tell when it comes
  done
}
END_OF_SHELL
cat "$scratch/typed.sh" >>"$scratch/trial.sh"
run 0 sh "$scratch/trial.sh"
sed -n '/^The answers:/,/^The end/s/^  //p' "$srcdir/contrib/kamailio/README" >"$scratch/promised"
head -n 4 "$out" | tr -d '\r' >"$scratch/answered"
expect_same "$scratch/promised" "$scratch/answered"
[ "$test_bad" -eq 0 ] || cat "$out" "$err" "$scratch/trial/log"
expect_line "$out" "RMD -2 (delisted, 47 CFR 64.6305(g)(1)): call from 127.0.0.12 is answered with 403"

# The native module, in the place of Lua's gate, as its README says.
module=$srcdir/contrib/kamailio/module
test_case "the native module is built against the sources of this Kamailio"
if [ -z "${KAMAILIO_SOURCE:-}" ]; then
  leave_out "KAMAILIO_SOURCE names no sources of Kamailio"
  finish
fi
cp -r "$KAMAILIO_SOURCE" "$scratch/source"
printf '%s\n' "Name: librmd" "Description: of this build" "Version: 0" "Cflags: -I$srcdir/src" \
  "Libs: -L$build/.libs -lrmd" >"$scratch/librmd.pc"
# A make of its own: of the one that runs the tests it would inherit a job server that is not there for it.
run 0 env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL PKG_CONFIG_PATH="$scratch" sh "$module/build.sh" "$scratch/source"
expect_no_line "$err" warning
[ "$test_bad" -eq 0 ] || finish
cp "$scratch/source/src/modules/rmd/rmd.so" "$scratch/lib/rmd_native.so"
readelf -d "$scratch/lib/rmd_native.so" >"$scratch/dynamic"
expect_match "$scratch/dynamic" NODELETE

# with_module NAME STATE
with_module() {
  sample "$1" "$2" continue continue
  {
    sed -e '/^# Comes back where/,$d' -e '/app_lua/d' "$scratch/$1/native.cfg"
    sed -n 's/^    //p' "$module/README" | sed -n '/^loadmodule/,$p' |
      sed -e "s|\"rmd.so\"|\"$scratch/lib/rmd_native.so\"|" -e "s|^modparam|modparam(\"rmd\", \"directory\", \"$2\")\n&|"
  } >"$scratch/$1/module.cfg"
  start "$1" module.cfg
}

test_case "native module: as the Lua gate, and as its README says"
with_module module "$state"
passes 127.0.0.11 +12025550100
is_refused 127.0.0.12 +12025550100 not-listed
passes 127.0.0.14 +12025550100
passes 127.0.0.19 +12025550100
expect_line "$scratch/module/log" "RMD may-block (notice-matured)"
expect_line "$scratch/module/log" "RMD -5 (no-such-peer)"
emergencies 127.0.0.12
sip_call 127.0.0.12 "$port" sip:+12025550100@example.net 480 - INVITE 'P-Asserted-Identity: <sip:+12025550111@example.net>'
thousands 127.0.0.11 2000 480
thousands 127.0.0.12 2000 403
end "$switch"

test_case "native module: stale, and no snapshot"
with_module module "$scratch/old"
passes 127.0.0.12 +12025550100
expect_line "$scratch/module/log" "RMD -6 (stale)"
end "$switch"
with_module module "$scratch/nowhere"
passes 127.0.0.12 +12025550100
expect_line "$scratch/module/log" "RMD -7 (no-data)"
end "$switch"

finish
