#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The gate that all switches share, and its samples for those that cannot be installed here, in a host that imitates
# them: a fresh Lua state for each call, and threads. A script's part is gate_test.lua and switch_test.lua.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

build=$(pwd)
[ -f "$build/.libs/librmd.so" ] || skip "no shared library was built"
command -v pkg-config >"$scratch/which" || skip "no pkg-config"
unset LUA_INIT LUA_INIT_5_2 LUA_INIT_5_3 LUA_INIT_5_4 LUA_CPATH_5_2 LUA_CPATH_5_3 LUA_CPATH_5_4 LUA_PATH_5_2 LUA_PATH_5_3 \
  LUA_PATH_5_4
LD_LIBRARY_PATH=$build/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
LUA_PATH="$srcdir/contrib/lua/?.lua"
export LD_LIBRARY_PATH LUA_PATH
CC=${CC:-cc}
CFLAGS=${CFLAGS:-}

conf=$scratch/conf
mkdir "$conf"
printf '%s\n' "[guard]" "minimum-rows = 1" >"$conf/rmd.conf"
printf '%s\n' 416 >"$conf/foreign-area-codes.conf"
printf '%s\n' +12025550111 >"$conf/public-safety.conf"
printf '%s\n' "[peer listed]" "frn = 0099000003" "address = 192.0.2.7" "[peer never]" "frn = 0099000999" \
  "address = 192.0.2.8" >"$conf/peers.conf"
"$RMDSYNC" -q -c "$conf/rmd.conf" -d "$scratch/state" --source "$srcdir/contrib/sample/rmd-sample.csv" 2>"$scratch/sync"

# sample FILE UNKNOWN DIRECTORY: as an operator decides it, in $scratch/sample.lua.
sample() {
  sed -e "s|may_block = DECIDE,|directory = \"$3\", may_block = \"continue\",|" -e "s|unknown = DECIDE,|unknown = \"$2\",|" \
    "$srcdir/contrib/$1" >"$scratch/sample.lua"
}

# calls KIND ARGUMENT...: a hundred states, one after another, and eight threads at once.
calls() {
  run 0 "$scratch/$lua/host" states 100 "$srcdir/tests/flow/switch_test.lua" "$1" "$scratch/sample.lua" "$2" "$3" "$4" "$5" \
    "$6" "$7"
  run 0 "$scratch/$lua/host" threads 8 "$srcdir/tests/flow/switch_test.lua" "$1" "$scratch/sample.lua" "$2" "$3" "$4" "$5" \
    "$6" "$7"
}

try() {
  lua=$1
  test_case "$lua: the gate weighs every answer by every setting"
  if ! pkg-config --exists "$lua"; then
    leave_out "$lua is not installed"
    return 0
  fi
  mkdir "$scratch/$lua"
  LUA_CPATH="$scratch/$lua/?.so"
  export LUA_CPATH
  # shellcheck disable=SC2046,SC2086 # compilers and flags are several words
  run 0 $CC -std=gnu11 -D_GNU_SOURCE $CFLAGS -fPIC -shared -Wl,-z,nodelete $(pkg-config --cflags "$lua") -I"$srcdir/src" \
    -o "$scratch/$lua/rmd.so" "$srcdir/contrib/lua/rmd.c" -L"$build/.libs" -lrmd
  # shellcheck disable=SC2046,SC2086
  run 0 $CC -std=gnu11 -D_GNU_SOURCE $CFLAGS $(pkg-config --cflags "$lua") -o "$scratch/$lua/host" \
    "$srcdir/tests/flow/lua_host.c" $(pkg-config --libs "$lua") -pthread
  run 0 "$scratch/$lua/host" states 1 "$srcdir/tests/flow/gate_test.lua"

  for file in freeswitch/rmd.lua asterisk/extensions.lua opensips/rmd.lua; do
    kind=${file%%/*}
    test_case "$lua: $kind: undecided it does not run"
    run 0 "$scratch/$lua/host" states 1 "$srcdir/tests/flow/switch_test.lua" unset "$srcdir/contrib/$file"
    test_case "$lua: $kind: listed, refused, unknown, 911, public safety; a state a call, and threads"
    sample "$file" continue "$scratch/state"
    calls "$kind" 192.0.2.7 +12025550100 +12125550100 1 listed 0
    calls "$kind" 192.0.2.8 +12025550100 +12125550100 -2 not-listed 403
    calls "$kind" 192.0.2.9 +12025550100 +12125550100 -5 no-such-peer 0
    calls "$kind" 192.0.2.8 911 +12125550100 1 emergency-call 0
    calls "$kind" 192.0.2.8 +12025550100 +12025550111 1 public-safety-caller 0
    sample "$file" reject "$scratch/state"
    calls "$kind" 192.0.2.9 +12025550100 +12125550100 -5 no-such-peer 403
    calls "$kind" 192.0.2.9 911 +12125550100 1 emergency-call 0
  done
  test_case "$lua: without a snapshot"
  for file in freeswitch/rmd.lua asterisk/extensions.lua opensips/rmd.lua; do
    sample "$file" reject "$scratch/nowhere"
    run 0 "$scratch/$lua/host" states 1 "$srcdir/tests/flow/switch_test.lua" "${file%%/*}" "$scratch/sample.lua" 192.0.2.7 \
      +12025550100 +12125550100 -7 no-data 403
    run 0 "$scratch/$lua/host" states 1 "$srcdir/tests/flow/switch_test.lua" "${file%%/*}" "$scratch/sample.lua" 192.0.2.7 \
      911 +12125550100 1 emergency-call 0
  done
}

for version in ${LUAS:-lua5.1 lua5.2 lua5.3 lua5.4 luajit}; do
  try "$version"
done

finish
