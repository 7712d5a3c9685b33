#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Builds the Kamailio module beside its sources, for the Kamailio of this Debian; README says why it must be just that.
#
#   sh build.sh KAMAILIO-SOURCE      an unpacked `apt-get source kamailio`; afterwards SOURCE/src/modules/rmd/rmd.so
#                                    is there. pkg-config must find librmd.
set -eu

unset CDPATH
here=$(cd "$(dirname "$0")" && pwd)
[ -f "${1:-.}/src/Makefile.modules" ] || {
  echo "usage: build.sh KAMAILIO-SOURCE" >&2
  exit 64
}
cd "$1"
# As debian/rules has them: Kamailio compares them, as text.
DEB_BUILD_MAINT_OPTIONS=hardening=+all
export DEB_BUILD_MAINT_OPTIONS
make -s cfg prefix=/usr FLAVOUR=kamailio LD_EXTRA_OPTS="$(dpkg-buildflags --get LDFLAGS)" \
  CC_EXTRA_OPTS="$(dpkg-buildflags --get CPPFLAGS) $(dpkg-buildflags --get CFLAGS) -DVERSION_NODATE"
rm -rf src/modules/rmd
mkdir src/modules/rmd
cp "$here/Makefile" "$here/rmd_mod.c" src/modules/rmd
make -C src/modules/rmd
