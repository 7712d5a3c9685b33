#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A million filings, a hundred times what there is: they load within bounded memory, a second night too, and are
# answered right. It takes minutes and 3 GB, so it runs only when it is asked for: RMD_SCALE=1.
# shellcheck source=tests/flow/lib.sh
. "${srcdir:-.}/tests/flow/lib.sh"

[ "${RMD_SCALE:-}" = 1 ] || skip "set RMD_SCALE=1 for a million filings"
command -v python3 >"$scratch/which" || skip "no python3"
[ "$(df -Pk "$scratch" | awk 'NR == 2 { print $4 }')" -ge 8000000 ] || skip "less than 8 GB free in $scratch"
state=$scratch/state
conf=$scratch/rmd.conf
rows=1000000
memory_limit=512
echo 416 >"$scratch/foreign-area-codes.conf"
printf '%s\n' "[limits]" "max-bytes = 1G" "[policy]" "max-age = 30d" >"$conf"

# Writes two nights of made-up filings, and questions with what must be answered on each night.
cat >"$scratch/million.py" <<'END'
import csv, random, sys

count, directory = int(sys.argv[1]), sys.argv[2]
WORDS = "Complete STIR/SHAKEN Implementation", "No STIR/SHAKEN Implementation - Performing Robocall Mitigation"
HEADER = ("number,frn,business_name,business_address,foreign_voice_provider,country,other_frns,other_dba_names,"
          "previous_dba_names,robocall_mitigation_contact_name,contact_title,contact_department,"
          "contact_business_address,contact_country,contact_telephone_number,contact_phone_extension,implementation,"
          "voice_service_provider_choice,gateway_provider_choice,intermediate_provider_choice,last_updated,filing_url")
ROLES = "vsp", "gateway", "intermediate"

def number(i):
    return f"RMD{9 * i + 9:07d}"

def frn(i):
    """Every thousandth is a second filing of the provider before it."""
    return f"{10000000 + 7 * (i - (i % 1000 == 999)):010d}"

def gone(i, night):
    return night == 2 and i % 5000 == 4321

def certified(i, night):
    return i % 20 != 0 and not (night == 2 and i % 100 == 7)

def roles(i):
    return [role for role, step in zip(ROLES, (2, 3, 5)) if i % step == 0] or ["vsp"]

def row(i, night):
    yes = roles(i)
    return (number(i), frn(i), f"Example Carrier {i} Communications LLC", f"{i} Main Street\nSuite {i % 700}\nSpringfield IL",
            "No", "United States of America", "", f"Carrier {i}; Telephone Company {i}", "", f"Contact {i}",
            "Compliance Officer", "Regulatory Affairs", f"{i} Main Street\nSuite {i % 700}\nSpringfield IL 62701",
            "United States of America", f"'+1202555{i % 10000:04d}", "", WORDS[i % 2] if certified(i, night) else "N/A",
            *("Yes" if role in yes else "No" for role in ROLES), "2025-01-15",
            f"https://example.org/rmd?id=rmd_form&table=x_g_fmc_rmd_robocall_mitigation_database&sys_id={i:032x}&view=sp")

def answer(i, role, night):
    of_provider = [j for j in (i - 1, i, i + 1) if 0 <= j < count and frn(j) == frn(i)]
    there = [j for j in of_provider if not gone(j, night)]
    good = [j for j in there if certified(j, night)]
    fit = [j for j in good if role is None or role in roles(j)]
    if not there:
        return "refuse", "delisted", number(of_provider[0]), frn(i)
    if not good:
        return "refuse", "not-certified", number(there[0]), frn(i)
    if not fit:
        return "refuse", "role-mismatch", number(good[0]), frn(i)
    return "accept", "listed", number(fit[0]), frn(i)

for night in 1, 2:
    with open(f"{directory}/{night}.csv", "w", newline="") as stream:
        stream.write(HEADER + "\n")
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows(row(i, night) for i in range(count) if not gone(i, night))
dice = random.Random(1)
asked = [0, count - 1] + [i for i in range(count) if i % 1000 in (998, 999)] + dice.sample(range(count), 30000) + \
    [i for i in range(count) if gone(i, 2)]
with open(f"{directory}/questions", "w") as questions, open(f"{directory}/answers.1", "w") as first, \
        open(f"{directory}/answers.2", "w") as second:
    for i in asked:
        for key in number(i), frn(i):
            role = dice.choice((None, *ROLES))
            print(key + (f" role={role}" if role else ""), file=questions)
            print(*answer(i, role, 1), file=first)
            print(*answer(i, role, 2), file=second)
    for key in "RMD0000001", "9999999999", frn(count + 7):
        print(key, file=questions)
        for stream in first, second:
            print("refuse not-listed -", "-" if key.startswith("RMD") else key, file=stream)
END

# measured NAME COMMAND...: its time, and the largest memory that it or a child of it had.
measured() {
  python3 - "$@" <<'END'
import resource, subprocess, sys, time

begin = time.monotonic()
code = subprocess.run(sys.argv[2:]).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"# {sys.argv[1]}: {time.monotonic() - begin:.1f} s, {usage.ru_utime + usage.ru_stime:.1f} s of CPU, "
      f"{usage.ru_maxrss // 1024} MB", file=sys.stderr)
sys.exit(code)
END
}

# night NUMBER COUNTED: loads and asks.
night() {
  run 0 measured "night $1" "$RMDSYNC" -c "$conf" -d "$state" --json --source "$scratch/$1.csv" \
    --as-of "2025-10-0$1T12:00:00-04:00"
  expect_line "$out" "$2"
  cat "$err"
  expect_match "$err" '^# night [12]: .* MB$'
  megabytes=$(sed -n 's/^# night.*, \([0-9]*\) MB$/\1/p' "$err")
  [ "${megabytes:-999999}" -lt "$memory_limit" ] || complain "more than $memory_limit MB"
  sh -c '"$1" -d "$2" --at "$3" -b <"$4"' sh "$RMDCHECK" "$state" "2025-10-0$1T13:00:00-04:00" \
    "$scratch/questions" >"$out" 2>"$err" || :
  expect_empty "$err"
  awk '{ print $1, $2, $3, $4 }' "$out" >"$scratch/given"
  expect_same "$scratch/answers.$1" "$scratch/given"
  echo "# $(wc -l <"$scratch/given") answers compared"
}

python3 "$scratch/million.py" "$rows" "$scratch"
echo "# $(stat -c %s "$scratch/1.csv") bytes in the first file"

test_case "a million filings"
night 1 "\"generation\":1,\"rows\":$rows,\"rejected\":0,\"added\":$rows,\"removed\":0,\"changed\":0,"
echo "# $(stat -c %s "$state/rmd.mdb") bytes in the snapshot"

test_case "the next night"
night 2 "\"generation\":2,\"rows\":999800,\"rejected\":0,\"added\":0,\"removed\":200,\"changed\":10000,"

test_case "the first night again"
sh -c '"$1" -d "$2" --at "$3" -b <"$4"' sh "$RMDCHECK" "$state" 2025-10-01T13:00:00-04:00 "$scratch/questions" \
  >"$out" 2>"$err" || :
expect_empty "$err"
awk '{ print $1, $2, $3, $4 }' "$out" >"$scratch/given"
expect_same "$scratch/answers.1" "$scratch/given"

finish
