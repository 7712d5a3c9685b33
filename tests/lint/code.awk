# SPDX-License-Identifier: ISC
#
# C without what is not code: comments go, strings and characters are emptied, lines stay lines. One line out for each
# line in, as FILE:LINE:CODE. Macros are not expanded.
FNR == 1 { comment = 0 }
{
  code = ""
  quote = ""
  length_of_line = length($0)
  for (i = 1; i <= length_of_line; i++) {
    c = substr($0, i, 1)
    two = substr($0, i, 2)
    if (comment) {
      if (two == "*/") {
        comment = 0
        i++
      }
    } else if (quote != "") {
      if (c == "\\")
        i++
      else if (c == quote) {
        quote = ""
        code = code c
      }
    } else if (two == "/*") {
      comment = 1
      code = code " "
      i++
    } else if (two == "//")
      break
    else {
      if (c == "\"" || c == "'")
        quote = c
      code = code c
    }
  }
  print FILENAME ":" FNR ":" code
}
