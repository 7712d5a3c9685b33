# SPDX-License-Identifier: ISC
#
# What the tests of a build for coverage have run, file by file: a file is compiled for several libraries, and counts as
# run where one of them was. Tells which files are below the mark, and why; exits 1 if a branch was not taken of those of
# which every one must be. How many lines run depends on what else the machine can do: those are told only.
#
#   coverage.py TOP    in the build directory, after its tests; TOP is the top of the sources
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys

TOP = os.path.abspath(sys.argv[1])
# Every branch of what decides, of the guard, and of what is read from the snapshot's bytes.
WHOLE = ["src/lib/decide.c", "src/sync/guard.c", "cache/record.c", "cache/packed.c", "cache/filing.c"]
LINES_PERCENT = 90
# What is below the mark, and why that is so. A program that counts what it runs cannot be made to fail at each call as
# tests/fault does with the others: there is no room left to write the counts.
KEPT = {
    "cache/digest.c": "the library's own failures; the rest are the calls that tests/fault fails",
    "src/export/html_deadlines.c": "no memory, no output: tests/fault/export.sh",
    "src/export/html_peers.c": "no memory, no output: tests/fault/export.sh",
    "src/lib/filings.c": "no memory, and a damaged snapshot, which is refused before a walk begins",
    "src/lib/history.c": "no memory, and a damaged snapshot, which is refused before a walk begins",
    "src/lib/notices.c": "no memory, and a damaged snapshot, which is refused before a walk begins",
    "src/notice/candidates.c": "no memory, no snapshot: tests/fault/notice.sh",
    "src/notice/list.c": "no memory: tests/fault/notice.sh",
    "src/notice/order.c": "no memory, line after line: tests/fault/notice.sh",
    "src/notice/pdf.c": "pipes and processes that fail: tests/fault/notice.sh",
    "src/notice/register.c": "no memory, no writing: tests/fault/notice.sh",
    "src/notice/xml_begin.c": "no memory: tests/fault/notice.sh",
    "src/sync/apart.c": "half of it runs in the shut-in decoder, which can write no counts: tests/unit/apart_test.c",
    "src/sync/build.c": "no memory, no writing, a damaged snapshot: tests/fault/fault.sh",
    "src/sync/pending.c": "no memory, no writing: tests/fault/fault.sh",
    "src/sync/publish.c": "no memory, no writing: tests/fault/fault.sh",
    "src/sync/sandbox.c": "it runs in the shut-in decoder, which can write no counts: tests/unit/apart_test.c",
    "src/sync/stop.c": "signals that cannot be set: nothing can make them fail",
}


def notes_find():
    for directory, _, files in os.walk("."):
        for name in files:
            if name.endswith(".gcno") and re.search(r"/(src|cache)(/|$)", directory):
                yield os.path.join(directory, name)


def gcov(note):
    result = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", note],
                            capture_output=True, check=False)
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith(b"{")]


lines = collections.defaultdict(collections.Counter)
branches = collections.defaultdict(collections.Counter)
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for answers in pool.map(gcov, notes_find()):
        for answer in answers:
            for file in answer["files"]:
                path = os.path.normpath(os.path.join(answer["current_working_directory"], file["file"]))
                name = os.path.relpath(path, TOP)
                if not re.match(r"(src|cache)/.*\.c$", name):
                    continue
                for line in file["lines"]:
                    number = line["line_number"]
                    lines[name][number] += line["count"]
                    for place, branch in enumerate(line["branches"]):
                        branches[name][number, place] += branch["count"]

wrong = unexplained = 0
for name in sorted(lines):
    missed = sorted(number for number, count in lines[name].items() if count == 0)
    percent = 100 * (len(lines[name]) - len(missed)) / len(lines[name])
    if name in WHOLE:
        missed = sorted({number for (number, _), count in branches[name].items() if count == 0})
        percent = 100 * sum(count > 0 for count in branches[name].values()) / max(1, len(branches[name]))
    low = percent < (100 if name in WHOLE else LINES_PERCENT)
    unexplained += low and name not in KEPT
    wrong += low and name in WHOLE
    print(f"{percent:5.1f} % of {'branches' if name in WHOLE else 'lines':8} {name}"
          + (f"  ({KEPT[name]})" if low and name in KEPT else f"  not run: {' '.join(map(str, missed))}" if low else ""))
ran = sum(count > 0 for file in lines.values() for count in file.values())
total = sum(len(file) for file in lines.values())
print(f"{100 * ran / total:.1f} % of {total} lines in {len(lines)} files; below the mark without a reason: {unexplained}")
sys.exit(1 if wrong else 0)
