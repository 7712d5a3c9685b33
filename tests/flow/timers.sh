#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The nightly run as a machine starts it: units of systemd held against what a run does, cron's line, the samples for
# hooks.d with a mail program and a web server of the test's own, root beside the service's user.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

state=$scratch/state
conf=$scratch/rmd.conf
hooks=$scratch/hooks.d
units=$scratch/units
bin=$scratch/bin
chmod 755 "$scratch"
mkdir "$hooks" "$units" "$bin"
cp "$srcdir/contrib/conf/foreign-area-codes.conf" "$scratch"
cp "$srcdir/contrib/sample/rmd-sample.csv" "$scratch/all.csv"
# without NAME NUMBER...: the sample without these filings.
without() {
  list_edit "$scratch/all.csv" "$scratch/$1" "$@" <<'END'
rows = [row for row in rows if row["number"] not in sys.argv[4:]]
END
}
without fewer.csv RMD9000009
cp contrib/systemd/rmdsync.service contrib/systemd/rmdsync-hooks.service "$srcdir/contrib/systemd/rmdsync.timer" "$units"

# configure ROWS: how many may vanish.
configure() {
  printf '%s\n' "[guard]" "minimum-rows = 1" "vanished-rows = $1" "vanished-percent = 100" >"$conf"
}

sync() {
  "$RMDSYNC" -q -c "$conf" -d "$state" "$@"
}

# sample NAME [SED]: a hook of contrib, its top lines set as an operator would.
sample() {
  rm -f "$hooks"/*
  sed "${2:-}" "$srcdir/contrib/hooks/$1" >"$hooks/$1"
  chmod 755 "$hooks/$1"
}

configure 10
test_case "the units are what systemd takes, and the run is shut in: exposure 2.0 at most"
if ! command -v systemd-analyze >"$scratch/which"; then
  leave_out "no systemd-analyze"
else
  # Its programs are not installed, its user need not be there.
  sed -i 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$units"/*.service
  run 0 systemd-analyze verify --man=no "$units/rmdsync.service" "$units/rmdsync-hooks.service" "$units/rmdsync.timer"
  expect_no_line "$err" "$units"
  run 0 systemd-analyze security --offline=yes --no-pager --threshold=20 "$units/rmdsync.service"
  run 0 systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$units/rmdsync.timer")"
fi

test_case "a run makes no system call that its unit forbids"
program=$RMDSYNC
[ ! -x "${RMDSYNC%/*}/.libs/rmdsync" ] || program=${RMDSYNC%/*}/.libs/rmdsync
mkdir -m 777 "$state" "$scratch/trace"
if ! command -v systemd-analyze >"$scratch/which" || ! command -v strace >"$scratch/which"; then
  leave_out "no systemd-analyze, or no strace"
elif ! as_other strace -o "$scratch/trace/can" "$program" --version >"$out" 2>"$err"; then
  leave_out "no other user can trace $program"
else
  start_server "$scratch"
  chmod 755 "$server"
  chmod 644 "$server/ca.pem"
  printf '%s\n' "[source]" "ca-file = $server/ca.pem" >>"$conf"
  run 0 as_other env RMD_HOOKS=later strace -f -qq -o "$scratch/trace/calls" "$program" -q -c "$conf" -d "$state" \
    --source "https://localhost:$https/ok/all.csv"
  configure 10
  systemd-analyze syscall-filter >"$scratch/groups"
  run 0 python3 - "$scratch/trace/calls" "$scratch/groups" "$units/rmdsync.service" <<'END'
import re
import sys

trace, groups, unit = (open(name, encoding="utf-8").read() for name in sys.argv[1:])
members = {}
for line in groups.splitlines():
    if line.startswith("@"):
        group = members.setdefault(line.strip(), set())
    elif line.startswith("    ") and not line.strip().startswith("#"):
        group.add(line.strip())


def calls(words):
    found = set()
    for word in words:
        found |= calls(members[word]) if word in members else {word}
    return found


allowed = set()
for words in re.findall(r"^SystemCallFilter=(.*)$", unit, re.M):
    if words.startswith("~"):
        allowed -= calls(words[1:].split())
    else:
        allowed |= calls(words.split())
made = set(re.findall(r"^\d+ +(\w+)\(", trace, re.M))
sys.exit(f"forbidden: {sorted(made - allowed - calls(['@default']))}" if made - allowed - calls(["@default"]) or
         len(made) < 20 else 0)
END
fi
rm -rf "$state"

test_case "what systemd needs is where make install put it"
for name in rmdsync.service rmdsync-hooks.service rmd-sysusers.conf rmd-tmpfiles.conf; do
  if grep -q '@[a-z]*@' "contrib/systemd/$name"; then
    complain "$name has a path that was not filled in"
  fi
done

test_case "cron's line stands aside under systemd, and runs where there is none"
cat >"$bin/rmdsync" <<'END'
#!/bin/sh
echo "rmdsync $*"
END
chmod 755 "$bin/rmdsync"
# The wait, and the other user, are not what is tried.
printf '#!/bin/sh\nexit 0\n' >"$bin/sleep"
printf '#!/bin/sh\nshift 3\nexec "$@"\n' >"$bin/setpriv"
chmod 755 "$bin"/*
line=$(sed -n 's/^17 4 \* \* \* root //p' "$srcdir/contrib/cron/rmd")
run 0 env PATH="$bin:$PATH" sh -c "$(printf '%s' "$line" | sed "s|/run/systemd/system|$scratch/nowhere|")"
printf '%s\n' "rmdsync -q" "rmdsync --run-hooks" >"$scratch/expected"
expect_same "$scratch/expected" "$out"
run 0 env PATH="$bin:$PATH" sh -c "$(printf '%s' "$line" | sed "s|/run/systemd/system|$scratch|")"
expect_empty "$out"
rm "$bin/sleep" "$bin/setpriv"

test_case "10-mail: what changed, by name"
cat >"$bin/sendmail" <<END
#!/bin/sh
cat >"$scratch/letter"
END
chmod 755 "$bin/sendmail"
run 0 sync --source "$scratch/all.csv" --as-of 2025-10-01
sample 10-mail "s|^sendmail=.*|sendmail=$bin/sendmail|"
run 0 sync --source "$scratch/fewer.csv" --as-of 2025-10-02
expect_empty "$err"
expect_line "$scratch/letter" "To: root"
expect_match "$scratch/letter" "^Subject: \[rmd .*\] 0 added, 1 vanished, 0 changed, 0 back$"
expect_line "$scratch/letter" 'vanished  RMD9000009  0099000003  Delta Valley Networks LLC'

test_case "10-mail: what is held, with the command that releases it"
configure 0
without held.csv RMD9000009 RMD9000003 RMD9000006
run 3 sync --source "$scratch/held.csv" --as-of 2025-10-03
expect_match "$scratch/letter" "^Subject: \[rmd .*\] HELD: "
expect_line "$scratch/letter" "rmdsync --accept $(sha256sum <"$scratch/held.csv" | cut -d ' ' -f 1)"

test_case "10-mail: what failed"
run 69 sync --source "$scratch/none.csv" --as-of 2025-10-04
expect_match "$scratch/letter" "^Subject: \[rmd .*\] FAILED; generation 2 serves$"
expect_line "$scratch/letter" "none.csv"

test_case "20-webhook: the summary arrives as JSON"
if ! command -v curl >"$scratch/which"; then
  leave_out "no curl command"
else
  python3 - "$scratch/post" "$scratch/port" 2>"$scratch/web" <<'END' &
import http.server
import os
import sys

post, port = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        with open(post + ".new", "wb") as stream:
            stream.write(self.headers["X-RMD-Event"].encode() + b" " + self.headers["Content-Type"].encode() + b"\n")
            stream.write(self.rfile.read(int(self.headers["Content-Length"])))
        os.rename(post + ".new", post)
        self.send_response(204)
        self.end_headers()


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
server.timeout = 30
with open(port + ".new", "w", encoding="ascii") as stream:
    stream.write(str(server.server_port))
os.rename(port + ".new", port)
server.handle_request()
END
  await test -s "$scratch/port"
  echo "url = \"http://127.0.0.1:$(cat "$scratch/port")/rmd\"" >"$scratch/webhook.curl"
  sample 20-webhook "s|^config=.*|config=$scratch/webhook.curl|"
  run 0 sync --accept "$(sha256sum <"$scratch/held.csv" | cut -d ' ' -f 1)"
  expect_empty "$err"
  expect_line "$scratch/post" "changed application/json"
  expect_line "$scratch/post" '"result":"published"'
fi

test_case "30-reload: kamcmd's text tells, since its exit status does not"
printf '#!/bin/sh\necho "rmdexport $*" >>"%s"\n' "$scratch/reload" >"$bin/rmdexport"
# shellcheck disable=SC2016 # for the script that is written
printf '#!/bin/sh\necho "kamcmd $*" >>"%s"\ncat "%s"\n' "$scratch/reload" "$scratch/kamcmd.says" >"$bin/kamcmd"
chmod 755 "$bin/rmdexport" "$bin/kamcmd"
echo "Reload OK" >"$scratch/kamcmd.says"
sample 30-reload
configure 1000
PATH=$bin:$PATH run 0 sync --source "$scratch/all.csv" --as-of 2035-10-05
expect_empty "$err"
expect_line "$scratch/reload" "rmdexport --all /var/lib/rmd/export"
expect_line "$scratch/reload" "kamcmd permissions.addressReload"
echo "error: 500 - Reload failed" >"$scratch/kamcmd.says"
PATH=$bin:$PATH run 0 sync --source "$scratch/fewer.csv" --as-of 2035-10-06
expect_line "$err" "30-reload: kamcmd permissions.addressReload: error: 500 - Reload failed"
rm -f "$hooks"/*

test_case "a run by root's hand does not shut out the service's user, whose lock nobody else can hold"
rm -rf "$state"
mkdir "$state"
if [ "$(id -u)" -ne 0 ]; then
  leave_out "only root can be root"
elif ! as_other "$RMDSYNC" --version >"$out" 2>"$err"; then
  leave_out "no other user can run $RMDSYNC"
else
  chown 65534:65534 "$state"
  run 0 sync --source "$scratch/all.csv" --as-of 2025-10-01
  run 0 as_other "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/fewer.csv" --as-of 2025-10-02
  run 0 sync --source "$scratch/all.csv" --as-of 2025-10-03
  run 0 as_other env RMD_HOOKS=later "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/fewer.csv" \
    --as-of 2025-10-04
  expect_match "$state/pending.1.json" '"added":0,"removed":1,'
  # The hooks of a run that was shut in, told by root.
  printf '#!/bin/sh\nid -u >>"%s"\n' "$scratch/told" >"$hooks/1-tell"
  chmod 755 "$hooks/1-tell"
  run 0 as_other env RMD_HOOKS=later "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/all.csv" \
    --as-of 2025-10-05
  run 0 sync --run-hooks
  [ "$(sort -u "$scratch/told")" = 0 ] || complain "told by: $(cat "$scratch/told")"
  rm "$hooks/1-tell"
  run 0 as_other "$RMDSYNC" -q -c "$conf" -d "$state" --source "$scratch/fewer.csv" --as-of 2025-10-06
  run 66 setpriv --reuid=65533 --regid=65533 --clear-groups flock -n "$state/lock" true
fi

finish
