# SPDX-License-Identifier: ISC
#
# Holds tests/PROMISES against the documents and the tests: each promise stands in its document in those words, each
# test that is said to prove it is there, and no sentence of a document that is listed whole is left out. Whether the
# test proves it is for the reader. Prints what is wrong; exits 1 if anything is.
import os
import re
import subprocess
import sys

LIST = "tests/PROMISES"


def words(text):
    return " ".join(text.replace("\u2010", "-").split())


# The document as its reader sees it, or None where it is not on this machine.
def document_read(name):
    if not os.path.exists(name):
        return None
    if re.search(r"\.[1-9]$", name):
        page = subprocess.run(["mandoc", "-T", "ascii", "-O", "width=160", name], capture_output=True, check=True)
        return re.sub(r".\x08", "", page.stdout.decode())
    with open(name, encoding="utf-8") as file:
        text = file.read()
    # A header's comments, without their stars.
    return re.sub(r"^ \* ?", "", text, flags=re.MULTILINE) if name.endswith(".h") else text


# The sentences of prose and the rows of tables; no headings and no blocks of code.
def sentences(text):
    text = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^(#.*|    .*|[|: -]+)$", "", text, flags=re.MULTILINE)
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.) ?)", text):
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z`*(\"])", words(paragraph)):
            if re.search(r"\w", sentence):
                yield sentence


def test_is_there(place, name):
    try:
        with open(place, encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return False
    if place.endswith("_test.c"):
        # TEST() is cmocka_unit_test_setup_teardown() with what a file's tests have in common.
        return re.search(r"\b(cmocka_unit_test\w*|(STOP_)?TEST)\(" + re.escape(name) + r"\b", text) is not None
    if place.startswith("tests/flow/") and place.endswith(".sh"):
        names = set(re.findall(r'test_case "(.*)"', text))
        # Where a function of the script gives the name, it is what that is called with first.
        if "$1" in names:
            names |= set(re.findall(r'^ *\w+ "(.*?)"', text, re.MULTILINE))
        # Where a name is made of a variable, that stands for anything; but a name is more than that.
        variable = re.compile(r"\\\$(\w+|\\\{.*?\\\})")
        patterns = [variable.sub(".+", re.escape(one)) for one in names]
        return any(re.fullmatch(one, name) for one in patterns if one != ".+")
    return name in text


# Yields what is wrong with the list.
def wrongs():
    document, name, whole, promises, proven = None, None, False, [], True

    def left_out():
        for sentence in sentences(document) if whole and document is not None else []:
            plain = words(sentence)
            if not any(promise in plain or plain in promise for promise in promises):
                yield f"{name}: stands not in {LIST}: {sentence}"

    with open(LIST, encoding="utf-8") as file:
        lines = file.read().splitlines()
    for number, line in enumerate([*lines, "[]"], 1):
        at = f"{LIST}:{number}"
        if not line or line.startswith("#"):
            continue
        if not line.startswith("\t") and not proven:
            yield f"{at}: the promise before it has no test"
        if line.startswith("["):
            yield from left_out()
            name, whole, promises, proven = line.strip("[]*"), line.endswith("*"), [], True
            document = document_read(name) if name else None
            plain = words(document or "")
        elif line.startswith("\t"):
            place, _, case = line.strip().partition(": ")
            proven = True
            if line.startswith("\t- "):
                continue
            if not case or not test_is_there(place, case):
                yield f"{at}: there is no such test: {line.strip()}"
        else:
            promises.append(words(line))
            proven = False
            if document is not None and words(line) not in plain:
                yield f"{at}: stands not in {name}: {line}"


found = list(wrongs())
print("\n".join(found))
sys.exit(1 if found else 0)
