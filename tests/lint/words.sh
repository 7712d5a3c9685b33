#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Each file says what it is for and under which licence, names no machine of ours, and is no drawer for odds and ends; each
# folder of contrib says with what it was tested.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

# Put together here, so that this file does not hold them.
paths="/(w)ork/|/(f)arm/|/tmp/(b)ash|/home/[a-z]+/|/(r)oot/"
paths=$(printf '%s' "$paths" | tr -d '()')

# In git the tracked files; in an unpacked release all that is there but what was built.
if git ls-files --error-unmatch src/rmd.h >"$scratch/git" 2>&1; then
  git ls-files --cached --others --exclude-standard | sort >"$scratch/files"
else
  files '*' src cache contrib tests | grep -vE '\.(o|lo|la|log|trs|dirstamp)$' >"$scratch/files"
fi

while read -r file; do
  [ -f "$file" ] || continue
  grep -IHnE "$paths" "$file" | sed 's/$/   <- a path of one machine/' >"$scratch/out"
  findings <"$scratch/out"
  case /$file in
  */utils.[ch] | */util.[ch] | */common.[ch] | */misc.[ch] | */helpers.[ch])
    finding "$file: a name that says nothing" ;;
  esac
  case $file in
  *.c | *.h) head -n 3 "$file" | tr '\n' '|' | grep -qE '^/\* SPDX-License-Identifier: ISC\| \*\| \* .{20,}' ||
    finding "$file: does not open with its licence and its purpose" ;;
  *.sh | *.py | *.awk) head -n 4 "$file" | grep -qxF '# SPDX-License-Identifier: ISC' ||
    finding "$file: has no licence line" ;;
  esac
done <"$scratch/files"
# What is for others' programs says with which of them it was tried.
for directory in contrib/*/; do
  [ ! -d "$directory" ] || grep -qE 'ested|ried|[Bb]uilt' "$directory/README" 2>"$scratch/none" ||
    finding "${directory}README: does not say with what this was tested"
done
conclude "$(wc -l <"$scratch/files")"
