#!/bin/sh
# SPDX-License-Identifier: ISC
#
# From a fresh Debian machine to a first verdict, and to every test passed. What is to be built, tested and installed is
# the Makefile's matter; here stands only the order of things, and which Debian packages they need.
#
#   contrib/quickstart.sh           packages, build, sync of the bundled sample, a few checks; then, where there is
#                                   a network, sync of the FCC's own list
#   contrib/quickstart.sh check     packages, build, all tests; the last line counts them
set -eu

unset CDPATH
cd "$(dirname "$0")/.."

build_packages="gcc libc6-dev make autoconf automake libtool pkg-config ca-certificates libcurl4-openssl-dev libxml2-dev
libjansson-dev libssl-dev libmd-dev libutf8proc-dev libinih-dev liblmdb-dev libcsv-dev libseccomp-dev"
test_packages="libcmocka-dev mandoc cppcheck clang clang-tidy clang-format libclang-rt-dev shellcheck openssl python3
sqlite3 mmdb-bin libmaxminddb-dev libcdb-dev libsqlite3-dev g++ valgrind binutils util-linux git xz-utils lua5.1 lua5.2
lua5.3 lua5.4 luajit liblua5.1-0-dev liblua5.2-dev liblua5.3-dev liblua5.4-dev libluajit-5.1-dev
rsync strace systemd curl locales debhelper lintian debootstrap knot knot-dnsutils knot-dnssecutils nsd rbldnsd redis-server redis-tools
prometheus dpkg-dev kamailio kamailio-lua-modules sip-tester
chromium libxml2-utils poppler-utils zsh"

say() {
  printf '\n== %s\n' "$*"
}

fail() {
  printf '%s\n' "quickstart: $*" >&2
  exit 1
}

# logged NAME COMMAND...: its output goes to a file and is shown only when it fails.
logged() {
  log=build/quickstart/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null || {
    tail -n 40 "$log" >&2
    fail "\"$*\" failed; all of its output is in $log"
  }
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# packages NAME...: installs those that are missing.
packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "Packages: this is no Debian; what is needed is called there: $*"
    return 0
  fi
  missing=
  for package in "$@"; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || :) in
    installed*) ;;
    *) missing="$missing $package" ;;
    esac
  done
  if [ -z "$missing" ]; then
    say "Packages: nothing is missing"
    return 0
  fi
  say "Packages: installing$missing"
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    fail "not root, and no sudo; as root: apt-get install --no-install-recommends$missing"
  fi
  # Lists that are a little old, or one broken source among several, need not be in the way.
  as_root apt-get -q update </dev/null || echo "quickstart: apt-get update failed; trying with the lists there are" >&2
  # A telephone switch that is here to be tested must not begin to serve, now or at the next start of the machine.
  unwanted=
  case " $missing " in
  *" kamailio "*) [ ! -d /run/systemd/system ] || unwanted=kamailio ;;
  esac
  [ -z "$unwanted" ] || as_root systemctl -q mask --runtime "$unwanted"
  # shellcheck disable=SC2086 # a list of names
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $missing </dev/null ||
    fail "apt-get could not install$missing"
  [ -z "$unwanted" ] || as_root systemctl -q disable "$unwanted"
  [ -z "$unwanted" ] || as_root systemctl -q unmask --runtime "$unwanted"
}

# Configures each time: a library may have come since the last one.
build() {
  say "Build in ./build"
  mkdir -p build/quickstart
  # What is built here is nobody's source.
  echo '*' >build/.gitignore
  if [ ! -x configure ] || [ ! -f Makefile.in ]; then
    logged autoreconf autoreconf -fi
  fi
  logged configure sh -c 'cd build && ../configure -q --sysconfdir=/etc --localstatedir=/var'
  logged make make -C build -j "$jobs"
  echo "build/rmdsync, build/rmdcheck and build/.libs/librmd.so are there"
}

# ask CODE ARGUMENT...: shows a check and its answer; another exit code than this would be a wrong verdict.
ask() {
  code=0
  expected=$1
  shift
  printf '%s\n' "+ build/rmdcheck -d build/quickstart/state $*"
  build/rmdcheck -d build/quickstart/state "$@" || code=$?
  [ "$code" -eq "$expected" ] || fail "rmdcheck ended with $code, not with $expected"
}

sample() {
  say "Sync: a sample of 260 made-up filings, two of them wrong on purpose"
  # Begun anew each time, so that it always shows the same.
  rm -rf build/quickstart/state
  printf '%s\n' "# A sample is smaller than any real list." "[guard]" "minimum-rows = 1" >build/quickstart/rmd.conf
  cp contrib/conf/foreign-area-codes.conf build/quickstart
  echo '+ build/rmdsync -c build/quickstart/rmd.conf -d build/quickstart/state --source contrib/sample/rmd-sample.csv'
  build/rmdsync -c build/quickstart/rmd.conf -d build/quickstart/state --source contrib/sample/rmd-sample.csv ||
    fail "rmdsync ended with $?"
  say "Check: certified; in another role; never certified; not there; only named by another; a call to 911"
  ask 0 0099000003
  ask 1 --role gateway 0099000003
  ask 1 0099000902
  ask 1 0099000999
  ask 3 0099000910
  ask 0 --to 911 0099000999
}

# The FCC's own list, where it can be reached: a machine without the network has seen all that it needs above.
fcc() {
  code=0
  say "Sync: the FCC's own list"
  cp contrib/conf/foreign-area-codes.conf build/quickstart
  printf '%s\n' "# Whoever waits for it sees at once whether there is a network." "[limits]" "connect-timeout = 10s" \
    "retry-for = 0s" >build/quickstart/fcc.conf
  echo '+ build/rmdsync -c build/quickstart/fcc.conf -d build/quickstart/fcc'
  build/rmdsync -c build/quickstart/fcc.conf -d build/quickstart/fcc </dev/null || code=$?
  case $code in
  0)
    echo '+ build/rmdcheck -d build/quickstart/fcc --status'
    build/rmdcheck -d build/quickstart/fcc --status || fail "rmdcheck ended with $?" ;;
  69 | 75) echo "The FCC's address cannot be reached from here; behind a proxy, set https_proxy." ;;
  *) fail "rmdsync ended with $code; the line above says why, rmdsync(8) what to do" ;;
  esac
}

next() {
  say "Next"
  cat <<'END'
All tests:                          contrib/quickstart.sh check
Install:                            sudo make -C build install && sudo ldconfig
Then:                               sudo rmdsync && rmdcheck 0021441233
Each night, in /etc/cron.d/rmd:     17 4 * * * root /usr/local/sbin/rmdsync -q
END
}

# count CODE: adds up the cases in the logs of `make check`, which ended with CODE. What does not count its cases is one
# case; what failed beside them (a test that crashed or leaked, or could not be built) is one more that failed.
count() {
  find build/tests -name '*.trs' | sort | while read -r result; do
    log=${result%.trs}.log
    [ -f "$log" ] || log=/dev/null
    echo ":test-result: none"
    cat "$log"
    echo
    sed -n 's/^:test-result: /:end: /p' "$result"
  done | awk -v code="$1" '
  # The first number of the text. (A pattern handed to a function of awk is only whether the line matches it.)
  function number(text) { sub(/^[^0-9]*/, "", text); return text + 0 }
  /^:test-result: none$/ { p = f = s = counted = 0 }
  /^\[  PASSED  \] [0-9]+ test\(s\)/ { p += number($0); counted = 1 }
  /^\[  FAILED  \] [0-9]+ test\(s\)/ { f += number($0); counted = 1 }
  /^\[  SKIPPED \] [0-9]+ test\(s\)/ { s += number($0); counted = 1 }
  /^# [0-9]+ of [0-9]+ passed$/ { p += $2; f += $4 - $2; counted = 1 }
  /^# skipped: / { s++ }
  /^table_test: [0-9]+ cases, [0-9]+ failures$/ { p += $2 - $4; f += $4; counted = 1 }
  /^:end: / {
    if ($2 == "SKIP" && s == 0) s = 1
    if ($2 == "PASS" && !counted) p = 1
    if ($2 != "PASS" && $2 != "SKIP" && f == 0) f = 1
    passed += p; failed += f; skipped += s
  }
  END {
    if (code != 0 && failed == 0) failed = 1
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  }'
}

check() {
  say "Tests"
  code=0
  # What an earlier run left must not be counted.
  if [ -d build/tests ]; then
    find build/tests -name '*.trs' -exec rm -f {} + -o -name '*.log' -exec rm -f {} +
  fi
  make -C build -k -j "$jobs" check VERBOSE=1 </dev/null || code=$?
  say "Result"
  find build/tests -name '*.log' -exec grep -h '^\(# \)\{0,1\}skipped: ' {} + || :
  count "$code" | tee build/quickstart/result
  grep -q '^[1-9][0-9]* passed, 0 failed, ' build/quickstart/result
}

[ $# -le 1 ] || fail "one word at most: check"
jobs=$(getconf _NPROCESSORS_ONLN)
case ${1:-} in
"")
  # shellcheck disable=SC2086 # lists of names
  packages $build_packages
  build
  sample
  fcc
  next ;;
check)
  # shellcheck disable=SC2086
  packages $build_packages $test_packages
  build
  check ;;
*) fail "\"$1\" is not: check" ;;
esac
