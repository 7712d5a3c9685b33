#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every command that README.md shows is run, in a copy of the tree, and must say what README.md says that it says;
# times, ages, digests and the directory are masked. What a command should do stands in README.md, not here.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"
# shellcheck source=tests/flow/console.sh
. "$srcdir/tests/flow/console.sh"

for command in autoreconf pkg-config cc make; do
  command -v "$command" >"$scratch/which" || skip "no $command"
done

# This build is the README's own, with the compiler and the flags that a new user has.
unset MAKEFLAGS MFLAGS MAKELEVEL CC CXX NM CFLAGS LDFLAGS CPPFLAGS LIBS PKG_CONFIG_PATH DESTDIR srcdir_given
tree=$scratch/tree
bin=$scratch/bin
mkdir "$tree" "$bin" "$scratch/blocks"
(cd "$srcdir" && tar cf - --exclude='*.o' --exclude='*.lo' --exclude='*.la' --exclude=.libs --exclude=.deps \
  --exclude=.dirstamp Makefile.am configure.ac COPYING NEWS README.md m4 cache contrib src tests) >"$scratch/tree.tar"
tar xf "$scratch/tree.tar" -C "$tree"
chmod -R u+w "$tree"
# Nothing is to be installed by a test.
printf '%s\n' '#!/bin/sh' "echo \"\$*\" >>'$scratch/installs'" 'exit 1' >"$bin/apt-get"
cp "$bin/apt-get" "$bin/sudo"
chmod +x "$bin/apt-get" "$bin/sudo"
PATH=$bin:$PATH
export PATH

# The blocks of README.md: blocks/1.console, blocks/2.c and so on.
blocks "$srcdir/README.md" "$scratch/blocks/"

# A test must not use the network: behind this proxy there is none, and only why it is not reached reads otherwise.
https_proxy=http://127.0.0.1:9
export https_proxy

# try COMMAND
try() {
  test_case "README.md: $1"
  case $1 in
  "contrib/quickstart.sh check") leave_out "it is what runs this test" ;;
  *rmdsync) leave_out "it needs the network" ;;
  "sudo make -C build install"*)
    # As root it would go into the system; here it goes into a directory of this test.
    run 0 make -C "$tree/build" install DESTDIR="$scratch/system"
    installed ;;
  *) compare README.md "$tree" "$1" ;;
  esac
}

# The installed programs, as if they stood in the system's directories, with the sample as the data.
installed() {
  PKG_CONFIG_PATH=$scratch/system/usr/local/lib/pkgconfig
  PKG_CONFIG_SYSROOT_DIR=$scratch/system
  LD_LIBRARY_PATH=$scratch/system/usr/local/lib
  export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR LD_LIBRARY_PATH
  printf '%s\n' '#!/bin/sh' "exec '$scratch/system/usr/local/bin/rmdcheck' -d '$tree/build/quickstart/state' \"\$@\"" \
    >"$bin/rmdcheck"
  chmod +x "$bin/rmdcheck"
  [ -x "$scratch/system/usr/local/sbin/rmdsync" ] || complain "no rmdsync was installed"
  [ -f "$scratch/system/etc/rmd/rmd.conf" ] || complain "no rmd.conf was installed"
}

number=1
while block=$(ls "$scratch/blocks/$number."* 2>"$scratch/none"); do
  case $block in
  *.console) console "$block" ;;
  *.c)
    test_case "README.md: the C example has no warning"
    cp "$block" "$tree/gate.c"
    run 0 cc -std=c99 -Wall -Wextra -Werror -fsyntax-only -I"$tree/src" "$tree/gate.c" ;;
  *.cron)
    test_case "README.md: the line for cron"
    run 0 grep -Ex '([0-9*,/-]+ ){5}[a-z]+ /usr/local/sbin/rmdsync( -[a-z])*' "$block"
    options=$(sed 's/.*rmdsync//' "$block")
    # shellcheck disable=SC2086 # options, one or more
    run 0 "$scratch/system/usr/local/sbin/rmdsync" $options -c "$tree/build/quickstart/rmd.conf" \
      -d "$tree/build/quickstart/state" --source "$tree/contrib/sample/rmd-sample.csv"
    expect_empty "$out"
    expect_empty "$err" ;;
  *.cfg)
    test_case "README.md: the line for monitoring"
    line=$(sed -n 's|^command_line /usr/local/bin/rmdcheck ||p' "$block" | grep .)
    # shellcheck disable=SC2086
    run 0 rmdcheck $line
    expect_one_line "$out" ;;
  *)
    test_case "README.md: block $number"
    complain "of a kind that this test does not know: $block" ;;
  esac
  number=$((number + 1))
  # Without its packages nothing of the rest can be tried.
  if [ -s "$scratch/installs" ]; then
    skip "packages are missing: $(tail -n 1 "$scratch/installs")"
  fi
done
# What stands in build/tests after `make check`, made up: its count must be right, since everything rests on it.
test_case "contrib/quickstart.sh check: the last line counts what passed, failed and was skipped"
mkdir -p "$scratch/counted/build/tests"
sed -n '/^count() {/,/^}/p' "$srcdir/contrib/quickstart.sh" >"$scratch/counted/count.sh"
# result NAME RESULT LOG
result() {
  printf '%s\n' ":test-result: $2" >"$scratch/counted/build/tests/$1.trs"
  printf '%b\n' "$3" >"$scratch/counted/build/tests/$1.log"
}
count() {
  sh -c 'cd "$1" && . ./count.sh && count "$2"' sh "$scratch/counted" "$1"
}
result unit PASS '[==========] 7 test(s) run.\n[  PASSED  ] 7 test(s).'
result flow PASS '# skipped: one case: why\n# 5 of 5 passed'
result plain PASS 'nothing that counts'
result left SKIP 'skipped: no program'
run 0 count 0
expect_line "$out" "13 passed, 0 failed, 2 skipped"
result table FAIL 'table_test: 20 cases, 3 failures'
result crash FAIL 'Segmentation fault'
run 0 count 2
expect_line "$out" "30 passed, 4 failed, 2 skipped"
rm "$scratch/counted/build/tests/"*
result plain PASS 'built, and then it could not go on'
run 0 count 2
expect_line "$out" "1 passed, 1 failed, 0 skipped"

test_case "README.md: it is one page, and has blocks"
[ "$number" -gt 6 ] || complain "only $((number - 1)) blocks"
[ "$(wc -l <"$srcdir/README.md")" -le 160 ] || complain "more than 160 lines"

finish
