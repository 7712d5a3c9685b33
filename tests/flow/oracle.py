#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# A second opinion, written from the rules and not from the program: reads the export with Python's csv, works out
# every answer anew, and holds rmdcheck's against them. Nothing of the project's code or output may be trusted here.
#
#   oracle.py second IN OUT                             makes the next night's file out of a night's
#   oracle.py questions FILE...                         asks for every key in the files, in every role
#   oracle.py doubled FILE                              the FRNs that have more than one row
#   oracle.py compare text|json QUESTIONS ANSWERS AT FILE [AT FILE...]
#
# AT is when the file was loaded; the answers are those of the last file, asked an hour after it.

import csv
import datetime
import json
import random
import re
import sys
from collections import defaultdict
from zoneinfo import ZoneInfo

ROLES = ("vsp", "gateway", "intermediate")
COLUMN = {role: role.replace("vsp", "voice_service") + "_provider_choice" for role in ROLES}
IMPLEMENTATION = {
    "N/A": "not-certified",
    "No STIR/SHAKEN Implementation - Performing Robocall Mitigation": "none",
    "Partial STIR/SHAKEN Implementation - Performing Robocall Mitigation": "partial",
    "Complete STIR/SHAKEN Implementation": "complete",
}
FRN = re.compile(r"(?<![0-9-])(?:\d{10}|\d{4}-\d{4}-\d{2})(?![0-9-])", re.ASCII)
TORONTO, MANHATTAN = "+14165550100", "+12125550100"
ASKED = (("", ""), ("vsp", ""), ("gateway", ""), ("intermediate", ""), ("foreign", ""), ("foreign", TORONTO),
         ("foreign", MANHATTAN), ("foreign", "anonymous"))
NEW_YORK = ZoneInfo("America/New_York")


def read(path):
    csv.field_size_limit(1 << 20)
    with open(path, newline="", encoding="utf-8-sig") as source:
        reader = csv.DictReader(source)
        return list(reader), reader.fieldnames


def aliases(row):
    return {token.replace("-", "") for token in FRN.findall(row["other_frns"])} - {row["frn"]}


class Data:
    """What is known after a list of nights."""

    def __init__(self, nights):
        self.now = {}            # number -> row, of the last night
        self.last = {}           # number -> (its last row, since when it is gone or None)
        self.former = defaultdict(dict)  # FRN -> {number that gave it up: when}
        for at, path in nights:
            rows = {row["number"]: row for row in read(path)[0]}
            for number, row in self.now.items():
                if number not in rows:
                    self.last[number] = (row, at)
            for number, row in rows.items():
                before = self.last.get(number, (row, None))[0]
                if before["frn"] not in ("", row["frn"]):
                    self.former[before["frn"]][number] = at
                self.last[number] = (row, None)
            self.now = rows
        self.by_frn = defaultdict(list)
        self.gone = defaultdict(dict)
        for number, (row, gone_at) in self.last.items():
            if gone_at is None:
                self.by_frn[row["frn"]].append(row)
            else:
                self.gone[row["frn"]][number] = gone_at
        for frn, numbers in self.former.items():
            for number, at in numbers.items():
                if self.last[number][0]["frn"] != frn:
                    self.gone[frn].setdefault(number, at)
        self.alias = set().union(*(aliases(row) for row in self.now.values()))


def overdue(row, at):
    """64.6305(h): the due day of the year of `at` has ended, and the row was certified before that year's window."""
    if row["last_recertified"] == "":
        return False
    local = at.astimezone(NEW_YORK).date()
    for year in range(local.year, 2025, -1):
        due = datetime.date(year, 3, 1)
        while due.weekday() >= 5:
            due += datetime.timedelta(days=1)
        if local > due:
            return datetime.date.fromisoformat(row["last_recertified"]) < datetime.date(year, 2, 1)
    return False


def roles_of(row):
    return [role for role in ROLES if row[COLUMN[role]] == "Yes"]


def qualifies(row, role):
    counted = roles_of(row) or ["vsp"]
    return role == "" or (role if role != "foreign" else "vsp") in counted


def provider(data, key):
    """The rows that the key leads to now, and {number: since} of what it has lost."""
    if key.startswith("RMD"):
        if key not in data.last:
            return [], {}, None
        row, gone_at = data.last[key]
        if row["frn"] == "":
            return ([row], {}, "") if gone_at is None else ([], {key: gone_at}, "")
        key = row["frn"]
    return data.by_frn.get(key, []), data.gone.get(key, {}), key


def answer(data, at, key, role, caller):
    """(verdict, reason, flags, number that decided, FRN)"""
    rows, gone, frn = provider(data, key)
    rows = sorted(rows, key=lambda row: row["number"])
    certified = [row for row in rows if row["implementation"] != "N/A"]
    fit = [row for row in certified if qualifies(row, role)]
    best = (fit or certified or rows or [None])[0]
    flags = set()
    number = None
    if len(rows) > 1:
        flags.add("multiple-filings")
    if best is not None:
        number = best["number"]
        if "\ufffd" in best["business_name"]:
            flags.add("lossy-name")
        if best in certified and not roles_of(best):
            flags.add("role-unknown")
        if overdue(best, at):
            flags.add("recertification-overdue")
    elif gone:
        number = min(gone, key=lambda candidate: (-gone[candidate].timestamp(), candidate))
    if role == "foreign" and caller == TORONTO:
        verdict = ("accept", "rule-not-applicable")
    elif not rows and gone:
        verdict = ("refuse", "delisted")
    elif not rows and key in data.alias:
        verdict = ("unknown", "alias-only")
    elif not rows:
        verdict = ("refuse", "not-listed")
    elif not certified:
        verdict = ("refuse", "not-certified")
    elif not fit:
        verdict = ("refuse", "role-mismatch")
    else:
        verdict = ("accept", "listed")
    return *verdict, flags, number, frn or None


def second(source, target):
    """One row in a hundred changed in every way that matters, 50 rows removed, 20 added; the same ones each time.
    Says how many have really changed."""
    rows, fields = read(source)
    before = [dict(row) for row in rows]
    dice = random.Random(20260304)
    several = defaultdict(list)
    for index, row in enumerate(rows):
        several[row["frn"]].append(index)
    several = [indexes for frn, indexes in several.items() if frn and len(indexes) > 1]
    # One of two filings gone, and both of two: the providers that a look-up by first match gets wrong.
    removed = {several[0][0], several[1][1], *several[2], *several[3]}
    free = [index for index in range(len(rows)) if index not in removed and rows[index]["frn"] != ""]
    removed.update(dice.sample(free, 50 - len(removed)))
    changed = dice.sample([index for index in free if index not in removed], len(rows) // 100)
    used = {row["frn"] for row in rows}.union(*(aliases(row) for row in rows))
    fresh = (f"{number:010d}" for number in range(9900000000, 9999999999) if f"{number:010d}" not in used)
    kinds = (
        lambda row: row.update(business_name=row["business_name"] + " Renamed"),
        lambda row: row.update(business_name="Caf\ufffd " + row["number"]),
        lambda row: row.update(implementation="N/A"),
        lambda row: row.update(implementation="Complete STIR/SHAKEN Implementation"),
        lambda row: row.update({COLUMN[role]: "No" if row[COLUMN[role]] == "Yes" else "Yes" for role in ROLES}),
        lambda row: row.update({COLUMN[role]: "No" for role in ROLES}),
        lambda row: row.update(frn=next(fresh)),
        lambda row: row.update(frn=rows[dice.choice(free)]["frn"]),
        lambda row: row.update(other_frns=f"{next(fresh)}; {next(fresh)[:4]}-1234-56\tsee attached, 4529293"),
        lambda row: row.update(other_frns=""),
        lambda row: row.update(last_recertified="2026-02-01"),
        lambda row: row.update(last_recertified="2026-01-31"),
        lambda row: row.update(business_address="1 Main St\nSuite 2", last_updated="2026-03-03"),
    )
    for count, index in enumerate(changed):
        kinds[count % len(kinds)](rows[index])
    left = [row for index, row in enumerate(rows) if index not in removed]
    taken = {row["number"] for row in rows}
    numbers = [f"RMD{number:07d}" for number in range(1, 60000, 7) if f"RMD{number:07d}" not in taken]
    for number in dice.sample(numbers, 20):
        row = dict(left[dice.randrange(len(left))], number=number)
        # Every other one is a second filing of a provider that has one.
        if dice.random() < 0.5:
            row["frn"] = next(fresh)
        left.append(row)
    left.sort(key=lambda row: row["number"])
    with open(target, "w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fields)
        writer.writeheader()
        writer.writerows(left)
    print(sum(old != new for old, new in zip(before, rows)))


def questions(paths):
    frns, numbers = set(), set()
    for path in paths:
        for row in read(path)[0]:
            frns.update({row["frn"]} - {""}, aliases(row) - {"0000000000"})
            numbers.add(row["number"])
    never = (f"{number:010d}" for number in range(8800000000, 8899999999, 99991) if f"{number:010d}" not in frns)
    keys = sorted(frns) + sorted(numbers) + [next(never) for _ in range(200)] + ["RMD0000001", "RMD9999999"]
    for key in keys:
        for role, caller in ASKED:
            print(key + (f" role={role}" if role else "") + (f" from={caller}" if caller else ""))


LINE = re.compile(r'(\S+)  (\S+)  (\S+)  (\S+)  (?:"(?:[^"\\]|\\.)*"|-)  (.*)')


def parse_text(line):
    match = LINE.fullmatch(line)
    if match is None:
        raise SystemExit(f"this line cannot be read: {line}")
    verdict, reason, number, frn, rest = match.groups()
    flags = re.search(r"(?:^|  )flags (\S+)", rest)
    blank = {"-": None}
    return (verdict, reason, set(flags[1].split(",")) if flags else set(), blank.get(number, number),
            blank.get(frn, frn))


def parse_json(line):
    given = json.loads(line)
    return given["verdict"], given["reason"], set(given["flags"]), given["rmd_number"], given["frn"], given


def details_wrong(data, key, role, given, number):
    """What the JSON says besides: it must be the filing's own."""
    row = data.last[number][0] if number else None
    held = row is not None and number in data.now and provider(data, key)[0]
    return [name for name, right in (
        ("role", role or None),
        ("implementation", IMPLEMENTATION[row["implementation"]] if held else None),
        ("roles", roles_of(row) if held else []),
    ) if given[name] != right]


def compare(form, questions_path, answers_path, nights):
    nights = [(datetime.datetime.fromisoformat(at), path) for at, path in zip(nights[::2], nights[1::2])]
    data = Data(nights)
    at = nights[-1][0] + datetime.timedelta(hours=1)
    with open(questions_path, encoding="utf-8") as stream:
        asked = stream.read().splitlines()
    with open(answers_path, encoding="utf-8") as stream:
        lines = stream.read().split("\n")[:-1]
    if len(asked) != len(lines):
        raise SystemExit(f"{len(asked)} questions and {len(lines)} answers")
    wrong, seen = 0, defaultdict(int)
    for question, line in zip(asked, lines):
        key, *words = question.split(" ")
        words = dict(word.split("=", 1) for word in words)
        role = words.get("role", "")
        right = answer(data, at, key, role, words.get("from", ""))
        *given, whole = parse_json(line) if form == "json" else (*parse_text(line), None)
        bad = tuple(given) != right
        details = details_wrong(data, key, role, whole, right[3]) if whole and not bad else []
        if bad or details:
            wrong += 1
            if wrong <= 10:
                print(f"asked: {question}\n  rmdcheck: {line}\n  oracle: {right} {details}")
        seen[right[1]] += 1
        for flag in right[2]:
            seen[flag] += 1
    print(f"{len(asked)} answers compared, {wrong} differ; " +
          ", ".join(f"{count} {word}" for word, count in sorted(seen.items())))
    return wrong != 0


def doubled(path):
    rows = defaultdict(list)
    for row in read(path)[0]:
        rows[row["frn"]].append(row["number"])
    for frn, numbers in sorted(rows.items()):
        if frn and len(numbers) > 1:
            print(frn, *sorted(numbers))


def main(arguments):
    what = arguments.pop(0)
    if what == "second":
        second(*arguments)
    elif what == "questions":
        questions(arguments)
    elif what == "doubled":
        doubled(*arguments)
    elif what == "compare":
        return compare(*arguments[:3], arguments[3:])
    else:
        raise SystemExit(f"{what}: no such command")
    return 0


sys.exit(main(sys.argv[1:]))
