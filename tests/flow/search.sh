#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Names that were mistyped find the filing that was meant, and say that they prove nothing; and what is new about the
# peers since a generation, as a person, a script and the morning mail get it.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

state=$scratch/state
conf=$scratch/rmd.conf
list=$scratch/list.csv
bench=$(pwd)/tests/bench/names
echo 416 >"$scratch/foreign-area-codes.conf"
printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-percent = 100" "changed-percent = 100" "[policy]" "max-age = 3650d" \
  "[history]" "keep = 3" >"$conf"

sync() {
  "$RMDSYNC" -q -c "$conf" -d "$state" "$@"
}

header=number,frn,business_name,other_dba_names,previous_dba_names,implementation,voice_service_provider_choice,gateway_provider_choice,intermediate_provider_choice
complete="Complete STIR/SHAKEN Implementation,Yes,No,Yes"
{
  echo "$header"
  echo "RMD0000001,0000000011,\"Quicktalk Networks, LLC\",\"Smith, Jones & Co, Inc.; Zebra Line\",Old Harbor Phone,$complete"
  echo "RMD0000002,0000000022,Two Example Inc,None,N/A,$complete"
  echo "RMD0000003,0000000033,Two Example LLC,,,$complete"
  printf 'RMD0000004,0000000044,Telef\357\277\275nica Ejemplo,,,%s\n' "$complete"
  echo "RMD0000005,0000000055,Crème Brûlée Voice,,,$complete"
  printf 'RMD0000006,0000000066,Esc\033[31m Voice LLC,,,%s\n' "$complete"
} >"$list"
run 0 sync --source "$list" --as-of 2026-06-01

# found CODE TEXT WORD...: what the first line says.
found() {
  code=$1
  text=$2
  shift 2
  run "$code" "$RMDCHECK" -d "$state" --search "$text"
  sed -n 1p "$out" >"$scratch/first"
  for word in "$@"; do
    expect_line "$scratch/first" "$word"
  done
}

test_case "where the small I has no dot, and a decimal point is a comma, all is as before"
if localedef -i tr_TR -f UTF-8 "$scratch/tr_TR.UTF-8" 2>"$scratch/locale"; then
  # The C library itself leaks, once, where LOCPATH is set.
  in_turkish() {
    ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" LOCPATH=$scratch LC_ALL=tr_TR.UTF-8 "$@"
  }
  in_turkish date -d 2026-06-15 +%B >"$scratch/month"
  expect_line "$scratch/month" Haziran
  run 0 "$RMDSYNC" -q -c "$conf" -d "$scratch/plain" --source "$list" --as-of 2026-06-01
  run 0 in_turkish "$RMDSYNC" -q -c "$conf" -d "$scratch/turkish" --source "$list" --as-of 2026-06-01
  for words in "TWO EXAMPLE INC" "QUICKTALK networks INC" "creme brulee VOICE"; do
    "$RMDCHECK" -d "$scratch/plain" --search "$words" >>"$scratch/plain.says"
    in_turkish "$RMDCHECK" -d "$scratch/turkish" --search "$words" >>"$scratch/turkish.says"
  done
  "$RMDEXPORT" -c "$conf" -d "$scratch/plain" json >>"$scratch/plain.says"
  in_turkish "$RMDEXPORT" -c "$conf" -d "$scratch/turkish" json >>"$scratch/turkish.says"
  expect_match "$scratch/plain.says" 0000000055
  expect_same "$scratch/plain.says" "$scratch/turkish.says"
else
  leave_out "there is no Turkish here: $(head -n 1 "$scratch/locale")"
fi

test_case "the name that was meant is first, and what differs is told"
found 0 "QUICKTALK NETWORKS LLC" "100  RMD0000001  0000000011" "differs in case or punctuation"
found 0 "Quicktalk Networks, LLC" "the same name"
found 0 "Quicktalk Networks Inc" RMD0000001 "differs in legal form"
found 0 "networks quicktalk" RMD0000001 "word order"
# a word of a long name, or its beginning, is enough; two letters, or a word too many, are not
found 0 harbor RMD0000001 "Old Harbor Phone" "words left out"
found 0 quickt " 34  RMD0000001" "words left out"
run 3 "$RMDCHECK" -d "$state" --search ha
run 3 "$RMDCHECK" -d "$state" --search llc
run 3 "$RMDCHECK" -d "$state" --search "harbor zeppelin"
found 0 "Quick Talk Networks" RMD0000001 "spaces"
found 0 "Quiktalk Networks" RMD0000001 "1 typing error"
found 0 "Quiktalk Netwroks" RMD0000001 "2 typing errors"
found 0 "quicktalk" RMD0000001 "words left out"
found 0 "Zebra Lien" '"Zebra Line"  DBA name of "Quicktalk Networks, LLC"' "1 typing error"
found 0 "Smith Jones & Co" '"Smith, Jones & Co, Inc."  DBA name of'
found 0 "old harbor phone" '"Old Harbor Phone"  previous name of "Quicktalk Networks, LLC"'

test_case "letters beyond ASCII, as they are, folded, and lost by the FCC's export"
found 0 "CREME BRULEE VOICE" RMD0000005
found 0 "CRÈME BRÛLÉE VOICE" RMD0000005
found 0 "Telefonica Ejemplo" RMD0000004 "a character that was lost"
found 0 "Telefónica Ejemplo" RMD0000004

test_case "words without quotation marks are one name"
run 0 "$RMDCHECK" -d "$state" --search Quicktalk Networks LLC
expect_line "$out" "100  RMD0000001"

test_case "it says that it is advice, and only ever proposes"
run 0 "$RMDCHECK" -d "$state" --search "Two Example"
expect_line "$out" RMD0000002
expect_line "$out" RMD0000003
expect_line "$out" "This is advice, and no verdict"
# By name alone, only one exact match decides.
run 3 "$RMDCHECK" -d "$state" --at 2026-06-01 "name:Two Example"
run 0 "$RMDCHECK" -d "$state" --at 2026-06-01 "name:TWO EXAMPLE, LLC"
expect_line "$out" RMD0000003

test_case "what is not found says nothing about its owner: 3"
run 3 "$RMDCHECK" -d "$state" --search "Xyzzyx Wqvvq"
expect_empty "$out"
expect_line "$err" "says nothing about the provider"
found 3 none

test_case "JSON says the same"
run 0 "$RMDCHECK" -d "$state" -j --search "Quiktalk Netwroks"
expect_line "$out" '{"schema":1,"query":"Quiktalk Netwroks","advice":true,"score":87,"rmd_number":"RMD0000001","frn":"0000000011","listed":true,"name_kind":"business","name":"Quicktalk Networks, LLC","business_name":"Quicktalk Networks, LLC","differences":["legal-form","typing"],"typing_errors":2}'
expect_no_line "$out" "This is"

test_case "a terminal is not told what to do"
found 0 "Esc 31m voice" RMD0000006 '\x1b[31m'

test_case "twenty are proposed, and no more"
{
  echo "$header"
  for number in 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
    echo "RMD00000$number,00000000$number,Sample Carrier,,,$complete"
  done
} >"$scratch/many.csv"
run 0 "$RMDSYNC" -q -c "$conf" -d "$scratch/many" --source "$scratch/many.csv"
run 0 "$RMDCHECK" -d "$scratch/many" -j --search "sample carrier"
[ "$(wc -l <"$out")" -eq 20 ] || complain "it proposes $(wc -l <"$out")"

test_case "what cannot be searched"
run 64 "$RMDCHECK" -d "$state" --search
run 64 "$RMDCHECK" -d "$state" --search "&&"
expect_line "$err" "no letter or digit"
run 64 "$RMDCHECK" -d "$state" --search "$(printf '%481s' a)"
run 64 "$RMDCHECK" -d "$state" --search --role vsp acme
run 64 "$RMDCHECK" -d "$state" --search --history acme
run 66 "$RMDCHECK" -d "$scratch/none" --search acme
expect_one_line "$err"

test_case "a filing that has vanished is found, and told as such"
sed -i '/RMD0000005/d' "$list"
run 0 sync --source "$list" --as-of 2026-06-02
found 0 "Creme Brulee Voice" RMD0000005 "no longer listed"

# rate CHANGE FLOOR: of the sample's names, how many in a hundred are found first.
rate() {
  percent=$(sed -n "s/^$1 .* first *\([0-9]*\)\.[0-9]* %  or tied.*/\1/p" "$scratch/rates")
  [ "${percent:-0}" -ge "$2" ] || complain "$1: $percent % of them were found first, not $2 %"
}

test_case "nearly every name of the sample is found first, mistyped too"
if [ -x "$bench" ]; then
  printf '%s\n' "[guard]" "minimum-rows = 1" >"$scratch/sample.conf"
  "$RMDSYNC" -q -c "$scratch/sample.conf" -d "$scratch/sample" --source "$srcdir/contrib/sample/rmd-sample.csv" \
    2>"$scratch/sample.err"
  run 0 "$bench" "$scratch/sample"
  cp "$out" "$scratch/rates"
  sed 's/^/# /' "$out"
  rate "as it is" 100
  rate "one typing error" 98
  rate "another legal form" 99
  rate "two words swapped" 99
else
  leave_out "tests/bench/names is not built"
fi

peers=$scratch/peers.conf
printf '%s\n' "[peer one]" "frn = 0000000011" "[peer two]" "rmd = RMD0000002" "[peer three]" "frn = 0000000033" >"$peers"
run 0 sync --offline
generation=$("$RMDCHECK" -d "$state" -j --peers | sed -n '1s/.*"generation":\([0-9]*\).*/\1/p')
changed() {
  run "$1" "$RMDCHECK" -d "$state" --peers --changed-since "$2"
}

test_case "nothing is new about the peers: no line, 0"
changed 0 "$generation"
expect_empty "$out"
expect_empty "$err"

test_case "a filing that vanished, and one that changed: those peers and no other"
sed -i -e '/RMD0000002/d' -e 's/^\(RMD0000003.*\)Yes,No,Yes$/\1Yes,Yes,Yes/' "$list"
run 0 sync --source "$list" --as-of 2026-06-03
changed 1 "$generation"
[ "$(wc -l <"$out")" -eq 2 ] || complain "not two lines"
expect_match "$out" '^refuse  delisted  RMD0000002 .* was accept listed  filing changed$'
expect_match "$out" '^accept  listed  RMD0000003 .* was accept listed  filing changed$'
run 1 "$RMDCHECK" -d "$state" -j --peers --changed-since "$generation"
expect_match "$out" '"query":"two","verdict":"refuse","reason":"delisted".*"verdict_before":"accept","reason_before":"listed","filing_changed":true'
changed 0 "$((generation + 1))"
expect_empty "$out"

test_case "a document that comes late and speaks of before is news all the same"
mkdir "$scratch/notices.d"
echo '<notice id="DA 26-1" kind="removal" issued="2026-05-01"><provider><name>One</name><rmd>RMD0000001</rmd></provider></notice>' \
  >"$scratch/notices.d/a.xml"
run 0 sync --offline
changed 1 "$((generation + 1))"
expect_one_line "$out"
expect_match "$out" '^refuse  removed-by-order  RMD0000001 .* was accept listed$'

test_case "a new peer, and one with another role, are news"
printf '%s\n' "[peer four]" "frn = 0000000044" >>"$peers"
sed -i '/RMD0000002/a role = vsp' "$peers"
run 0 sync --offline
changed 0 "$((generation + 2))"
expect_one_line "$out"
expect_match "$out" '^accept .* RMD0000004 .* was unknown no-such-peer  filing changed'

test_case "a generation that is not kept, or was never: 66, and why"
changed 66 999
expect_line "$err" "generation 999 is neither this one nor kept beside it"
changed 66 1
expect_one_line "$err"
for word in 0 x "" -1 4294967296; do
  run 64 "$RMDCHECK" -d "$state" --peers --changed-since "$word"
done
run 64 "$RMDCHECK" -d "$state" --changed-since 1 one
run 64 "$RMDCHECK" -d "$state" --peers --changed-since 1 --at 2026-06-01

mail=$srcdir/contrib/mail/peers-changed.sh
mailed() {
  run 0 env RMDCHECK="$RMDCHECK" sh "$mail" "$scratch/told" "$state"
}

test_case "the morning mail: all peers first, then only news"
mailed
[ "$(wc -l <"$out")" -eq 4 ] || complain "not all four peers"
mailed
expect_empty "$out"
rm -r "$scratch/notices.d"
run 0 sync --offline
mailed
expect_one_line "$out"
expect_line "$out" "was refuse removed-by-order"
mailed
expect_empty "$out"

test_case "the mail tells everything rather than nothing when its generation is gone"
echo 1 >"$scratch/told"
mailed
[ "$(wc -l <"$out")" -eq 4 ] || complain "not all four peers"
run 66 env RMDCHECK="$RMDCHECK" sh "$mail" "$scratch/told" "$scratch/none"

finish
