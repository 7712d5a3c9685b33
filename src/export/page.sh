#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Writes the style sheet and the script of the page as C, and the policy that lets a browser take these two and nothing
# else: page.sh STYLE SCRIPT. What the page tells must not enter.
set -eu

# literal NAME FILE
literal() {
  echo "const char $1[] ="
  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$/\\n"/' "$2"
  echo ';'
}

# The digest of a file as a policy has it: base64 of its 32 bytes.
source_of() {
  sha256sum <"$1" | awk '{
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    bits = ""
    for (i = 1; i <= 64; i++)
      for (half = 8; half >= 1; half /= 2)
        bits = bits int((index("0123456789abcdef", substr($1, i, 1)) - 1) / half) % 2
    bits = bits "00"
    for (i = 1; i <= length(bits); i += 6) {
      value = 0
      for (j = 0; j < 6; j++)
        value = 2 * value + substr(bits, i + j, 1)
      text = text substr(alphabet, value + 1, 1)
    }
    print "\047sha256-" text "=\047"
  }'
}

echo '#include "export/page.h"'
literal page_style "$1"
literal page_script "$2"
echo "const char page_policy[] = \"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; \""
echo "\"style-src $(source_of "$1"); script-src $(source_of "$2")\";"
