#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What a source may serve on a bad day, with status 200: it is refused with one clear line, or held, and the old
# snapshot stays as it was. And what looks odd but is good: it is taken. How bytes travel is fetch.sh's matter.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

files=$scratch/files
state=$scratch/state
conf=$scratch/rmd.conf
mkdir "$files" "$state"
# Without it each run warns.
echo 416 >"$scratch/foreign-area-codes.conf"

# rows FROM TO: made-up filings, their numbers far apart.
rows() {
  awk -v from="$1" -v to="$2" 'BEGIN {
    for (i = from; i <= to; i++)
      printf "RMD%07d,%010d,Example Carrier %d LLC,Complete STIR/SHAKEN Implementation,Yes,No,Yes\n", i * 7, i * 11, i
  }'
}

# The same as ServiceNow's REST interface gives them in XML.
xml_rows() {
  awk -v from="$1" -v to="$2" 'BEGIN {
    for (i = from; i <= to; i++)
      printf "<result><number>RMD%07d</number><frn><display_value>%010d</display_value><value>x%d</value></frn>" \
        "<business_name>Example Carrier %d LLC</business_name>" \
        "<implementation>Complete STIR/SHAKEN Implementation</implementation>" \
        "<voice_service_provider_choice>Yes</voice_service_provider_choice>" \
        "<gateway_provider_choice>No</gateway_provider_choice>" \
        "<intermediate_provider_choice>Yes</intermediate_provider_choice></result>\n", i * 7, i * 11, i, i
  }'
}

# sync FILE, as the operator would; minimum-rows is 1 but where the test is about it.
sync() {
  run "$1" "$RMDSYNC" -c "$conf" -d "$state" --source "$2"
}

# refused NAME SOURCE [TEXT]: 65, one line that names the source (and says TEXT), the old snapshot untouched.
refused() {
  test_case "$1"
  sync 65 "$2"
  expect_one_line "$err"
  expect_line "$err" "$2"
  [ $# -lt 3 ] || expect_line "$err" "$3"
  expect_same "$scratch/old.mdb" "$state/rmd.mdb"
}

# taken NAME FILE: exit 0 into an empty state directory, all 400 rows.
taken() {
  test_case "$1"
  rm -rf "$scratch/fresh"
  mkdir "$scratch/fresh"
  run 0 "$RMDSYNC" -c "$conf" -d "$scratch/fresh" --json --source "$2"
  tr -d ' ' <"$out" >"$scratch/json"
  expect_line "$scratch/json" '"result":"published"'
  expect_line "$scratch/json" '"rows":400,'
}

{
  echo "$header"
  rows 1 400
} >"$files/rmd.csv"
start_server "$files"
base=https://localhost:$https
printf '%s\n' "[source]" "ca-file = $server/ca.pem" "[limits]" "retry-for = 0s" "[guard]" "minimum-rows = 1" >"$conf"

test_case "a first snapshot"
sync 0 "file://$files/rmd.csv"
cp "$state/rmd.mdb" "$scratch/old.mdb"

refused "a login page" "$base/html"
refused "an error in JSON" "$base/json"
refused "cut short, then an error appended" "$base/cut-error/rmd.csv"

: >"$files/empty.csv"
refused "nothing at all" "file://$files/empty.csv"
echo "$header" >"$files/header.csv"
refused "a header and no row" "file://$files/header.csv"
head -c 20000 "$files/rmd.csv" >"$files/cut.csv"
refused "cut within a row" "file://$files/cut.csv"
printf '%s' "$(cat "$files/rmd.csv")" >"$files/unended.csv"
refused "the last newline is missing" "file://$files/unended.csv"
{
  cat "$files/rmd.csv"
  printf 'RMD0009999,0000009999,"Never ended LLC,Complete STIR/SHAKEN Implementation,Yes,No,Yes\n'
} >"$files/quote.csv"
refused "a quote that does not end" "file://$files/quote.csv"
{
  cat "$files/rmd.csv"
  printf 'RMD0009999,0000009999,N\0L LLC,Complete STIR/SHAKEN Implementation,Yes,No,Yes\n'
} >"$files/nul.csv"
refused "a NUL byte" "file://$files/nul.csv" "NUL"
gzip -c "$files/rmd.csv" >"$files/rmd.csv.gz"
refused "a compressed file" "file://$files/rmd.csv.gz"
sed '1s/implementation/installation/' "$files/rmd.csv" >"$files/column.csv"
refused "a required column is missing" "file://$files/column.csv" "implementation"
sed '1s/business_name/frn/' "$files/rmd.csv" >"$files/doubled.csv"
refused "a column twice" "file://$files/doubled.csv" "frn"
sed '2,$s/Example Carrier [0-9]* LLC//' "$files/rmd.csv" >"$files/blank.csv"
refused "a column gone empty" "file://$files/blank.csv" "business_name"
sed '10,20s/,Yes,No,Yes/,Perhaps,No,Yes/' "$files/rmd.csv" >"$files/values.csv"
test_case "more than one row in a hundred that cannot be understood"
sync 65 "file://$files/values.csv"
expect_match "$err" 'values\.csv:10: voice_service_provider_choice: .*"Perhaps"'
expect_match "$err" 'values\.csv: 11 of 400 rows'
expect_same "$scratch/old.mdb" "$state/rmd.mdb"

test_case "a first load that is too small"
sed 's/^minimum-rows.*/minimum-rows = 401/' "$conf" >"$scratch/large.conf"
mkdir "$scratch/small"
run 65 "$RMDSYNC" -c "$scratch/large.conf" -d "$scratch/small" --source "file://$files/rmd.csv"
expect_one_line "$err"
if [ -e "$scratch/small/rmd.mdb" ]; then
  complain "it was published"
fi

test_case "exactly 10,000 rows are held"
{
  echo "$header"
  rows 1 10000
} >"$files/ten.csv"
sync 3 "file://$files/ten.csv"
expect_same "$scratch/old.mdb" "$state/rmd.mdb"

test_case "a tenth of the rows gone is held"
{
  echo "$header"
  rows 1 360
} >"$files/fewer.csv"
sync 3 "file://$files/fewer.csv"
expect_same "$scratch/old.mdb" "$state/rmd.mdb"

{
  echo '<?xml version="1.0" encoding="UTF-8"?><response>'
  xml_rows 1 400
  echo '</response>'
} >"$files/rmd.xml"
sed 's/<response>/<!DOCTYPE response [<!ENTITY a SYSTEM "file:\/\/\/etc\/hostname">]><response>/' "$files/rmd.xml" \
  >"$files/doctype.xml"
refused "XML with a DOCTYPE" "file://$files/doctype.xml"
sed 's/Example Carrier 7 LLC/\&a;/' "$files/rmd.xml" >"$files/entity.xml"
refused "XML with an entity of its own" "file://$files/entity.xml"
head -c 20000 "$files/rmd.xml" >"$files/cut.xml"
refused "XML that is cut" "file://$files/cut.xml"
sed '$d' "$files/rmd.xml" >"$files/open.xml"
refused "XML whose root is not closed" "file://$files/open.xml"
{
  echo '<?xml version="1.0" encoding="EUC-JP"?><response>'
  printf '<result><title>caf\351\240 x</title></result></response>\n'
} >"$files/encoding.xml"
awk 'BEGIN { printf "<response>"; for (i = 0; i < 300000; i++) printf "<e%d/>", i; print "</response>" }' \
  >"$files/names.xml"
refused "XML with names without end, which libxml2 finds ever more slowly" "file://$files/names.xml" \
  "too many different names of elements and attributes"
refused "XML in an encoding that breaks, without a word of libxml2's own" "file://$files/encoding.xml"
{
  cat "$files/rmd.xml"
  echo '{"error":{"message":"Transaction cancelled"},"status":"failure"}'
} >"$files/appended.xml"
refused "XML with an error appended" "file://$files/appended.xml"

taken "as it is" "file://$files/rmd.csv"
{
  printf '\357\273\277'
  sed 's/$/\r/' "$files/rmd.csv"
} >"$files/windows.csv"
taken "with a byte-order mark and CRLF" "file://$files/windows.csv"
{
  echo "implementation,$header" | sed 's/,implementation//; s/$/,new_column/'
  rows 1 400 | awk -F, -v OFS=, '{ print $4, $1, $2, $3, $5, $6, $7, "whatever" }'
} >"$files/order.csv"
taken "columns in another order, and one more" "file://$files/order.csv"
taken "XML" "file://$files/rmd.xml"

finish
