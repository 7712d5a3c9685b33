#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# A second opinion, written from the rules and not from the program: reads the exports with Python's csv and the
# documents with its XML reader, works out every answer anew, and holds rmdcheck's against them. Nothing of the
# project's code or output may be trusted here.
#
#   oracle.py check                                     tries this file's own clocks on dates worked by hand
#   oracle.py second IN OUT                             makes the next night's file out of a night's
#   oracle.py questions FILE...                         asks for every key in the files, in every role
#   oracle.py doubled FILE                              the FRNs that have more than one row
#   oracle.py compare text|json QUESTIONS ANSWERS AT FILE [AT FILE...]
#
# AT is when the file was loaded; the answers are those of the last file, asked an hour after it.

import bisect
import csv
import datetime
import ipaddress
import json
import random
import re
import sys
import xml.etree.ElementTree
from collections import defaultdict
from zoneinfo import ZoneInfo

DAY = 86400
ROLES = ("vsp", "gateway", "intermediate")
COLUMN = {role: role.replace("vsp", "voice_service") + "_provider_choice" for role in ROLES}
IMPLEMENTATION = {
    "N/A": "not-certified",
    "No STIR/SHAKEN Implementation - Performing Robocall Mitigation": "none",
    "Partial STIR/SHAKEN Implementation - Performing Robocall Mitigation": "partial",
    "Complete STIR/SHAKEN Implementation": "complete",
}
FRN = re.compile(r"(?<![0-9-])(?:\d{10}|\d{4}-\d{4}-\d{2})(?![0-9-])", re.ASCII)
NEW_YORK = ZoneInfo("America/New_York")
EPOCH = datetime.date(1970, 1, 1).toordinal()


# Days and instants: a day is a datetime.date, an instant the seconds since 1970.


def begins(date):
    """00:00 of the day in New York."""
    return int(datetime.datetime(date.year, date.month, date.day, tzinfo=NEW_YORK).timestamp())


def days_after(date, count):
    return date + datetime.timedelta(days=count)


def local_day(instant):
    return datetime.datetime.fromtimestamp(instant, NEW_YORK).date()


def moment(text):
    """(instant, day in New York, whether a bare date) of a date or an RFC 3339 time."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        date = datetime.date.fromisoformat(text)
        return begins(date), date, True
    instant = int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())
    return instant, local_day(instant), False


def written(instant):
    return None if instant is None else datetime.datetime.fromtimestamp(instant, NEW_YORK).isoformat()


def nth_weekday(year, month, weekday, count):
    first = datetime.date(year, month, 1)
    return days_after(first, (weekday - first.weekday()) % 7 + 7 * (count - 1))


def federal_holidays(year):
    """5 USC 6103: the days themselves, moved off a Saturday to Friday and off a Sunday to Monday."""
    fixed = [(1, 1), (7, 4), (11, 11), (12, 25)] + ([(6, 19)] if year >= 2021 else [])
    for month, date in fixed:
        date = datetime.date(year, month, date)
        yield days_after(date, {5: -1, 6: 1}.get(date.weekday(), 0))
    yield nth_weekday(year, 1, 0, 3)
    yield nth_weekday(year, 2, 0, 3)
    yield days_after(nth_weekday(year, 6, 0, 1), -7)
    yield nth_weekday(year, 9, 0, 1)
    yield nth_weekday(year, 10, 0, 2)
    yield nth_weekday(year, 11, 3, 4)


class Calendar:
    def __init__(self, closures=()):
        """`closures`: the days on which FCC headquarters is closed besides."""
        self.closed = set(closures)
        for year in range(2015, 2036):
            self.closed.update(federal_holidays(year))

    def business(self, date):
        return date.weekday() < 5 and date not in self.closed

    def business_days_after(self, date, count):
        """The day itself where count is 0: 47 CFR 1.4, the day after release is day 1."""
        while count > 0:
            date = days_after(date, 1)
            count -= self.business(date)
        return date

    def due_day(self, year):
        """Of the recertification of a year."""
        date = datetime.date(year, 3, 1)
        while not self.business(date):
            date = days_after(date, 1)
        return date


# The export.


def read(path):
    csv.field_size_limit(1 << 20)
    with open(path, newline="", encoding="utf-8-sig") as source:
        reader = csv.DictReader(source)
        return list(reader), reader.fieldnames


def aliases(row):
    return {token.replace("-", "") for token in FRN.findall(row["other_frns"])} - {row["frn"]}


def frn_of(text):
    """Ten digits, or None where it is no FRN."""
    text = text.replace("-", "") if re.fullmatch(r"\d{4}-\d{4}-\d{2}", text, re.ASCII) else text
    return text if re.fullmatch(r"\d{10}", text, re.ASCII) and text != "0000000000" else None


def number_of(text):
    text = text.upper()
    return text if re.fullmatch(r"RMD\d{7}", text, re.ASCII) and text != "RMD0000000" else None


def date_of(text):
    """None where it is blank; ValueError where it is no date."""
    if text == "":
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(text)
    return datetime.date.fromisoformat(text)


def fold(name):
    """A business name as it is compared: case, punctuation and space do not count."""
    return re.sub(r"[\x00-\x2f\x3a-\x60\x7b-\x7f]+", " ", name.lower()).strip(" ")


class Filing:
    """One row that was understood."""

    def __init__(self, row):
        self.number = number_of(row["number"])
        self.frn = frn_of(row["frn"]) if row["frn"] else ""
        self.implementation = IMPLEMENTATION.get(row["implementation"])
        if self.number is None or self.frn is None or self.implementation is None:
            raise ValueError(row)
        choices = [row[COLUMN[role]] for role in ROLES]
        if not set(choices) <= {"Yes", "No"}:
            raise ValueError(row)
        self.roles = [role for role, choice in zip(ROLES, choices) if choice == "Yes"]
        self.certified = self.implementation != "not-certified"
        self.updated = date_of(row.get("last_updated", ""))
        self.recertified = date_of(row.get("last_recertified", ""))
        self.name = row["business_name"]
        self.folded = fold(self.name)
        self.aliases = aliases(row)
        # What the key of this filing leads to.
        self.provider = self.frn or self.number

    def in_role(self, role):
        """A certified filing without any role counts as a VSP's, and `foreign` needs that column."""
        return self.certified and ("vsp" if role == "foreign" else role) in (self.roles or ["vsp"])

    def overdue(self, year):
        """`year`: of the latest due day that has ended. A blank is no date."""
        return self.recertified is not None and self.recertified < datetime.date(year, 2, 1)


class Check:
    """The world of filings as it was known after one good check."""

    def __init__(self, at, rows, before):
        self.at = at
        self.listed = {}
        self.last = dict(before.last) if before else {}   # number -> its last filing, listed or not
        self.unreadable = set()                           # FRNs and numbers of the rows not understood
        kept = set()
        for row in rows:
            try:
                filing = Filing(row)
                self.listed[filing.number] = filing
            except ValueError:
                number, frn = number_of(row["number"]), frn_of(row["frn"])
                self.unreadable.update({number, frn} - {None})
                kept.add(number or frn)
        # A row whose number cannot be read may be any filing of its FRN that is not there otherwise.
        for number, filing in (before.listed if before else {}).items():
            if number not in self.listed and kept & {number, filing.frn or number}:
                self.listed[number] = filing
                self.unreadable.add(number)
        self.last.update(self.listed)
        self.by_provider = defaultdict(list)
        self.by_name = defaultdict(list)
        self.aliases = set()
        for number, filing in sorted(self.listed.items()):
            self.by_provider[filing.provider].append(filing)
            self.aliases |= filing.aliases
        for filing in self.last.values():
            if filing.folded:
                self.by_name[filing.folded].append(filing)

    def leads(self, number):
        """The provider of an RMD number: an FRN, or the number itself."""
        return self.last[number].provider if number in self.last else number


# The register.


class Document:
    def __init__(self, root, policy, calendar):
        self.id = root.get("id")
        self.kind = root.get("kind")
        self.issued, self.day, bare = moment(root.get("issued"))
        self.names = set()   # the FRNs and RMD numbers that it names
        for provider in root.iter("provider"):
            for tag, read_key in (("frn", frn_of), ("rmd", number_of)):
                self.names.update(read_key(element.text.strip()) for element in provider.iter(tag))
        responses = [(element.get("kind"), moment(element.get("date"))[0]) for element in root.iter("response")]
        told = [moment(element.get("date"))[0] for element in root.iter("fcc-notified")]
        respond_by = root.findtext("respond-by")
        cease_by = root.findtext("cease-by")
        self.told = min(told, default=None)
        # The grounds of a notice: since when they allow to block, and until when.
        hours = (begins(days_after(self.day, 1)) if bare else self.issued) + 48 * 3600
        last = datetime.date.fromisoformat(respond_by.strip()) if respond_by else days_after(self.day, 14)
        self.grounds = []
        for start, stopped_by in ((hours, "mitigated"), (begins(days_after(last, 1)), "measures")):
            self.grounds.append((start, min((at for kind, at in responses if kind == stopped_by), default=None)))
        if self.kind == "final-determination":
            self.effect = begins(days_after(self.day, 30))
        elif cease_by:
            self.effect = begins(days_after(datetime.date.fromisoformat(cease_by.strip()), 1))
        elif policy["removal-grace"] == 0:
            self.effect = self.issued
        else:
            self.effect = begins(days_after(calendar.business_days_after(self.day, policy["removal-grace"]), 1))

    def matured(self, at):
        """Since when this notice allows to block at `at`, or None."""
        if self.kind == "public-notice":
            return self.issued if at >= self.issued else None
        return min((start for start, stopped in self.grounds
                    if at >= start and (stopped is None or at < stopped)), default=None)

    def running(self, at):
        """A clock of this notice has begun, has not run out, and nothing has stopped it."""
        return at >= self.issued and any(at < start and (stopped is None or at < stopped)
                                         for start, stopped in self.grounds)


class Law:
    """What the documents that name one provider bring at one instant."""

    def __init__(self, world, provider, at, index):
        documents = world.documents_of(provider)
        self.removals, self.pending, self.relisted = [], [], False
        self.blocking, self.determined = [], []
        self.matured, self.open = [], False
        for document in documents:
            if at < document.issued:
                continue
            reinstated = any(other.kind == "reinstatement" and other.day >= document.day and at >= begins(other.day)
                             for other in documents)
            if document.kind == "removal":
                if reinstated or world.came_back(provider, document, index):
                    self.relisted = True
                elif at >= document.effect:
                    self.removals.append((document.effect, document.id, document))
                else:
                    self.pending.append(document)
            elif document.kind == "final-determination" and not reinstated:
                if at >= document.effect:
                    self.blocking.append((document.effect, document.id, document))
                else:
                    self.determined.append((document.issued, document.id, document))
            elif document.kind in ("notice", "public-notice"):
                since = document.matured(at)
                if since is not None:
                    self.matured.append((since, document.id, document))
                self.open |= document.kind == "notice" and document.running(at)


# Telephone numbers.


def digits_of(text):
    """A telephone number as its digits with the country code, or None where it is none."""
    match = re.match(r"(sips?|tel):(.*)", text, re.IGNORECASE | re.DOTALL)
    if match:
        text = re.split(r"[@;?]" if match[1].lower() == "tel" else r"[@;]", match[2])[0]
    if not re.fullmatch(r"\+?[0-9().\- ]*[0-9][0-9().\- ]*", text, re.ASCII):
        return None
    digits = re.sub(r"[^0-9]", "", text)
    if text.startswith("+"):
        return digits if 8 <= len(digits) <= 15 and (digits[0] != "1" or len(digits) == 11) else None
    # Without a plus nobody knows which country's: only a NANP number is one.
    digits = digits if len(digits) == 11 else "1" + digits
    return digits if re.fullmatch(r"1[2-9]\d{2}[2-9]\d{6}", digits) else None


def emergency(text):
    lower = text.lower()
    if lower == "urn:service:sos" or lower.startswith("urn:service:sos."):
        return True
    lower = re.sub(r"^(sips?|tel):", "", lower)
    return re.sub(r"[().\- ]", "", re.split(r"[@;]", lower)[0]) in ("911", "1911", "+1911")


# The whole.


class Peers:
    """peers.conf: [(name, {key: value or list})]."""

    def __init__(self, peers):
        self.peers = peers

    def find(self, kind, value):
        if kind == "ip":
            address, best = ipaddress.ip_address(value), None
            for _, keys in self.peers:
                for network in map(ipaddress.ip_network, keys.get("address", [])):
                    if address in network and (best is None or network.prefixlen > best[0]):
                        best = network.prefixlen, keys
            return best and best[1]
        for name, keys in self.peers:
            if value == name if kind == "peer" else value in keys.get(kind, []):
                return keys
        return None


# The rules have not come to the provider yet.
BEFORE_PROVIDER = ("emergency-call", "public-safety-caller", "no-data", "bad-key", "no-such-name", "no-such-peer",
                   "ambiguous")

POLICY = {"max-age": 72 * 3600, "missing-grace": 0, "removal-grace": 0, "role-mismatch": "refuse"}


class World:
    def __init__(self, nights, policy=None, closures=(), safety=(), foreign=(), documents=(), peers=()):
        """`nights`: [(instant, rows)]; `documents`: XML texts."""
        self.policy = {**POLICY, **(policy or {})}
        self.calendar = Calendar(closures)
        self.safety = {digits_of(number) for number in safety}
        self.foreign = set(foreign)
        self.peers = Peers(peers)
        self.checks = []
        for at, rows in nights:
            self.checks.append(Check(at, rows, self.checks[-1] if self.checks else None))
        self.times = [check.at for check in self.checks]
        self.documents = [Document(xml.etree.ElementTree.fromstring(text), self.policy, self.calendar)
                          for text in documents]
        self.due = [(begins(days_after(self.calendar.due_day(year), 1)), year) for year in range(2026, 2035)]
        self.naming, self.presence = {}, {}

    def documents_of(self, provider):
        """Whom a document names does not come from the history: its numbers lead where they lead today."""
        if provider not in self.naming:
            leads = self.checks[-1].leads
            today = leads(provider) if provider.startswith("RMD") else provider
            self.naming[provider] = [
                document for document in self.documents
                if today in {leads(name) if name.startswith("RMD") else name for name in document.names}]
        return self.naming[provider]

    def filings(self, provider, index):
        """Of the provider that an FRN or a number is: those listed at a check."""
        check = self.checks[index]
        if provider.startswith("RMD"):
            return [check.listed[provider]] if provider in check.listed else []
        return check.by_provider.get(provider, [])

    def present(self, provider):
        """At which checks the provider had a filing."""
        if provider not in self.presence:
            self.presence[provider] = [bool(self.filings(provider, index)) for index in range(len(self.checks))]
        return self.presence[provider]

    def came_back(self, provider, order, index):
        """Whether the data show that a removed provider was approved again, as of the check `index`. A filing that
        only took on the provider's FRN has not come back by that."""
        if index < 0:
            return False
        gone = False
        today = self.checks[-1].leads(provider) if provider.startswith("RMD") else provider
        own = [number for number, filing in self.checks[-1].last.items() if filing.provider == today]
        for check in self.checks[:index + 1]:
            present = any(number in check.listed for number in own)
            if present and gone and check.at > order.issued:
                return True
            gone |= not present and check.at > order.issued
        return any(filing.updated is not None and filing.updated >= days_after(order.day, 14)
                   for filing in self.filings(provider, index))

    def key(self, text, index):
        """(what the key leads to or None, the reason if None, the peer's role)"""
        match = re.match(r"(frn|rmd|peer|ip|trunk|ocn|name):", text)
        kind, value = (match[1], text[match.end():]) if match else (None, text)
        if kind is None:
            if re.fullmatch(r"\d{10}|\d{4}-\d{4}-\d{2}", value, re.ASCII):
                kind = "frn"
            elif re.fullmatch(r"RMD\d{7}", value, re.ASCII | re.IGNORECASE):
                kind = "rmd"
            else:
                try:
                    ipaddress.ip_address(value)
                    kind = "ip"
                except ValueError:
                    kind = "peer" if self.peers.find("peer", value) else "name"
        if kind == "ip":
            try:
                ipaddress.ip_address(value)
            except ValueError:
                return None, "bad-key", ""
        if kind in ("peer", "ip", "trunk", "ocn"):
            peer = self.peers.find(kind, value)
            if peer is None:
                return None, "no-such-peer" if value else "bad-key", ""
            role = peer.get("role", "")
            return (peer["frn"] if "frn" in peer else self.leads(peer["rmd"], index)), None, role
        if kind == "name":
            found, why = self.named(fold(value), index)
            return found, why, ""
        found = frn_of(value) if kind == "frn" else number_of(value)
        if found is None:
            return None, "bad-key", ""
        return (found if kind == "frn" else self.leads(found, index)), None, ""

    def named(self, folded, index):
        """(provider or None, why not). The names are those of the last check; of the filings that have it, those
        that were listed then go before those that had vanished. Before the first check all is as today."""
        check = self.checks[index if index >= 0 else -1]
        found = [check.last[filing.number] for filing in self.checks[-1].by_name.get(folded, [])
                 if filing.number in check.last]
        found = [filing for filing in found if filing.number in check.listed] or found
        providers = {filing.provider for filing in found}
        if len(providers) != 1:
            return None, "ambiguous" if providers else "no-such-name"
        return providers.pop(), None

    def leads(self, number, index):
        return self.checks[index].leads(number) if index >= 0 else number

    def not_american(self, caller):
        digits = digits_of(caller)
        return digits is not None and (digits[0] != "1" or digits[1:4] in self.foreign)

    def answer(self, key, role="", caller="", called="", at=None, now=None):
        """`at` None: about now."""
        return Answer(self, key, role, caller, called, at, now)


class Answer:
    """Steps 1 to 15 of the rules."""

    def __init__(self, world, key, role, caller, called, at, now):
        self.world, self.role, self.at = world, role, now if at is None else at
        self.index = len(world.checks) - 1 if at is None else bisect.bisect_right(world.times, at) - 1
        self.check = world.checks[self.index] if self.index >= 0 else None
        self.checked_at = self.check.at if self.check else None
        self.flags = set()
        self.judged = False   # by its certification, not only named
        self.filing = self.effective = self.document = self.frn = self.age = None
        if self.check:
            self.age = max(0, (self.at if now is None else min(self.at, now)) - self.checked_at)
            # A clock that runs more than a day behind the last check tells no age.
            if at is None and self.checked_at - now > DAY:
                self.age = None
            if self.age is None or self.age > world.policy["max-age"]:
                self.flags.add("stale")
        self.provider = None
        self.verdict = None
        self.verdict, self.reason = self.decide(key, caller, called)
        if self.provider and self.check and self.rests_on_quarantine():
            self.flags.add("row-quarantined")

    def rests_on_quarantine(self):
        """An acceptance rests on its one filing, everything else on all that is known of the provider. The history
        does not know which rows a former file had that could not be understood."""
        unreadable, number = self.check.unreadable, self.filing.number if self.judged else None
        if self.check is not self.world.checks[-1] or not unreadable:
            return False
        # A filing that has vanished may be what an unreadable row of its provider was.
        if self.verdict == "accept" and (number is None or number in self.check.listed):
            return number in unreadable
        own = {number for number, filing in self.check.last.items() if filing.provider == self.provider}
        return bool(unreadable & (own | {self.provider}))

    def decide(self, key, caller, called):
        world, at, index = self.world, self.at, self.index
        if world.checks and not self.role:
            self.role = world.key(key, index)[2]
        if emergency(called):
            return "accept", "emergency-call"
        if digits_of(caller) in world.safety and digits_of(caller):
            return "accept", "public-safety-caller"
        if not world.checks:
            return "unknown", "no-data"
        provider, why, _ = world.key(key, index)
        if provider is None:
            return "unknown", why
        self.provider = provider
        if not provider.startswith("RMD"):
            self.frn = provider
        law = Law(world, provider, at, index)
        rows, since = self.look(provider, law)
        certified = [row for row in rows if row.certified]
        fit = [row for row in certified if not self.role or row.in_role(self.role)]
        self.show((fit or certified or rows or [None])[0], rows, provider, law)
        if law.blocking:
            return self.by_order(law.blocking, "refuse", "blocking-order")
        if law.removals:
            if index >= 0 and world.filings(provider, index):
                self.flags.add("still-listed")
            return self.by_order(law.removals, "refuse", "removed-by-order")
        if index < 0:
            return "unknown", "before-history"
        if "stale" in self.flags:
            return "unknown", "stale"
        if self.role == "foreign" and world.not_american(caller):
            return "accept", "rule-not-applicable"
        if not rows:
            return self.absent(provider, since)
        if not certified:
            return "refuse", "not-certified"
        if not fit:
            if world.policy["role-mismatch"] == "refuse":
                return "refuse", "role-mismatch"
            self.flags.add("role-mismatch")
        for grounds, reason in ((law.determined, "final-determination-pending"), (law.matured, "notice-matured")):
            if grounds:
                answer = self.by_order(grounds, "may-block", reason)
                if self.document.told is None or at < self.document.told:
                    self.flags.add("notify-fcc-first")
                return answer
        return "accept", "listed"

    def look(self, provider, law):
        """The filings to judge, and since when there is none (None: there is one, or there never was)."""
        if self.index < 0:
            return [], None
        rows = self.world.filings(provider, self.index)
        present = self.world.present(provider)[:self.index + 1]
        if rows or True not in present:
            return rows, None
        last = max(index for index, here in enumerate(present) if here)
        since = self.world.times[last + 1]
        former = self.world.filings(provider, last)
        # An order that is not yet in effect explains what went after its release, and nothing that went before. A
        # filing that has another FRN now is not gone.
        gone = [filing for filing in former if filing.number not in self.world.checks[last + 1].listed and
                self.check.last[filing.number].provider == provider]
        if any(document.issued <= since for document in law.pending) and gone:
            return gone, since
        self.filing = former[0]
        return [], since

    def show(self, best, rows, provider, law):
        """The filing that decides, and the flags that say what else is known."""
        if law.relisted:
            self.flags.add("relisted")
        if law.pending:
            self.flags.add("removal-pending")
        if law.open:
            self.flags.add("notice-open")
        if len(rows) > 1 and rows[0].number in self.check.listed:
            self.flags.add("multiple-filings")
        if best is None:
            return
        self.filing, self.judged = best, True
        if "\ufffd" in best.name:
            self.flags.add("lossy-name")
        if best.certified and not best.roles:
            self.flags.add("role-unknown")
        due = [year for ended, year in self.world.due if self.at >= ended]
        if due and best.number in self.check.listed and best.overdue(due[-1]):
            self.flags.add("recertification-overdue")

    def by_order(self, orders, verdict, reason):
        self.effective, _, self.document = min(orders, key=lambda order: order[:2])
        return verdict, reason

    def absent(self, provider, since):
        if since is not None:
            self.effective = since
            if max(0, self.at - since) < self.world.policy["missing-grace"]:
                return "unknown", "missing-unconfirmed"
            return "refuse", "delisted"
        if provider in self.check.aliases:
            return "unknown", "alias-only"
        if self.rests_on_quarantine():
            return "unknown", "row-quarantined"
        return "refuse", "not-listed"

    def wrong(self, given):
        """{key of rmdcheck's JSON: what it should have said}. The citations are the table's matter."""
        filing, judged = self.filing, self.judged
        right = {
            "verdict": self.verdict,
            "reason": self.reason,
            "flags": self.flags,
            "rmd_number": filing.number if filing else None,
            "frn": self.frn,
            "role": self.role or None,
            "implementation": filing.implementation if judged else None,
            "roles": filing.roles if judged else [],
            "effective_at": written(self.effective),
            "at": written(self.at),
            "checked_at": written(self.checked_at),
            "data_age": self.age,
            "notice": self.document.id[:63] if self.document else None,
        }
        given = {**given, "flags": set(given["flags"])}
        if self.reason in BEFORE_PROVIDER:
            # What else is known of the provider does not matter here, and may be said or not.
            del right["rmd_number"], right["frn"]
        return {key: value for key, value in right.items() if key in given and given[key] != value}


# The command line.


TORONTO, MANHATTAN = "+14165550100", "+12125550100"
ASKED = (("", ""), ("vsp", ""), ("gateway", ""), ("intermediate", ""), ("foreign", ""), ("foreign", TORONTO),
         ("foreign", MANHATTAN), ("foreign", "anonymous"))


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
    """What a plain line says, under the names of the JSON."""
    match = LINE.fullmatch(line)
    if match is None:
        raise SystemExit(f"this line cannot be read: {line}")
    verdict, reason, number, frn, rest = match.groups()
    flags = re.search(r"(?:^|  )flags (\S+)", rest)
    blank = {"-": None}
    return {"verdict": verdict, "reason": reason, "flags": flags[1].split(",") if flags else [],
            "rmd_number": blank.get(number, number), "frn": blank.get(frn, frn)}


def compare(form, questions_path, answers_path, nights):
    world = World([(moment(at)[0], read(path)[0]) for at, path in zip(nights[::2], nights[1::2])], foreign=["416"])
    at = world.times[-1] + 3600
    parse = json.loads if form == "json" else parse_text
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
        right = world.answer(key, words.get("role", ""), words.get("from", ""), at=at)
        differs = right.wrong(parse(line))
        if differs:
            wrong += 1
            if wrong <= 10:
                print(f"asked: {question}\n  rmdcheck: {line}\n  oracle: {differs}")
        seen[right.reason] += 1
        for flag in right.flags:
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


def document(kind, issued, inside="", grace=0, closures=()):
    text = f'<notice id="1" kind="{kind}" issued="{issued}">{inside}</notice>'
    return Document(xml.etree.ElementTree.fromstring(text), {"removal-grace": grace}, Calendar(closures))


def check():
    """Dates worked by hand, most of them in rules.md or formats.md."""
    seed = document("notice", "2022-07-07", "<respond-by>2022-07-21</respond-by>")
    plain = document("notice", "2022-07-07")
    timed = document("notice", "2026-02-26T15:20:01-05:00")
    spring = document("notice", "2026-03-06")
    calendar = Calendar()
    cases = (
        ("a bare letter's 48 hours", seed.grounds[0][0], "2022-07-10T00:00:00-04:00"),
        ("a day to respond by", seed.grounds[1][0], "2022-07-22T00:00:00-04:00"),
        ("14 days of its own", plain.grounds[1][0], "2022-07-22T00:00:00-04:00"),
        ("a timed letter's 48 hours", timed.grounds[0][0], "2026-02-28T15:20:01-05:00"),
        ("a timed letter's 14 days", timed.grounds[1][0], "2026-03-13T00:00:00-04:00"),
        ("48 hours on the clock, over the change of it", spring.grounds[0][0], "2026-03-09T01:00:00-04:00"),
        ("a final determination", document("final-determination", "2026-03-12").effect, "2026-04-11T00:00:00-04:00"),
        ("one released in the last minute of a day",
         document("final-determination", "2026-03-12T23:59:59-04:00").effect, "2026-04-11T00:00:00-04:00"),
        ("one over the change of the clock",
         document("final-determination", "2026-10-10").effect, "2026-11-09T00:00:00-05:00"),
        ("a removal at once", document("removal", "2025-08-06").effect, "2025-08-06T00:00:00-04:00"),
        ("a timed one at once", document("removal", "2025-08-06T16:00:00Z").effect, "2025-08-06T12:00:00-04:00"),
        ("two business days", document("removal", "2025-08-06", grace=2).effect, "2025-08-09T00:00:00-04:00"),
        ("over Thanksgiving", document("removal", "2026-11-25", grace=2).effect, "2026-12-01T00:00:00-05:00"),
        ("over Veterans Day", document("removal", "2026-11-09", grace=10).effect, "2026-11-25T00:00:00-05:00"),
        ("over a shutdown", document("removal", "2025-09-30", grace=1, closures=[
            datetime.date(2025, 10, day) for day in range(1, 32)]).effect, "2025-11-04T00:00:00-05:00"),
        ("its own day", document("removal", "2025-08-06", "<cease-by>2025-08-08</cease-by>", 5).effect,
         "2025-08-09T00:00:00-04:00"),
        ("March 1 on a Sunday", begins(calendar.due_day(2026)), "2026-03-02T00:00:00-05:00"),
        ("March 1 on a Monday", begins(calendar.due_day(2027)), "2027-03-01T00:00:00-05:00"),
        ("March 1 before a closed Monday", begins(Calendar([datetime.date(2026, 3, 2)]).due_day(2026)),
         "2026-03-03T00:00:00-05:00"),
        ("Independence Day on a Saturday", begins(calendar.business_days_after(datetime.date(2026, 7, 2), 1)),
         "2026-07-06T00:00:00-04:00"),
        ("Juneteenth", begins(calendar.business_days_after(datetime.date(2026, 6, 18), 1)),
         "2026-06-22T00:00:00-04:00"),
    )
    wrong = [f"{name}: {written(given)}, not {right}" for name, given, right in cases if written(given) != right]
    print("\n".join(wrong + [f"{len(cases)} dates tried, {len(wrong)} wrong"]))
    return bool(wrong)


def main(arguments):
    what = arguments.pop(0) if arguments else ""
    if what == "check":
        return check()
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
