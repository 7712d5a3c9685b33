#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What others build on: librmd's symbols, its needs, its header, the layout of its structs, an old program. In the build
# directory; $CC, $CXX and $NM may name the tools.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

build=$(pwd)
library=$build/.libs/librmd.so
header=$srcdir/src/rmd.h
[ -f "$library" ] || skip "no shared library was built"
for tool in readelf nm; do
  command -v "$tool" >"$scratch/which" || skip "no $tool (Debian: binutils)"
done
CC=${CC:-cc}

# Names of functions, one a line, sorted.
# shellcheck disable=SC2086 # it may come with flags
${NM:-nm} -D --defined-only "$library" | awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' | sort >"$scratch/exported"
# A declaration begins at the line's start, and its name stands before the first bracket.
sed -n 's/^[a-z].*[ *]\(rmd_[a-z_]*\)(.*/\1/p; s/^\(rmd_[a-z_]*\)(.*/\1/p' "$header" | sort -u >"$scratch/declared"
sed -n 's/^\t\(rmd_[a-z_]*\);$/\1/p' "$srcdir/src/lib/librmd.map" | sort >"$scratch/mapped"

test_case "what is exported is declared, and the other way"
run 0 diff "$scratch/exported" "$scratch/declared"
[ -s "$scratch/exported" ] || complain "nothing is exported"

test_case "what is exported stands in the map, and the other way"
run 0 diff "$scratch/exported" "$scratch/mapped"

test_case "what is declared stands in the manual, by name and by prototype, and the other way"
sed -n 's/^\.Nm \(rmd_[a-z_]*\).*/\1/p' "$srcdir/src/librmd.3" | sort >"$scratch/named"
run 0 diff "$scratch/declared" "$scratch/named"
sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.F[no] \(rmd_[a-z_]*\).*/\1/p' "$srcdir/src/librmd.3" | sort >"$scratch/named"
run 0 diff "$scratch/declared" "$scratch/named"

test_case "librmd needs liblmdb and libc, nothing else"
readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*\]/\1/p' | sort >"$scratch/needed"
case $(readelf -d "$library") in
*asan* | *ubsan* | *tsan* | *gcov*) leave_out "a sanitizer or gcov adds its own" ;;
*)
  printf '%s\n' libc liblmdb >"$scratch/expected"
  run 0 diff "$scratch/expected" "$scratch/needed" ;;
esac

test_case "librmd starts no thread, takes no lock of threads, and asks neither for signals, environment, locale nor an end"
${NM:-nm} -D --undefined-only "$library" | awk '{ sub(/@.*/, "", $2); print $2 }' >"$scratch/asked"
[ -s "$scratch/asked" ] || complain "nothing is asked for"
grep -E '^(pthread_create|pthread_(mutex|rwlock|spin|once|cond).*|signal|sig(action|procmask).*|(secure_)?getenv|environ|.*locale|_?exit|abort|v?syslog|v?f?printf|f?puts|fwrite|perror|stdout|stderr|fork|execv.*)$' \
  "$scratch/asked" >"$scratch/wrong" || :
case $(cat "$scratch/asked") in
*__asan* | *__ubsan* | *__tsan* | *gcov*) leave_out "a sanitizer or gcov adds its own" ;;
*) expect_empty "$scratch/wrong" ;;
esac

test_case "the decision asks nobody: no I/O, no clock, no allocation"
case $(readelf -d "$library") in
*asan* | *ubsan* | *tsan* | *gcov*) leave_out "a sanitizer or gcov adds its own" ;;
*)
  # shellcheck disable=SC2086
  ${NM:-nm} "$build/src/lib/.libs/decide.o" >"$scratch/symbols"
  expect_match "$scratch/symbols" ' T decide$'
  # But for what a compiler itself calls, to copy and to guard the stack.
  grep ' U ' "$scratch/symbols" | grep -vE ' (mem(cpy|set|move|cmp)|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_)$' >"$scratch/called" || :
  expect_empty "$scratch/called" ;;
esac

test_case "the name of the library, and that it is never unloaded"
readelf -d "$library" >"$scratch/dynamic"
expect_match "$scratch/dynamic" 'SONAME.*librmd\.so\.0\]'
expect_match "$scratch/dynamic" NODELETE

test_case "the header alone, as C99"
printf '#include "rmd.h"\nint f(void);\nint f(void) { return (int)sizeof(struct rmd_query); }\n' >"$scratch/alone.c"
# shellcheck disable=SC2086 # a compiler may come with flags
run 0 $CC -std=c99 -pedantic -Wall -Wextra -Werror -I"$srcdir/src" -fsyntax-only "$scratch/alone.c"

for standard in c++98 c++17; do
  test_case "the header alone, as $standard"
  cp "$scratch/alone.c" "$scratch/alone.cc"
  # C++98 has no <stdint.h> of its own; long long is what it complains of.
  if command -v "${CXX:-c++}" >"$scratch/which"; then
    run 0 "${CXX:-c++}" -std=$standard -pedantic -Wall -Wextra -Werror -Wno-long-long -I"$srcdir/src" -fsyntax-only \
      "$scratch/alone.cc"
  else
    leave_out "no C++ compiler"
  fi
done

# compile FILE: a program against the library of this build, with what its compiler flags need.
compile() {
  # shellcheck disable=SC2086
  run 0 $CC -std=gnu11 ${CFLAGS:-} -Wall -Wextra -Werror -I"$srcdir/src" -o "$scratch/program" "$1" -L"$build/.libs" -lrmd
}

build_and_run() {
  compile "$1"
  shift
  run 0 env LD_LIBRARY_PATH="$build/.libs" "$scratch/program" "$@"
}

test_case "an old program goes on"
build_and_run "$srcdir/tests/abi/old_program.c" "$scratch/no-data"
expect_line "$out" "accept emergency-call"

test_case "the layout of the structs"
if [ "$(getconf LONG_BIT)" -eq 64 ]; then
  build_and_run "$srcdir/tests/abi/layout.c"
  cp "$out" "$scratch/layout"
  run 0 diff "$srcdir/tests/abi/layout.list" "$scratch/layout"
else
  leave_out "not a 64-bit machine"
fi

# They are not run: what they answer rests on the snapshot of this machine, if it has one.
test_case "the example of the header compiles"
{
  printf '#include <rmd.h>\n#include <stddef.h>\nint main(void) {\n'
  sed -n '/struct rmd \*rmd;$/,/rmd_close(rmd);/p' "$header" | sed -e 's/^ \*//' -e 's|\.\.\.|return 1;|'
  printf 'return 0; }\n'
} >"$scratch/example.c"
compile "$scratch/example.c"

test_case "the example of the manual compiles"
sed -n '/^\.Bd -literal$/,/^\.Ed$/p' "$srcdir/src/librmd.3" | sed -e '/^\./d' -e 's/\\e/\\/g' >"$scratch/manual.c"
compile "$scratch/manual.c"

finish
