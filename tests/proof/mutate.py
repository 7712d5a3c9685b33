# SPDX-License-Identifier: ISC
#
# Breaks the decision, its rules, the keys, numbers and clocks that it rests on and the guard in one place after another,
# and runs their tests against each broken copy. A copy that no test tells from the real one must stand in mutants.kept
# with its reason; one that stands there and is told must go. Only what is judged is broken: words for people and
# comments are not.
#
#   mutate.py TOP [WORD]     in a build directory; TOP is the top of the sources. With WORD only files that have it in
#                            their names, and nothing is held against the list.
import collections
import concurrent.futures
import os
import re
import shlex
import subprocess
import sys
import tempfile

TOP = os.path.abspath(sys.argv[1])
ONLY = sys.argv[2] if len(sys.argv) > 2 else ""
KEPT = os.path.join(TOP, "tests/proof/mutants.kept")
# What is broken, what is compiled then, and the tests that must tell, the quickest first.
SUBJECTS = [
    ("src/lib/decide.c", "src/lib/decide.c", ["tests/table/table_test", "tests/unit/decide_test"]),
    ("src/lib/rules.h", "src/lib/decide.c", ["tests/table/table_test", "tests/unit/decide_test"]),
    ("src/lib/key.c", "src/lib/key.c", ["tests/unit/key_test"]),
    ("src/lib/number.c", "src/lib/number.c", ["tests/unit/number_test"]),
    ("src/notice/clock.c", "src/notice/clock.c", ["tests/unit/clock_test"]),
    ("src/sync/guard.c", "src/sync/guard.c", ["tests/unit/guard_test"]),
]
ROOMS = ["keeping", "sync", "notice", "exporting", "conf", "checking", "answer", "json", "inside", "store", "base"]
LIBRARIES = shlex.split("-lcurl -lcsv -lseccomp -lxml2 -lcrypto -linih -lutf8proc -lmd -ljansson -llmdb -lcmocka")
# A broken loop may never end.
PATIENCE_SECONDS = 20

OPERATORS = [
    (r"(?<![-<])<(?![<=])", ["<=", ">"]),
    (r"(?<![-<>])>(?![>=])", [">=", "<"]),
    (r"<=", ["<"]),
    (r">=", [">"]),
    (r"==", ["!="]),
    (r"!=", ["=="]),
    (r"&&", ["||"]),
    (r"\|\|", ["&&"]),
    (r"!(?!=)", [""]),
    (r"(?<=[\w)] )\+(?= )", ["-"]),
    (r"(?<=[\w)] )-(?= )", ["+"]),
    (r"(?<=[\w)] )\*(?= [\w(])", ["+"]),
    (r"\|=", ["=", "&="]),
    (r"(?<=[\w)] )&(?= )", ["|"]),
    (r"\btrue\b", ["false"]),
    (r"\bfalse\b", ["true"]),
    (r"(?<![\w.])(\d+)(?=u?\b)", [lambda found: str(int(found.group()) + 1)]),
    (r"(?<![\w.])([1-9]\d*)(?=u?\b)", [lambda found: str(int(found.group()) - 1)]),
    (r" \? ", [" && 0 ? ", " || 1 ? "]),
    (r"\bif \(", ["if (!", "if (0 && ", "if (1 || "]),
    (r"^\t+(?!return\b)[\w>.-]+(?: \|?= .*|\(.*\)|\+\+);$", [";"]),
    (r"\b(?:break|continue|return);", [";"]),
    (r"\b(effective|issued|after_48_hours|after_14_days|mitigated|measures|lifted|relisted)\b(?= *[;,)&|]| >| <|$)",
     ["released"]),
    (r"\b(RMD_ACCEPT|RMD_REFUSE|RMD_UNKNOWN|RMD_MAY_BLOCK)\b", ["RMD_ACCEPT", "RMD_REFUSE", "RMD_UNKNOWN"]),
    (r"\b(GUARD_PASS|GUARD_HELD|GUARD_REFUSED)\b", ["GUARD_PASS", "GUARD_HELD", "GUARD_REFUSED"]),
]


# The lines with words for people and comments blanked out, each as long as before.
def judged(text):
    blank = lambda found: re.sub(r"[^\n]", " ", found.group())
    text = re.sub(r"/\*.*?\*/", blank, text, flags=re.DOTALL)
    text = re.sub(r'"(?:[^"\\\n]|\\.)*"', blank, text)
    text = re.sub(r"^#.*$", blank, text, flags=re.MULTILINE)
    # The steps' questions, which follow the rules.
    return re.sub(r"\bSTEP\(\d+", blank, text).split("\n")


# Yields (number of the line, the line as it is, the line broken).
def mutants(text):
    lines = text.split("\n")
    for number, visible in enumerate(judged(text)):
        seen = set()
        for pattern, replacements in OPERATORS:
            for found in re.finditer(pattern, visible):
                for replacement in replacements:
                    new = replacement(found) if callable(replacement) else replacement
                    line = lines[number]
                    broken = line[: found.start()] + new + line[found.end() :]
                    # A condition that is turned around as a whole.
                    if new == "if (!":
                        broken = line[: found.start()] + "if (!(" + line[found.end() :]
                        end = broken.rfind(")")
                        broken = broken[:end] + "))" + broken[end + 1 :]
                    if broken != line and broken not in seen:
                        seen.add(broken)
                        yield number, line, broken


def run(command):
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS, env={**os.environ, "srcdir": TOP}, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


# "told", "kept", or "no program" where the compiler does not take it.
def judge(job):
    subject, compiled, tests, text = job
    with tempfile.TemporaryDirectory() as scratch:
        place = os.path.join(scratch, "src", os.path.relpath(subject, "src"))
        os.makedirs(os.path.dirname(place))
        with open(place, "w", encoding="utf-8") as file:
            file.write(text)
        source = place if subject == compiled else os.path.join(TOP, compiled)
        broken = os.path.join(scratch, "broken.o")
        include = [f"-I{scratch}/src", "-I.", f"-I{TOP}/src", f"-I{TOP}"]
        flags = ["-std=gnu11", "-D_GNU_SOURCE", "-DHAVE_CONFIG_H", "-O1", "-w"]
        compiler = shlex.split(os.environ.get("CC", "cc"))
        if not run([*compiler, *flags, *include, "-c", source, "-o", broken]):
            return "no program"
        for test in tests:
            program = os.path.join(scratch, "test")
            rooms = [f".libs/lib{room}.a" for room in ROOMS]
            if not run([*compiler, "-o", program, f"{test}.o", broken, *rooms, *LIBRARIES]):
                raise RuntimeError(f"{test} cannot be linked")
            if not run([program]):
                return "told"
    return "kept"


# What may be kept: three lines an entry, "FILE: LINE", "=> BROKEN LINE", "why: REASON".
def list_read():
    with open(KEPT, encoding="utf-8") as file:
        entries = [entry.split("\n") for entry in re.sub(r"^#.*\n", "", file.read(), flags=re.MULTILINE).strip().split("\n\n")]
    for entry in entries:
        if len(entry) != 3 or not entry[1].startswith("=> ") or not entry[2].startswith("why: "):
            sys.exit(f"{KEPT}: not three lines: {entry}")
    # Lines that are alike are so many entries.
    return collections.Counter((entry[0], entry[1]) for entry in entries)


def main():
    counts = {"told": 0, "kept": 0, "no program": 0}
    expected = collections.Counter() if ONLY else list_read()
    wrong = 0
    for subject, compiled, tests in SUBJECTS:
        if ONLY not in subject:
            continue
        with open(os.path.join(TOP, subject), encoding="utf-8") as file:
            text = file.read()
        lines = text.split("\n")
        found = list(mutants(text))
        jobs = [(subject, compiled, tests, "\n".join([*lines[:number], broken, *lines[number + 1 :]]))
                for number, _, broken in found]
        # The tests must hold for what is not broken, or they would tell everything.
        if judge((subject, compiled, tests, text)) != "kept":
            sys.exit(f"{subject}: its tests fail as it is")
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for (number, line, broken), result in zip(found, pool.map(judge, jobs)):
                counts[result] += 1
                name = (f"{subject}: {line.strip()}", f"=> {broken.strip()}")
                if result == "kept" and expected[name] > 0:
                    expected[name] -= 1
                elif result == "kept":
                    wrong += 1
                    print(f"{subject}:{number + 1}: no test tells\n{name[0]}\n{name[1]}\nwhy: \n", flush=True)
    for name in sorted(expected.elements()):
        wrong += 1
        print(f"{KEPT}: stands there and is told, or is there no more:\n{name[0]}\n{name[1]}")
    print(f"{counts['told']} of {counts['told'] + counts['kept']} broken copies were told by the tests, "
          f"{counts['kept']} were not; {counts['no program']} were no programs")
    return 1 if wrong else 0


sys.exit(main())
