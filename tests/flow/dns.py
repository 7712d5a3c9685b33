# SPDX-License-Identifier: ISC
#
# Asks a name server on the loopback: dns.py PORT ZONE TYPE... with one name below the zone a line of standard input ("@"
# is the zone itself). Writes "NAME TYPE DATA" for each answer. Ends with 1 where a server fails or is silent. Or waits, ten
# seconds at most, until a name has an address, or the zone a serial: dns.py PORT ZONE --until NAME DATA. What an answer
# should be must not enter.
import socket
import struct
import sys
import time

TYPES = {"A": 1, "SOA": 6, "TXT": 16}
NO_ERROR, NO_SUCH_NAME = 0, 3


def name_skip(data, at):
    while data[at] and data[at] < 0xc0:
        at += data[at] + 1
    return at + (2 if data[at] >= 0xc0 else 1)


def data_read(kind, data, start, end):
    if kind == "A":
        return ".".join(str(byte) for byte in data[start:end])
    if kind == "SOA":
        at = name_skip(data, name_skip(data, start))
        return " ".join(str(number) for number in struct.unpack(">5I", data[at:at + 20]))
    text = b""
    while start < end:
        text += data[start + 1:start + 1 + data[start]]
        start += 1 + data[start]
    return text.decode("ascii")


def ask(server, number, name, kind):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.rstrip(".").split("."))
    question = labels + b"\0" + struct.pack(">HH", TYPES[kind], 1)
    server.send(struct.pack(">6H", number, 0, 1, 0, 0, 0) + question)
    data = server.recv(4096)
    while struct.unpack(">H", data[:2])[0] != number:
        data = server.recv(4096)
    flags, _, answers = struct.unpack(">3H", data[2:8])
    if flags & 15 not in (NO_ERROR, NO_SUCH_NAME) or not flags & 0x8000:
        sys.exit(f"{name} {kind}: the reply has the flags {flags:04x}")
    at = 12 + len(question)
    for _ in range(answers):
        at = name_skip(data, at)
        given, _, _, length = struct.unpack(">HHIH", data[at:at + 10])
        at += 10
        if given == TYPES[kind]:
            yield data_read(kind, data, at, at + length)
        at += length


def connect(port):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.settimeout(2)
    server.connect(("127.0.0.1", port))
    return server


def name_in(zone, name):
    return zone if name == "@" else f"{name}.{zone}"


def until(port, zone, name, wanted):
    given = "nothing"
    for number in range(200):
        try:
            with connect(port) as server:
                given = " ".join(ask(server, number, name_in(zone, name), "SOA" if name == "@" else "A"))
        except (OSError, SystemExit) as error:
            given = str(error)
        if given.split(" ")[0] == wanted:
            return
        time.sleep(0.05)  # a server tells nobody when it is ready
    sys.exit(f"{name} never came to have {wanted}: {given}")


def answers_write(port, zone, kinds):
    number = 0
    with connect(port) as server:
        for name in sys.stdin.read().split():
            for kind in kinds:
                number = (number + 1) % 65536
                for data in ask(server, number, name_in(zone, name), kind):
                    print(name, kind, data)


if sys.argv[3] == "--until":
    until(int(sys.argv[1]), sys.argv[2], sys.argv[4], sys.argv[5])
else:
    try:
        answers_write(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
    except OSError as error:
        sys.exit(f"no reply: {error}")
