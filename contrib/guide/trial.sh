#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A world to try the guides in: ./trial, with the bundled sample as the FCC's list and the programs as they would be
# installed. It touches nothing else; real data must not enter.
#
#   contrib/guide/trial.sh && cd trial && PATH=$PWD/bin:$PATH
set -eu

unset CDPATH
here=$(cd "$(dirname "$0")" && pwd)
sample=$here/../sample/rmd-sample.csv
PATH=$PATH:$here/../../build:/usr/local/sbin:/usr/sbin

mkdir trial trial/bin
cd trial
# wrap PROGRAM OPTION...: the program as if the files of this world were its defaults.
wrap() {
  program=$(command -v "$1") || {
    echo "trial: no $1 in PATH, nor in ./build" >&2
    exit 1
  }
  name=$1
  shift
  printf '%s\n' '#!/bin/sh' "exec '$program' $* \"\$@\"" >"bin/$name"
  chmod +x "bin/$name"
}
wrap rmdsync "-c '$PWD/rmd.conf' -d '$PWD/state'"
wrap rmdnotice "-c '$PWD/rmd.conf' -d '$PWD/state'"
wrap rmdexport "-c '$PWD/rmd.conf' -d '$PWD/state'"
wrap rmdcheck "-d '$PWD/state'"
cp "$here/../fleet/rmd-pull" bin

printf '%s\n' '[source]' "url = file://$PWD/fcc.csv" '[guard]' 'minimum-rows = 1' >rmd.conf
cp "$here/../conf/foreign-area-codes.conf" "$here/order.txt" "$here/letter.txt" .
cp "$sample" fcc.csv
# The same list with every thirteenth filing gone: the shape of an enforcement order.
python3 - "$sample" >fewer.csv <<'END'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8")))
csv.writer(sys.stdout, lineterminator="\n").writerows(r for i, r in enumerate(rows) if i % 13 != 6)
END
