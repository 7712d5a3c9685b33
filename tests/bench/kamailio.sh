#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Calls a second of a Kamailio that answers them all alike, and with a gate before that, side by side: all switches stand
# ready, rounds go by turns, each is held against the round of no gate before it, and the medians are told; only the
# ratio counts. Where the machine has other work, the workers' own time for a call is the better measure. In the build
# directory:
#
#   srcdir=.. sh ../tests/bench/kamailio.sh        KAMAILIO_SOURCE=... brings the native module in
#
# Kamailio's usual qm_malloc walks a list which is by chance long in one configuration and short in another, and costs
# more than any gate; all have TLSF. DNS needs root (port 53, and a resolv.conf of its own) and nsd, Redis needs redis-server and Kamailio's ndb_redis.
set -eu

srcdir=${srcdir:-.}
case $srcdir in /*) ;; *) srcdir=$(pwd)/$srcdir ;; esac
build=$(pwd)
rounds=${ROUNDS:-15}
calls=${CALLS:-4000}
outstanding=${OUTSTANDING:-64}
PATH=$PATH:/usr/sbin:/sbin
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rmd-bench.XXXXXX")
children=
clean_up() {
  for child in $children; do
    kill "$child" 2>"$scratch/kill" || :
    wait "$child" || :
  done
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
for tool in kamailio pkg-config; do
  command -v "$tool" >"$scratch/which" || {
    echo "skipped: no $tool"
    exit 0
  }
done
app_lua=$(find /usr/lib*/*/kamailio/modules /usr/lib*/kamailio/modules -name app_lua.so 2>"$scratch/find" | head -n 1)
[ -n "$app_lua" ] || {
  echo "skipped: Kamailio has no app_lua"
  exit 0
}
modules=${app_lua%/*}
lua=$(ldd "$app_lua" | sed -n 's/.*lib\(lua5\.[0-9]\)[^0-9].*/\1/p' | head -n 1)
LD_LIBRARY_PATH=$build/.libs
LUA_PATH="$srcdir/contrib/lua/?.lua"
LUA_CPATH="$scratch/?.so"
export LD_LIBRARY_PATH LUA_PATH LUA_CPATH
call=$scratch/call
${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O2 -o "$call" "$srcdir/tests/flow/call.c"
# shellcheck disable=SC2046 # flags are several words
${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O2 -fPIC -shared -Wl,-z,nodelete $(pkg-config --cflags "$lua") -I"$srcdir/src" \
  -o "$scratch/rmd.so" "$srcdir/contrib/lua/rmd.c" -L"$build/.libs" -lrmd

# Ten thousand providers would be the FCC's list; the sample is enough, as what is looked up is one hash.
mkdir "$scratch/conf"
printf '%s\n' "[guard]" "minimum-rows = 1" >"$scratch/conf/rmd.conf"
printf '%s\n' 416 >"$scratch/conf/foreign-area-codes.conf"
printf '%s\n' "[peer listed]" "frn = 0099000003" "address = 127.0.0.11" >"$scratch/conf/peers.conf"
"${RMDSYNC:-./rmdsync}" -q -c "$scratch/conf/rmd.conf" -d "$scratch/state" --source "$srcdir/contrib/sample/rmd-sample.csv" 2>"$scratch/err"
printf '%s\n' "1 127.0.0.11 32 0 frn:0099000003" >"$scratch/address.list"
sed -e "s|may_block = DECIDE,|directory = \"$scratch/state\", may_block = \"continue\",|" \
  -e "s|unknown = DECIDE,|unknown = \"reject\",|" "$srcdir/contrib/kamailio/gate.lua" >"$scratch/gate.lua"
cat >"$scratch/kemi.lua" <<END_OF_LUA
dofile "$scratch/gate.lua"
function ksr_request_route()
  if KSR.pv.get("\$rm") == "ACK" then return 1 end
  rmd_gate()
  if KSR.pv.get("\$var(rmd)") == 1 then
    KSR.sl.sl_send_reply(404, "Routed")
  else
    KSR.sl.sl_send_reply(403, "Forbidden")
  end
  return 1
end
END_OF_LUA

names=
# variant NAME [COMMAND...]: a switch of which $scratch/body is the configuration, but for its head.
variant() {
  name=$1
  shift
  mkdir "$scratch/$name"
  port=$("$call" port | sed -n 's/^ready //p')
  {
    printf '%s\n' "listen=udp:127.0.0.1:$port" "children=2" "disable_tcp=yes" "log_stderror=yes" "debug=0" \
      'loadmodule "pv.so"' 'loadmodule "sl.so"' 'loadmodule "textops.so"' 'loadmodule "siputils.so"'
    cat "$scratch/body"
  } >"$scratch/$name/kamailio.cfg"
  "$@" kamailio -f "$scratch/$name/kamailio.cfg" -DD -E -Y "$scratch/$name" -x tlsf -X tlsf -m 64 -M 8 >"$scratch/$name/log" 2>&1 &
  children="$children $!"
  left=100
  until "$call" ask 127.0.0.11 127.0.0.1 "$port" +12025550100 200 8 >"$scratch/$name/first" 2>"$scratch/err"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || {
      cat "$scratch/$name/log"
      exit 1
    }
    sleep 0.05 # a switch cannot tell when it is ready
  done
  grep -q '^404 200 ' "$scratch/$name/first" || {
    echo "$name: it does not let the call go on"
    cat "$scratch/$name/first" "$scratch/$name/log"
    exit 1
  }
  echo "$port" >"$scratch/$name/port"
  echo "${children##* }" >"$scratch/$name/main"
  names="$names $name"
}

# routes LINE: what stands in each configuration.
routes() {
  printf '%s\n' 'request_route {' 'if (is_method("ACK")) { exit; }' "$@" 'sl_send_reply("404", "Routed");' 'exit;' '}'
}

refused='{ sl_send_reply("403", "Forbidden"); exit; }'
routes "" >"$scratch/body"
variant none
{
  printf '%s\n' 'loadmodule "permissions.so"' "modparam(\"permissions\", \"address_file\", \"$scratch/address.list\")" \
    "modparam(\"permissions\", \"peer_tag_avp\", \"\$avp(provider)\")"
  routes "if (!allow_source_address(\"1\")) $refused"
} >"$scratch/body"
variant peer
{
  printf '%s\n' 'loadmodule "app_lua.so"' "modparam(\"app_lua\", \"load\", \"$scratch/gate.lua\")"
  routes "\$var(rmd) = -1;" "lua_run(\"rmd_gate\");" "if (\$var(rmd) != 1) $refused"
} >"$scratch/body"
variant lua
printf '%s\n' 'loadmodule "app_lua.so"' "modparam(\"app_lua\", \"load\", \"$scratch/kemi.lua\")" 'cfgengine "lua"' >"$scratch/body"
variant kemi
if [ -n "${KAMAILIO_SOURCE:-}" ]; then
  cp -r "$KAMAILIO_SOURCE" "$scratch/source"
  printf '%s\n' "Name: librmd" "Description: of this build" "Version: 0" "Cflags: -I$srcdir/src" \
    "Libs: -L$build/.libs -lrmd" >"$scratch/librmd.pc"
  PKG_CONFIG_PATH=$scratch sh "$srcdir/contrib/kamailio/module/build.sh" "$scratch/source" >"$scratch/make.log" 2>&1
  {
    printf '%s\n' "loadmodule \"$scratch/source/src/modules/rmd/rmd.so\"" "modparam(\"rmd\", \"directory\", \"$scratch/state\")"
    routes "if (!rmd_check()) $refused"
  } >"$scratch/body"
  variant native
else
  echo "native: skipped, KAMAILIO_SOURCE names no sources"
fi
if [ -f "$modules/ndb_redis.so" ] && command -v redis-server >"$scratch/which"; then
  redis-server --port 0 --unixsocket "$scratch/redis.sock" --save '' --dir "$scratch" >"$scratch/redis.log" 2>&1 &
  children="$children $!"
  left=100
  until redis-cli -s "$scratch/redis.sock" HSET rmd 127.0.0.11 accept >"$scratch/err" 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || exit 1
    sleep 0.05 # nor can it
  done
  {
    printf '%s\n' 'loadmodule "ndb_redis.so"' "modparam(\"ndb_redis\", \"server\", \"name=rmd;unix=$scratch/redis.sock;db=0\")"
    routes 'redis_cmd("rmd", "HGET rmd $si", "answer");' "if (\$redis(answer=>value) != \"accept\") $refused"
  } >"$scratch/body"
  variant redis
else
  echo "redis: skipped, no redis-server or no ndb_redis"
fi
if [ "$(id -u)" -eq 0 ] && command -v nsd >"$scratch/which" && unshare -m true 2>"$scratch/err"; then
  mkdir "$scratch/nsd"
  printf '%s\n' "\$TTL 60" "@ SOA ns hostmaster 1 3600 900 604800 60" "@ NS ns" "ns A 127.0.0.53" \
    "11.0.0.127 A 127.0.0.2" >"$scratch/nsd/zone"
  printf '%s\n' server: "ip-address: 127.0.77.53" "port: 53" "username: \"\"" "zonesdir: \"$scratch/nsd\"" \
    "pidfile: \"$scratch/nsd/pid\"" "xfrdfile: \"$scratch/nsd/xfrd\"" "zonelistfile: \"$scratch/nsd/list\"" \
    "xfrdir: \"$scratch/nsd\"" "rrl-ratelimit: 0" "database: \"\"" "server-count: 1" remote-control: \
    "control-enable: no" zone: "name: rmd.example" "zonefile: zone" >"$scratch/nsd/conf"
  nsd -d -c "$scratch/nsd/conf" >"$scratch/nsd/log" 2>&1 &
  children="$children $!"
  echo "nameserver 127.0.77.53" >"$scratch/resolv.conf"
  {
    printf '%s\n' 'loadmodule "ipops.so"' "dns=no" "use_dns_cache=no"
    routes "\$var(name) = \$(si{s.select,3,.}) + \".\" + \$(si{s.select,2,.}) + \".\" + \$(si{s.select,1,.}) + \".\" + \$(si{s.select,0,.}) + \".rmd.example\";" \
      "if (!dns_query(\"\$var(name)\", \"rmd\") || \$dns(rmd=>addr) != \"127.0.0.2\") $refused"
  } >"$scratch/body"
  variant dns unshare -m sh -c 'mount --bind "$0" /etc/resolv.conf && exec "$@"' "$scratch/resolv.conf"
else
  echo "dns: skipped, not root or no nsd"
fi

# cpu NAME: what its processes have used, in nanoseconds.
cpu() {
  main=$(cat "$scratch/$1/main")
  for process in "$main" $(cat "/proc/$main/task/$main/children"); do
    cat "/proc/$process/schedstat"
  done | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# ask NAME COUNT OUTSTANDING FIELD: one measure of a round, the second word behind FIELD.
ask() {
  "$call" ask 127.0.0.11 127.0.0.1 "$(cat "$scratch/$1/port")" +12025550100 "$2" "$3" >"$scratch/round"
  grep -q "^404 $2 " "$scratch/round" || cat "$scratch/round" >&2
  sed -n "s/^rate.*$4 \([0-9]*\).*/\1/p;s/^$4 \([0-9]*\).*/\1/p" "$scratch/round" | head -n 1
}

i=0
while [ "$i" -lt "$rounds" ]; do
  i=$((i + 1))
  for name in $names; do
    before=$(cpu "$name")
    ask "$name" "$calls" "$outstanding" rate >>"$scratch/$name/rates"
    echo $((($(cpu "$name") - before) / calls)) >>"$scratch/$name/costs"
    ask "$name" $((calls / 10)) 1 p50 >>"$scratch/$name/latencies"
  done
done
median() {
  sort -n "$1" | sed -n "$(((rounds + 1) / 2))p"
}
echo "$rounds rounds of $calls calls, $outstanding at a time, medians; load $(cut -d' ' -f1-3 /proc/loadavg)"
for name in $names; do
  paste "$scratch/$name/rates" "$scratch/none/rates" | awk '{ print $1 / $2 }' >"$scratch/$name/ratios"
  paste "$scratch/none/costs" "$scratch/$name/costs" | awk '{ print $1 / $2 }' >"$scratch/$name/shares"
  awk -v name="$name" -v rate="$(median "$scratch/$name/rates")" -v ratio="$(median "$scratch/$name/ratios")" \
    -v cost="$(median "$scratch/$name/costs")" -v share="$(median "$scratch/$name/shares")" \
    -v one="$(median "$scratch/$name/latencies")" 'BEGIN {
      printf "%-7s %6d calls/s, %.2f x of none; %5.1f us of the workers a call, %.2f x; one at a time %d us\n",
        name, rate, ratio, cost / 1000, share, one }'
done
