#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every command that a guide of contrib/guide shows is run, in a trial of its own, and must say what the guide shows;
# what the manual pages give as examples is run on the sample. What a command should do stands there, not here.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"
# shellcheck source=tests/flow/console.sh
. "$srcdir/tests/flow/console.sh"

command -v python3 >"$scratch/which" || skip "no python3"
unset NO_COLOR
programs=$(dirname "$RMDSYNC"):$PATH

# trial NAME: a world of that name, and the programs for it.
trial() {
  mkdir "$scratch/$1"
  PATH=$programs
  run 0 sh -c 'cd "$1" && "$2/contrib/guide/trial.sh"' trial "$scratch/$1" "$srcdir"
  world=$scratch/$1/trial
  PATH=$world/bin:$programs
  export PATH
}

try() {
  test_case "$page: $1"
  compare "$page" "$world" "$1"
}

for page in first-night.md before-a-switch.md an-order-arrives.md a-letter-arrives.md the-guard-held.md audit.md copies.md; do
  test_case "$page: its trial, its blocks, and its length"
  if [ "$page" = copies.md ] && ! command -v rsync >"$scratch/which"; then
    leave_out "no rsync"
    continue
  fi
  trial "$page"
  blocks "$srcdir/contrib/guide/$page" "$scratch/$page/"
  [ "$(wc -l <"$srcdir/contrib/guide/$page")" -le 60 ] || complain "more than 60 lines"
  number=0
  while [ -f "$scratch/$page/$((number + 1)).console" ]; do
    number=$((number + 1))
    console "$scratch/$page/$number.console"
  done
  test_case "$page: all its blocks are of commands"
  [ "$number" -eq "$(grep -c '^```[a-z]' "$srcdir/contrib/guide/$page")" ] || complain "only $number blocks are"
done

# example CODE PAGE COMMAND: it stands in the page's EXAMPLES, as it is, and ends so on the sample.
example() {
  test_case "$2: $3"
  sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$srcdir/src/$2" | grep -qxF -e "$3" || complain "the page does not show it"
  run "$1" sh -c "cd '$world' && $3"
  expect_no_line "$err" "unknown option"
}

test_case "the world of the examples"
trial manual
run 0 rmdsync -q
printf '%s\n' 0099000003 0099000999 >"$world/upstreams"
example 1 check/rmdcheck.1 'rmdcheck 0021441233'
example 1 check/rmdcheck.1 'rmdcheck --role gateway RMD0001410'
# shellcheck disable=SC2016 # it is the reader's
example 0 check/rmdcheck.1 'rmdcheck -b <upstreams | awk '"'"'$1 != "accept"'"'"
example 3 check/rmdcheck.1 'rmdcheck --search "Sip Konect Inc."'
example 66 check/rmdcheck.1 'rmdcheck --peers --changed-since 41'
example 3 check/rmdcheck.1 'rmdcheck --json --at 2025-08-07 frn:0021441233'
example 0 sync/rmdsync.8 'rmdsync -n -v'
example 0 sync/rmdsync.8 'rmdsync --offline'
example 69 sync/rmdsync.8 'rmdsync --rollback 41'
example 0 sync/rmd.conf.5 'rmdsync -n -c ./rmd.conf'
example 0 notice/rmdnotice.8 'rmdnotice import letter.txt'
example 0 notice/rmdnotice.8 'rmdnotice match EB-TCD-25-00022222-Delta'
example 0 notice/rmdnotice.8 'rmdnotice match EB-TCD-25-00022222-Delta RMD9000009'
example 0 notice/rmdnotice.8 'rmdnotice due'
expect_line "$out" "EB-TCD-25-00022222-Delta"
example 0 notice/rmdnotice.8 'rmdnotice notify-fcc EB-TCD-25-00022222-Delta >notice.txt'
example 0 notice/rmdnotice.8 'rmdnotice notify-fcc EB-TCD-25-00022222-Delta --sent 2025-10-07'
example 0 notice/rmdnotice.8 'rmdnotice due --ics >fcc.ics.new && mv fcc.ics.new fcc.ics'
example 66 export/rmdexport.8 'rmdexport --since 41 json'
for command in useradd "rmdsync --accept" rmdsync-archives sendmail nsd-control dig redis-cli "librmd.3 (tests/flow/readme.sh)"; do
  test_case "an example of the manual: $command"
  leave_out "it needs root, the network, or what the sample has not"
done

# on_screen COMMAND...: on a terminal of 80 columns none of its lines is wider, but for one word that is to be copied.
on_screen() {
  test_case "on a terminal of 80 columns: $*"
  COLUMNS=80 python3 "$srcdir/tests/flow/terminal.py" "" "$@" >"$scratch/screen" || :
  tr -d '\r' <"$scratch/screen" | sed "s/$(printf '\033')\\[[0-9;]*m//g" >"$out"
  [ -s "$out" ] || complain "it shows nothing"
  grep -E '^.{81}' "$out" | grep -vE '^([a-z_]+)? *[^ ]+$' >"$scratch/wide" || :
  expect_empty "$scratch/wide"
}
test_case "before the history: when it begins is told"
run 3 rmdcheck --at 2020-01-01 0099000003
expect_line "$err" "rmdcheck: the history begins at 20"
run 0 rmdnotice import "$world/order.txt"
run 0 rmdnotice match "DA 25-737" RMD9000069
run 0 rmdsync -q --offline
on_screen rmdcheck 0099000003 0099000902 0099000999
on_screen rmdcheck --long 0099000004
expect_line "$out" "more characters (to see all, | less)"
expect_line "$out" "14 questions before: no (to see all, | less)"
[ "$(wc -l <"$out")" -le 45 ] || complain "more than a screenful"
on_screen rmdcheck --history 0099000023
on_screen rmdcheck --search "Harbor River Long Distance"
on_screen rmdnotice list
on_screen rmdnotice due
on_screen rmdnotice show "DA 25-737"
on_screen rmdnotice import -n "$world/letter.txt"

finish
