# SPDX-License-Identifier: ISC
#
# Holds what rmdexport wrote against what rmdcheck answers, key by key: exports.py RMDCHECK STATE DIRECTORY LIST. What a
# server made of it can be given in a FILE: as "NAME TYPE DATA" (--answers; --answers-excluded: unknown has no text), or
# as "KEY TEXT" (--texts): exports.py --answers FILE RMDCHECK STATE LIST. --keys LIST writes the names to ask for. What a
# verdict should be must not enter.
import csv
import json
import re
import subprocess
import sys
from pathlib import Path

ADDRESS = {"accept": "127.0.0.2", "may-block": "127.0.0.3", "refuse": "127.0.0.4", "unknown": None}
UNSEEN = ["0123456789", "9999999999", "RMD8999999"]

csv.field_size_limit(1 << 20)


def keys_of(path):
    keys = set(UNSEEN)
    with open(path, newline="", encoding="utf-8-sig") as source:
        for row in csv.DictReader(source):
            if re.fullmatch(r"RMD[0-9]{7}", row["number"]):
                keys.add(row["number"])
            frns = [row["frn"]] + re.findall(r"(?<![0-9])[0-9]{10}(?![0-9])", row.get("other_frns") or "")
            keys.update(frn for frn in frns if re.fullmatch(r"[0-9]{10}", frn) and int(frn))
    return sorted(keys)


def answers_of(rmdcheck, state, keys):
    lines = "".join(f"{'rmd' if key.startswith('RMD') else 'frn'}:{key}\n" for key in keys)
    done = subprocess.run([rmdcheck, "-d", state, "-b", "-j"], input=lines, capture_output=True, text=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(keys), done.stderr
    return dict(zip(keys, answers))


def name_of(key):
    return key + (".rmd" if key.startswith("RMD") else ".frn")


def zone_read(path):
    zone = {}
    for line in path.read_text(encoding="ascii").splitlines():
        found = re.fullmatch(r"(\S+)\t(A|TXT)\t(.*)", line)
        if found:
            assert (found[1], found[2]) not in zone, line
            zone[found[1], found[2]] = found[3].strip('"')
    return zone


def zone_lookup(zone, name, kind):
    """As a name server does: a wildcard does not stand for a name that exists."""
    if (name, "TXT") in zone:
        return zone.get((name, kind))
    return zone.get(("*" + name[name.index("."):], kind))


def rbldnsd_read(path):
    zone = {}
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith("!"):
            zone[line[1:]] = None
        elif line[0] not in "#$":
            name, rest = line.split(" :", 1)
            zone[name] = rest.split(":", 1)
    return zone


def htable_read(path):
    table = {}
    for line in path.read_text(encoding="ascii").splitlines()[1:]:
        fields = [re.sub(r"\\(.)", r"\1", field) for field in re.split(r"(?<!\\):", line)]
        assert len(fields) == 6 and fields[2:4] == ["0", "0"], line
        table[fields[1]] = fields[4]
    return table


def redis_read(path):
    data, at, fields, names = path.read_bytes(), 0, {}, {}

    def line():
        nonlocal at
        end = data.index(b"\r\n", at)
        text, at = data[at:end], end + 2
        return text

    while at < len(data):
        words = []
        for _ in range(int(line()[1:])):
            length = int(line()[1:])
            words.append(data[at:at + length].decode())
            assert data[at + length:at + length + 2] == b"\r\n"
            at += length + 2
        if words[0] == "HSET":
            fields[words[2]] = words[3]
        names[words[0]] = words[1:]
    assert names["DEL"] == ["{rmd}:new"] and names["RENAME"] == ["{rmd}:new", "rmd"]
    return fields


class Comparison:
    def __init__(self):
        self.counts = {}
        self.wrong = 0

    def equal(self, what, key, given, expected):
        self.counts[what] = self.counts.get(what, 0) + 1
        if given != expected:
            self.wrong += 1
            if self.wrong <= 10:
                print(f"{what}: {key} is {given!r} and not {expected!r}")

    def end(self):
        print(" ".join(f"{what}={count}" for what, count in sorted(self.counts.items())))
        sys.exit(1 if self.wrong or not self.counts else 0)


def words_of(text):
    return None if text is None else text.split(" ")[:2]


def address_of(key, answer, given):
    """A number that is only nearly in the data is as unseen as any."""
    if answer["reason"] == "not-listed" and (key in UNSEEN or given == "127.0.0.5"):
        return "127.0.0.5"
    return ADDRESS[answer["verdict"]]


def keyed_compare(compare, directory, answers):
    zone = zone_read(directory / "rmd.zone")
    rbldnsd = rbldnsd_read(directory / "rmd.rbldnsd")
    htable, redis = htable_read(directory / "kamailio/rmd"), redis_read(directory / "rmd.resp")
    for key, answer in answers.items():
        name, said = name_of(key), [answer["verdict"], answer["reason"]]
        given = zone_lookup(zone, name, "A")
        compare.equal("dns", key, given, address_of(key, answer, given))
        compare.equal("txt", key, words_of(zone_lookup(zone, name, "TXT")), said)
        entry = rbldnsd[name] if name in rbldnsd else rbldnsd.get("*" + name[10:])
        compare.equal("rbldnsd", key, entry and [entry[0], *words_of(entry[1])],
                      [address_of(key, answer, given), *said] if answer["verdict"] != "unknown" else None)
        compare.equal("htable", key, words_of(htable.get(key, htable.get("*"))), said)
        compare.equal("redis", key, words_of(redis.get(key, redis.get("*"))), said)


def listed_compare(compare, directory, answers):
    rows = [json.loads(line) for line in open(directory / "rmd.jsonl", encoding="ascii")]
    with open(directory / "rmd.csv", newline="", encoding="utf-8") as source:
        table = list(csv.DictReader(source))
    compare.equal("rows", "json and csv", [row["query"] for row in rows], [row["query"] for row in table])
    expected = sorted(key for key in answers if key.startswith("RMD") and key not in UNSEEN)
    compare.equal("rows", "all", [row["query"] for row in rows], expected)
    for row, record in zip(rows, table):
        answer = dict(answers[row["query"]], query=row["query"], at=None, data_age=None)
        compare.equal("json", row["query"], row, answer)
        for key, value in record.items():
            wanted = answer[key]
            wanted = " ".join(wanted) if isinstance(wanted, list) else "" if wanted is None else str(wanted)
            compare.equal("csv", row["query"], value, wanted)


def served_compare(compare, path, answers, excluded):
    served = {}
    for line in open(path, encoding="ascii"):
        name, kind, data = line.rstrip("\n").split(" ", 2)
        served[name.lower(), kind] = data.strip('"')
    for key, answer in answers.items():
        name = name_of(key).lower()
        given = served.get((name, "A"))
        compare.equal("served-a", key, given, address_of(key, answer, given))
        said = [answer["verdict"], answer["reason"]] if answer["verdict"] != "unknown" or not excluded else None
        compare.equal("served-txt", key, words_of(served.get((name, "TXT"))), said)


def texts_compare(compare, path, answers):
    given = dict(line.rstrip("\n").split(" ", 1) for line in open(path, encoding="ascii"))
    for key, answer in answers.items():
        compare.equal("texts", key, words_of(given.get(key)), [answer["verdict"], answer["reason"]])


def main():
    compare = Comparison()
    if sys.argv[1] == "--keys":
        print("\n".join(name_of(key) for key in keys_of(sys.argv[2])))
        return
    if sys.argv[1].startswith("--"):
        answers = answers_of(sys.argv[3], sys.argv[4], keys_of(sys.argv[5]))
        if sys.argv[1] == "--texts":
            texts_compare(compare, sys.argv[2], answers)
        else:
            served_compare(compare, sys.argv[2], answers, sys.argv[1] == "--answers-excluded")
    else:
        answers = answers_of(sys.argv[1], sys.argv[2], keys_of(sys.argv[4]))
        keyed_compare(compare, Path(sys.argv[3]), answers)
        listed_compare(compare, Path(sys.argv[3]), answers)
    compare.end()


main()
