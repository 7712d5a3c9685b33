-- SPDX-License-Identifier: ISC
--
-- What a script finds in the module "rmd", for lua.sh, which says by the first argument what to try. Nothing that
-- only some versions of Lua can do must enter.
local rmd = require "rmd"

local function lines_of(file)
  local lines = {}
  for line in io.lines(file) do lines[#lines + 1] = line end
  return lines
end

local function equal(what, expected, got)
  if expected ~= got then
    error(what .. ": " .. tostring(got) .. " instead of " .. tostring(expected), 2)
  end
end

-- A snapshot is mapped by LMDB, and by what looks at its pages before LMDB may follow them.
local MAPS = 2

-- How often a file is mapped.
local function mapped(name)
  local count = 0
  for _, line in ipairs(lines_of("/proc/self/maps")) do
    if line:find(name, 1, true) then count = count + 1 end
  end
  return count
end

-- Seconds since 1970 of 2025-10-01T12:00:00-04:00, or of the like with Z.
local function instant(text)
  text = text:gsub("Z$", "+00:00")
  local year, month, day, hour, minute, second, sign, zone_hour, zone_minute =
    text:match("^(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+)([-+])(%d+):(%d+)$")
  year, month = tonumber(year), tonumber(month)
  if month <= 2 then year, month = year - 1, month + 12 end
  local days = 365 * year + math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400) +
    math.floor((153 * (month - 3) + 2) / 5) + day - 1 - 719468
  local offset = zone_hour * 3600 + zone_minute * 60
  return days * 86400 + hour * 3600 + minute * 60 + second + (sign == "-" and offset or -offset)
end

local words = { "verdict", "reason", "citation", "rmd_number", "frn", "role", "notice" }
local numbers = { "data_age", "generation" }
local instants = { "effective_at", "at", "checked_at" }

local function same(question, json, answer)
  for _, name in ipairs(words) do
    equal(question .. ": " .. name, json:match('"' .. name .. '":"([^"]*)"'), answer[name])
  end
  for _, name in ipairs(numbers) do
    equal(question .. ": " .. name, tonumber(json:match('"' .. name .. '":(-?%d+)')), answer[name])
  end
  for _, name in ipairs(instants) do
    local text = json:match('"' .. name .. '":"([^"]*)"')
    equal(question .. ": " .. name, text and instant(text), answer[name])
  end
  local flags = json:match('"flags":%[(.-)%]')
  equal(question .. ": flags", flags:gsub('"', ""), table.concat(answer.flags, ","))
  for _, name in ipairs(answer.flags) do equal(question .. ": " .. name, true, answer.flags[name]) end
end

-- A line of rmdcheck --batch as the table that handle:check takes.
local function question_of(line)
  local prefix, value, rest = line:match('^(%a*:?)"([^"]*)"(.*)$')
  local question = { provider = prefix and prefix .. value or line:match("^%S+") }
  for name, word in (rest or line):gmatch("(%a+)=(%S+)") do
    question[name] = name == "at" and instant(word) or word
  end
  return question
end

local function raises(what, text, ...)
  local good, message = pcall(...)
  equal(what .. " raises", false, good)
  if not tostring(message):find(text, 1, true) then
    error(what .. ": " .. tostring(message) .. " does not say " .. text, 2)
  end
end

-- The question as of now, by both ways of putting it.
local function judged(handle, question)
  question.at = nil
  local answer = handle:check(question)
  local verdict, reason, text = handle:judge(question.provider, question.from, question.to, question.role)
  equal("judge: verdict", answer.verdict, verdict)
  equal("judge: reason", answer.reason or "", reason)
  equal("judge: text", answer.status_text or answer.citation, text)
  return verdict
end

local tests = {}

function tests.answers(directory, questions, answers)
  local handle, json, seen = rmd.open(directory), lines_of(answers), {}
  for i, line in ipairs(lines_of(questions)) do
    local answer = handle:check(question_of(line))
    same(line, json[i], answer)
    seen[answer.verdict] = (seen[answer.verdict] or 0) + 1
    equal("status", nil, answer.status)
    judged(handle, question_of(line))
  end
  print(#json .. " questions: " .. seen.accept .. " accept, " .. seen.refuse .. " refuse, " .. seen["may-block"] ..
    " may-block, " .. seen.unknown .. " unknown")
end

-- `accepted` is a listed FRN without the gateway role, checked at the instant `checked`, of data good for 30 days.
function tests.arguments(directory, accepted, checked)
  local handle, day = rmd.open(directory), 86400
  checked = instant(checked)
  local function verdict(expected, question)
    local answer = handle:check(question)
    equal("verdict", expected, answer.verdict .. " " .. (answer.reason or "-"))
    return answer
  end
  local function good(question)
    question.provider, question.now = question.provider or accepted, question.now or checked + day
    return question
  end

  local answer = verdict("accept listed", good{})
  equal("data_age", day, answer.data_age)
  equal("at", checked + day, answer.at)
  equal("step", 15, answer.step)
  equal("flags", 0, #answer.flags)
  equal("status", nil, answer.status)
  verdict("accept listed", good{ role = "vsp" })
  equal("role", "gateway", verdict("refuse role-mismatch", good{ role = "gateway" }).role)
  verdict("accept rule-not-applicable", good{ role = "foreign", from = "+14165550100" })
  verdict("accept public-safety-caller", good{ provider = "0099000999", from = "+12025550111" })
  verdict("accept emergency-call", good{ provider = "0099000999", to = "911" })
  verdict("refuse not-listed", good{ provider = "0099000999", to = "+12025550100" })
  equal("stale", true, verdict("unknown stale", { provider = accepted, now = checked + 31 * day }).flags.stale)
  verdict("unknown before-history", good{ at = checked - 100 * day })
  verdict("accept listed", good{ at = checked + day - 0.5 })
  equal("at", checked, handle:check(good{ at = checked + 0.9 }).at)
  equal("at", -1, handle:check(good{ at = -0.5 }).at)
  equal("at", checked, handle:check(good{ at = tostring(checked) }).at)

  -- How the provider is to be read.
  for _, key in ipairs{ "any", "frn" } do verdict("accept listed", good{ key = key }) end
  verdict("unknown bad-key", good{ key = "rmd" })
  verdict("unknown bad-key", good{ key = "ip" })
  for _, key in ipairs{ "peer", "trunk", "ocn" } do verdict("unknown no-such-peer", good{ key = key }) end
  verdict("unknown no-such-name", good{ key = "name" })
  verdict("accept listed", good{ provider = "192.0.2.7", key = "ip" })
  verdict("accept listed", good{ provider = "TG-1", key = "trunk" })

  -- Whatever a call may bring: an answer, and 911 goes through.
  local nasty = { "", "\0", accepted .. "\0", "\0" .. accepted, ("9"):rep(100000), "\255\254", "ip:", "frn:",
    "sip:+1911", "%s%n", 21441233, -1, 0.5, 1e300, 0 / 0, 1 / 0 }
  for _, value in ipairs(nasty) do
    equal("verdict", "unknown", handle:check(good{ provider = value }).verdict)
    verdict("accept listed", good{ from = value })
    verdict("accept emergency-call", { provider = value, from = value, to = "urn:service:sos" })
  end
  for _, to in ipairs{ "911", "+1911", 911, 911 + 0.0, "sip:911@example.net", "911\0" } do
    local spoken = handle:check(good{ provider = "0099000999", to = to })
    equal("to " .. tostring(to), to == "911\0" and "refuse" or "accept", spoken.verdict)
  end
  for name, values in pairs{ role = { "", "VSP", "vsp\0", "none", 1 }, key = { "", "FRN", 0, "frn\0" },
    at = { 0 / 0, 1 / 0, -1 / 0, 1e300, -9.3e18 }, now = { 0 / 0, 1 / 0, -1 / 0, 9.3e18 } } do
    for _, value in ipairs(values) do
      answer = handle:check(good{ [name] = value })
      equal(name .. " verdict", "unknown", answer.verdict)
      equal(name .. " status", -1, answer.status)
      equal(name .. " text", "string", type(answer.status_text))
      verdict("accept emergency-call", good{ [name] = value, to = "911" })
    end
  end
  for _, value in ipairs(nasty) do judged(handle, { provider = value, from = value, role = "gateway" }) end
  equal("911 as a number", "accept", judged(handle, { provider = 0 / 0, to = 911, role = "none" }))
  equal("a wrong role", "unknown", judged(handle, { provider = accepted, role = "VSP" }))
  equal("nothing", "unknown", judged(handle, {}))
  -- The least integer is the library's "no time".
  if math.mininteger then equal("status", -1, handle:check(good{ at = math.mininteger }).status) end
  equal("verdict", "unknown", handle:check{}.verdict)
  equal("a later instant", "accept", handle:check(good{ at = 2 ^ 52 }).verdict)

  -- The script's own mistakes.
  for _, name in ipairs{ "provider", "from", "to", "role", "key", "at", "now" } do
    for _, value in ipairs{ {}, true, print, io.stdout } do
      raises(name, "bad field '" .. name .. "'", handle.check, handle, { [name] = value })
    end
  end
  raises("an unknown field", "no field 'frn'", handle.check, handle, { frn = accepted })
  raises("a field without a name", "no field 'number'", handle.check, handle, { accepted })
  raises("no table", "table expected", handle.check, handle, accepted)
  raises("no arguments", "table expected", handle.check, handle)
  raises("another object", "rmd.handle expected", handle.check, io.stdout, {})
  raises("no handle", "rmd.handle expected", handle.info, {})
  raises("a wrong directory", "string expected", rmd.open, {})
  raises("a NUL", "NUL", rmd.open, directory .. "\0")
  for i = 1, 4 do
    local arguments = { accepted }
    arguments[i] = {}
    raises("judge", "string expected, got table", handle.judge, handle, arguments[1], arguments[2], arguments[3], arguments[4])
  end
  equal("version", "string", type(rmd.version))

  -- The question is left as it was, and answers do not share.
  local question = good{ to = 911 }
  handle:check(question).flags.stale = true
  equal("to", 911, question.to)
  equal("flags", nil, handle:check(question).flags.stale)
  -- What a question points into may be collected once it was asked, and not before.
  collectgarbage("setpause", 1)
  for i = 1, 2000 do verdict("accept listed", good{ from = 12025551000 + i, to = 13105550000 + i }) end
end

function tests.nothing(directory)
  for _, handle in ipairs{ rmd.open(directory), rmd.open(directory .. ("/longer"):rep(1000)) } do
    local answer = handle:check{ provider = "0099000003" }
    equal("verdict", "unknown", answer.verdict)
    equal("reason", "no-data", answer.reason)
    equal("generation", nil, answer.generation)
    equal("data_age", nil, answer.data_age)
    equal("status", true, answer.status < 0)
    equal("status_text", "string", type(answer.status_text))
    answer = handle:check{ provider = "0099000003", to = "911" }
    equal("verdict", "accept", answer.verdict)
    equal("reason", "emergency-call", answer.reason)
    equal("step", 1, answer.step)
    equal("judge", "unknown", judged(handle, { provider = "0099000003" }))
    equal("judge", "accept", judged(handle, { provider = "0099000003", to = "911" }))
    equal("info", answer.status, handle:info().status)
    equal("generation", nil, handle:info().generation)
    local peers, text, status = handle:peers()
    equal("peers", nil, peers)
    equal("peers", answer.status_text, text)
    equal("peers", answer.status, status)
  end
  equal("the directory that was built in", "string", type(rmd.open():check{}.verdict))
end

-- Two generations: the first is there, the command publishes the second, in which the provider is missing.
function tests.reload(directory, provider, command)
  local handle = rmd.open(directory)
  equal("before", "accept", handle:check{ provider = provider, now = handle:info().checked_at }.verdict)
  equal("generation", 1, handle:info().generation)
  local done = os.execute(command)
  equal("the command", true, done == true or done == 0)
  -- As a check does by itself once a second.
  local info = handle:info()
  equal("generation", 2, info.generation)
  equal("reload_status", nil, info.reload_status)
  local answer = handle:check{ provider = provider, now = info.checked_at }
  equal("after", "refuse delisted", answer.verdict .. " " .. answer.reason)
  equal("generation", 2, answer.generation)
  os.rename(directory .. "/rmd.mdb", directory .. "/away")
  info = handle:info()
  equal("status", nil, info.status)
  equal("reload_status", -2, info.reload_status)
  equal("reload_status_text", "string", type(info.reload_status_text))
  equal("the old one goes on", "refuse", handle:check{ provider = provider, now = info.checked_at }.verdict)
end

function tests.peers(directory, expected)
  local handle, got = rmd.open(directory), {}
  for peer in handle:peers() do
    got[#got + 1] = table.concat({ peer.name, peer.frn or "-", peer.rmd_number or "-", peer.role or "-", peer.key,
      peer.value }, ",")
  end
  equal("peers", table.concat(lines_of(expected), "\n"), table.concat(got, "\n"))
  local following = handle:peers()
  for _ = 1, #got do equal("a peer", "table", type(following())) end
  equal("the end", nil, following())
  equal("behind the end", nil, following())
  -- A walk that is left in its middle holds its snapshot until it is collected, at the latest.
  local function leave()
    for peer in handle:peers() do
      equal("name", "one", peer.name)
      break
    end
  end
  for _ = 1, 100 do leave() end
  collectgarbage()
  collectgarbage()
  local walk = handle:peers()
  getmetatable(walk).__gc(walk)
  getmetatable(walk).__gc(walk)
  equal("maps", MAPS, mapped(directory .. "/rmd.mdb"))
end

function tests.lazily(directory)
  local handle = rmd.open(directory)
  equal("maps before the first question", 0, mapped(directory .. "/rmd.mdb"))
  handle:check{ provider = "0099000003" }
  equal("maps", MAPS, mapped(directory .. "/rmd.mdb"))
  for _ = 1, 100 do equal("verdict", "string", type(rmd.open(directory):check{}.verdict)) end
  equal("maps", MAPS, mapped(directory .. "/rmd.mdb"))
end

-- Asks some questions, of one directory or more, again and again; for states, threads and forks.
function tests.ask(times, now, ...)
  for _ = 1, tonumber(times) do
    for i = 1, select("#", ...), 3 do
      local directory, provider, verdict = select(i, ...)
      equal(provider, verdict, rmd.open(directory):check{ provider = provider, now = instant(now) }.verdict)
    end
  end
  -- Of threads that all open it at first one keeps it; another that sleeps in between closes its own a moment later.
  local left = 10000
  while left > 0 and mapped((...) .. "/rmd.mdb") ~= MAPS do
    left = left - 1
  end
  equal("maps", MAPS, mapped((...) .. "/rmd.mdb"))
end

function tests.fork(first, now, directory, provider, verdict)
  local handle = rmd.open(directory)
  function again()
    equal(provider, verdict, handle:check{ provider = provider, now = instant(now) }.verdict)
    equal("maps", MAPS, mapped(directory .. "/rmd.mdb"))
  end
  if first == "asked" then again() end
end

(function(name, ...) tests[name](...) end)(...)
