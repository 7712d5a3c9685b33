#!/bin/sh
# SPDX-License-Identifier: ISC
#
# rmdexport by whole runs: every format over the sample says what rmdcheck says, files are replaced only where they
# differ, and no failure touches an old one. Real servers are fleet.sh's matter.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

command -v python3 >"$scratch/which" || skip "no python3"
state=$scratch/state
conf=$scratch/rmd.conf
all=$scratch/all
sample=$srcdir/contrib/sample/rmd-sample.csv
every="dns rbldnsd csv json kamailio redis prometheus"
mkdir "$all" "$scratch/notices.d" "$scratch/empty"
echo 416 >"$scratch/foreign-area-codes.conf"

configure() {
  printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-rows = 1000" "vanished-percent = 100" "contiguous-rows = 0" \
    "relisted-rows = 1000" "changed-percent = 100" "[export]" "formats = $1" >"$conf"
}
configure "$every"

cat >"$scratch/peers.conf" <<'END'
[peer good]
frn = 0099000003
address = 192.0.2.0/24
address = 2001:db8::/32
[peer bad]
frn = 0099000902
address = 192.0.2.128/25
[peer nobody]
rmd = RMD8999999
address = 2001:db8:8000::/33
[peer within]
frn = 0099000002
address = 192.0.2.200
[peer by-number]
rmd = RMD9000009
address = 198.51.100.9
[peer abroad]
frn = 0099000999
role = foreign
address = 198.51.100.10
END

# notice ID KIND FRN: a document on file.
notice() {
  printf '<notice id="%s" kind="%s" issued="2025-08-06" docket="" source="https://docs.fcc.gov/">\n<title>T</title>\n' \
    "$1" "$2" >"$scratch/notices.d/$1.xml"
  printf '<provider><name>N</name><frn>%s</frn></provider>\n</notice>\n' "$3" >>"$scratch/notices.d/$1.xml"
}
notice DA-25-1 removal 0099000004
notice DA-25-2 notice 0099000005
notice DA-25-3 final-determination 0099000006

sync() {
  "$RMDSYNC" -c "$conf" -d "$state" -q "$@" 2>"$scratch/sync.err"
}
export_all() {
  "$RMDEXPORT" -c "$conf" -d "$state" --all "$all"
}
export_one() {
  "$RMDEXPORT" -d "$state" "$@"
}
serial() {
  awk '$2 == "SOA" { print $5 }' "$1"
}
look() {
  find "$all" -type f -printf '%P %i %T@\n' | sort
}

# edit FILE DROP RENAME [MOVE]: the sample without the first filing, with the second one under another name, and with
# another filing in the third one's place.
edit() {
  list_edit "$sample" "$@" <<'EOF'
rows = [row for row in rows if row["number"] != sys.argv[3]]
for row in rows:
    if row["number"] == sys.argv[4]:
        row["business_name"] = '=Renamed "by" the test, LLC'
    if row["number"] in sys.argv[5:]:
        row.update(number="RMD9000999", frn="0099000888")
EOF
}

test_case "every format says of every provider what rmdcheck says"
run 0 sync --source "$sample"
began=$(date +%s)
run 0 export_all
expect_empty "$err"
printf '%s\n' rmd.zone rmd.rbldnsd rmd.csv rmd.jsonl kamailio/address.list kamailio/version kamailio/rmd rmd.resp \
  rmd.prom | sed "s|^|$all/|" >"$scratch/paths"
expect_same "$scratch/paths" "$out"
run 0 python3 "$srcdir/tests/flow/exports.py" "$RMDCHECK" "$state" "$all" "$sample"
expect_match "$out" 'dns=[0-9]{3}'
for line in "0099000004.frn TXT refuse removed-by-order .* notice=DA-25-1" "0099000005.frn TXT may-block notice-matured .*" \
  "0099000005.frn A 127.0.0.3" "0099000006.frn A 127.0.0.4" "0099000910.frn TXT unknown alias-only" \
  "RMD9000453.rmd TXT unknown row-quarantined"; do
  tr '\t' ' ' <"$all/rmd.zone" | tr -d '"' >"$scratch/zone"
  expect_match "$scratch/zone" "^$line\$"
done
expect_no_line "$all/rmd.zone" "0099000910.frn	A"

test_case "what a zone must have: test names, what the data are, an end"
number=$(serial "$all/rmd.zone")
if [ "$number" -lt "$began" ] || [ "$number" -gt "$(date +%s)" ]; then
  complain "the first serial is $number"
fi
expect_match "$all/rmd.zone" '^@	SOA	localhost\. hostmaster\.localhost\. [0-9]+ 900 300 259200 300$'
expect_match "$all/rmd.zone" '^test	A	127\.0\.0\.2$'
expect_match "$all/rmd.zone" '^2\.0\.0\.127	A	127\.0\.0\.2$'
expect_match "$all/rmd.zone" '^_meta	TXT	"generation=1 checked-at=.* digest=[0-9a-f]{64}"$'
expect_no_line "$all/rmd.zone" "invalid"
expect_no_line "$all/rmd.zone" "1.0.0.127"
run 0 export_one --name-server ns1.example.net --contact first.last@example.net dns
expect_match "$out" '^@	SOA	ns1\.example\.net\. first\\\.last\.example\.net\. '
expect_match "$out" '^@	NS	ns1\.example\.net\.$'

test_case "a refused peer in the net of an accepted one is not let in by it"
printf '%s\n' "1 192.0.2.0 25 0 0099000003" "1 192.0.2.200 32 0 0099000002" \
  "1 198.51.100.9 32 0 RMD9000009" "1 2001:db8:: 33 0 0099000003" >"$scratch/list"
grep -v '^#' "$all/kamailio/address.list" >"$scratch/given"
expect_same "$scratch/list" "$scratch/given"
# To a directory that is not there yet.
run 0 export_one -o "$scratch/made" kamailio
printf '%s\n' address.list version rmd | sed "s|^|$scratch/made/|" >"$scratch/paths"
expect_same "$scratch/paths" "$out"
for name in address.list version rmd; do
  expect_same "$all/kamailio/$name" "$scratch/made/$name"
done

test_case "the hash for Redis ends max-age after the check"
run 0 "$RMDCHECK" -d "$state" -j 0099000003
checked=$(date -d "$(sed 's/.*"checked_at":"\([^"]*\)".*/\1/' "$out")" +%s)
tr -d '\r' <"$all/rmd.resp" | grep -A 4 '^EXPIREAT$' | sed -n '3p; 5p' >"$scratch/given"
printf '%s\n' "{rmd}:new" $((checked + 72 * 3600)) >"$scratch/expected"
expect_same "$scratch/expected" "$scratch/given"

test_case "metrics"
expect_line "$all/rmd.prom" 'rmd_peers{verdict="accept"} 3'
expect_line "$all/rmd.prom" 'rmd_peers{verdict="refuse"} 3'
expect_line "$all/rmd.prom" 'rmd_filings{state="listed"} 258'
expect_line "$all/rmd.prom" 'rmd_list_held 0'
: >"$state/candidate.held"
run 0 export_one prometheus
rm "$state/candidate.held"
expect_line "$out" 'rmd_list_held 1'

test_case "equal content: nothing is replaced, and nothing is told"
look >"$scratch/before"
run 0 export_all
expect_empty "$out"
look >"$scratch/after"
expect_same "$scratch/before" "$scratch/after"

test_case "the mode that an operator gave a file stays"
chmod 640 "$all/rmd.csv"
first=$(serial "$all/rmd.zone")
edit "$scratch/second.csv" RMD9000009 RMD9000015
run 0 sync --source "$scratch/second.csv"
run 0 export_all
[ "$(stat -c %a "$all/rmd.csv")" = 640 ] || complain "it is $(stat -c %a "$all/rmd.csv")"

test_case "the serial rises by one with each replacement, past its end too"
[ "$(serial "$all/rmd.zone")" -eq $((first + 1)) ] || complain "$first became $(serial "$all/rmd.zone")"
expect_line "$out" "$all/rmd.zone"
run 0 python3 "$srcdir/tests/flow/exports.py" "$RMDCHECK" "$state" "$all" "$sample"
for pair in 41:42 4294967295:1 2147483647:2147483648; do
  sed -i "s/\(SOA.*localhost\. \)[0-9]* .*/\1${pair%%:*} 900 300 259200 300/; s/^test	A.*/test	A	127.0.0.9/" "$all/rmd.zone"
  run 0 export_one -o "$all/rmd.zone" dns
  [ "$(serial "$all/rmd.zone")" = "${pair#*:}" ] || complain "${pair%%:*} became $(serial "$all/rmd.zone")"
  run 0 export_one -o "$all/rmd.zone" dns
  expect_empty "$out"
done

test_case "only what changed since a generation"
run 0 sync --source "$sample"
edit "$scratch/fourth.csv" - - RMD9000012
run 0 sync --source "$scratch/fourth.csv"
printf '%s\n' "removed RMD9000012 refuse" "added RMD9000999 accept" >"$scratch/since-3"
printf '%s\n' "relisted RMD9000009 accept" "removed RMD9000012 refuse" "changed RMD9000015 may-block" \
  "added RMD9000999 accept" >"$scratch/since-2"
for generation in 3 2; do
  run 0 export_one --since "$generation" csv
  sed 1d "$out" | awk -F, '{ print $1, $2, $3 }' >"$scratch/given"
  expect_same "$scratch/since-$generation" "$scratch/given"
  run 0 export_one --since "$generation" json
  sed 's/.*"change":"\([a-z]*\)","query":"\([^"]*\)","verdict":"\([^"]*\)".*/\1 \2 \3/' "$out" >"$scratch/given"
  expect_same "$scratch/since-$generation" "$scratch/given"
done
run 0 export_one --since 1 csv
expect_line "$out" 'changed,RMD9000015,'
run 0 export_one --since 4 json
expect_empty "$out"
run 66 export_one --since 5 csv
expect_line "$err" "generation 5 is still to come"
# What a document alone does to a verdict is no news of the filings.
notice DA-25-9 removal 0099000002
run 0 sync --offline
run 1 "$RMDCHECK" -d "$state" 0099000002
run 0 export_one --since 4 json
expect_empty "$out"
rm "$scratch/notices.d/DA-25-9.xml"
run 0 sync --offline

test_case "text of strangers in CSV is quoted, and not altered"
run 0 sync --source "$scratch/second.csv"
run 0 export_one -o - csv
expect_line "$out" ',"=Renamed ""by"" the test, LLC",'
expect_line "$out" ',"@Amber Services, LLC",'

test_case "eight at once: one whole file"
run 0 sync --source "$sample"
rm -f "$scratch/parallel.zone"
for number in 1 2 3 4 5 6 7 8; do
  export_one -o "$scratch/parallel.zone" dns >"$scratch/parallel.$number" 2>&1 &
done
wait
[ "$(cat "$scratch"/parallel.[1-8] | wc -l)" -eq 1 ] || complain "not one of them replaced it: $(cat "$scratch"/parallel.[1-8])"
run 0 export_one dns
sed 's/ SOA .*//; s/\(SOA.*localhost\. \)[0-9]*/\1/' "$out" >"$scratch/one"
sed 's/\(SOA.*localhost\. \)[0-9]*/\1/' "$scratch/parallel.zone" >"$scratch/other"
expect_same "$scratch/one" "$scratch/other"
[ ! -e "$scratch/parallel.zone.new" ] || complain "half a file is left"

# The night's two lists, one after the other, until it is enough.
publish_on() {
  while [ ! -e "$scratch/enough" ]; do
    sync --source "$scratch/second.csv"
    sync --source "$sample"
  done
}
test_case "no file mixes two snapshots"
publish_on &
publisher=$!
rm -f "$scratch/seen"
for number in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  run 0 export_one -o "$scratch/race.csv" csv
  sed 1d "$scratch/race.csv" | sed 's/"[^"]*"//g' | awk -F, 'NF == 14 { print $13 }' | sort -u >"$scratch/generations"
  expect_one_line "$scratch/generations"
  cat "$scratch/generations" >>"$scratch/seen"
done
: >"$scratch/enough"
wait "$publisher"
[ "$(sort -u "$scratch/seen" | wc -l)" -gt 1 ] || complain "no snapshot came meanwhile: $number exports were in vain"
run 0 sync --source "$sample"

test_case "no data: 66, said once, and the old files stay"
look >"$scratch/before"
run 66 "$RMDEXPORT" -c "$conf" -d "$scratch/empty" --all "$all"
expect_one_line "$err"
expect_line "$err" "rmd.mdb: "
expect_line "$err" "old files stay"
expect_empty "$out"
run 66 "$RMDEXPORT" -d "$scratch/empty" dns
expect_empty "$out"
cp -r "$state" "$scratch/damaged"
chmod u+w "$scratch/damaged/rmd.mdb"
truncate -s 20000 "$scratch/damaged/rmd.mdb"
run 66 "$RMDEXPORT" -d "$scratch/damaged" -o "$all/rmd.csv" csv
look >"$scratch/after"
expect_same "$scratch/before" "$scratch/after"

test_case "data too old for a verdict: unknown everywhere, and no address that would refuse"
run 0 "$RMDSYNC" -c "$conf" -d "$scratch/old" -q --source "$sample" --as-of 2025-10-01
mkdir "$scratch/stale"
run 0 "$RMDEXPORT" -c "$conf" -d "$scratch/old" --all "$scratch/stale"
run 0 python3 "$srcdir/tests/flow/exports.py" "$RMDCHECK" "$scratch/old" "$scratch/stale" "$sample"
expect_match "$scratch/stale/rmd.zone" '^\*\.frn	TXT	"unknown stale"$'
expect_no_line "$scratch/stale/rmd.zone" "*.frn	A"
expect_no_line "$scratch/stale/rmd.rbldnsd" "*.frn"
expect_no_line "$scratch/stale/rmd.resp" EXPIREAT
grep -c '	A	127.0.0.2$' "$scratch/stale/rmd.zone" >"$scratch/count" || :
[ "$(cat "$scratch/count")" = 2 ] || complain "$(cat "$scratch/count") names are accepted, not only the test names"

test_case "what cannot be written: 73, 74, and the old file stays"
cp "$all/rmd.csv" "$scratch/kept.csv"
echo old >"$all/rmd.csv"
run 73 sh -c 'ulimit -f 8 && exec "$@"' sh "$RMDEXPORT" -d "$state" -o "$all/rmd.csv" csv
expect_line "$err" "rmd.csv: "
[ "$(cat "$all/rmd.csv")" = old ] || complain "the old file is gone"
[ ! -e "$all/rmd.csv.new" ] || complain "half a file is left"
run 74 sh -c 'exec "$@" >/dev/full' sh "$RMDEXPORT" -d "$state" csv
expect_line "$err" "standard output: "
run 73 export_one -o "$scratch/nowhere/rmd.csv" csv
expect_line "$err" "nowhere: No such file"
run 73 export_one -o /dev/full csv
[ -c /dev/full ] || complain "the device is gone"
ln -s "$scratch/kept.csv" "$scratch/link.csv"
run 73 export_one -o "$scratch/link.csv" csv
expect_line "$err" "a symbolic link"
mkfifo "$scratch/pipe.csv"
run 73 timeout -s KILL 20 "$RMDEXPORT" -d "$state" -o "$scratch/pipe.csv" csv
[ -p "$scratch/pipe.csv" ] || complain "the pipe is gone"
mkdir "$scratch/locked"
chmod 555 "$scratch/locked"
chmod 755 "$scratch"
run 73 as_other "$RMDEXPORT" -d "$state" -o "$scratch/locked/rmd.csv" csv

# deadline_passed: until the zone is replaced.
deadline_passed() {
  export_one -o "$scratch/deadline.zone" dns >"$out" && [ -s "$out" ]
}
test_case "a deadline that passes is another file, and no other generation"
deadline=$(($(date +%s) + 8))
notice DA-25-8 notice 0099000002
sed -i "s/issued=\"[^\"]*\"/issued=\"$(date -d "@$((deadline - 48 * 3600))" +%Y-%m-%dT%H:%M:%S%:z)\"/" \
  "$scratch/notices.d/DA-25-8.xml"
run 0 sync --offline
run 0 export_one -o "$scratch/deadline.zone" dns
cp "$state/rmd.mdb" "$scratch/deadline.mdb"
if [ "$(date +%s)" -ge "$deadline" ]; then
  leave_out "this machine has passed it already"
else
  expect_match "$scratch/deadline.zone" '^0099000002\.frn	A	127\.0\.0\.2$'
  await deadline_passed
  expect_match "$scratch/deadline.zone" '^0099000002\.frn	A	127\.0\.0\.3$'
  expect_same "$scratch/deadline.mdb" "$state/rmd.mdb"
fi
rm "$scratch/notices.d/DA-25-8.xml"
run 0 sync --offline

test_case "one format that fails does not keep the others from it"
rm -f "$all/rmd.resp" "$all/rmd.csv"
mkdir "$all/rmd.csv"
run 73 export_all
expect_one_line "$err"
expect_line "$err" "rmd.csv: "
[ -f "$all/rmd.resp" ] || complain "no rmd.resp"
rmdir "$all/rmd.csv"

test_case "rmd.conf names the formats, and only ours"
configure "csv dnss"
run 78 export_all
expect_line "$err" 'formats = "dnss" is none of ours'
[ ! -e "$all/rmd.csv" ] || complain "something was written"
configure ""
run 0 export_all
expect_empty "$out"
run 78 "$RMDEXPORT" -c "$scratch/no.conf" -d "$state" --all "$all"

# usage WORD ARGUMENT...
usage() {
  word=$1
  shift
  run 64 "$RMDEXPORT" "$@"
  expect_one_line "$err"
  expect_line "$err" "$word"
  expect_empty "$out"
}
test_case "arguments that mean nothing"
usage "no FORMAT"
usage '"dnss" is no format' dnss
usage "one FORMAT at a time" dns csv
usage "--since goes with" --since 1 dns
usage "not the number" --since -1 csv
usage "not the number" --since 4294967296 csv
usage "several files" kamailio
usage "several files" -o - kamailio
usage "takes no FORMAT" --all "$all" dns
usage "do not go with --all" --all "$all" -o x
usage "do not go with --all" --all "$all" --since 1
usage "no host's name" --name-server "a b" dns
usage "no host's name" --name-server "a..b" dns
usage "no plain mail" --contact "nobody" dns
usage "no plain mail" --contact '"a"@example.net' dns
usage "does not name a file" -d "$state" -o "$all/" csv
usage "needs a value" -o
usage "unknown option -x" -x
usage "misused option --nothing" --nothing
run 0 "$RMDEXPORT" --help
expect_line "$out" "usage: rmdexport"
[ "$(wc -l <"$out")" -le 24 ] || complain "more than a screen"
run 0 "$RMDEXPORT" --version
expect_line "$out" "rmdexport 0."

finish
