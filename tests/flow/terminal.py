#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# terminal.py ANSWER COMMAND...: runs the command on a terminal of its own, types ANSWER and a newline at its first
# question, which ends in "] ", writes all that the terminal showed, and ends as the command did.
import os
import pty
import sys


def main():
    answer = sys.argv[1].encode() + b"\n"
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(sys.argv[2], sys.argv[2:])
    shown, asked = b"", False
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
        if not asked and shown.endswith(b"] "):
            asked = True
            os.write(terminal, answer)
    sys.stdout.buffer.write(shown)
    sys.stdout.flush()
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


main()
