#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Each foreign library is known to one place, the law stands in one place, and no room reaches into a room that it must
# not know.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

files '*.[ch]' src cache contrib >"$scratch/files"
# shellcheck disable=SC2046 # our file names have no spaces
awk '
# Foreign headers, and the files that may include them.
BEGIN {
  border["<curl/"] = "^src/sync/fetch\\.c$"
  border["<libxml/"] = "^src/(sync/decode_xml|notice/xml[a-z_]*)\\.c$"
  border["<lmdb\\.h>"] = "^cache/"
  border["<jansson\\.h>"] = "^src/(sync/report\\.c|base/json\\.h)$"
  border["<csv\\.h>"] = "^src/sync/decode_csv\\.c$"
  border["<ini\\.h>"] = "^src/sync/sections\\.c$"
  border["<utf8proc\\.h>"] = "^src/(sync/fold|base/screen)\\.c$"
  border["<seccomp\\.h>"] = "^src/sync/sandbox\\.c$"
  border["<openssl/"] = "^cache/digest\\.c$"
  border["<l(ua|uaconf|ualib|auxlib)\\.h>"] = "^contrib/lua/rmd\\.c$"
  border["<(sha[0-9]*|md[0-9a-z]*)\\.h>"] = "^src/check/verify\\.c$"

  # Rooms, and what a file in them may include of ours. config.h may be included everywhere.
  room["^src/base/"] = "^base/"
  room["^cache/"] = "^((base|cache)/|rmd\\.h$)"
  room["^src/lib/"] = "^((base|cache|lib)/|rmd\\.h$)"
  room["^src/sync/"] = "^((base|cache|notice|sync)/|rmd\\.h$)"
  room["^src/check/"] = "^((base|check)/|sync/fold\\.h$|rmd\\.h$)"
  room["^src/notice/"] = "^((base|notice)/|cache/digest\\.h$|sync/(conf|fetch|fold)\\.h$|rmd\\.h$)"
  room["^src/export/"] = "^((base|export)/|check/(output|words)\\.h$|sync/conf\\.h$|rmd\\.h$)"
  room["^contrib/lua/"] = "^rmd\\.h$"
  # Built inside of the sources of Kamailio, which are included so.
  room["^contrib/kamailio/module/"] = "^\\.\\./\\.\\./core/"
  # A switch loads librmd: what writes snapshots is not for it.
  forbidden["^src/lib/"] = "^cache/writer\\.h$"
}
!/^[ \t]*#[ \t]*include/ { next }
{
  header = $0
  sub(/^[ \t]*#[ \t]*include[ \t]*/, "", header)
  place = FILENAME ":" FNR ": "
}
header ~ /^</ {
  for (name in border)
    if (header ~ "^" name && FILENAME !~ border[name])
      print place header " belongs to " border[name]
  if (header == "<rmd.h>" && FILENAME !~ /^contrib\//)
    print place "inside the tree it is \"rmd.h\""
  next
}
header ~ /^"/ {
  sub(/^"/, "", header)
  sub(/".*$/, "", header)
  if (header == "config.h")
    next
  known = 0
  for (name in room)
    if (FILENAME ~ name) {
      known = 1
      if (header !~ room[name])
        print place header " is none of " room[name]
    }
  for (name in forbidden)
    if (FILENAME ~ name && header ~ forbidden[name])
      print place header " is not for this room"
  if (!known)
    print place "no rule says what this room may include"
  next
}
{ print place "a computed include cannot be checked" }
' $(cat "$scratch/files") /dev/null >"$scratch/out"
findings <"$scratch/out"
# What is cited for a verdict stands in the table of the rules; what a document brings, in its own, in the same words.
# shellcheck disable=SC2046
grep -Hno '"47 CFR [^"]*"' $(cat "$scratch/files") /dev/null >"$scratch/cited" || [ $? -eq 1 ]
grep -vE '^src/(lib/rules\.h|notice/effect\.c):' "$scratch/cited" | sed 's/$/ belongs to src\/lib\/rules.h/' | findings
sed -n 's/^src\/notice\/effect\.c:[0-9]*://p' "$scratch/cited" | sort -u | while read -r citation; do
  grep -F "src/lib/rules.h:" "$scratch/cited" | grep -qF "$citation" ||
    finding "src/notice/effect.c: $citation is cited by no rule"
done
conclude "$(wc -l <"$scratch/files")"
