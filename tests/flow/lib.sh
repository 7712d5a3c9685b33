# shellcheck shell=sh
# SPDX-License-Identifier: ISC
#
# What flow tests share: a private directory, named tests, expectations, the faulty server. To be read with `.`
# by a POSIX shell. What a command under test should do must not enter: that stands in the test.
#
#   . "$srcdir/tests/flow/lib.sh"
#   test_case "a missing file"
#   run 69 "$RMDSYNC" ...
#   expect_one_line "$err"
#   finish
#
# Any command that fails outside of `run` ends the script as a failure, and so does an end without `finish`.
set -eu

srcdir=${srcdir:-.}
RMDSYNC=${RMDSYNC:-./rmdsync}
RMDCHECK=${RMDCHECK:-./rmdcheck}
RMDEXPORT=${RMDEXPORT:-./rmdexport}
RMDNOTICE=${RMDNOTICE:-./rmdnotice}
case $srcdir in /*) ;; *) srcdir=$(pwd)/$srcdir ;; esac
case $RMDSYNC in /*) ;; *) RMDSYNC=$(pwd)/$RMDSYNC ;; esac
case $RMDCHECK in /*) ;; *) RMDCHECK=$(pwd)/$RMDCHECK ;; esac
case $RMDEXPORT in /*) ;; *) RMDEXPORT=$(pwd)/$RMDEXPORT ;; esac
case $RMDNOTICE in /*) ;; *) RMDNOTICE=$(pwd)/$RMDNOTICE ;; esac

# The operator's own proxies must not come between a test and the loopback.
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY

scratch=$(mktemp -d "${TMPDIR:-/tmp}/rmd-flow.XXXXXX")
out=$scratch/out
err=$scratch/err
server_pid=
children= # what else a test began, by their process ids
https=0
proxy=0
hang=0
noise=0
test_name=
test_bad=0
count_ok=0
count_bad=0
finished=0

clean_up() {
  code=$?
  trap - EXIT
  if [ "$finished" -eq 0 ]; then
    echo "not ok ${test_name:-$0} (the script ended early, with $code)"
    [ ! -s "$err" ] || sed 's/^/# stderr: /' "$err"
    code=1
  fi
  for child in $server_pid $children; do
    kill "$child" 2>"$scratch/kill" || :
    wait "$child" 2>"$scratch/kill" || :
  done
  chmod -R u+rwX "$scratch"
  rm -rf "$scratch"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Ends the test before, if there was one.
conclude() {
  if [ -z "$test_name" ]; then
    return 0
  fi
  if [ "$test_bad" -eq 0 ]; then
    count_ok=$((count_ok + 1))
    printf '%s\n' "ok $test_name"
  else
    count_bad=$((count_bad + 1))
    printf '%s\n' "not ok $test_name"
  fi
  test_name=
  test_bad=0
}

test_case() {
  conclude
  test_name=$1
}

complain() {
  test_bad=1
  printf '%s\n' "# $test_name: $*"
}

# One that cannot be tried here; said aloud, and not counted.
leave_out() {
  printf '%s\n' "# skipped: $test_name: $1"
  test_name=
  test_bad=0
}

skip() {
  echo "# skipped: $1"
  finished=1
  exit 77
}

finish() {
  conclude
  finished=1
  echo "# $count_ok of $((count_ok + count_bad)) passed"
  if [ "$count_bad" -ne 0 ] || [ "$count_ok" -eq 0 ]; then
    exit 1
  fi
  exit 0
}

# The columns that a list must have.
header="number,frn,business_name,implementation,voice_service_provider_choice,gateway_provider_choice"
header="$header,intermediate_provider_choice"

# list FROM TO: made-up filings, their numbers far apart.
list() {
  echo "$header"
  awk -v from="$1" -v to="$2" 'BEGIN {
    for (i = from; i <= to; i++)
      printf "RMD%07d,%010d,Example Carrier %d LLC,Complete STIR/SHAKEN Implementation,Yes,No,Yes\n", i * 7, i * 11, i
  }'
}

# list_edit FROM TO WORD...: a list, as the Python on standard input makes it of `rows`, which are dictionaries; the words
# are sys.argv[3:], and what it prints goes to standard output.
list_edit() {
  python3 -c 'import csv, sys
csv.field_size_limit(1 << 20)
with open(sys.argv[1], newline="", encoding="utf-8-sig") as source:
    reader = csv.DictReader(source)
    rows = list(reader)
exec(sys.stdin.read())
with open(sys.argv[2], "w", newline="", encoding="utf-8") as target:
    writer = csv.DictWriter(target, reader.fieldnames)
    writer.writeheader()
    writer.writerows(rows)' "$@"
}

# run CODE COMMAND...: its output goes to $out and $err. What every run tells of a kernel without Landlock goes to
# $err.told, so that the other tests read the same on all kernels.
run() {
  expected=$1
  shift
  got=0
  "$@" >"$out" 2>"$err" || got=$?
  grep -aF 'this kernel has no Landlock' "$err" >"$err.told" || :
  if [ -s "$err.told" ]; then
    sed -i '/this kernel has no Landlock/d' "$err"
  fi
  if [ "$got" -ne "$expected" ]; then
    complain "exit $got instead of $expected: $*"
    sed 's/^/# stdout: /' "$out"
    sed 's/^/# stderr: /' "$err"
  fi
}

expect_line() {
  grep -aqF -e "$2" "$1" || {
    complain "$(basename "$1") does not say: $2"
    head -c 2000 "$1" | sed 's/^/# it says: /'
  }
}

expect_match() {
  grep -aqE -e "$2" "$1" || {
    complain "$(basename "$1") does not match: $2"
    head -c 2000 "$1" | sed 's/^/# it says: /'
  }
}

expect_no_line() {
  if grep -aqF -e "$2" "$1"; then
    complain "$(basename "$1") must not say: $2"
  elif [ ! -r "$1" ]; then
    complain "$1 cannot be read"
  fi
}

expect_one_line() {
  if [ "$(wc -l <"$1")" -ne 1 ] || [ "$(grep -c . "$1")" -ne 1 ]; then
    complain "$(basename "$1") has not exactly one line"
    sed 's/^/# it says: /' "$1"
  fi
}

expect_empty() {
  if [ -s "$1" ]; then
    complain "$(basename "$1") is not empty"
    sed 's/^/# it says: /' "$1"
  fi
}

expect_same() {
  cmp "$1" "$2" >"$scratch/cmp" 2>&1 || complain "$(cat "$scratch/cmp")"
}

# await COMMAND...: until it succeeds, at most ten seconds.
await() {
  left=500
  until "$@" 2>"$scratch/await"; do
    left=$((left - 1))
    if [ "$left" -eq 0 ]; then
      complain "it never came to: $*"
      return 0
    fi
    sleep 0.02 # what is awaited cannot tell when it comes
  done
}

# fault_build PROGRAM: $program is the program itself, not the script that libtool may have put before it, and $fault what
# is loaded before it; tests/fault/fault.c tells how.
fault_build() {
  program=$1
  libraries=$(dirname "$1")/.libs
  if [ -x "$libraries/$(basename "$1")" ]; then
    program=$libraries/$(basename "$1")
    LD_LIBRARY_PATH=$libraries
    export LD_LIBRARY_PATH
  fi
  case $("$program" --version; ldd "$program" 2>&1) in
  *asan* | *tsan* | *ubsan*) skip "a sanitizer must come before libc, and so must the faults" ;;
  esac
  fault=$scratch/fault.so
  ${CC:-cc} -D_GNU_SOURCE -O1 -shared -fPIC -o "$fault" "$srcdir/tests/fault/fault.c" -ldl 2>"$scratch/cc" ||
    skip "no shared object can be built: $(head -n 1 "$scratch/cc")"
}

# under_fault KIND AT MODE CODES COMMAND...: ends with 0, one of the CODES or, killed, 137: into $code; not with an error but
# without a word. $fault_call says where it was, for complaints.
under_fault() {
  fault_call="$1 call $2, $3"
  fault_setting="FAULT_KIND=$1 FAULT_AT=$2 FAULT_MODE=$3"
  fault_codes=" 0 $4 "
  [ "$3" != kill ] || fault_codes="${fault_codes}137 "
  shift 4
  code=0
  # shellcheck disable=SC2086 # several settings
  env $fault_setting FAULT_COUNT="$scratch/calls" LD_PRELOAD="$fault" "$@" >"$out" 2>"$err" || code=$?
  case $fault_codes in
  *" $code "*) ;;
  *) complain "$fault_call: exit $code: $(tail -n 1 "$err")" ;;
  esac
  [ "$code" -eq 0 ] || [ "$code" -eq 137 ] || [ -s "$err" ] || complain "$fault_call: exit $code without a word"
}

# each_call KIND MODE STEP TRY [ARG...]: counts the calls of that kind, into $total, and tries each STEPth of them:
# TRY KIND AT MODE [ARG...], which is to run something under_fault.
each_call() {
  each_kind=$1 each_mode=$2 each_step=$3 each_try=$4 each_at=1
  shift 4
  rm -f "$scratch/calls"
  "$each_try" "$each_kind" 0 once "$@"
  total=$(sort -n "$scratch/calls" | tail -n 1)
  [ "$total" -gt 0 ] || complain "no call of this kind"
  while [ "$each_at" -le "$total" ]; do
    "$each_try" "$each_kind" "$each_at" "$each_mode" "$@"
    each_at=$((each_at + each_step))
  done
}

# as_other COMMAND...: as somebody who may write into what is his alone.
as_other() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
  else
    "$@"
  fi
}

# One of the ports that the server wrote down.
port_of() {
  sed -n "s/^$1=//p" "$server/ports" | grep .
}

# start_server FILES: sets $https, $proxy, $hang, $noise to its ports and $server to its directory.
# shellcheck disable=SC2034 # the ports are for the tests
start_server() {
  command -v openssl >"$scratch/which" || skip "no openssl command"
  command -v python3 >"$scratch/which" || skip "no python3"
  server=$scratch/server
  mkdir "$server"
  mkfifo "$server/ready"
  python3 "$srcdir/tests/flow/server.py" --files "$1" --state "$server" >"$server/ready" 2>"$server/log" &
  server_pid=$!
  read -r word <"$server/ready" || word=
  if [ "$word" != ready ]; then
    cat "$server/log"
    echo "# the test server did not start"
    exit 1
  fi
  https=$(port_of https)
  proxy=$(port_of proxy)
  hang=$(port_of hang)
  noise=$(port_of noise)
}
