#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# How long the programs take, beside references that run in turn with them: sqlite3's .import for a sync, mmdblookup and
# sqlite3 for a check. Only ratios count, and nothing here passes or fails.
#
#   programs.py [--rows N] [--rounds N] [--csv FILE]      RMDSYNC, RMDCHECK: the programs
import argparse
import csv
import os
import resource
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

RMDSYNC = os.environ.get("RMDSYNC", "./rmdsync")
RMDCHECK = os.environ.get("RMDCHECK", "./rmdcheck")
COLUMNS = ("number frn business_name business_address foreign_voice_provider country other_frns other_dba_names "
           "previous_dba_names robocall_mitigation_contact_name contact_title contact_department "
           "contact_business_address contact_country contact_telephone_number contact_phone_extension implementation "
           "voice_service_provider_choice gateway_provider_choice intermediate_provider_choice last_updated "
           "last_recertified filing_url").split()
URL = ("https://rmd.example.com/rmd?id=rmd_form&table=x_g_fmc_rmd_robocall_mitigation_database&sys_id=%032x&view=sp")


def made_up_rows(count):
    """Rows of about the size of performance.md's 10,000 (9.5 MB)."""
    text = "Voice of the plains, wireline and wireless; " * 9
    for i in range(count):
        address = f"{i} Test Street\nSuite {i % 977}\nSpringfield IL 62701"
        yield [f"RMD{1000000 + i * 3:07d}", f"{99000000 + i:010d}", f"Test Telephone {i * 7919 % 1000003} LLC", address,
               "No", "United States of America", f"{98000000 + i:010d}" if i % 9 == 0 else "", text[:i % 380],
               "none", f"Contact {i}", "Compliance Officer", "Regulatory", address, "United States of America",
               f"'+1202555{i % 10000:04d}", "", "Complete STIR/SHAKEN Implementation", "Yes", "No", "No", "2026-02-20",
               "2026-02-20", URL % i]


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def write_mmdb(path):
    """The smallest database that libmaxminddb reads: every IPv4 address leads to one record."""
    def string(text):
        return bytes([0x40 | len(text)]) + text.encode()

    def number(kind, value):
        data = value.to_bytes((value.bit_length() + 7) // 8, "big")
        return (bytes([kind << 5 | len(data)]) if kind < 8 else bytes([len(data), kind - 7])) + data

    record = bytes([0xe1]) + string("country") + string("US")
    nodes, bits = b"", 8
    for depth in range(bits):
        leaf = depth + 1 == bits
        left = bits + 16 if leaf else depth + 1
        nodes += struct.pack(">I", left)[1:] + struct.pack(">I", left)[1:]
    meta = [("binary_format_major_version", number(5, 2)), ("binary_format_minor_version", number(5, 0)),
            ("build_epoch", number(9, 1)), ("database_type", string("Test")),
            ("description", bytes([0xe0])), ("ip_version", number(5, 4)), ("languages", bytes([0, 4])),
            ("node_count", number(6, bits)), ("record_size", number(5, 24))]
    body = bytes([0xe0 | len(meta)]) + b"".join(string(key) + value for key, value in meta)
    with open(path, "wb") as target:
        target.write(nodes + bytes(16) + record + b"\xab\xcd\xefMaxMind.com" + body)


def timed(command, before=None):
    if before:
        before()
    begin = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    seconds = time.perf_counter() - begin
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.decode()}")
    return seconds


def table(title, rounds, cases, unit=1e3):
    """cases: (name, function that returns seconds); the first is the reference. They run in turn."""
    times = {name: [] for name, _ in cases}
    for _ in range(rounds):
        for name, function in cases:
            times[name].append(function())
    print(f"\n{title} (medians of {rounds})")
    reference = statistics.median(times[cases[0][0]])
    for name, _ in cases:
        median = statistics.median(times[name])
        print(f"  {name:<44} {median * unit:9.2f} ms   {median / reference:6.2f} x")


def peak_kilobytes(command):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}: {status}")
    return usage.ru_maxrss


def sync_bench(scratch, source, rows, rounds):
    conf, state = f"{scratch}/rmd.conf", f"{scratch}/state"
    with open(conf, "w", encoding="utf-8") as target:
        target.write("[guard]\nminimum-rows = 1\n[limits]\nmax-bytes = 8G\n[history]\nkeep = 0\n")
    open(f"{scratch}/foreign-area-codes.conf", "w").close()
    changed = f"{scratch}/changed.csv"
    with open(source, newline="", encoding="utf-8-sig") as original:
        content = list(csv.reader(original)) if rows <= 100000 else []
    name = COLUMNS.index("business_name")
    header, body = content[:1], content[1:]
    for i in range(0, len(body), 100):
        body[i] = body[i][:name] + [body[i][name] + " Inc"] + body[i][name + 1:]
    with open(changed, "w", newline="", encoding="utf-8") as target:
        csv.writer(target, lineterminator="\n").writerows(header + body)

    def clean():
        shutil.rmtree(state, ignore_errors=True)
        if os.path.exists(f"{scratch}/t.db"):
            os.unlink(f"{scratch}/t.db")

    def sync(path, before=None):
        return timed([RMDSYNC, "-q", "-c", conf, "-d", state, "--source", path], before)

    def again(path):
        clean()
        sync(source)
        return sync(path)

    cases = [("sqlite3 .import", lambda: timed(["sqlite3", f"{scratch}/t.db", ".mode csv", f".import {source} t"], clean)),
             ("rmdsync, first load", lambda: sync(source, clean)),
             ("rmdsync, unchanged", lambda: again(source))]
    if content:
        cases.append(("rmdsync, 1 % changed", lambda: again(changed)))
    size = os.path.getsize(source)
    table(f"A run over {rows} rows, {size / 1e6:.1f} MB", rounds, cases)
    clean()
    peak = peak_kilobytes([RMDSYNC, "-q", "-c", conf, "-d", state, "--source", source])
    snapshot = os.path.getsize(f"{state}/rmd.mdb")
    print(f"  rmdsync's largest memory: {peak / 1024:.0f} MB; the snapshot: {snapshot / 1e6:.1f} MB, "
          f"{snapshot / os.path.getsize(f'{scratch}/t.db') if os.path.exists(f'{scratch}/t.db') else 0:.2f} x sqlite3's"
          if os.path.exists(f"{scratch}/t.db") else
          f"  rmdsync's largest memory: {peak / 1024:.0f} MB; the snapshot: {snapshot / 1e6:.1f} MB")


def check_bench(scratch, source, rounds):
    state, database, mmdb = f"{scratch}/state", f"{scratch}/c.db", f"{scratch}/t.mmdb"
    with open(source, newline="", encoding="utf-8-sig") as original:
        frn = next(row["frn"] for row in csv.DictReader(original) if row["frn"])
    cases = [("true", lambda: timed(["true"]))]
    if shutil.which("mmdblookup"):
        write_mmdb(mmdb)
        cases.insert(0, ("mmdblookup", lambda: timed(["mmdblookup", "-f", mmdb, "-i", "192.0.2.1", "country"])))
    cases.append(("rmdcheck, one FRN", lambda: timed([RMDCHECK, "-d", state, frn])))
    cases.append(("rmdcheck --word, one FRN", lambda: timed([RMDCHECK, "-d", state, "--word", frn])))
    cases.append(("rmdcheck --json, one FRN", lambda: timed([RMDCHECK, "-d", state, "--json", frn])))
    if shutil.which("sqlite3"):
        subprocess.run(["sqlite3", database, ".mode csv", f".import {source} t", "create index i on t(frn)"],
                       check=True)
        select = f"select * from t where frn = '{frn}'"
        cases.append(("sqlite3 SELECT by an index", lambda: timed(["sqlite3", database, select])))
    table("One question, from start to end", rounds * 7, cases)


def batch_bench(scratch, source, rounds):
    state, queries = f"{scratch}/state", f"{scratch}/queries"
    with open(source, newline="", encoding="utf-8-sig") as original:
        frns = [row["frn"] for row in csv.DictReader(original) if row["frn"]]
    with open(queries, "w", encoding="utf-8") as target:
        for i in range(1000000):
            target.write(frns[i * 7919 % len(frns)] + "\n")

    def batch():
        with open(queries, "rb") as lines:
            begin = time.perf_counter()
            subprocess.run([RMDCHECK, "-d", state, "-b"], stdin=lines, stdout=subprocess.DEVNULL, check=False)
            return time.perf_counter() - begin

    median = statistics.median(batch() for _ in range(min(rounds, 5)))
    print(f"\nrmdcheck --batch: {1 / median:.2f} million questions a second")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10007)  # exactly 10,000 would be held
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--csv", help="a real export instead of made-up rows")
    options = parser.parse_args()
    csv.field_size_limit(1 << 20)
    os.environ["TZ"] = "UTC"
    with tempfile.TemporaryDirectory(prefix="rmd-bench.") as scratch:
        if options.csv:
            source = os.path.abspath(options.csv)
            with open(source, newline="", encoding="utf-8-sig") as original:
                rows = sum(1 for _ in csv.reader(original)) - 1
        else:
            source, rows = f"{scratch}/made-up.csv", options.rows
            write_csv(source, made_up_rows(rows))
        if not shutil.which("sqlite3"):
            sys.exit("skipped: no sqlite3 to compare with")
        sync_bench(scratch, source, rows, options.rounds)
        check_bench(scratch, source, options.rounds)
        batch_bench(scratch, source, options.rounds)


if __name__ == "__main__":
    main()
