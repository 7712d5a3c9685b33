#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Runs a command as on a kernel without Landlock: its system call is not there. Nothing else may differ."""
import ctypes
import os
import struct
import sys

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
LOAD_WORD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER_OF_CALL = 0
LANDLOCK_CREATE_RULESET, ENOSYS = 444, 38
ALLOW, FAIL = 0x7FFF0000, 0x00050000

program = b"".join(
    struct.pack("HBBI", *step)
    for step in (
        (LOAD_WORD, 0, 0, NUMBER_OF_CALL),
        (JUMP_EQUAL, 0, 1, LANDLOCK_CREATE_RULESET),
        (RETURN, 0, 0, FAIL | ENOSYS),
        (RETURN, 0, 0, ALLOW),
    )
)
steps = ctypes.create_string_buffer(program, len(program))
filter_program = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(steps))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_program):
    sys.exit(os.strerror(ctypes.get_errno()))
os.execv(sys.argv[1], sys.argv[1:])
