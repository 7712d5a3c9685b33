#!/bin/sh
# SPDX-License-Identifier: ISC
#
# rmdnotice from a document's text to what a carrier may do: each command, what it says, what it writes, what it
# refuses. Which words of a text mean what is import_test.c's matter, what a document means for a verdict register.sh's.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

command -v python3 >"$scratch/which" || skip "no python3"
state=$scratch/state
conf=$scratch/rmd.conf
notices=$scratch/notices.d
data=$srcdir/tests/data/notices
PATH=$(dirname "$RMDSYNC"):$PATH
export PATH
echo 416 >"$scratch/foreign-area-codes.conf"
printf '%s\n' "[limits]" "retry-for = 0s" "[guard]" "minimum-rows = 1" "[policy]" "max-age = 3650d" >"$conf"
cat >"$scratch/list.csv" <<'END'
number,frn,business_name,business_address,other_dba_names,previous_dba_names,implementation,voice_service_provider_choice,gateway_provider_choice,intermediate_provider_choice
RMD0000001,0000000001,"EXAMPLE VOICE PARTNERS INC","100 Sample Avenue, Suite 200
Testburg TX 75001",,,Complete STIR/SHAKEN Implementation,Yes,No,No
RMD0000002,0000000002,Other Networks LLC,"9 Elm St
Testburg TX 75001",Example Voice Partners; Third Name,,Complete STIR/SHAKEN Implementation,Yes,No,No
RMD0000003,,Second Sample Networks LLC,,,,Complete STIR/SHAKEN Implementation,Yes,No,No
RMD0000004,0000000004,Unlike Anything Corp,,,,Complete STIR/SHAKEN Implementation,Yes,No,No
END
run 0 "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/list.csv" --as-of 2026-03-01

notice() {
  "$RMDNOTICE" -c "$conf" -d "$state" "$@"
}

# known KEY TEXT: the JSON on $out has it so; read by python3, one object a line.
known() {
  python3 -c 'import json, sys
for line in open(sys.argv[1]):
    found = json.loads(line)
    assert found["schema"] == 1, line
print(json.dumps(eval(sys.argv[2], {"o": found}), ensure_ascii=False))' "$out" "$1" >"$scratch/value" 2>&1 || :
  [ "$(cat "$scratch/value")" = "$2" ] || complain "$1 is $(cat "$scratch/value"), not $2"
}

# verdict CODE PROVIDER TIME TEXT
verdict() {
  run "$1" "$RMDCHECK" -d "$state" --at "$3" "$2"
  expect_line "$out" "$4"
}

test_case "--help is one screen, --version one line; no command, an unknown one and odd options are told"
run 0 notice --help
[ "$(wc -l <"$out")" -le 24 ] || complain "$(wc -l <"$out") lines"
if grep -E '.{81}' "$out" >"$scratch/long"; then
  complain "too long: $(cat "$scratch/long")"
fi
run 0 notice --version
expect_match "$out" '^rmdnotice [0-9.]+$'
# usage TEXT ARGUMENT...
usage() {
  text=$1
  shift
  run 64 notice "$@"
  expect_empty "$out"
  expect_one_line "$err"
  expect_line "$err" "$text"
}
usage "no command"
usage '"frobnicate" is none of import' frobnicate
usage "show takes other arguments" show
usage "list takes other arguments" list x
usage "--json does not go with respond" -j respond x reply 2026-03-04
usage "--ics goes with due only" --ics list
usage "exclude each other" --ics -j due
usage "--sent goes with notify-fcc only" --sent 2026-03-04 due
usage "-n, --issued and --id go with import only" -n list
usage "do not go with list" --sync list
usage '--at "yesterday"' --at yesterday list
usage "unknown option -x" -x list
usage "--at needs a value" list --at
usage "none of mitigated, measures, reply, blocking-began" respond x repaired 2026-03-04
usage '"2026-02-30" is neither a date' respond x reply 2026-02-30

test_case "an empty register: nothing, and an empty calendar"
for command in list due; do
  run 0 notice "$command"
  expect_empty "$out"
  expect_empty "$err"
done
notice due --ics >"$scratch/ics"
run 0 python3 "$srcdir/tests/flow/ical.py" <"$scratch/ics"
expect_empty "$out"

test_case "import -n shows each fact with its line and what follows, and stores nothing"
run 0 notice --at 2026-03-04 import -n "$data/letter-plain.txt"
expect_empty "$err"
expect_match "$out" '^kind +"notice"  line '
expect_match "$out" '^issued +"2026-03-03"  line 5$'
expect_match "$out" '^provider +"Example Voice Partners, Inc."  line 11$'
expect_line "$out" "may-block from 2026-03-06T00:00:00-05:00  48-hours  47 CFR 64.1200(k)(4)  notify-fcc-first"
expect_line "$out" "may-block from 2026-03-18T00:00:00-04:00  14-days"
expect_no_line "$out" "stored as"
[ ! -e "$notices" ] || complain "the register was made"

test_case "import stores, says when it takes effect, asks nobody, and never overwrites"
run 0 notice import "$data/letter-plain.txt" </dev/null
expect_empty "$err"
expect_line "$out" "it takes effect with the next rmdsync run"
file=$(sed -n 's/^stored as *//p' "$out")
id=$(sed -n 's/^id *"\(.*\)"  line .*/\1/p' "$out")
[ -f "$file" ] || complain "it is not stored as \"$file\""
expect_line "$file" "SHA-256 $(sha256sum <"$data/letter-plain.txt" | cut -c 1-64)"
cp "$file" "$scratch/before"
run 73 notice import "$data/letter-plain.txt"
expect_one_line "$err"
expect_line "$err" "$id is on file already"
expect_line "$err" "rmdnotice import -n"
expect_same "$scratch/before" "$file"
run 0 notice import --id second "$data/letter-plain.txt"
run 0 notice show second
rm "$notices/second.xml"

test_case "what is no document, or gives no date of issue, is not stored"
run 65 notice import "$data/article.txt"
expect_one_line "$err"
expect_line "$err" "is not an FCC document"
run 65 notice import "$data/letter-undated.txt"
expect_one_line "$err"
expect_line "$err" "give it with --issued"
expect_match "$out" "^doubtful, left out +issued: "
run 0 notice import --issued 2026-01-05 --id undated "$data/letter-undated.txt"
expect_line "$notices/undated.xml" 'issued="2026-01-05"'
expect_line "$notices/undated.xml" "the operator gave the date of issue"
# What was doubtful is not in the entry, and stays as a remark.
expect_match "$out" "^doubtful, left out +respond-by: no day is printed"
expect_line "$notices/undated.xml" "<!-- not sure, left out: respond-by, line 6: "
expect_no_line "$notices/undated.xml" "<respond-by>"
expect_no_line "$notices/undated.xml" "<provider>"
rm "$notices/undated.xml"
run 66 notice import "$scratch/none.txt"
expect_line "$err" "none.txt"
run 65 notice import "$scratch"
run 64 notice import http://localhost/x.txt
expect_line "$err" "a file or an https: address"
: >"$scratch/empty.txt"
run 65 notice import "$scratch/empty.txt"

test_case "a PDF goes through pdftotext, and its digest is the PDF's; without pdftotext it is told"
printf '%%PDF-1.4 made up\n' >"$scratch/letter.pdf"
mkdir "$scratch/pdf" "$scratch/no-pdf"
printf '%s\n' '#!/bin/sh' "exec cat '$data/letter-plain.txt'" >"$scratch/pdf/pdftotext"
chmod +x "$scratch/pdf/pdftotext"
run 0 env PATH="$scratch/pdf:$PATH" "$RMDNOTICE" -c "$conf" import --id pdf "$scratch/letter.pdf"
expect_line "$notices/pdf.xml" "SHA-256 $(sha256sum <"$scratch/letter.pdf" | cut -c 1-64)"
expect_line "$notices/pdf.xml" "<name>Example Voice Partners, Inc.</name>"
rm "$notices/pdf.xml"
run 69 env PATH="$scratch/no-pdf" "$RMDNOTICE" -c "$conf" import "$scratch/letter.pdf"
expect_line "$err" "is a PDF, and there is no pdftotext"

test_case "whoever starts it may ignore the ends of children: a PDF is read all the same"
run 0 env PATH="$scratch/pdf:$PATH" python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' "$RMDNOTICE" -c "$conf" import -n "$scratch/letter.pdf"

test_case "what must be settled in the text stops an import, but for a date of issue that is given"
sed 's/no later than Tuesday, March 17, 2026/no later than March l7, 2026/' "$data/letter-plain.txt" \
  >"$scratch/letter-unclear.txt"
run 65 notice import --id unclear --issued 2026-03-03 "$scratch/letter-unclear.txt"
expect_one_line "$err"
expect_line "$err" "respond-by"
[ ! -e "$notices/unclear.xml" ] || complain "it was stored"

test_case "list, show and due say the same as text and as JSON"
run 0 notice --at 2026-03-07 list
expect_one_line "$out"
expect_line "$out" "$id  notice  2026-03-03  \"Example Voice Partners, Inc.\"  unmatched  may-block since 2026-03-06T00:00:00-05:00  48-hours  notify-fcc-first"
run 0 notice --at 2026-03-04 list
expect_line "$out" "  may-block from 2026-03-06T00:00:00-05:00  48-hours"
run 0 notice --at 2026-03-07 -j list
expect_one_line "$out"
known 'o["id"], o["kind"], o["issued"], o["matched"]' "[\"$id\", \"notice\", \"2026-03-03T00:00:00-05:00\", 0]"
known '" ".join(o)' '"schema id kind issued issued_exact title matched providers state verdict ground from until citation notify_fcc_first"'
known '" ".join(o["providers"][0])' '"name address frn rmd_number matched_by matched_at"'
known 'o["issued_exact"]' false
known 'o["state"], o["verdict"], o["from"], o["ground"], o["notify_fcc_first"]' \
  '["now", "may-block", "2026-03-06T00:00:00-05:00", "48-hours", true]'
known 'o["providers"][0]["name"], o["providers"][0]["frn"]' '["Example Voice Partners, Inc.", null]'
run 0 notice show "$id"
expect_match "$out" '^respond by +2026-03-17$'
expect_match "$out" '^  match +none: it changes no verdict$'
expect_match "$out" '^traceback 2 +call 2026-02-11T18:59:00-05:00  notified 2026-02-12T13:31:00-05:00  customer Sample'
expect_match "$out" "^digest +$(sha256sum <"$file" | cut -c 1-64)\$"
expect_match "$out" "^file +$file\$"
run 0 notice -j show "$id"
known '" ".join(o)' '"schema id kind issued issued_exact title matched providers docket source campaign respond_by cease_by brings tracebacks responses fcc_notified blocking_began file digest"'
known '" ".join(o["brings"][0])' '"state verdict ground from until citation notify_fcc_first"'
known 'o["docket"], o["cease_by"], o["fcc_notified"], o["blocking_began"], o["responses"]' '[null, null, null, null, []]'
known 'len(o["tracebacks"]), o["respond_by"], o["digest"], len(o["brings"])' \
  "[2, \"2026-03-17\", \"$(sha256sum <"$file" | cut -c 1-64)\", 2]"
run 0 notice --at 2026-03-07 due
[ "$(wc -l <"$out")" -eq 2 ] || complain "$(cat "$out")"
expect_match "$out" '^now  may-block since 2026-03-06T00:00:00-05:00  48-hours  '
expect_match "$out" '^coming  may-block from 2026-03-18T00:00:00-04:00  14-days  '
run 0 notice --at 2026-03-07 -j due
known '" ".join(o)' '"schema id kind issued issued_exact title matched providers state verdict ground from until citation notify_fcc_first"'
known 'o["state"], o["from"], o["until"], o["citation"]' \
  '["coming", "2026-03-18T00:00:00-04:00", null, "47 CFR 64.1200(k)(4)"]'
run 66 notice show nothing
expect_one_line "$err"
expect_line "$err" '"nothing" is not on file'

test_case "due --ics is iCalendar, and its events keep their UIDs"
notice --at 2026-03-04 due --ics >"$scratch/ics"
run 0 python3 "$srcdir/tests/flow/ical.py" <"$scratch/ics"
[ "$(wc -l <"$out")" -eq 2 ] || complain "$(cat "$out")"
expect_match "$out" '^[^	]*/48-hours@rmdnotice	20260304T050000Z	20260306T050000Z	may-block: Example Voice Partners, Inc.	'
expect_match "$out" '^[^	]*/14-days@rmdnotice	20260304T050000Z	20260318T040000Z	may-block: '
cut -f 1 "$out" >"$scratch/uids"
notice --at 2026-03-20 due --ics >"$scratch/ics"
run 0 python3 "$srcdir/tests/flow/ical.py" <"$scratch/ics"
cut -f 1 "$out" | cmp - "$scratch/uids" || complain "other UIDs"

test_case "match proposes with scores and reasons, and records nothing by itself"
run 0 notice match "$id"
expect_match "$out" '^provider 1  "Example Voice Partners, Inc."'
expect_line "$out" '  95  RMD0000001  0000000001  "EXAMPLE VOICE PARTNERS INC"'
expect_line "$out" "the same name but for case and punctuation; the same address"
expect_line "$out" '  60  RMD0000002  0000000002  "Other Networks LLC"'
expect_line "$out" "the name stands among its DBA names"
expect_no_line "$out" Unlike
expect_same "$scratch/before" "$file"
run 0 notice -j match "$id" 1
known '" ".join(o)' '"schema id number provider candidates"'
known '" ".join(o["candidates"][0])' '"score rmd_number frn business_name business_address listed name_like name_percent address_like"'
known '[(c["score"], c["name_like"], c["address_like"]) for c in o["candidates"]]' \
  '[[95, "normalised", "same"], [60, "dba", null]]'
# One that has vanished is proposed too.
printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-percent = 100" >"$scratch/gone.conf"
{
  cat "$scratch/list.csv"
  echo 'RMD0000009,0000000009,"Example Voice Partners, Inc.",,,,Complete STIR/SHAKEN Implementation,Yes,No,No'
} >"$scratch/before.csv"
run 0 "$RMDSYNC" -q -c "$scratch/gone.conf" -d "$scratch/gone" --source "$scratch/before.csv" --as-of 2026-02-28
run 0 "$RMDSYNC" -q -c "$scratch/gone.conf" -d "$scratch/gone" --source "$scratch/list.csv" --as-of 2026-03-01
run 0 "$RMDNOTICE" -c "$conf" -d "$scratch/gone" -j match "$id" 1
known '[(c["rmd_number"], c["listed"], c["name_like"]) for c in o["candidates"]]' \
  '[["RMD0000001", true, "normalised"], ["RMD0000009", false, "exact"], ["RMD0000002", true, "dba"]]'

test_case "match refuses a key that no filing has, naming the nearest, and a document without that provider"
run 65 notice match "$id" RMD0000011
expect_one_line "$err"
expect_line "$err" 'RMD0000011 is in no filing that the snapshot knows; the nearest is RMD0000001 (0000000001, "EXAMPLE'
run 65 notice match "$id" 0000000009
expect_same "$scratch/before" "$file"
run 66 notice match "$id" 2 RMD0000001
run 66 notice match "$id" Nobody RMD0000001
run 66 notice match nothing RMD0000001
run 64 notice match "$id" 1 nonsense
run 66 "$RMDNOTICE" -c "$conf" -d "$scratch/nowhere" match "$id"
expect_one_line "$err"
expect_line "$err" "the snapshot cannot be read"

test_case "a match is dated, takes effect with rmdsync, and can be corrected without a trace of the old one"
verdict 0 0000000001 2026-03-07 "accept  listed"
run 0 notice --at 2026-03-05 match "$id" RMD0000002
expect_line "$out" "is matched to RMD0000002 0000000002 \"Other Networks LLC\", 2026-03-05"
expect_line "$file" '<rmd match="operator" date="2026-03-05">RMD0000002</rmd>'
run 0 notice --at 2026-03-05 --sync match "$id" "example voice partners inc" frn:0000000001
expect_line "$out" "rmdsync: published generation 2"
expect_no_line "$file" RMD0000002
expect_line "$file" ">0000000001</frn>"
verdict 0 0000000001 2026-03-05T23:59:59-05:00 "accept  listed"
verdict 2 0000000001 2026-03-06 "may-block  notice-matured"
expect_line "$out" notify-fcc-first
verdict 0 0000000002 2026-03-06 "accept  listed"
run 0 notice match "$id"
expect_empty "$out"
expect_line "$err" "every provider that it names has an FRN or an RMD number"
# The same again changes nothing, its date neither.
cp "$file" "$scratch/matched"
run 0 notice -j --at 2026-03-06 match "$id" 0000000001
known 'o["provider"]["frn"], o["provider"]["matched_by"], o["provider"]["matched_at"], o["candidates"]' \
  '["0000000001", "operator", "2026-03-05T00:00:00-05:00", []]'
expect_same "$scratch/matched" "$file"

test_case "respond records what happened, and only that"
run 64 notice --at 2026-03-08 respond "$id" mitigated 2026-03-09
expect_line "$err" "lies in the future"
run 65 notice --at 2026-03-08 respond "$id" mitigated 2026-03-02
expect_one_line "$err"
expect_line "$err" "before the document was issued"
run 66 notice --at 2026-03-08 respond nothing mitigated 2026-03-08
run 0 notice --at 2026-03-10 respond "$id" reply 2026-03-04T10:00:00-05:00
run 0 notice --at 2026-03-10 --sync respond "$id" mitigated 2026-03-08
expect_line "$out" "$id: mitigated 2026-03-08 is on record"
verdict 2 0000000001 2026-03-07T23:59:59-05:00 "may-block  notice-matured"
verdict 0 0000000001 2026-03-08 "accept  listed"
verdict 2 0000000001 2026-03-18 "may-block  notice-matured"
run 0 notice --at 2026-03-10 due
expect_one_line "$out"
expect_match "$out" "^coming  may-block from 2026-03-18T00:00:00-04:00  14-days"

test_case "notify-fcc drafts from what is on file, and sends nothing"
run 0 notice --at 2026-03-20 notify-fcc "$id"
expect_line "$err" "nothing was sent"
expect_line "$out" "[your company, its FRN and RMD number]"
expect_line "$out" "FRN 0000000001, Robocall Mitigation Database number RMD0000001, as we matched it on 2026-03-05"
expect_line "$out" "It lists 2 tracebacks"
expect_line "$out" "ended at 2026-03-18T00:00:00-04:00; no such measures are on our record"
expect_no_line "$out" "48 hours"
expect_no_line "$out" "NOT YET"
run 0 notice --at 2026-03-10 notify-fcc "$id"
expect_line "$out" "NOT YET: nothing on file allows blocking before 2026-03-18T00:00:00-04:00"
if strace -o "$scratch/calls" true 2>"$scratch/strace"; then
  # What looks for leaks cannot be traced; a local socket is the C library's or the shell's, who ask who the user is.
  run 0 env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" strace -f -qq -e trace=%network,execve -e signal=none \
    -o "$scratch/calls" "$RMDNOTICE" -c "$conf" -d "$state" --at 2026-03-20 notify-fcc "$id"
  expect_no_line "$scratch/calls" AF_INET
  expect_no_line "$scratch/calls" mail
fi
run 64 notice --at 2026-03-20 notify-fcc "$id" --sent 2026-03-21
run 0 notice --at 2026-03-20 --sync notify-fcc "$id" --sent 2026-03-19
expect_line "$out" "$id: fcc-notified 2026-03-19 is on record"
verdict 2 0000000001 2026-03-18 notify-fcc-first
verdict 2 0000000001 2026-03-19 "may-block  notice-matured"
expect_no_line "$out" notify-fcc-first
run 0 notice --at 2026-03-20 notify-fcc "$id" --sent 2026-03-18
expect_line "$out" "in place of 2026-03-19"
run 0 notice --at 2026-03-20 respond "$id" blocking-began 2026-03-20
run 0 notice show "$id"
expect_match "$out" '^blocking began +2026-03-20$'
run 0 notice --at 2026-03-20 respond "$id" measures 2026-03-20
run 65 notice --at 2026-03-21 notify-fcc "$id"
expect_one_line "$err"
expect_line "$err" "nothing on file allows blocking after a notice to the FCC"

test_case "a removal is no matter of a notice to the FCC, and a key that the document gives is its own"
run 0 notice import "$data/removal-one.txt"
run 65 notice notify-fcc "DA 25-737"
sed -i 's|<name>Second Sample Networks LLC</name>|&<rmd>RMD0000003</rmd>|' "$notices/DA-25-737.xml"
run 65 notice match "DA 25-737" RMD0000004
expect_line "$err" "the document itself gives the key"
run 0 notice --at 2025-08-08 due
expect_match "$out" '^coming  refuse from 2025-08-09T00:00:00-04:00  removal  DA 25-737  "Second Sample Networks LLC"  matched  47 CFR 64.6305'

test_case "several providers: which one must be said, by number or by name"
cat >"$notices/two.xml" <<'END'
<notice id="two" kind="removal" issued="2025-08-06">
  <provider><name>Unlike Anything Corp</name></provider>
  <provider><name>Other Networks</name></provider>
  <provider><name>Other Networks</name></provider>
</notice>
END
run 64 notice match two RMD0000004
expect_line "$err" "two names 3 providers; say which"
run 66 notice match two "other networks" RMD0000002
expect_line "$err" "names several providers"
run 0 notice --at 2026-03-01 match two "Unlike  anything corp." RMD0000004
run 0 notice --at 2026-03-01 match two 3 0000000002
run 0 notice list
expect_line "$out" 'two  removal  2025-08-06  "Unlike Anything Corp" and 2 more  matched 2 of 3  refuse since 2025-08-06T00:00:00-04:00  removal'
run 0 notice match two
expect_match "$out" '^provider 2  "Other Networks"'
expect_no_line "$out" "provider 1"
# The same key twice in one document is a slip.
run 65 notice match two 2 0000000002
expect_one_line "$err"

test_case "a match that finds nothing says where else to look"
cat >"$notices/nobody.xml" <<'END'
<notice id="nobody" kind="removal" issued="2025-08-06">
  <provider><name>Xylophone Quartz GmbH</name></provider>
</notice>
END
run 0 notice match nobody
expect_one_line "$out"
expect_line "$out" 'provider 1  "Xylophone Quartz GmbH"'
expect_line "$out" "  no filing is like it: try rmdcheck --search with a part of the name"
rm "$notices/nobody.xml"

test_case "texts of a document cannot write to a terminal"
printf '<notice id="evil\342\200\256" kind="notice" issued="2026-03-01"><title>\302\233x</title>%s</notice>\n' \
  "<provider><name>a&#x202e;b&quot;</name></provider>" >"$notices/evil.xml"
for command in list due "show evil$(printf '\342\200\256')"; do
  # shellcheck disable=SC2086 # a command and its argument
  run 0 notice $command
  expect_line "$out" '\u{202e}'
  expect_no_line "$out" "$(printf '\342\200\256')"
done
run 0 notice -j list
expect_no_line "$out" "$(printf '\342\200\256')"
notice due --ics >"$scratch/ics"
run 0 python3 "$srcdir/tests/flow/ical.py" <"$scratch/ics"
expect_line "$out" "may-block: a?b"
rm "$notices/evil.xml"

test_case "on a terminal it asks: yes runs rmdsync, no does not, and --no-sync asks nothing"
terminal() {
  python3 "$srcdir/tests/flow/terminal.py" "$1" "$RMDNOTICE" -c "$conf" -d "$state" --at 2026-03-25 respond "$id" reply \
    2026-03-24
}
run 0 terminal n
expect_line "$out" "run rmdsync --offline now? [y/N]"
expect_no_line "$out" "rmdsync: published"
run 0 terminal y
expect_line "$out" "rmdsync: published"
run 0 python3 "$srcdir/tests/flow/terminal.py" y "$RMDNOTICE" -c "$conf" -d "$state" --no-sync --at 2026-03-25 respond \
  "$id" reply 2026-03-24
expect_no_line "$out" "now?"

test_case "an rmdsync that fails is told, and the change stands"
run 73 "$RMDNOTICE" -c "$conf" -d "$scratch/none/there" --sync --at 2026-03-25 respond "$id" reply 2026-03-25
expect_line "$err" "the change is on file"
expect_line "$file" 'kind="reply" date="2026-03-25"'
# One that cannot be executed is no reason to take the one that is installed.
mkdir "$scratch/bin"
: >"$scratch/bin/rmdsync"
run 70 env PATH="$scratch/bin" "$RMDNOTICE" -c "$conf" -d "$state" --sync --at 2026-03-25 respond "$id" reply 2026-03-25
expect_line "$err" "rmdsync cannot be started"

test_case "a register or a configuration that is broken stops every command, with file and line"
echo '<notice id="x" kind="letter" issued="2026-03-01"/>' >"$notices/broken.xml"
for command in list due "show x" "respond x reply 2026-03-02" "import -n $data/letter-plain.txt"; do
  # shellcheck disable=SC2086
  run 78 notice $command
  expect_empty "$out"
  expect_one_line "$err"
  expect_line "$err" "broken.xml:1: "
done
rm "$notices/broken.xml"
run 78 "$RMDNOTICE" -c "$scratch/no.conf" list

test_case "an output that fails is told, and a document that cannot be read to its end"
got=0
notice list >/dev/full 2>"$err" || got=$?
[ "$got" -eq 74 ] || complain "exit $got"
expect_one_line "$err"
# It can be opened, and nothing stands at its beginning.
run 74 notice import -n /proc/self/mem
expect_one_line "$err"
expect_line "$err" "/proc/self/mem: cannot be read to its end"

test_case "a register that cannot be written"
if [ "$(id -u)" -eq 0 ]; then
  mkdir -p "$scratch/blocked"
  cp "$conf" "$scratch/blocked/rmd.conf"
  : >"$scratch/blocked/notices.d"
  run 78 "$RMDNOTICE" -c "$scratch/blocked/rmd.conf" import "$data/letter-plain.txt"
else
  chmod 500 "$notices"
  run 73 notice import --id another "$data/letter-plain.txt"
  chmod 700 "$notices"
fi

letter=$srcdir/../shared/domain/notice-letter-sipkonnect-2022-07-07.txt
test_case "the letter of 2022-07-07, without typing a date"
if [ ! -f "$letter" ]; then
  leave_out "it is not here"
else
  run 0 notice import "$letter"
  run 0 notice --at 2022-07-08 due
  expect_match "$out" '^coming  may-block from 2022-07-10T00:00:00-04:00  48-hours  EB-21-00031913-SipKonnect  "SipKonnect LLC"  unmatched'
  expect_match "$out" '^coming  may-block from 2022-07-22T00:00:00-04:00  14-days  EB-21-00031913-SipKonnect'
  run 0 notice --at 2022-07-22 notify-fcc EB-21-00031913-SipKonnect
  expect_line "$out" "It lists 10 tracebacks"
  expect_line "$out" "AutoWarrantyExtend"
fi

start_server "$data"
sed -i "1i [source]\nca-file = $server/ca.pem" "$conf"
test_case "a document from an https: address, with its source"
run 0 notice import --id fetched "https://user:secret@localhost:$https/ok/letter-plain.txt"
expect_line "$notices/fetched.xml" "source=\"https://***@localhost:$https/ok/letter-plain.txt\""
expect_no_line "$notices/fetched.xml" secret
run 0 notice show fetched
test_case "an address that is not reached: for good, for now, and too large"
run 69 notice import "https://localhost:$https/status/404"
expect_one_line "$err"
run 75 notice import "https://localhost:$https/status/503"
run 65 notice import "https://localhost:$https/endless"
expect_one_line "$err"
run 65 notice import "https://localhost:$https/html"

finish
