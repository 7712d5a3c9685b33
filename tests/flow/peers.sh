#!/bin/sh
# SPDX-License-Identifier: ISC
#
# peers.conf from the file to the verdict: by name, address, trunk and OCN, the longest prefix, the peer's role, what
# rmdsync says of odd peers, and every line that is refused.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

state=$scratch/state
conf=$scratch/rmd.conf
peers=$scratch/peers.conf
echo 416 >"$scratch/foreign-area-codes.conf"
printf '%s\n' "[guard]" "minimum-rows = 1" "[policy]" "max-age = 3650d" >"$conf"
{
  echo "number,frn,business_name,implementation,voice_service_provider_choice,gateway_provider_choice,intermediate_provider_choice"
  echo "RMD0000001,0000000011,One Example LLC,Complete STIR/SHAKEN Implementation,Yes,No,Yes"
  echo "RMD0000002,0000000022,Two Example LLC,Complete STIR/SHAKEN Implementation,Yes,No,No"
  echo "RMD0000003,0000000033,Three Example LLC,Complete STIR/SHAKEN Implementation,Yes,No,No"
  echo "RMD0000004,0000000033,Three Example LLC,Partial STIR/SHAKEN Implementation - Performing Robocall Mitigation,No,Yes,No"
  echo "RMD0000005,0000000055,Five Example LLC,N/A,No,No,No"
} >"$scratch/list.csv"

sync() {
  "$RMDSYNC" -c "$conf" -d "$state" "$@"
}

# verdict CODE KEY WORD...: what the answer's line says.
verdict() {
  code=$1
  key=$2
  shift 2
  run "$code" "$RMDCHECK" -d "$state" --at 2026-06-01 "$key"
  for word in "$@"; do
    expect_line "$out" "$word"
  done
}

cat >"$peers" <<'END'
# made up
[peer one]
frn = 0000000011
role = intermediate
address = 192.0.2.0/24
address = 2001:db8::/32
address = 198.51.100.7
trunk = TG-1042
trunk = A trunk, with a comma
ocn = 123A
[peer two]
rmd = rmd0000002
role = gateway
address = 192.0.2.128/25
address = 192.0.2.200
address = 2001:db8:0:1::/64
[peer three]
frn = 0000-0000-33
[peer five]
frn = 0000000055
[peer nobody]
frn = 0000000099
address = 0.0.0.0/0
[peer One Example LLC]
frn = 0000000022
END

test_case "what is odd about a peer is told, with its line"
run 0 sync --source "$scratch/list.csv" --as-of 2026-06-01
expect_line "$err" "peers.conf:11: [peer two] has no filing in its role"
expect_line "$err" "peers.conf:17: [peer three] has several filings"
expect_line "$err" "peers.conf:19: [peer five] has a filing without a certification"
expect_line "$err" "peers.conf:21: [peer nobody] has no filing in the database"
expect_no_line "$err" "[peer one]"
run 0 sync -q --offline
expect_empty "$err"

test_case "by name, trunk and OCN, whatever the case; the peer brings its role, and the question's goes before it"
verdict 0 peer:one accept "as intermediate" "64.6305(g)(4)" RMD0000001
verdict 0 peer:ONE accept
verdict 0 one accept
verdict 0 trunk:tg-1042 accept "as intermediate"
verdict 0 "trunk:A trunk, with a comma" accept
verdict 0 ocn:123a accept
verdict 1 peer:two refuse role-mismatch "as gateway" RMD0000002
run 0 "$RMDCHECK" -d "$state" --at 2026-06-01 --role vsp peer:two
expect_line "$out" "as vsp"
verdict 1 peer:five refuse not-certified
verdict 1 peer:nobody refuse not-listed
verdict 3 peer:none unknown no-such-peer
verdict 3 trunk:TG-1043 unknown no-such-peer
verdict 3 ocn:9999 unknown no-such-peer

test_case "a word is a peer's name before it is a business name"
verdict 0 "One Example LLC" accept RMD0000002
verdict 0 "name:One Example LLC" accept RMD0000001

test_case "the longest prefix wins"
verdict 0 192.0.2.1 accept RMD0000001
verdict 0 ip:192.0.2.127 accept RMD0000001
verdict 1 192.0.2.128 refuse RMD0000002
verdict 1 192.0.2.200 refuse RMD0000002
verdict 1 192.0.2.201 refuse RMD0000002
verdict 0 198.51.100.7 accept RMD0000001
verdict 1 198.51.100.8 refuse not-listed 0000000099
verdict 0 2001:db8::1 accept RMD0000001
verdict 1 2001:db8:0:1::9 refuse RMD0000002
verdict 0 2001:db8:0:2::9 accept RMD0000001
verdict 0 2001:DB8:0:2:0:0:0:9 accept RMD0000001
verdict 3 2001:db9::1 unknown no-such-peer
verdict 0 ::ffff:192.0.2.1 accept RMD0000001

test_case "a malformed address is a bad key, never a refusal"
verdict 3 ip:192.0.2.256 unknown bad-key
verdict 3 ip: unknown bad-key
verdict 3 ip:fe80::1%eth0 unknown bad-key

test_case "every peer, and the exit code as of several providers"
run 1 "$RMDCHECK" -d "$state" --at 2026-06-01 --peers
[ "$(wc -l <"$out")" -eq 6 ] || complain "not six lines"
run 1 "$RMDCHECK" -d "$state" --at 2026-06-01 -j --peers
expect_line "$out" '"query":"one","verdict":"accept"'
run 64 "$RMDCHECK" -d "$state" --peers one
run 66 "$RMDCHECK" -d "$scratch/none" --peers

test_case "documents name peers through their providers"
mkdir "$scratch/notices.d"
echo '<notice id="DA 26-1" kind="removal" issued="2026-05-01"><provider><name>One</name><rmd>RMD0000001</rmd></provider></notice>' \
  >"$scratch/notices.d/a.xml"
run 0 sync -q --offline
verdict 1 192.0.2.1 refuse removed-by-order "notice DA 26-1" "as intermediate"
run 0 "$RMDCHECK" -d "$state" --history 192.0.2.1
expect_line "$out" "document DA 26-1"
expect_line "$out" RMD0000001
rm -r "$scratch/notices.d"

test_case "another role is another generation; the same peers are none"
run 0 sync -q --offline
run 0 sync --json --offline
expect_line "$out" '"result":"unchanged"'
sed -i 's/^role = gateway/role = vsp/' "$peers"
run 0 sync --json --offline
expect_line "$out" '"result":"published"'
verdict 0 192.0.2.128 accept "as vsp"

test_case "a line that is wrong: 78, its number, and the old peers serve"
good=$scratch/good.conf
cp "$peers" "$good"
# wrong LINE TEXT WORD: the lines put before the others are refused at that line.
wrong() {
  {
    printf '%b\n' "$2"
    sed '1d' "$good"
  } >"$peers"
  run 78 sync --offline
  expect_one_line "$err"
  expect_line "$err" "peers.conf:$1: "
  expect_line "$err" "$3"
  verdict 0 192.0.2.1 accept
}
wrong 1 "frn = 0000000011" "before the first [peer]"
wrong 1 "[peers x]" "not the name of a section"
wrong 1 "[peer ]" "not the name of a section"
wrong 2 "[peer x]\nfrn = 11" "no FRN of ten digits"
wrong 2 "[peer x]\nrmd = RMD1" "no RMD number"
wrong 3 "[peer x]\nfrn = 0000000011\nrmd = RMD0000001" "second provider"
wrong 1 "[peer x]\nrole = vsp" "neither frn nor rmd"
wrong 2 "[peer x]\nrole = VSP" "none of vsp"
wrong 3 "[peer x]\nrole = vsp\nrole = vsp" "second role"
wrong 2 "[peer x]\naddress = 192.0.2.1/24" "behind its prefix"
wrong 2 "[peer x]\naddress = 192.0.2.0/33" "no IP address"
wrong 2 "[peer x]\naddress = 2001:db8::/129" "no IP address"
wrong 2 "[peer x]\naddress = example.com" "no IP address"
wrong 2 "[peer x]\nocn = 12" "no OCN"
wrong 2 "[peer x]\nocn = 12-A" "no OCN"
wrong 2 "[peer x]\ntrunk =" "no name of a trunk"
wrong 2 "[peer x]\nadress = 192.0.2.1" "no key of a peer"
cp "$good" "$peers"

test_case "what two peers go by names both lines"
# twice LINES FIRST: the lines added at the end; the first line that says the same.
twice() {
  lines=$(wc -l <"$good")
  {
    cat "$good"
    printf '[peer other]\nfrn = 0000000011\n%b\n' "$1"
  } >"$peers"
  run 78 sync --offline
  expect_line "$err" "peers.conf:$((lines + 3)): "
  expect_line "$err" "stands in line $2 too"
}
twice "address = 192.0.2.0/24" 5
twice "address = 192.0.2.200/32" 15
twice "address = 2001:db8:0:0::/32" 6
twice "trunk = tg-1042" 8
twice "ocn = 123a" 10
{
  cat "$good"
  printf '[peer ONE]\nfrn = 0000000011\n'
} >"$peers"
run 78 sync --offline
expect_line "$err" "stands in line 2 too"
cp "$good" "$peers"

test_case "without peers.conf there are none"
rm "$peers"
run 0 sync -q --offline
verdict 3 192.0.2.1 unknown no-such-peer
run 0 "$RMDCHECK" -d "$state" --peers
expect_empty "$out"
expect_line "$err" "no peers"

finish
