# SPDX-License-Identifier: ISC
#
# rmd_lua: the Lua that contrib/lua is built for, where there is one; sets LUA_CFLAGS, LUA_VERSION and HAVE_LUA. The
# library itself is never linked: the host brings its own.
AC_DEFUN([rmd_lua], [
  AC_ARG_WITH([lua], [AS_HELP_STRING([--with-lua=VERSION],
    [build the Lua module for 5.4, 5.3, 5.2, 5.1 or luajit, or for "no" Lua (default: the newest that is found)])],
    [], [with_lua=yes])
  AS_CASE([$with_lua],
    [no], [rmd_lua_names=],
    [yes], [rmd_lua_names="lua5.4 lua-5.4 lua5.3 lua-5.3 lua5.2 lua-5.2 lua5.1 lua-5.1 luajit lua"],
    [rmd_lua_names="lua$with_lua lua-$with_lua $with_lua"])
  LUA_VERSION=
  rmd_saved_CPPFLAGS=$CPPFLAGS
  for rmd_lua_name in $rmd_lua_names; do
    PKG_CHECK_EXISTS([$rmd_lua_name], [], [continue])
    LUA_CFLAGS=`$PKG_CONFIG --cflags $rmd_lua_name`
    CPPFLAGS="$rmd_saved_CPPFLAGS $LUA_CFLAGS"
    # The header knows best: LuaJIT is 5.1 to a module, and its .pc file says 2.1.
    AC_COMPUTE_INT([rmd_lua_number], [LUA_VERSION_NUM], [@%:@include <lauxlib.h>], [rmd_lua_number=0])
    AS_IF([test "$rmd_lua_number" -gt 500], [
      LUA_VERSION=5.`expr $rmd_lua_number - 500`
      break
    ])
  done
  CPPFLAGS=$rmd_saved_CPPFLAGS
  AC_MSG_CHECKING([for the Lua to build a module for])
  AS_IF([test -n "$LUA_VERSION"], [AC_MSG_RESULT([$rmd_lua_name, in lua/$LUA_VERSION])], [AC_MSG_RESULT([none])])
  AS_IF([test -z "$LUA_VERSION" && test "$with_lua" != yes && test "$with_lua" != no],
    [AC_MSG_WARN([Lua $with_lua was not found; its module is left out])])
  AC_SUBST([LUA_CFLAGS])
  AC_SUBST([LUA_VERSION])
  AM_CONDITIONAL([HAVE_LUA], [test -n "$LUA_VERSION"])
])
