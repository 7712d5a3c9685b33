# SPDX-License-Identifier: ISC
#
# Holds the page of rmdexport against what rmdcheck says, and looks at it in a browser as a reader would: in the dark, on
# paper, on a telephone, without scripts. Drives Chromium over its debugging pipe. What is not a page must not enter.
#
#   browse.py answers PAGE RMDCHECK STATE        well-formed, asks for nothing, and says what rmdcheck --peers says
#   browse.py browser PAGE CHROMIUM DIRECTORY    pictures go to DIRECTORY; one complaint a line
import base64, fcntl, json, os, re, subprocess, sys, tempfile, xml.etree.ElementTree as tree

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
complaints = []


def expect(condition, text):
    if not condition:
        complaints.append(text)


def text_of(element):
    return "".join(element.itertext()).strip()


def escaped(name):
    """As the page and a terminal show what could deceive a reader."""
    return re.sub("[\u202a-\u202e\u2066-\u2069\u200b-\u200f]", lambda found: "\\u{%04x}" % ord(found[0]), name)


def loads(element):
    """What a browser would fetch for an element without being asked."""
    name = element.tag.split("}")[1]
    for key in ("src", "srcset", "data", "poster", "background", "action", "ping", "style"):
        if key in element.attrib:
            yield f"{name} {key}={element.attrib[key]}"
    if name == "link" and element.attrib.get("href") != "data:,":
        yield f"link {element.attrib}"
    if name in ("iframe", "object", "embed", "base", "form", "image", "use"):
        yield name
    yield from (f"{name} {key}" for key in element.attrib if key.startswith("on"))


def answers(page, rmdcheck, state):
    root = tree.parse(page).getroot()
    for element in root.iter():
        for what in loads(element):
            expect(False, f"the page would load or run: {what}")
    text = open(page, encoding="utf-8").read()
    policy = root.find(f".//{XHTML}meta[@http-equiv='Content-Security-Policy']").attrib["content"]
    expect("default-src 'none'" in policy and "unsafe" not in policy, f"the policy is {policy}")
    expect("url(" not in text and "@import" not in text, "the style sheet loads something")
    lines = subprocess.run([rmdcheck, "-d", state, "--peers", "--json"], stdout=subprocess.PIPE, check=False).stdout
    expected = {escaped(one["query"]): one for one in map(json.loads, lines.decode().splitlines())}
    ranks, seen = [], set()
    for row in root.find(f".//{XHTML}table[@id='peers']/{XHTML}tbody"):
        cells = list(row)
        name = text_of(cells[0].find(f"{XHTML}bdi"))
        one = expected.get(name)
        seen.add(name)
        if one is None:
            expect(False, f"{name!r} is no peer of rmdcheck's")
            continue
        given = [cells[1].find(f"{XHTML}span").attrib["class"].split()[1], text_of(cells[2].find(f"{XHTML}span")),
                 [text_of(flag) for flag in cells[3]]]
        expect(given == [one["verdict"], one["reason"], one["flags"]], f"{name}: {given}, but rmdcheck: {one}")
        time = cells[5].find(f"{XHTML}time")
        expect((None if time is None else time.attrib["datetime"]) == one["effective_at"], f"{name}: since {time}")
        if one["business_name"]:
            expect(text_of(cells[4].find(f"{XHTML}bdi")) == escaped(one["business_name"]), f"{name}: another name")
        ranks.append(["refuse", "unknown", "may-block", "accept"].index(one["verdict"]))
    expect(seen == set(expected) and len(ranks) == len(expected), f"{len(ranks)} rows for {len(expected)} peers")
    expect(ranks == sorted(ranks) and len(set(ranks)) > 2, f"not the worst first: {ranks}")
    for image in root.iter(f"{SVG}svg"):
        expect(text_of(image.find(f"{SVG}title")) and text_of(image.find(f"{SVG}desc")), "a plot without words")
    print(f"{len(ranks)} peers")


class Browser:
    """One page of Chromium; messages end with a NUL each way."""

    def __init__(self, program, profile):
        down, self.down = os.pipe()
        self.up, up = os.pipe()

        def descriptors():
            # Out of the way first: either may be 3 or 4 already.
            kept = [fcntl.fcntl(file, fcntl.F_DUPFD, 10) for file in (down, up)]
            os.dup2(kept[0], 3)
            os.dup2(kept[1], 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
             f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=descriptors, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(down)
        os.close(up)
        self.rest, self.count, self.session, self.events = b"", 0, None, []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def message(self):
        while b"\0" not in self.rest:
            chunk = os.read(self.up, 65536)
            if not chunk:
                raise EOFError("Chromium ended")
            self.rest += chunk
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def ask(self, method, **params):
        self.count += 1
        question = {"id": self.count, "method": method, "params": params}
        if self.session:
            question["sessionId"] = self.session
        os.write(self.down, json.dumps(question).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.count:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def load(self, url):
        self.events.clear()
        self.ask("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())

    def run(self, script):
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def picture(self, path):
        data = self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def end(self):
        self.session = None
        self.ask("Browser.close")
        self.process.wait()


# What axe-core would look at first, by hand: Debian has no package of it.
ACCESS = r"""(() => {
  const found = [], all = (what) => [...document.querySelectorAll(what)];
  const visible = (element) => element.checkVisibility();
  if (!document.documentElement.lang) found.push("no language");
  if (!document.title) found.push("no title");
  for (const landmark of ["header", "nav", "main", "footer"])
    if (all(`body ${landmark}`).length !== 1) found.push(`not one ${landmark}`);
  let level = 0;
  for (const heading of all("h1, h2, h3, h4")) {
    if (Number(heading.tagName[1]) > level + 1) found.push(`heading out of order: ${heading.textContent}`);
    level = Number(heading.tagName[1]);
  }
  if (all("h1").length !== 1) found.push("not one h1");
  const ids = all("[id]").map((element) => element.id);
  if (new Set(ids).size !== ids.length) found.push("an id stands twice");
  for (const name of ["aria-labelledby", "aria-describedby"])
    for (const element of all(`[${name}]`))
      for (const id of element.getAttribute(name).split(" "))
        if (!document.getElementById(id)?.textContent.trim()) found.push(`${name}=${id} leads to nothing`);
  for (const anchor of all("a[href^='#']"))
    if (!document.querySelector(anchor.getAttribute("href"))) found.push(`${anchor.href} leads nowhere`);
  for (const table of all("table")) {
    if (!table.caption?.textContent) found.push(`${table.id}: no caption`);
    for (const head of table.querySelectorAll("th"))
      if (!["row", "col"].includes(head.scope)) found.push(`${table.id}: a heading without scope`);
    for (const row of table.tBodies[0].rows)
      if (row.querySelectorAll("th[scope=row]").length !== 1) found.push(`${table.id}: a row without heading`);
    if (table.querySelectorAll("thead [aria-sort]").length > 1) found.push(`${table.id}: sorted twice`);
  }
  for (const input of all("input")) if (!input.labels.length) found.push("an input without label");
  for (const button of all("button, a, summary")) if (!button.textContent.trim()) found.push("a button without name");
  for (const box of all("*"))
    if (box.scrollWidth > box.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(box).overflowX) &&
        box.tabIndex < 0) found.push("a scrolled box that no key reaches");
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const colour = channels(getComputedStyle(element).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  let looked = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !visible(element) || element.closest("title, desc, script")) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(channels(element.closest("svg") ? style.fill : style.color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    looked++;
    if (contrast < 4.5) found.push(`contrast ${contrast.toFixed(2)}: ${walk.currentNode.data.trim().slice(0, 40)}`);
  }
  if (looked < 50) found.push(`only ${looked} texts looked at`);
  return [...new Set(found)];
})()"""

COLUMN = "[...document.querySelectorAll('#peers tbody tr')].filter((row) => !row.hidden)" \
    ".map((row) => row.cells[%d].textContent)"
CLICK = "document.querySelectorAll('#peers thead button')[%d].click()"
SORTED = "[...document.querySelectorAll('#peers thead th')].map((head) => head.ariaSort)"


def troubles(browser):
    for event in browser.events:
        method, params = event.get("method"), event.get("params", {})
        if method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
            yield f"{method}: {json.dumps(params)[:300]}"
        if method == "Network.requestWillBeSent" and not params["request"]["url"].startswith(("file:", "data:")):
            yield f"it asks for {params['request']['url']}"
        if method == "Network.requestWillBeSent" and params["request"]["url"] != params["documentURL"] and \
                not params["request"]["url"].startswith("data:"):
            yield f"it asks for {params['request']['url']}"


def sorting(browser):
    before = browser.run(COLUMN % 0)
    expect(browser.run(SORTED)[1] == "ascending", "the order of the first sight is not told")
    browser.run(CLICK % 0)
    names = browser.run(COLUMN % 0)
    expect(sorted(names) == sorted(before) and names != before, "a click on Peer does not sort")
    short = [name.split()[0] for name in names]
    expect(short.index("peer-2") < short.index("peer-10"), f"numbers in names are not sorted as such: {names}")
    expect(browser.run(SORTED)[:2] == ["ascending", None], f"aria-sort is {browser.run(SORTED)}")
    browser.run(CLICK % 0)
    expect(browser.run(COLUMN % 0) == names[::-1], "a second click does not turn it round")
    expect(browser.run(SORTED)[0] == "descending", f"aria-sort is {browser.run(SORTED)}")
    browser.run(CLICK % 1)
    words = [word.split()[-1] for word in browser.run(COLUMN % 1)]
    ranks = ["refuse", "unknown", "may-block", "accept"]
    expect(words == sorted(words, key=ranks.index), f"verdicts are not sorted by weight: {words}")


def filtering(browser):
    every = len(browser.run(COLUMN % 0))
    look = "(() => { const box = document.getElementById('peers-find'); box.value = '%s';" \
        "box.dispatchEvent(new Event('input')); return document.querySelector('.find output').textContent; })()"
    told = browser.run(look % "MAY-BLOCK notice")
    words = browser.run(COLUMN % 1)
    expect(words and all("may-block" in word for word in words), f"a search shows {words}")
    expect(told == f"{len(words)} of {every} rows", f"it tells: {told}")
    expect(browser.run(look % "nothing has this") == f"0 of {every} rows", "a search for nothing finds something")
    browser.run(look % "")
    expect(len(browser.run(COLUMN % 0)) == every, "an empty search does not show all rows")


def media(browser, scheme, kind=""):
    browser.ask("Emulation.setEmulatedMedia", media=kind,
                features=[{"name": "prefers-color-scheme", "value": scheme}])
    return browser.run("getComputedStyle(document.body).backgroundColor")


def window(browser, width):
    browser.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)


def looks(browser, directory):
    backs = set()
    for scheme in ("light", "dark"):
        backs.add(media(browser, scheme))
        complaints.extend(f"{scheme}: {found}" for found in browser.run(ACCESS))
        browser.picture(f"{directory}/{scheme}.png")
    expect(len(backs) == 2, "light and dark look the same")
    media(browser, "dark", "print")
    complaints.extend(f"print: {found}" for found in browser.run(ACCESS))
    expect(browser.run("getComputedStyle(document.querySelector('.find')).display") == "none", "paper has search boxes")
    browser.picture(f"{directory}/print.png")
    media(browser, "light")
    for width in (320, 768):
        window(browser, width)
        wide = browser.run("document.documentElement.scrollWidth")
        expect(wide <= width, f"{wide} wide in a window of {width}")
        browser.picture(f"{directory}/{width}.png")
    window(browser, 1280)


def late(browser, url):
    """A page that lies about for a year says so by itself."""
    added = browser.ask("Page.addScriptToEvaluateOnNewDocument",
                        source="{ const now = Date.now; Date.now = () => now() + 31622400000; }")
    browser.load(url)
    expect("Stale" in browser.run("document.getElementById('state').textContent"), "an old page does not say so")
    expect("stale" in browser.run("document.title"), "an old page's title does not say so")
    browser.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])


def browser_run(page, program, directory):
    url = "file://" + os.path.abspath(page)
    with tempfile.TemporaryDirectory(dir=directory, ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        window(browser, 1280)
        browser.load(url)
        expect("ago" in browser.run("document.getElementById('age').textContent"), "no age")
        expect("Stale" not in browser.run("document.getElementById('state').textContent"), "new data is called stale")
        looks(browser, directory)
        sorting(browser)
        filtering(browser)
        complaints.extend(troubles(browser))
        browser.run("const guest = document.createElement('script'); guest.textContent = 'window.broken = 1';"
                    "document.body.append(guest)")
        expect(browser.run("window.broken") is None, "the policy lets a strange script run")
        late(browser, url)
        browser.ask("Emulation.setScriptExecutionDisabled", value=True)
        browser.load(url)
        text = browser.run("document.body.innerText")
        for word in ("Last checked", "peer-10", "may-block", "Deadlines"):
            expect(word in text, f"without scripts it does not say {word}")
        expect(browser.run("document.querySelectorAll('button, input').length") == 0, "without scripts: dead buttons")
        complaints.extend(troubles(browser))
        browser.end()


if sys.argv[1] == "answers":
    answers(*sys.argv[2:])
else:
    browser_run(*sys.argv[2:])
for complaint in complaints:
    print(complaint)
sys.exit(1 if complaints else 0)
