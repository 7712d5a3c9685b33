#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Functions that overrun a buffer, hide a failure or obey a locale are not used, in code that ships.
# shellcheck source=tests/lint/lib.sh
. "${srcdir:-.}/tests/lint/lib.sh"

# No bounds, or no way to see that it failed.
unbounded='strcpy|stpcpy|strcat|sprintf|vsprintf|gets|scanf|fscanf|sscanf|atoi|atol|atoll|atof|mktemp|tmpnam|tempnam'
# State that is everybody's.
shared='strtok|setlocale|newlocale|uselocale|localtime|gmtime|ctime|asctime|setenv|putenv|unsetenv|tzset'
# The locale's idea of numbers, letters and dates.
locale='strtod|strtof|strtold|strptime|strcoll|strxfrm|strcasecmp|strncasecmp|strcasestr|toupper|tolower'
classes='isalnum|isalpha|isascii|isblank|iscntrl|isdigit|isgraph|islower|isprint|ispunct|isspace|isupper|isxdigit'
# A shell stands between us and the command.
shell='system|popen'

files '*.[ch]' src cache contrib >"$scratch/files"
# shellcheck disable=SC2046 # our file names have no spaces
awk -f tests/lint/code.awk $(cat "$scratch/files") /dev/null >"$scratch/code"
grep -E "(^|[^A-Za-z0-9_.>])($unbounded|$shared|$locale|$classes|$shell)[[:space:]]*\(" "$scratch/code" \
  >"$scratch/out" || [ $? -eq 1 ]
sed 's/$/   <- banned/' "$scratch/out" | findings
conclude "$(wc -l <"$scratch/files")"
