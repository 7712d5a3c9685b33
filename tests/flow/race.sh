#!/bin/sh
# SPDX-License-Identifier: ISC
#
# rmdsync publishes in a loop while others ask: processes that live through all of it, and new ones. Each answer must be
# that of one generation, and the snapshot good whenever it is looked at. Threads and forks are library_test.c's matter.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

command -v python3 >"$scratch/which" || skip "no python3"
cat >"$scratch/race.py" <<'END'
import json, os, subprocess, sys, threading

rmdsync, rmdcheck, scratch = sys.argv[1:]
state, conf = scratch + "/state", scratch + "/rmd.conf"
PUBLICATIONS, STAYING, QUESTIONS = 30, 3, 200
HEADER = ("number,frn,business_name,implementation,voice_service_provider_choice,gateway_provider_choice,"
          "intermediate_provider_choice")
ROW = "RMD%07d,%010d,Example Carrier %d LLC,Complete STIR/SHAKEN Implementation,Yes,No,Yes"
# In odd generations the provider is listed, in even ones it has vanished: whoever mixes two of them is wrong.
KEY = "%010d" % 5
end = threading.Event()
wrong, counts = [], {}


def count(name):
    counts[name] = counts.get(name, 0) + 1


def judge(line, who):
    answer = json.loads(line)
    expected = ("accept", "listed") if answer["generation"] % 2 else ("refuse", "delisted")
    if (answer["verdict"], answer["reason"]) != expected:
        wrong.append((who, line))
    count(who)


def stays():
    """One process, that takes up what is published while it answers."""
    with subprocess.Popen([rmdcheck, "-d", state, "-b", "-j"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as reader:
        generations = set()
        while not end.is_set():
            reader.stdin.write((KEY + "\n") * QUESTIONS)
            reader.stdin.flush()
            for _ in range(QUESTIONS):
                line = reader.stdout.readline()
                generations.add(json.loads(line)["generation"])
                judge(line, "that stays")
        if len(generations) < 2:
            wrong.append(("that stays", "it saw the generations %s" % generations))
        reader.stdin.close()


def comes():
    """New ones."""
    while not end.is_set():
        run = subprocess.run([rmdcheck, "-d", state, "-j", KEY], stdout=subprocess.PIPE, text=True)
        if run.returncode not in (0, 1):
            wrong.append(("that comes", run.returncode, run.stdout))
        judge(run.stdout, "that comes")


def verifies():
    while not end.is_set():
        run = subprocess.run([rmdcheck, "-d", state, "--status", "--verify"], stdout=subprocess.PIPE, text=True)
        if run.returncode != 0 or "SHA-256 verified" not in run.stdout:
            wrong.append(("that verifies", run.returncode, run.stdout))
        count("that verifies")


def publish(number):
    name = scratch + "/list.csv"
    with open(name, "w", encoding="ascii") as stream:
        print(HEADER, file=stream)
        for i in range(1, 2001):
            if i != 5 or number % 2:
                print(ROW % (i, i, i), file=stream)
    run = subprocess.run([rmdsync, "-q", "-c", conf, "-d", state, "--source", name])
    if run.returncode != 0:
        wrong.append(("rmdsync", number, run.returncode))


def told(target):
    try:
        target()
    except Exception as error:
        wrong.append((target.__name__, repr(error)))


os.mkdir(state)
publish(1)
threads = [threading.Thread(target=told, args=[target]) for target in [stays] * STAYING + [comes, verifies]]
for thread in threads:
    thread.start()
try:
    for number in range(2, PUBLICATIONS + 1):
        publish(number)
finally:
    end.set()
    for thread in threads:
        thread.join()
print("#", PUBLICATIONS, "publications,", ", ".join("%d answers to one %s" % (n, who) for who, n in sorted(counts.items())))
for finding in wrong[:5]:
    print("#", finding)
sys.exit(len(wrong) > 0 or len(counts) < 3)
END
printf '%s\n' "[guard]" "minimum-rows = 1" >"$scratch/rmd.conf"
echo 416 >"$scratch/foreign-area-codes.conf"

test_case "no wrong answer while rmdsync publishes in a loop"
run 0 python3 "$scratch/race.py" "$RMDSYNC" "$RMDCHECK" "$scratch"
expect_empty "$err"
cat "$out"
finish
