#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# Little worlds by chance, some nights of filings and a register of documents each, are put to the real programs, and
# every answer of theirs is held against the second opinion of oracle.py. What is right must not enter: that is there.
#
#   property.py [--seed N] [--cases N]        as many worlds as the cases need, drawn from the seed
#   property.py --world N [--keep DIR]        that one world; DIR, empty, gets its files
#
# RMDSYNC, RMDCHECK, ASK: the programs. ASK answers for a given present, which rmdcheck takes from the clock.

import argparse
import csv
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter

import oracle

DAY = oracle.DAY
NEVER = 1 << 62
QUESTIONS = 2000   # of one world to rmdcheck; a tenth of that to ASK
COLUMNS = ("number", "frn", "business_name", "other_frns", "implementation", *oracle.COLUMN.values(), "last_updated",
           "last_recertified")
NAMES = ("Acme Voice, LLC", "ACME VOICE LLC", "Bell-Like Telephone", "Caf\ufffd Telecom", "Delta & Sons", "Delta Sons",
         "Example Carrier 7", "Foxtrot", "Gateway Partners Inc.", "Hotel Lines", "")
CERTIFIED = [text for text, word in oracle.IMPLEMENTATION.items() if word != "not-certified"]
CALLERS = ("+14165550100", "14165550100", "4165550100", "+12125550100", "2125550100", "(212)555-0100", "+442071234567",
           "sip:+442071234567@example.net", "sip:+12125550100@example.net;user=phone", "tel:+1-416-555-0100",
           "anonymous", "sip:anonymous@anonymous.invalid", "+18765550100", "+17875550100", "+18005550100",
           "442071234567", "011442071234567", "5550100", "+1416555010")
CALLED = ("911", "+1911", "1911", "urn:service:sos", "urn:service:sos.fire", "sip:911@example.net", "9110",
          "+12025550100", "urn:service:sosfire")
MALFORMED = ("frn:12", "0000000000", "RMD0000000", "RMD123", "rmd:0099000001", "frn:RMD0000100", "ip:300.1.1.1",
             "frn:99000001", "192.0.2.1", "trunk:none", "ocn:none", "peer:none", "name:nobody", "nobody")
ANCHOR = {"number": "RMD9999999", "frn": "0099999999", "business_name": "Anchor of all columns",
          "other_frns": "0099999998", "implementation": CERTIFIED[0], **dict.fromkeys(oracle.COLUMN.values(), "Yes"),
          "last_updated": "2020-01-01", "last_recertified": "2026-02-20"}


def stamp(instant, dice):
    """One of the ways to write it."""
    zone = dice.choice((datetime.timezone.utc, oracle.NEW_YORK, datetime.timezone(datetime.timedelta(hours=9))))
    text = datetime.datetime.fromtimestamp(instant, zone).isoformat()
    return text.replace("+00:00", "Z") if dice.random() < 0.5 else text


class Nights:
    """Files that follow one another."""

    def __init__(self, dice, begin):
        self.dice = dice
        self.frns = [f"00990000{index:02d}" for index in range(1, 15)]
        self.numbers = [f"RMD00001{index:02d}" for index in range(0, 24)]
        # At 00:00 a bare date is the very instant of a check.
        pauses = (DAY, DAY, DAY * 4) if begin == oracle.begins(oracle.local_day(begin)) else (
            3600 * 6, DAY, DAY, DAY * 3, dice.randrange(1800, DAY * 12))
        self.times = [begin]
        for _ in range(dice.randrange(2, 6)):
            self.times.append(self.times[-1] + dice.choice(pauses))
        self.end = self.times[-1] + 45 * DAY
        # When the FCC is to speak: some of it at a check, to the second.
        self.orders = [dice.choice((dice.choice(self.times), dice.randrange(begin - 50 * DAY, self.end)))
                       for _ in range(4)]
        self.gone = []   # (number, FRN, check that missed it)
        self.seen = {}
        self.bad = {}    # those rows of a night that cannot be understood
        self.rows = {number: self.row(number, begin) for number in dice.sample(self.numbers, dice.randrange(8, 20))}
        self.nights = []
        for at in self.times:
            if self.nights and dice.random() < 0.85:
                self.change(at)
            self.nights.append((at, [ANCHOR, *(self.bad.get(number, row) for number, row in self.rows.items()),
                                     *(row for number, row in self.bad.items() if number not in self.rows)]))

    def row(self, number, at):
        dice = self.dice
        choices = dice.choice(("YNN", "YNN", "NYN", "NNY", "YYY", "NNN", "YNY"))
        updated = oracle.days_after(oracle.local_day(at), -dice.randrange(40))
        if dice.random() < 0.3:
            updated = oracle.days_after(oracle.local_day(dice.choice(self.orders)), dice.randrange(12, 17))
        return {
            "number": number,
            "frn": dice.choice(self.frns) if dice.random() < 0.93 else "",
            "business_name": dice.choice(NAMES),
            "other_frns": self.aliases(),
            "implementation": dice.choice(CERTIFIED) if dice.random() < 0.8 else "N/A",
            **{oracle.COLUMN[role]: "Yes" if choice == "Y" else "No" for role, choice in zip(oracle.ROLES, choices)},
            "last_updated": str(updated) if dice.random() < 0.8 else "",
            "last_recertified": dice.choice(("", "", "2025-03-01", "2026-01-31", "2026-02-01", "2026-03-02")),
        }

    def aliases(self):
        dice = self.dice
        if dice.random() < 0.7:
            return dice.choice(("", "", "N/A", "none", "4529293"))
        frns = dice.sample(self.frns + ["0088000001", "0088000002"], dice.randrange(1, 4))
        return dice.choice(("; ", ",", " ", "\n")).join(
            frn if dice.random() < 0.7 else f"{frn[:4]}-{frn[4:8]}-{frn[8:]}" for frn in frns)

    def change(self, at):
        dice = self.dice
        self.seen.update(self.rows)
        self.bad = {}
        for number in list(self.rows):
            chance = dice.random()
            fresh = self.row(number, at)
            if chance < 0.18:
                self.gone.append((number, self.rows.pop(number)["frn"], at))
            elif chance < 0.24:
                self.rows[number] = dict(self.rows[number], frn=fresh["frn"])
            elif chance < 0.34:
                self.rows[number] = dict(self.rows[number], last_updated=fresh["last_updated"],
                                         last_recertified=fresh["last_recertified"])
            elif chance < 0.44:
                self.rows[number] = dict(fresh, frn=self.rows[number]["frn"])
            elif chance < 0.50:
                self.bad[number] = self.spoilt(self.rows[number])
        for number in self.numbers:
            if number not in self.rows:
                chance = dice.random()
                if chance < 0.3:
                    self.rows[number] = self.seen.get(number, self.row(number, at))
                elif chance < 0.35:
                    self.bad[number] = self.spoilt(self.seen.get(number, self.row(number, at)))

    def spoilt(self, row):
        return dict(row, **self.dice.choice((
            {"implementation": "Maybe"}, {"last_updated": "2024-02-30"}, {"frn": "12345"}, {"number": "RMD12"},
            {oracle.COLUMN["gateway"]: "Perhaps"})))


class Register:
    """Documents about those nights."""

    def __init__(self, nights):
        self.nights, self.dice = nights, nights.dice
        self.documents = []
        for _ in range(self.dice.randrange(12)):
            self.add()

    def moment(self, instant):
        """A bare date or a time."""
        return str(oracle.local_day(instant)) if self.dice.random() < 0.6 else stamp(instant, self.dice)

    def later(self, issued, days):
        """Not before the document was issued."""
        return self.moment(oracle.moment(issued)[0] + self.dice.randrange(days * DAY))

    def providers(self, number, frn):
        """Elements: this provider, and some others. No document may name an FRN twice."""
        dice, named = self.dice, {}
        for other in [number] + dice.sample(self.nights.numbers, dice.choice((0, 0, 0, 1, 4))):
            row = self.nights.rows.get(other, self.nights.seen.get(other, {}))
            named.setdefault(frn if other == number else row.get("frn") or dice.choice(self.nights.frns), other)
        for frn, number in named.items():
            by = dice.choice(("frn", "frn", "rmd", "both", "both", "none") if frn else ("rmd", "none"))
            yield ("<provider><name>Somebody</name>" + (f"<frn>{frn}</frn>" if by in ("frn", "both") else "") +
                   (f"<rmd>{number}</rmd>" if by in ("rmd", "both") else "") + "</provider>")

    def add(self):
        dice, nights = self.dice, self.nights
        kind = dice.choice(("notice",) * 5 + ("removal",) * 6 + ("final-determination",) * 3 +
                           ("reinstatement", "public-notice", "initial-determination"))
        number, frn = dice.choice(nights.numbers), dice.choice(nights.frns + ["0088000001"])
        instant = dice.choice(nights.orders)
        if nights.gone and dice.random() < 0.5:
            number, frn, instant = dice.choice(nights.gone)
        instant += dice.choice((0, 0, 0, 0, -1, 1, 3600, -DAY))
        issued = self.moment(instant)
        lines = list(self.providers(number, frn))
        self.write(kind, issued, lines + list(self.details(kind, issued)))
        if kind in ("removal", "final-determination") and dice.random() < 0.35:
            self.write("reinstatement", self.moment(instant + DAY * dice.choice((-1, 0, 0, 1, 8, 31))), lines)

    def details(self, kind, issued):
        dice = self.dice
        day = oracle.moment(issued)[1]
        if kind == "notice" and dice.random() < 0.5:
            yield f"<respond-by>{oracle.days_after(day, dice.randrange(25))}</respond-by>"
        if kind == "removal" and dice.random() < 0.4:
            yield f"<cease-by>{oracle.days_after(day, dice.randrange(12))}</cease-by>"
        if kind == "notice":
            responses = ("mitigated", "measures", "mitigated", "measures", "reply")
            for response in dice.sample(responses, dice.choice((0, 1, 3))):
                yield f'<response kind="{response}" date="{self.later(issued, 25)}"/>'
        if kind not in ("removal", "reinstatement") and dice.random() < 0.3:
            yield f'<fcc-notified date="{self.later(issued, 30)}"/>'

    def write(self, kind, issued, lines):
        # What is longer than a library's answer holds is cut there.
        name = f"EB-{len(self.documents):02d}-{kind}" + ("-and-so-on" * 6 if self.dice.random() < 0.1 else "")
        self.documents.append("\n".join((f'<notice id="{name}" kind="{kind}" issued="{issued}">',
                                         "<title>Made up</title>", *lines, "</notice>\n")))


class Made:
    """One world: its files, and the same as the oracle sees it."""

    def __init__(self, seed):
        self.seed = seed
        dice = self.dice = random.Random(seed)
        begin = oracle.begins(datetime.date(*dice.choice(((2026, 2, 1), (2026, 2, 20), (2025, 10, 20), (2024, 2, 10),
                                                          (2025, 12, 15), (2023, 6, 1)))))
        begin += DAY * dice.randrange(10) + (dice.randrange(DAY) if dice.random() < 0.6 else 0)
        self.made = Nights(dice, begin)
        self.nights = self.made.nights
        self.policy = {
            "max-age": dice.choice((360 * DAY, 360 * DAY, 20 * DAY, 72 * 3600, 3600)),
            "missing-grace": dice.choice((0, 0, 12 * 3600, 3 * DAY)),
            "removal-grace": dice.choice((0, 0, 1, 2, 10)),
            "role-mismatch": dice.choice(("refuse", "accept")),
        }
        self.foreign = dice.sample(("416", "876", "204", "242", "514"), dice.randrange(1, 5))
        self.safety = dice.sample(("+12125550100", "+14165550100", "+442071234567"), dice.randrange(3))
        self.closures = [oracle.days_after(oracle.local_day(begin), dice.randrange(90))
                         for _ in range(dice.randrange(6))]
        self.documents = Register(self.made).documents
        self.peers = self.make_peers()
        self.late = dice.random() < 0.5   # the operator's files come with the last night only
        self.offline = dice.random() < 0.2
        self.world = oracle.World(self.nights, self.policy, self.closures, self.safety, self.foreign, self.documents,
                                  self.peers)

    def make_peers(self):
        dice, peers = self.dice, []
        for count in range(dice.randrange(5)):
            keys = {"frn": dice.choice(self.made.frns)} if dice.random() < 0.6 else {
                "rmd": dice.choice(self.made.numbers)}
            if dice.random() < 0.7:
                keys["role"] = dice.choice((*oracle.ROLES, "foreign"))
            keys["address"] = [f"192.0.{count}.0/24", f"192.0.100.{count}", f"2001:db8:{count}::/48"]
            del keys["address"][dice.randrange(4):]
            if count == 1:
                keys["address"].append("192.0.0.128/25")
            keys["trunk"] = [f"TG-{count}"]
            keys["ocn"] = [f"00{count}A"] if dice.random() < 0.5 else []
            peers.append((f"peer-{count}", keys))
        return peers

    def instants(self, documents):
        """Every instant at which something may change, and the seconds beside it; besides some by chance."""
        world, grace = self.world, self.policy["missing-grace"]
        found = {world.due[0][0]}
        for at in world.times:
            found.update((at, at + grace, at + self.policy["max-age"] + 1))
        for one in documents:
            found.update((one.issued, oracle.begins(one.day), one.effect, one.told or one.issued))
            for start, stopped in one.grounds:
                found.update((start, stopped or start))
        earliest, latest = world.times[0] - 30 * DAY, self.made.end
        near = [at + beside for at in found if earliest < at < latest for beside in (-1, 0, 1)]
        return sorted(near) + [self.dice.randrange(earliest, latest) for _ in range(len(near) // 8 + 1)]

    def key(self):
        dice = self.dice
        chance = dice.random()
        if chance < 0.5:
            key = dice.choice(self.made.frns + ["0088000001", "0077000001"])
            return dice.choice((key, key, key, f"frn:{key}", f"{key[:4]}-{key[4:8]}-{key[8:]}"))
        if chance < 0.8:
            key = dice.choice(self.made.numbers + ["RMD0000001"])
            return dice.choice((key, key, key, f"rmd:{key}", key.lower()))
        if chance < 0.87:
            name = dice.choice([name for name in NAMES if name])
            return dice.choice(("", "name:")) + dice.choice((name, name.upper(), name.replace(" ", "  ")))
        if chance < 0.9:
            return dice.choice(MALFORMED)
        peer = dice.randrange(5)
        return dice.choice((f"peer:peer-{peer}", f"peer-{peer}", f"192.0.{peer}.{dice.randrange(1, 255)}",
                            f"ip:192.0.100.{peer}", f"2001:db8:{peer}::7", f"trunk:TG-{peer}", f"ocn:00{peer}A"))

    def questions(self, count, before):
        """[(key, role, caller, called, at)], none about an instant from `before` on. A third are about whom a document
        names, at its own instants."""
        dice = self.dice
        aims = [(sorted(one.names), self.instants([one])) for one in self.world.documents if one.names]
        aims = aims or [(self.made.frns, self.instants([]))]
        anywhere = self.instants(self.world.documents)
        while count > 0:
            names, instants = dice.choice(aims) if dice.random() < 0.35 else ([], anywhere)
            at = dice.choice(instants)
            if at >= before:
                at = before - 1
            role = dice.choice(("", "", "", *oracle.ROLES, "foreign", "foreign"))
            caller = dice.choice(CALLERS) if dice.random() < (0.6 if role == "foreign" else 0.1) else ""
            called = dice.choice(CALLED) if dice.random() < 0.03 else ""
            yield dice.choice(names) if names else self.key(), role, caller, called, at
            count -= 1


def conf_of(made):
    policy = made.policy
    return "\n".join(("[guard]", "minimum-rows = 1", "vanished-rows = 1000000", "vanished-percent = 100",
                      "contiguous-rows = 0", "relisted-rows = 1000000", "changed-percent = 100",
                      "rejected-percent = 100", "[policy]", f"max-age = {policy['max-age']}s",
                      f"missing-grace = {policy['missing-grace']}s", f"removal-grace = {policy['removal-grace']}",
                      f"role-mismatch = {policy['role-mismatch']}", ""))


def put(path, text):
    with open(path, "w", newline="", encoding="utf-8") as stream:
        stream.write(text)


def operator_files(made, directory):
    put(f"{directory}/rmd.conf", conf_of(made))
    put(f"{directory}/foreign-area-codes.conf", "".join(f"{code}\n" for code in made.foreign))
    put(f"{directory}/public-safety.conf", "".join(f"{number}\n" for number in made.safety))
    put(f"{directory}/calendar.conf", "".join(f"{date} closed\n" for date in made.closures))
    for count, text in enumerate(made.documents):
        os.makedirs(f"{directory}/notices.d", exist_ok=True)
        put(f"{directory}/notices.d/{count:02d}.xml", text)
    lines = []
    for name, keys in made.peers:
        lines.append(f"[peer {name}]")
        for key, values in keys.items():
            lines.extend(f"{key} = {value}" for value in ([values] if isinstance(values, str) else values))
    if lines:
        put(f"{directory}/peers.conf", "\n".join(lines) + "\n")


def load(made, directory):
    """Runs the nights through rmdsync."""
    state = f"{directory}/state"
    os.makedirs(state, exist_ok=True)
    if made.late:
        put(f"{directory}/rmd.conf", conf_of(made))
        put(f"{directory}/foreign-area-codes.conf", "")
    else:
        operator_files(made, directory)
    sync = [os.environ["RMDSYNC"], "-q", "-c", f"{directory}/rmd.conf", "-d", state]
    for count, (at, rows) in enumerate(made.nights):
        path = f"{directory}/night-{count}.csv"
        with open(path, "w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        if made.late and count == len(made.nights) - 1:
            operator_files(made, directory)
        run(made, [*sync, "--source", path, "--as-of", oracle.written(at)])
    if made.offline and made.nights[-1][0] < time.time():
        run(made, [*sync, "--offline"])


def run(made, command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"world {made.seed}: exit {done.returncode} of {' '.join(command)}\n{done.stderr}")


def batch_line(question):
    key, role, caller, called, at = question
    words = [f'"{key}"' if " " in key and not key.startswith("name:") else
             f'name:"{key[5:]}"' if " " in key else key]
    words += [f"{word}={value}" for word, value in (("role", role), ("from", caller), ("to", called)) if value]
    return " ".join(words + ([f"at={at}"] if at else []))


def ask(command, lines):
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True)
    answers = done.stdout.splitlines()
    if done.returncode not in (0, 1, 2, 3) or len(answers) != len(lines):
        raise SystemExit(f"exit {done.returncode}, {len(answers)} answers to {len(lines)} lines of {command}\n"
                         f"{done.stderr}")
    return answers


def differ(made, question, line, answer, right, tally):
    given = json.loads(answer)
    tally[f"reason {right.reason}"] += 1
    tally.update(f"flag {flag}" for flag in right.flags)
    tally["by a peer's role"] += right.role != question[1]
    wrong = right.wrong(given)
    if not wrong:
        return
    tally["failed"] += 1
    kind = f"! {right.reason}, not {given['reason']}: {', '.join(sorted(wrong))}"
    tally[kind] += 1
    # One of each kind tells more than many of the first.
    if tally[kind] == 1:
        print(f"not as the rules say, in world {made.seed}: {line}\n"
              f"  the program: {answer}\n"
              f"  the oracle:  {wrong} ({right.verdict} {right.reason} {sorted(right.flags)})\n"
              f"  repeat with: RMDSYNC={os.environ['RMDSYNC']} RMDCHECK={os.environ['RMDCHECK']} "
              f"ASK={os.environ['ASK']} python3 {sys.argv[0]} --world {made.seed} --keep DIR")


def one_world(made, count, directory, tally):
    load(made, directory)
    dice, world = made.dice, made.world
    # What lies ahead of the clock has answers of today.
    asked = list(made.questions(count, int(time.time())))
    lines = [batch_line((*question[:4], stamp(question[4], dice))) for question in asked]
    answers = ask([os.environ["RMDCHECK"], "-d", f"{directory}/state", "-b", "-j"], lines)
    for question, line, answer in zip(asked, lines, answers):
        differ(made, question, line, answer, world.answer(*question), tally)
    # Any of these instants may be the present: the question is about now, or about one ahead of it or behind.
    presents = [question[4] for question in made.questions(count // 10, NEVER)]
    asked = [(now, (*question[:4], question[4] if dice.random() < 0.4 else None))
             for now, question in zip(presents, made.questions(count // 10, NEVER))]
    lines = ["\t".join([str(now), str(question[4] or ""), *question[1:4], question[0]]) for now, question in asked]
    answers = ask([os.environ["ASK"], f"{directory}/state"], lines)
    for (now, question), line, answer in zip(asked, lines, answers):
        differ(made, question, line.replace("\t", " | "), answer, world.answer(*question, now=now), tally)
    return count + len(asked)


REASONS = ("emergency-call public-safety-caller bad-key no-such-name no-such-peer ambiguous blocking-order "
           "removed-by-order before-history stale rule-not-applicable delisted missing-unconfirmed alias-only "
           "row-quarantined not-listed not-certified role-mismatch final-determination-pending notice-matured "
           "listed").split()
FLAGS = ("stale recertification-overdue role-unknown role-mismatch still-listed relisted removal-pending notice-open "
         "notify-fcc-first multiple-filings lossy-name row-quarantined").split()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=100000)
    parser.add_argument("--world", type=int)
    parser.add_argument("--keep", metavar="DIR")
    options = parser.parse_args()
    tally, cases, worlds = Counter(), 0, 0
    seeds = random.Random(options.seed)
    while cases < options.cases and (options.world is None or worlds == 0):
        made = Made(seeds.randrange(10**9) if options.world is None else options.world)
        with tempfile.TemporaryDirectory() as scratch:
            cases += one_world(made, QUESTIONS, options.keep or scratch, tally)
        worlds += 1
    for word, count in sorted(tally.items()):
        print(f"{count:8} {word}")
    # Worlds in which something never happens say nothing about it.
    wanted = [f"reason {word}" for word in REASONS] + [f"flag {word}" for word in FLAGS] + ["by a peer's role"]
    never = [word for word in wanted if tally[word] == 0] if options.cases >= 100000 and options.world is None else []
    print(f"{cases} answers in {worlds} worlds (seed {options.seed}), {tally['failed']} differ" +
          (f"; never seen: {', '.join(never)}" if never else ""))
    return bool(never or tally["failed"])


if __name__ == "__main__":
    sys.exit(main())
