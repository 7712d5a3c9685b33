#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Each lint test can fail: it is run on a small tree that is as it should be, and on the same with one thing wrong.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

tree=$scratch/tree
real=$srcdir

fresh_tree() {
  rm -rf "$tree"
  mkdir -p "$tree/src/base" "$tree/src/sync" "$tree/src/lib" "$tree/src/check" "$tree/cache" "$tree/contrib" \
    "$tree/tests/lint"
  cp "$real"/tests/lint/*.sh "$real"/tests/lint/code.awk "$tree/tests/lint"
  rm "$tree/tests/lint/lint_test.sh"
  cp "$real/.clang-format" "$real/.clang-tidy" "$tree"
  for file in src/base/time.c src/sync/conf.c src/lib/rules.c src/check/query.c cache/reader.c; do
    printf '%s\n' "/* SPDX-License-Identifier: ISC" " *" " * A file of the tree on which the lint tests are tried." \
      " */" "#include <getopt.h>" "#include <stdlib.h>" "" "int" "answer(void)" "{" "	return 42;" "}" >"$tree/$file"
  done
  printf '%s\n' '.\" SPDX-License-Identifier: ISC' '.Dd November 1, 2026' '.Dt RMDSYNC 8' '.Os' '.Sh NAME' \
    '.Nm rmdsync' '.Nd try the lint tests' '.Sh SYNOPSIS' '.Nm' '.Op Fl n' '.Op Fl d Ar DIR' '.Op Fl -offline' \
    '.Sh DESCRIPTION' 'It does nothing.' >"$tree/src/sync/rmdsync.8"
  printf '%s\n' '#!/bin/sh' 'echo "usage: rmdsync [-n] [-d DIR] [--offline]"' >"$tree/rmdsync"
  chmod +x "$tree/rmdsync"
  printf '%s\n' "" "static const struct option long_options[] = {" "	{ \"offline\", no_argument, NULL, 'o' }," "};" \
    "" "int" "options(int argc, char **argv)" "{" \
    "	return getopt_long(argc, argv, \":d:n\", long_options, NULL);" "}" >>"$tree/src/sync/conf.c"
}

# lint NAME CODE TEXT: runs one on the tree; it must end with CODE and say TEXT.
lint() {
  got=0
  (cd "$tree" && srcdir=. sh "tests/lint/$1.sh") >"$out" 2>"$err" || got=$?
  if [ "$got" -eq 77 ]; then
    leave_out "$(cat "$out")"
    return 0
  fi
  [ "$got" -eq "$2" ] || complain "exit $got instead of $2: $(cat "$out" "$err")"
  expect_line "$out" "$3"
}

# wrong NAME FILE TEXT: TEXT (\n is a newline in it) is added at the end of the file, which must then be named.
wrong() {
  test_case "$1: $2 with ${3%%\\n*}"
  fresh_tree
  printf '%b\n' "$3" >>"$tree/$2"
  lint "$1" 1 "$2"
}

for name in borders banned functions options manual shell format cppcheck tidy words; do
  test_case "$name: a tree that is as it should be"
  fresh_tree
  lint "$name" 0 "nothing found"
done

for header in curl/curl.h libxml/parser.h lmdb.h jansson.h csv.h ini.h utf8proc.h openssl/evp.h sha2.h sha256.h md.h \
  lua.h lauxlib.h; do
  wrong borders src/base/time.c "#include <$header>"
done
wrong borders src/check/query.c '#include <lmdb.h>'
wrong borders src/check/query.c '  #  include <jansson.h>'
wrong borders cache/reader.c '#include <curl/easy.h>'
wrong borders src/base/time.c '#include "cache/digest.h"'
wrong borders src/base/time.c '#include "rmd.h"'
wrong borders cache/reader.c '#include "lib/decide.h"'
wrong borders cache/reader.c '#include "sync/conf.h"'
wrong borders src/lib/rules.c '#include "sync/conf.h"'
wrong borders src/lib/rules.c '#include "cache/writer.h"'
wrong borders src/check/query.c '#include "lib/rules.h"'
wrong borders src/check/query.c '#include "cache/reader.h"'
wrong borders src/sync/conf.c '#include "lib/rules.h"'
wrong borders src/sync/conf.c '#include "conf.h"'
wrong borders src/sync/conf.c '#include HEADER'
wrong borders src/check/query.c 'const char *citation = "47 CFR 64.6305(g)";'

for name in strcpy sprintf strcat atoi strtod strtok setlocale tolower isalpha strcasecmp strptime system; do
  wrong banned src/sync/conf.c "int x = $name(a, b);"
done
wrong banned cache/reader.c 'int x = 1 /* why */ + atoi (a);'

test_case "banned: words in comments and strings, longer names and members are no calls"
fresh_tree
printf '%s\n' '/* strcpy(a) */' 'const char *x = "strcpy(\"a\")";' 'int my_atoi(a);' 'int y = a->tolower(b);' \
  >>"$tree/cache/reader.c"
lint banned 0 "nothing found"

body=$(awk 'BEGIN { for (i = 0; i < 97; i++) printf "\\ta();\\n" }')
test_case "functions: 100 lines are allowed, and named"
fresh_tree
printf '%b' "int\nlong_one(void)\n{\n$body}\n" >>"$tree/src/lib/rules.c"
lint functions 0 "long_one has 100 lines"
test_case "functions: 101 lines are not"
fresh_tree
printf '%b' "int\nlong_one(void)\n{\n\ta();\n$body}\n" >>"$tree/src/lib/rules.c"
lint functions 1 "long_one has 101 lines"

test_case "options: one that the man page lacks"
fresh_tree
printf '%s\n' 'echo "  -q, --quiet   say nothing"' >>"$tree/rmdsync"
lint options 1 "rmdsync: only in help: --quiet"
test_case "options: one that --help lacks"
fresh_tree
printf '%s\n' '.It Fl v , Fl Fl verbose' >>"$tree/src/sync/rmdsync.8"
lint options 1 "rmdsync: only in manual: --verbose"
test_case "options: a letter that the source lacks"
fresh_tree
sed 's/:d:n/:d:/' "$tree/src/sync/conf.c" >"$tree/conf.new"
mv "$tree/conf.new" "$tree/src/sync/conf.c"
lint options 1 "rmdsync: only in manual: -n"
test_case "options: a name that only the source has"
fresh_tree
sed 's/^};/	{ "force", no_argument, NULL, 1 },\n};/' "$tree/src/sync/conf.c" >"$tree/conf.new"
mv "$tree/conf.new" "$tree/src/sync/conf.c"
lint options 1 "rmdsync: only in source: --force"
test_case "options: no program is no success"
fresh_tree
rm "$tree/rmdsync"
got=0
(cd "$tree" && srcdir=. sh tests/lint/options.sh) >"$out" 2>"$err" || got=$?
[ "$got" -eq 77 ] || complain "exit $got"

wrong manual src/sync/rmdsync.8 '.Xx no such macro'
wrong shell tests/lint/format.sh 'echo $1'
printf '%s\n' '#!/bin/sh' 'echo $1' >"$scratch/script"
test_case "shell: a script without a suffix"
fresh_tree
cp "$scratch/script" "$tree/contrib/script"
lint shell 1 contrib/script
wrong format src/base/time.c 'int  spaced( void );'
wrong cppcheck src/base/time.c 'int\nnothing(void)\n{\n\tint *p = NULL;\n\n\treturn *p;\n}'
wrong tidy cache/reader.c 'int\nnothing(int a)\n{\n\tif (a = 1)\n\t\treturn 2;\n\treturn 3;\n}'
wrong tidy src/lib/rules.c 'char *\nnothing(void)\n{\n\treturn getenv("HOME");\n}'

wrong words src/base/time.c "/* /wor""k/main */"
wrong words contrib/notes "see /tmp/bas""h_jobs"
wrong words src/base/common.h "/* SPDX-License-Identifier: ISC\n *\n * Odds and ends, for whoever needs them.\n */"
wrong words src/sync/utils.c "/* SPDX-License-Identifier: ISC\n *\n * Odds and ends, for whoever needs them.\n */"
wrong words src/sync/bare.c "int x;"
wrong words src/sync/idle.c "/* SPDX-License-Identifier: ISC */\nint x;"
wrong words contrib/idle.sh "#!/bin/sh"

finish
