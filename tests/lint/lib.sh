# shellcheck shell=sh
# SPDX-License-Identifier: ISC
#
# What the lint tests share: which files there are, and how a finding is counted. No rule must enter. To be read
# with `.`; the working directory is the source tree afterwards.
set -eu

# shellcheck disable=SC2034 # where the programs are, for those that run them
build=$(pwd)
cd "${srcdir:-.}"
# C must sort and match bytes, whatever the locale.
LC_ALL=C
export LC_ALL
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rmd-lint.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
: >"$scratch/findings"

skip() {
  echo "skipped: $1"
  exit 77
}

need() {
  command -v "$1" >"$scratch/which" || skip "no $1"
}

# files PATTERN [DIRECTORY...]: the names of the tree's own files that match, sorted; of what is in git or not yet.
files() {
  pattern=$1
  shift
  found=
  for directory in "${@:-.}"; do
    [ ! -d "$directory" ] || found="$found $directory"
  done
  [ -n "$found" ] || return 0
  # shellcheck disable=SC2086 # a list of directories of ours, none with a space
  find $found -name .git -prune -o -name autom4te.cache -prune -o -name build-aux -prune -o -name .libs -prune -o \
    -name "rmd-*.[0-9]*" -prune -o -type f -name "$pattern" -print | sed 's|^\./||' | sort
}

finding() {
  echo "$*" >>"$scratch/findings"
}

# Reads findings, one a line.
findings() {
  cat >>"$scratch/findings"
}

# At the end of each test. A test that looked at nothing has not passed.
conclude() {
  if [ "$1" -eq 0 ]; then
    echo "there was nothing to look at"
    exit 1
  fi
  if [ -s "$scratch/findings" ]; then
    cat "$scratch/findings"
    exit 1
  fi
  echo "$1 looked at, nothing found"
}
