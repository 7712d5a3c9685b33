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
