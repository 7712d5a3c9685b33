#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The Lua module, built from its one source for each Lua that is installed: the verdicts are rmdcheck's, nothing that a
# call brings raises an error, and a state a call, threads and forks share one map. A script's part is lua_test.lua.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

build=$(pwd)
[ -f "$build/.libs/librmd.so" ] || skip "no shared library was built"
for tool in pkg-config readelf; do
  command -v "$tool" >"$scratch/which" || skip "no $tool"
done
LD_LIBRARY_PATH=$build/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH
unset LUA_INIT LUA_INIT_5_2 LUA_INIT_5_3 LUA_INIT_5_4 LUA_CPATH_5_2 LUA_CPATH_5_3 LUA_CPATH_5_4
CC=${CC:-cc}
CFLAGS=${CFLAGS:-}
script=$srcdir/tests/flow/lua_test.lua
listed=0099000003
missing=0099000999
first=2025-10-01T12:00:00-04:00
second=2025-10-08T12:00:00-04:00

# Two generations: in the second one provider is missing. peers.conf and the like are the operator's.
conf=$scratch/conf
state=$scratch/state
mkdir "$conf"
printf '%s\n' "[guard]" "minimum-rows = 1" "[policy]" "max-age = 30d" >"$conf/rmd.conf"
printf '%s\n' 416 >"$conf/foreign-area-codes.conf"
printf '%s\n' +12025550111 >"$conf/public-safety.conf"
printf '%s\n' "[peer one]" "frn = $listed" "address = 192.0.2.0/24" "address = 2001:db8::/32" "trunk = TG-1" \
  "[peer two]" "rmd = RMD9000009" "role = gateway" "ocn = 123A" >"$conf/peers.conf"
mkdir "$conf/notices.d"
printf '%s\n' '<notice id="Letter 1" kind="notice" issued="2025-09-01">' \
  '<provider><name>One</name><frn>0099000001</frn></provider></notice>' >"$conf/notices.d/letter.xml"
sample=$srcdir/contrib/sample/rmd-sample.csv
sed "s/,$listed,/,0099000993,/" "$sample" >"$scratch/later.csv"
sync() {
  "$RMDSYNC" -q -c "$conf/rmd.conf" "$@" 2>"$scratch/sync"
}
sync -d "$state" --source "$sample" --as-of "$first"
sync -d "$scratch/reload" --source "$sample" --as-of "$first"
sync -d "$scratch/past" --source "$sample" --as-of "$first"
sync -d "$scratch/past" --source "$scratch/later.csv" --as-of "$second"

# Some hundreds of questions, each kind of key with each role, number and instant, and rmdcheck's answers.
grep -oE '^RMD[0-9]{7},[0-9]{10}' "$sample" | tr ',' '\n' >"$scratch/keys"
printf '%s\n' "$missing" RMD9999999 0099-0000-03 192.0.2.7 192.0.3.7 2001:db8::5 ip:x trunk:TG-1 trunk:TG-2 \
  ocn:123a peer:one PEER:TWO frn:1 rmd:9 '"Delta Valley Networks LLC"' 'name:"Delta Valley  Networks, LLC"' '"No Such Name"' >>"$scratch/keys"
awk '
  BEGIN {
    split("- vsp gateway intermediate foreign", role)
    split("- +12025550100 4165550100 sip:+14165550100@192.0.2.1 anonymous +12025550111", from)
    split("- +12125550100 - tel:+13105550100 - - 911 -", to)
    split("2025-10-01T12:00:00-04:00 2025-10-03T12:00:00-04:00 2025-10-09T12:00:00-04:00 2025-12-01T12:00:00-05:00 " \
      "2025-09-01T12:00:00-04:00 2025-10-08T12:00:00-04:00 2025-10-20T00:00:00Z", at)
  }
  function put(name, value) { return value == "-" ? "" : " " name "=" value }
  {
    print $0 put("role", role[NR % 5 + 1]) put("from", from[NR % 6 + 1]) put("to", to[NR % 8 + 1]) \
      put("at", at[NR % 7 + 1])
  }
' "$scratch/keys" >"$scratch/questions"
test_case "the questions are answered by rmdcheck"
run 1 "$RMDCHECK" -d "$scratch/past" -j -b <"$scratch/questions"
expect_empty "$err"
cp "$out" "$scratch/answers"
[ "$(wc -l <"$scratch/answers")" -gt 500 ] || complain "only $(wc -l <"$scratch/answers") answers"

printf '%s\n' "one,$listed,-,-,peer,one" "one,$listed,-,-,ip,192.0.2.0/24" "one,$listed,-,-,ip,2001:db8::/32" \
  "one,$listed,-,-,trunk,TG-1" "two,-,RMD9000009,gateway,peer,two" "two,-,RMD9000009,gateway,ocn,123A" >"$scratch/peers"

# A README that shows a script has shown one that runs.
sed -n 's/^    //p' "$srcdir/contrib/lua/README" | grep -v '^gcc ' >"$scratch/readme.lua"
cat >>"$scratch/readme.lua" <<'END_OF_LUA'
local function told(provider, to, code, text)
  local got, why = gate(provider, nil, to)
  assert(got == code and why == text, tostring(got) .. " " .. tostring(why))
end
told("0099000003", "+12025550100", 200, "there is no snapshot of the database")
told("0099000003", "911", 200, "accept")
END_OF_LUA

# host MODE COUNT ARGUMENT...: lua_test.lua in a host of this Lua.
host() {
  mode=$1
  count=$2
  shift 2
  run 0 "$scratch/$lua/host" "$mode" "$count" "$script" "$@"
}

# The module and the host of $lua, in a directory of their own.
compile() {
  mkdir "$scratch/$lua"
  flags=$(pkg-config --cflags "$lua")
  # shellcheck disable=SC2086 # compilers and flags are several words
  run 0 $CC -std=gnu11 -D_GNU_SOURCE $CFLAGS -Wall -Wextra -Werror -fPIC -shared -Wl,-z,nodelete $flags \
    -I"$srcdir/src" -o "$scratch/$lua/rmd.so" "$srcdir/contrib/lua/rmd.c" -L"$build/.libs" -lrmd
  libraries=$(pkg-config --libs "$lua")
  # shellcheck disable=SC2086
  run 0 $CC -std=gnu11 -D_GNU_SOURCE $CFLAGS -Wall -Wextra -Werror $flags -o "$scratch/$lua/host" \
    "$srcdir/tests/flow/lua_host.c" $libraries -pthread
}

# How it is linked.
linked() {
  readelf -d "$1" >"$scratch/dynamic"
  expect_match "$scratch/dynamic" NODELETE
  expect_match "$scratch/dynamic" 'NEEDED.*librmd\.so\.0'
  expect_no_line "$scratch/dynamic" liblua
}

try() {
  lua=$1
  if ! pkg-config --exists "$lua"; then
    test_case "$lua"
    leave_out "$lua is not installed"
    return 0
  fi
  LUA_CPATH="$scratch/$lua/?.so"
  export LUA_CPATH
  test_case "$lua: the module and its host are built without a warning"
  compile
  linked "$scratch/$lua/rmd.so"

  test_case "$lua: some hundreds of answers are rmdcheck's"
  host states 1 answers "$scratch/past" "$scratch/questions" "$scratch/answers"
  sed 's/^/# /' "$out"

  test_case "$lua: every argument, and every bad one"
  host states 1 arguments "$state" "$listed" "$first"

  test_case "$lua: without data unknown, and 911 accepted"
  host states 1 nothing "$scratch/none"

  test_case "$lua: nothing is opened before the first question, and then once"
  host states 1 lazily "$state"

  test_case "$lua: the peers"
  host states 1 peers "$state" "$scratch/peers"

  test_case "$lua: a new snapshot is taken up"
  rm -rf "$scratch/new"
  cp -r "$scratch/reload" "$scratch/new"
  host states 1 reload "$scratch/new" "$listed" \
    "'$RMDSYNC' -q -c '$conf/rmd.conf' -d '$scratch/new' --source '$scratch/later.csv' --as-of $second"

  test_case "$lua: 5000 states, one map"
  host states 5000 ask 1 "$first" "$state" "$listed" accept "$state" "$missing" refuse
  sed 's/^/# /' "$out"

  test_case "$lua: threads that all ask first share one map"
  host threads 8 ask 300 "$first" "$state" "$listed" accept "$scratch/reload" "$missing" refuse \
    "$scratch/none" "$listed" unknown

  test_case "$lua: children of a process that has asked, and of one that has not"
  host forks 4 fork asked "$first" "$state" "$listed" accept
  host forks 4 fork unasked "$first" "$state" "$listed" accept

  test_case "$lua: the script that the README shows"
  sed "s|rmd.open()|rmd.open '$scratch/none'|" "$scratch/readme.lua" >"$scratch/readme-none.lua"
  run 0 "$scratch/$lua/host" states 1 "$scratch/readme-none.lua"

  test_case "$lua: in the interpreter itself"
  case $CFLAGS in
  *-fsanitize*) leave_out "it is built without the sanitizer" ;;
  *)
    if command -v "$lua" >"$scratch/which"; then
      run 0 "$lua" "$script" answers "$scratch/past" "$scratch/questions" "$scratch/answers"
    else
      leave_out "no $lua command"
    fi ;;
  esac
}

test_case "the module of this build"
if [ -f "$build/contrib/lua/.libs/rmd.so" ]; then
  linked "$build/contrib/lua/.libs/rmd.so"
else
  leave_out "it was built without Lua"
fi
for version in ${LUAS:-lua5.1 lua5.2 lua5.3 lua5.4 luajit}; do
  try "$version"
done

finish
