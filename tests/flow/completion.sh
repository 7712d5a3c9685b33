#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What bash and zsh complete: each option that --help names, and the peers of the snapshot that would be asked.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

state=$scratch/state
echo 416 >"$scratch/foreign-area-codes.conf"
printf '%s\n' "[guard]" "minimum-rows = 1" >"$scratch/rmd.conf"
printf '%s\n' "[peer acme]" "frn = 0000000011" "[peer acorn voice]" "frn = 0000000011" "[peer zebra]" "frn = 0000000022" \
  >"$scratch/peers.conf"
{
  echo "number,frn,business_name,implementation,voice_service_provider_choice,gateway_provider_choice,intermediate_provider_choice"
  echo "RMD0000001,0000000011,One Example LLC,Complete STIR/SHAKEN Implementation,Yes,No,Yes"
} >"$scratch/list.csv"
run 0 "$RMDSYNC" -q -c "$scratch/rmd.conf" -d "$state" --source "$scratch/list.csv" --as-of 2026-06-01

# The words of the command line after the program, the last one being typed; a line for each that is proposed.
cat >"$scratch/bash" <<'END'
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_rmd "$1"
[ "${#COMPREPLY[@]}" -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
END
cat >"$scratch/zsh" <<'END'
compadd() {
  prefix=
  [[ $1 != -p ]] || { prefix=$2; shift 2 }
  [[ $1 != -- ]] || shift
  for word; do
    if [[ $prefix$word == ${words[CURRENT]}* ]]; then print -r -- $prefix$word; fi
  done
}
_files() { print -r -- ${words[CURRENT]}*(N) }
_directories() { print -r -- ${words[CURRENT]}*(N/) }
file=$1
shift
words=("$@")
CURRENT=$#
source $file
END

# propose WORD...: what the shell in $shell proposes, sorted.
propose() {
  case $shell in
  bash) run 0 bash --norc "$scratch/bash" "$srcdir/contrib/completion/rmd.bash" "$@" ;;
  zsh) run 0 zsh -f "$scratch/zsh" "$srcdir/contrib/completion/_rmd" "$@" ;;
  esac
  expect_empty "$err"
  sort "$out" >"$scratch/given"
}

# expect WORD...: these are proposed, and no other.
expect() {
  : >"$scratch/wanted"
  [ "$#" -eq 0 ] || printf '%s\n' "$@" | sort >"$scratch/wanted"
  expect_same "$scratch/wanted" "$scratch/given"
}

for shell in bash zsh; do
  test_case "$shell: every option of --help, of each program"
  if ! command -v "$shell" >"$scratch/which"; then
    leave_out "no $shell"
    continue
  fi
  for program in "$RMDCHECK" ./rmdexport "$RMDNOTICE" "$RMDSYNC"; do
    "$program" --help | tr '\t[]|,()' '       ' | tr ' ' '\n' | grep -E '^(-[A-Za-z0-9]|--[a-z][a-z0-9-]*)$' |
      sort -u >"$scratch/wanted"
    [ "$(wc -l <"$scratch/wanted")" -gt 10 ] || complain "$program names hardly any options"
    propose "$program" -
    expect_same "$scratch/wanted" "$scratch/given"
  done
  propose "$RMDCHECK" --pe
  expect --peers
  propose "$RMDCHECK" --peers --cha
  expect --changed-since
  propose "$RMDSYNC" --no-such
  expect

  test_case "$shell: the peers of the snapshot"
  propose "$RMDCHECK" -d "$state" a
  if [ "$shell" = bash ]; then
    expect acme 'acorn\ voice'
  else
    expect acme "acorn voice"
  fi
  propose "$RMDCHECK" -d "$state" --history ze
  expect zebra
  propose "$RMDCHECK" -d "$scratch/none" a
  expect
  if [ "$shell" = bash ]; then
    propose "$RMDCHECK" -d "$state" peer : ac
    expect acme 'acorn\ voice'
    propose "$RMDCHECK" -d "$state" peer :
    expect acme 'acorn\ voice' zebra
    propose "$RMDCHECK" -d "$state" frn : ac
    expect
  else
    propose "$RMDCHECK" -d "$state" peer:ac
    expect peer:acme "peer:acorn voice"
  fi

  test_case "$shell: roles, commands, files"
  propose "$RMDCHECK" --role in
  expect intermediate
  propose "$RMDNOTICE" re
  expect respond
  propose ./rmdexport r
  expect rbldnsd redis
  # once html was none of them
  propose ./rmdexport ""
  # shellcheck disable=SC2046 # a word each
  expect $(sed -n 's/^	{ "\([a-z]*\)".*/\1/p' "$srcdir/src/export/formats.c" | sort)
  propose "$RMDSYNC" -c "$scratch/rmd."
  expect "$scratch/rmd.conf"
  propose "$RMDCHECK" -d "$scratch/st"
  expect "$scratch/state"
  propose "$RMDCHECK" --changed-since 1
  expect
done

test_case "they are installed where the shells look"
run 0 make -s install-data DESTDIR="$scratch/root"
for program in rmdcheck rmdexport rmdnotice rmdsync; do
  find "$scratch/root" -path "*/bash-completion/completions/$program" >"$scratch/file"
  [ -s "$scratch/file" ] || complain "nothing is installed for bash and $program"
done
find "$scratch/root" -path '*/zsh/site-functions/_rmd' | grep -q . || complain "nothing is installed for zsh"

finish
