#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# Reads one iCalendar object from standard input as strictly as RFC 5545 lets a reader, and writes what it says: one
# line an event, UID DTSTAMP DTSTART SUMMARY DESCRIPTION, separated by tabs, unescaped. What should stand in it is the
# test's matter.
import re
import sys

ONCE = {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION", "TRANSP"}


def wrong(text):
    sys.exit("not iCalendar: " + text)


def content_lines(data):
    """Lines end in CRLF, none is longer than 75 bytes, and a fold cuts no character."""
    if not data.endswith(b"\r\n"):
        wrong("the last line has no end")
    lines = data[:-2].split(b"\r\n")
    result = []
    for line in lines:
        if b"\r" in line or b"\n" in line:
            wrong("a bare CR or LF: %r" % line)
        if len(line) > 75:
            wrong("%d bytes: %r" % (len(line), line))
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            wrong("a character is cut: %r" % line)
        if text.startswith((" ", "\t")):
            if not result:
                wrong("it begins with a fold")
            result[-1] += text[1:]
        else:
            result.append(text)
    return result


def split(line):
    match = re.fullmatch(r"([A-Z-]+):(.*)", line, re.S)
    if not match:
        wrong("no property: %r" % line)
    if any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in match[2]):
        wrong("a control character: %r" % line)
    return match[1], match[2]


def unescape(value):
    if re.search(r"(?<!\\)(?:\\\\)*\\[^\\;,nN]|(?<!\\)(?:\\\\)*\\$", value):
        wrong("an unknown escape: %r" % value)
    if re.search(r"(?<!\\)(?:\\\\)*[;,]", value):
        wrong("a separator in a text: %r" % value)
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


def event(lines):
    found = {}
    for line in lines:
        name, value = split(line)
        if name == "END":
            if value != "VEVENT":
                wrong("END:%s within an event" % value)
            for required in ("UID", "DTSTAMP", "DTSTART"):
                if required not in found:
                    wrong("an event without " + required)
            return found
        if name not in ONCE or name in found:
            wrong("%s, once more or unknown" % name)
        found[name] = value if name.startswith("DT") else unescape(value)
        if name.startswith("DT") and not re.fullmatch(r"\d{8}T\d{6}Z", value):
            wrong("no time in UTC: " + value)
    wrong("an event without an end")


def main():
    lines = iter(content_lines(sys.stdin.buffer.read()))
    if next(lines) != "BEGIN:VCALENDAR":
        wrong("no VCALENDAR")
    header, uids = {}, set()
    for line in lines:
        name, value = split(line)
        if (name, value) == ("BEGIN", "VEVENT"):
            found = event(lines)
            if found["UID"] in uids:
                wrong("a UID that is not unique: " + found["UID"])
            uids.add(found["UID"])
            print("\t".join(found.get(key, "").replace("\n", " ") for key in
                            ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION")))
        elif (name, value) == ("END", "VCALENDAR"):
            break
        elif name in ("VERSION", "PRODID") and name not in header and not uids:
            header[name] = value
        else:
            wrong("%s:%s out of place" % (name, value))
    else:
        wrong("no end")
    if next(lines, None) is not None:
        wrong("something behind its end")
    if header.get("VERSION") != "2.0" or not header.get("PRODID"):
        wrong("no VERSION:2.0 or no PRODID")


main()
