#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# Weeks of nights as an operator may have them: orders, outages, half an export, a removal of many, their return, clocks
# that step, a leap day, changes of clocks and a new year. After each night the programs answer as the oracle does about
# all that was loaded so far. What is right must not enter: that is in oracle.py.
#
#   week.py [QUESTIONS]       so many after each night
#
# RMDSYNC, RMDCHECK, ASK: the programs, as in property.py.

import datetime
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter

import oracle
import property as worlds

DAY = oracle.DAY
# The first night of each week; the clocks change on the second and on the third, and the second is of 2028.
WEEKS = ((2028, 2, 26), (2026, 3, 5), (2025, 10, 30), (2025, 12, 29))
GUARD = ("[guard]", "minimum-rows = 10", "vanished-rows = 6", "vanished-percent = 100", "contiguous-rows = 9",
         "relisted-rows = 20", "changed-percent = 60")


class Filings:
    """Those that Made asks about."""

    def __init__(self, dice, begin):
        self.dice = dice
        self.frns = [f"00990000{index:02d}" for index in range(1, 41)]
        self.numbers = [f"RMD00001{index:02d}" for index in range(40)]
        self.orders = [begin + dice.randrange(-20 * DAY, 8 * DAY) for _ in range(6)]
        self.gone, self.seen, self.end = [], {}, begin + 45 * DAY
        self.rows = {number: dict(worlds.Nights.row(self, number, begin), frn=frn)
                     for number, frn in zip(self.numbers, self.frns)}

    def aliases(self):
        return worlds.Nights.aliases(self)


class Week(worlds.Made):
    """A week; `nights` are those whose list was taken."""

    def __init__(self, seed, first):
        self.seed = seed
        dice = self.dice = random.Random(seed)
        begin = oracle.begins(datetime.date(*first)) + 4 * 3600 + 17 * 60
        self.made = Filings(dice, begin)
        self.policy = {"max-age": 72 * 3600, "missing-grace": dice.choice((0, DAY)), "removal-grace": 2,
                       "role-mismatch": "refuse"}
        self.foreign, self.safety, self.closures = ["416", "876"], ["+12125550100"], [datetime.date(*first)]
        self.documents, self.peers, self.nights = [], self.make_peers(), []
        self.at, self.rows = begin, dict(self.made.rows)

    def document(self, kind, numbers, extra="", at=None):
        issued = oracle.written(self.at - 3600 if at is None else at)
        names = "".join(f"<provider><name>Somebody</name><frn>{self.made.rows[number]['frn']}</frn></provider>"
                        for number in numbers)
        self.documents.append(f'<notice id="DA {len(self.documents)}" kind="{kind}" issued="{issued}">'
                              f"<title>Made up</title>{names}{extra}</notice>\n")

    def take(self, numbers):
        for number in numbers:
            self.made.gone.append((number, self.rows.pop(number)["frn"], self.at))

    def sync(self, directory, code, rows=None, at=None):
        """A night's run; `rows` None is an outage. What it exits with is part of the story."""
        worlds.operator_files(self, directory)
        policy = worlds.conf_of(self).split("[policy]")[1]
        worlds.put(f"{directory}/rmd.conf", "\n".join(("[limits]", "retry-for = 0s", *GUARD, "[policy]" + policy)))
        path = f"{directory}/night.csv"
        if rows is None:
            path = f"{directory}/nothing.csv"
        else:
            with open(path, "w", newline="", encoding="utf-8") as stream:
                writer = worlds.csv.DictWriter(stream, worlds.COLUMNS)
                writer.writeheader()
                writer.writerows([worlds.ANCHOR, *rows])
        at = self.at if at is None else at
        done = subprocess.run([os.environ["RMDSYNC"], "-q", "-c", f"{directory}/rmd.conf", "-d", f"{directory}/state",
                               "--source", path, "--as-of", oracle.written(at)], capture_output=True, text=True)
        if done.returncode != code:
            raise SystemExit(f"week {self.seed}: {oracle.written(at)}: exit {done.returncode} and not {code}: {done.stderr}")
        if code == 0:
            self.nights.append((at, [worlds.ANCHOR, *rows]))

    def stories(self):
        """Each night: what happened, and what the run exits with. The rows are those of the night."""
        dice, numbers = self.dice, self.made.numbers
        yield "the first night", 0, self.rows
        self.take(numbers[3:5])
        self.document("removal", numbers[3:4])
        self.document("notice", numbers[10:12], "<respond-by>2099-01-01</respond-by>")
        yield "two vanish, one by an order", 0, self.rows
        # Whom it names is refused as soon as the register has it, whatever the source does.
        self.document("removal", numbers[20:21])
        self.document("final-determination", numbers[21:22], at=self.at - 30 * DAY)
        yield "an outage, and orders all the same", 69, None
        yield "half an export", 3, dict(list(self.rows.items())[:12])
        mass = numbers[0::3][:10]
        self.document("removal", mass, f"<cease-by>{oracle.days_after(oracle.local_day(self.at), 2)}</cease-by>")
        self.take(number for number in mass if number in self.rows)
        yield "a removal of many, which the register names", 0, self.rows
        for number in mass[:4]:
            self.rows[number] = dict(self.made.rows[number], last_updated=str(oracle.local_day(self.at)))
        self.document("reinstatement", mass[:1], at=self.at - 60)
        yield "some come back, one by a reinstatement", 0, self.rows
        for number in dice.sample(sorted(self.rows), 5):
            self.rows[number] = dict(self.rows[number], frn=dice.choice(self.made.frns))
        yield "some change their FRN", 0, self.rows

    def questions_now(self, count):
        now = self.at + self.dice.choice((0, 1, 3600, 20 * 3600))
        for key, role, caller, called, at in self.questions(count, worlds.NEVER):
            yield now, (key, role, caller, called, at if self.dice.random() < 0.4 else None)

    def night(self, directory, story, code, rows, count, tally):
        self.sync(directory, code, rows and list(rows.values()))
        self.world = oracle.World(self.nights, self.policy, self.closures, self.safety, self.foreign, self.documents,
                                  self.peers)
        asked = list(self.questions_now(count))
        lines = ["\t".join([str(now), str(question[4] or ""), *question[1:4], question[0]]) for now, question in asked]
        answers = worlds.ask([os.environ["ASK"], f"{directory}/state"], lines)
        before = tally["failed"]
        for (now, question), line, answer in zip(asked, lines, answers):
            worlds.differ(self, question, line.replace("\t", " | "), answer, self.world.answer(*question, now=now), tally)
        if tally["failed"] > before:
            print(f"... in the week of {oracle.written(self.nights[0][0])}: {story}")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    tally, nights = Counter(), 0
    for seed, first in enumerate(WEEKS):
        week = Week(seed, first)
        with tempfile.TemporaryDirectory() as directory:
            os.mkdir(f"{directory}/state")
            for story, code, rows in week.stories():
                week.night(directory, story, code, rows, count, tally)
                nights += 1
                # A clock that steps back an hour before the next run is no run: it lies before the last one.
                if code == 0:
                    week.sync(directory, 64, list(week.rows.values()), at=week.at - 3600)
                week.at += DAY
            # The clock steps ahead by days: the data is old until the next list.
            week.at += 5 * DAY
            week.night(directory, "an outage of days, by a step of the clock", 69, None, count, tally)
            week.night(directory, "the list is there again", 0, week.rows, count, tally)
            nights += 2
    print(f"{nights} nights, {nights * count} questions, {tally['failed']} answered otherwise")
    missed = [reason for reason in ("removed-by-order", "blocking-order", "delisted", "stale", "listed", "notice-matured",
                                    "missing-unconfirmed") if not tally[f"reason {reason}"]]
    if missed:
        print(f"nothing was answered with: {' '.join(missed)}")
    return 1 if tally["failed"] or missed else 0


if __name__ == "__main__":
    sys.exit(main())
