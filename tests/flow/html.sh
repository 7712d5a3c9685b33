#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The page for people by whole runs: it says what rmdcheck says, is well-formed, asks nobody for anything, is replaced
# only where it differs, stays small, and works in a browser with and without scripts.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

command -v python3 >"$scratch/which" || skip "no python3"
state=$scratch/state
conf=$scratch/rmd.conf
page=$scratch/page.html
sample=$srcdir/contrib/sample/rmd-sample.csv
mkdir "$scratch/notices.d"
echo 416 >"$scratch/foreign-area-codes.conf"
printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-rows = 1000" "vanished-percent = 100" "contiguous-rows = 0" \
  "changed-percent = 100" >"$conf"

for number in 3 2 4 5 6 7 9 10 11 12; do
  printf '[peer peer-%s]\nfrn = 00990000%02d\nrole = vsp\n' "$number" "$number"
done >"$scratch/peers.conf"
cat >>"$scratch/peers.conf" <<'END'
[peer <b>"Evil"</b> & 'Sons']
rmd = RMD8999999
[peer alias]
frn = 0099000910
END
printf '[peer \342\200\256turned]\nfrn = 0099000902\n' >>"$scratch/peers.conf"

# notice ID KIND FRN MORE ISSUED: a document on file. The year 2199 is to come, whenever this runs.
notice() {
  printf '<notice id="%s" kind="%s" issued="%s" docket="" source="https://docs.fcc.gov/%s">\n' "$1" "$2" "$5" "$1"
  printf '<title>On &lt;%s&gt;</title>\n<provider><name>N</name><frn>%s</frn></provider>\n%s</notice>\n' "$1" "$3" "$4"
}
notice DA-1 removal 0099000004 "" 2025-08-06 >"$scratch/notices.d/1.xml"
notice DA-2 notice 0099000005 "" 2025-08-06 >"$scratch/notices.d/2.xml"
notice DA-3 final-determination 0099000006 "" 2025-08-06 >"$scratch/notices.d/3.xml"
notice DA-5 notice 0099000009 "<respond-by>2199-02-01</respond-by>" 2025-08-06 >"$scratch/notices.d/5.xml"
notice DA-4 removal 0099000007 "<cease-by>2199-01-01</cease-by>" 2025-08-06 >"$scratch/notices.d/4.xml"

sync() {
  "$RMDSYNC" -c "$conf" -d "$state" -q "$@"
}
page_write() {
  "$RMDEXPORT" -d "$state" -o "$page" html
}

test_case "every peer of the page has the verdict, the reason, the flags and the date that rmdcheck gives"
run 0 sync --source "$sample"
run 0 page_write
expect_line "$out" "$page"
run 0 python3 "$srcdir/tests/flow/browse.py" answers "$page" "$RMDCHECK" "$state"
expect_line "$out" "13 peers"

test_case "names are text, whatever stands in them"
expect_line "$page" "&lt;b&gt;&quot;Evil&quot;&lt;/b&gt; &amp; &#39;Sons&#39;"
expect_line "$page" '\u{202e}turned'
expect_line "$page" "On &lt;DA-4&gt;"
expect_no_line "$page" "<b>"

test_case "well-formed, as HTML and as XML"
if command -v xmllint >"$scratch/which"; then
  run 0 xmllint --noout --nonet "$page"
  expect_empty "$err"
  # libxml2 2.9 knows no element younger than HTML 4.
  run 0 xmllint --html --noout --nonet "$page"
  grep -E 'error' "$err" | grep -vE 'Tag (header|nav|main|section|footer|figure|figcaption|details|summary|time|bdi|output|svg|title|desc|g|rect|line|text|path|circle) invalid' \
    >"$scratch/errors" || :
  expect_empty "$scratch/errors"
else
  leave_out "no xmllint"
fi

test_case "a first load is counted, not listed"
expect_line "$page" "Generation 1 has 258 filings, too many for this page"
expect_no_line "$page" '<table id="events">'
expect_line "$page" "nothing has changed since the first load"

test_case "deadlines: what comes, from which document, for which peer"
tr '\n' ' ' <"$page" | sed 's/<tr>/\n<tr>/g' | grep '2199-01-02T00:00:00' >"$scratch/rows"
expect_match "$scratch/rows" '<th scope="row"><time [^>]*>2199-01-02 00:00</time></th><td>refuse: the removal takes effect</td>.*<a href="https://docs.fcc.gov/DA-4"><bdi>DA-4</bdi></a>.*<bdi>peer-7</bdi>'
expect_match "$scratch/rows" '<th scope="row" class="peer"><bdi>peer-7</bdi>.*removal-pending.*2199-01-02 00:00'

test_case "a letter: the last day to answer, and from when on its provider may be blocked"
tr '\n' ' ' <"$page" | sed 's/<tr>/\n<tr>/g' | grep 'DA-5' >"$scratch/rows"
expect_match "$scratch/rows" '>2199-02-02 00:00</time></th><td>may block: the time to respond is over <span class="small">last day to answer the FCC: 2199-02-01</span></td>'

test_case "flags in words: each that a peer has once below the table, and under the mouse"
expect_match "$page" '<div><dt><span class="flag" title="a removal order is released and not yet in effect">removal-pending</span></dt><dd>a removal order is released and not yet in effect</dd></div>'
expect_no_line "$page" "the data is older than the operator allows"

test_case "equal content: not replaced, and nothing told"
ls -i "$page" >"$scratch/before"
run 0 page_write
expect_empty "$out"
ls -i "$page" >"$scratch/after"
expect_same "$scratch/before" "$scratch/after"

test_case "what changed: each filing of a small generation, and the numbers of all"
list_edit "$sample" "$scratch/second.csv" <<'EOF'
rows = [row for row in rows if row["number"] != "RMD9000009"]
for row in rows:
    if row["number"] == "RMD9000015":
        row["business_name"] = "<script>alert(1)</script> & \u202eevil\ufffd"
EOF
run 0 sync --source "$scratch/second.csv"
run 0 page_write
expect_line "$out" "$page"
tr '\n' ' ' <"$page" | sed 's/<tr>/\n<tr>/g' >"$scratch/rows"
expect_match "$scratch/rows" '>RMD9000009</th>.*<td>removed</td>.*refuse'
expect_match "$scratch/rows" '>RMD9000015</th><td class="who"><bdi>&lt;script&gt;alert\(1\)&lt;/script&gt; &amp; \\u\{202e\}evil.*<td>changed <span class="small">business_name</span>'
expect_match "$scratch/rows" '<th scope="row">2</th>.*<td class="number">0</td><td class="number">0</td><td class="number">1</td><td class="number">1</td><td class="number">257</td></tr>'
expect_match "$scratch/rows" '<th scope="row">1</th>.*<td class="number">258</td><td class="number">0</td><td class="number">0</td><td class="number">0</td><td class="number">258</td></tr>'
run 0 python3 "$srcdir/tests/flow/browse.py" answers "$page" "$RMDCHECK" "$state"

test_case "a held list is said"
: >"$state/candidate.held"
run 0 page_write
rm "$state/candidate.held"
expect_line "$page" "A list is held."
run 0 page_write
expect_no_line "$page" "A list is held."

test_case "in a browser: light, dark, paper, narrow; sorted, searched, without scripts; no errors, no requests"
for browser in chromium chromium-browser google-chrome none; do
  if command -v "$browser" >"$scratch/which"; then
    break
  fi
done
if [ "$browser" = none ]; then
  leave_out "no Chromium"
else
  # Pictures stay where a person asks for them: RMD_PICTURES=DIRECTORY.
  pictures=${RMD_PICTURES:-$scratch/pictures}
  mkdir -p "$pictures"
  run 0 timeout 120 python3 "$srcdir/tests/flow/browse.py" browser "$page" "$browser" "$pictures"
fi

test_case "of many generations the last ten in which a filing changed are told"
cp "$sample" "$scratch/first.csv"
for list in first second first second first second first second first second; do
  run 0 sync --source "$scratch/$list.csv"
done
run 0 page_write
sed -n '/<table id="generations">/,/<\/table>/p' "$page" | grep -o '<th scope="row">[0-9]*' | sed 's/.*>//' >"$scratch/given"
printf '%s\n' 12 11 10 9 8 7 6 5 4 3 >"$scratch/expected"
expect_same "$scratch/expected" "$scratch/given"
expect_line "$page" "Filings over time"

test_case "a generation of 50 filings is told one by one, one of 51 is counted"
for count in 51 50; do
  python3 - "$sample" "$scratch/less.csv" "$count" <<'EOF'
import csv, sys

csv.field_size_limit(1 << 20)
with open(sys.argv[1], newline="", encoding="utf-8-sig") as source:
    rows = list(csv.reader(source))
with open(sys.argv[2], "w", newline="", encoding="utf-8") as target:
    csv.writer(target).writerows(rows[:1] + rows[1 + int(sys.argv[3]):])
EOF
  run 0 sync --source "$sample"
  run 0 sync --source "$scratch/less.csv"
done
run 0 page_write
expect_line "$page" "Generation 14 has 51 filings, too many for this page"
expect_no_line "$page" "Generation 16 has"
sed -n '/<table id="events">/,/<\/table>/p' "$page" | grep -c '<td class="number">16</td>' >"$scratch/count"
[ "$(cat "$scratch/count")" -eq 50 ] || complain "$(cat "$scratch/count") filings of the last generation"

test_case "data too old: stale, and every peer unknown"
run 0 "$RMDSYNC" -c "$conf" -d "$scratch/old" -q --source "$sample" --as-of 2025-10-01
run 0 "$RMDEXPORT" -d "$scratch/old" -o "$scratch/old.html" html
expect_line "$scratch/old.html" "<strong>Stale: too old for a verdict.</strong>"
expect_match "$scratch/old.html" "<title>RMD peers: .* unknown.* stale</title>"
expect_no_line "$scratch/old.html" '"verdict accept"><span aria-hidden="true">✓</span> accept</span></td><td class="why"'

test_case "no peers, no documents"
rm -r "$scratch/peers.conf" "$scratch/notices.d"
mkdir "$scratch/notices.d"
run 0 "$RMDSYNC" -c "$conf" -d "$scratch/bare" -q --source "$sample"
run 0 "$RMDEXPORT" -d "$scratch/bare" -o "$scratch/bare.html" html
expect_line "$scratch/bare.html" "Name those who hand you calls in peers.conf"
expect_line "$scratch/bare.html" "No document on file has a day that is still to come"

test_case "of more peers and deadlines than a page holds, the worst and the next are shown and the rest is counted"
awk 'BEGIN {
  print "[peer refused]\nfrn = 0012345678\n[peer one]\nfrn = 0099000002"
  for (i = 1; i <= 5000; i++)
    printf "[peer peer-%d]\nfrn = 0099000003\n", i
}' >"$scratch/peers.conf"
for number in $(seq 201); do
  notice "DA-9-$number" removal 0099000002 "<cease-by>2199-01-01</cease-by>" 2025-08-06 >"$scratch/notices.d/$number.xml"
done
run 0 "$RMDSYNC" -c "$conf" -d "$scratch/bare" -q --offline
run 0 "$RMDEXPORT" -d "$scratch/bare" -o "$scratch/bare.html" html
expect_line "$scratch/bare.html" "2 more peers are not on this page"
expect_line "$scratch/bare.html" "1 later one is not on this page"
expect_line "$scratch/bare.html" "<bdi>refused</bdi>"
finish
