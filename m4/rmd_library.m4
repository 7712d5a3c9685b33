# SPDX-License-Identifier: ISC
#
# rmd_library(PREFIX, LIBRARY, FUNCTION, HEADER, DEBIAN PACKAGE): a library without a .pc file; sets PREFIX_LIBS.
AC_DEFUN([rmd_library], [
  AC_CHECK_HEADER([$4], [], [AC_MSG_ERROR([rmd_missing([$4], [$5])])])
  rmd_saved_LIBS=$LIBS
  AC_CHECK_LIB([$2], [$3], [], [AC_MSG_ERROR([rmd_missing([lib$2], [$5])])])
  LIBS=$rmd_saved_LIBS
  AC_SUBST([$1_LIBS], [-l$2])
])

# rmd_reference(PREFIX, MODULE, DEBIAN PACKAGE): a library that only the bench links; defines HAVE_PREFIX.
AC_DEFUN([rmd_reference], [
  PKG_CHECK_MODULES([$1], [$2], [AC_DEFINE([HAVE_$1], [1], [The bench has $2.])],
    [AC_MSG_NOTICE([$2 is missing (Debian: $3): the bench leaves it out])])
])
