-- SPDX-License-Identifier: ISC
--
-- What rmd_gate.lua makes of every setting and of every answer, for switches.sh: with a module "rmd" that is made up here,
-- so that each answer can be had. What the real one answers must not enter.
local answer
local handle = { judge = function() return answer[1], answer[2], answer[3] end }
package.loaded.rmd = { open = function() return handle end }
local gate = require "rmd_gate"

local function equal(what, expected, got)
  if expected ~= got then error(what .. ": " .. tostring(got) .. " instead of " .. tostring(expected), 2) end
end

local function refuses(words, settings)
  local good, message = pcall(gate, settings)
  equal("a start with a mistake", false, good)
  if not tostring(message):find(words, 1, true) then error(tostring(message) .. " does not say " .. words, 2) end
end

refuses("must be a table", nil)
refuses("may_block must be set", {})
refuses("unknown must be set", { may_block = "continue" })
refuses("may_block must be set", { unknown = "continue" })
for _, value in ipairs{ "", "Continue", "accept", true, 1, "no-verdict" } do
  refuses('may_block is "', { may_block = value, unknown = "reject" })
  refuses('unknown is "', { may_block = "reject", unknown = value })
  refuses('stale is "', { may_block = "reject", unknown = "reject", stale = value })
end
refuses('may_block is "false"', { may_block = false, unknown = "reject" })
for _, name in ipairs{ "listed", "delisted", "not-listed", "refuse", "no-such-pear", "Stale", 1 } do
  refuses("there is no setting " .. name, { may_block = "reject", unknown = "reject", [name] = "continue" })
end
for _, code in ipairs{ 0, 200, 399, 500, 503, 599, 700, 403.5, "403", true } do
  refuses("code must be", { may_block = "reject", unknown = "reject", code = code })
end
for _, phrase in ipairs{ "", "a\r\nX: b", 1, true } do
  refuses("phrase must be", { may_block = "reject", unknown = "reject", phrase = phrase })
end
refuses("directory must be", { may_block = "reject", unknown = "reject", directory = 1 })
refuses("responder must be", { may_block = "reject", unknown = "reject", responder = "yes" })

-- Each answer that there can be, and its code; what becomes of it by the settings.
local answers = {
  { 1, "accept", "listed" }, { 1, "accept", "emergency-call" }, { 1, "accept", "public-safety-caller" },
  { 1, "accept", "rule-not-applicable" },
  { -2, "refuse", "not-listed" }, { -2, "refuse", "delisted" }, { -2, "refuse", "not-certified" },
  { -2, "refuse", "role-mismatch" }, { -2, "refuse", "blocking-order" }, { -2, "refuse", "removed-by-order" },
  { -3, "may-block", "notice-matured" }, { -3, "may-block", "final-determination-pending" },
  { -4, "unknown", "alias-only" }, { -4, "unknown", "ambiguous" }, { -4, "unknown", "bad-key" },
  { -4, "unknown", "before-history" }, { -4, "unknown", "missing-unconfirmed" }, { -4, "unknown", "no-such-name" },
  { -4, "unknown", "row-quarantined" }, { -4, "unknown", "a word of a later library" },
  { -5, "unknown", "no-such-peer" }, { -6, "unknown", "stale" }, { -7, "unknown", "no-data" },
  { -1, "unknown", "" }, { -4, "a verdict of a later library", "because" },
}

local function weighed(settings, one, may_block, unknown)
  answer = { one[2], one[3], "text" }
  local code, reply, why, text = gate(settings)("ip:192.0.2.7", "+12025550100", "+12125550100")
  local expected = 0
  if one[1] == -2 then expected = settings.code or 403 end
  if one[1] == -3 then expected = may_block end
  if one[1] == -1 or one[1] < -3 then expected = unknown end
  equal(one[3] .. ": code", one[1], code)
  equal(one[3] .. ": reply", expected, reply)
  equal(one[3] .. ": why", one[3] ~= "" and one[3] or "gate-failed", why)
  equal(one[3] .. ": text", "text", text)
  -- Whatever it is, 911 goes through.
  for _, to in ipairs{ "911", "+911", "1911", "+1911", "sip:911@example.net", "SIP:+1911@example.net;user=phone", "sips:911",
    "911@example.net", "tel:911;phone-context=+1", "<sip:911@example.net>", '"A" <tel:911>', "urn:service:sos",
    "URN:service:SOS.fire", "<urn:service:sos>", 911 } do
    code, reply = gate(settings)("ip:192.0.2.7", nil, to)
    equal(one[3] .. " to " .. to, 1, code)
    equal(one[3] .. " to " .. to, 0, reply)
  end
  for _, to in ipairs{ "9110", "sip:9911@911", "sip:+19115550100@example.net", "urn:service:sosx", "urn:service:counseling",
    "x911", "sip:a@911", "" } do
    code = gate(settings)("ip:192.0.2.7", nil, to)
    equal(one[3] .. " to " .. to, one[1], code)
  end
end

for _, one in ipairs(answers) do
  weighed({ may_block = "continue", unknown = "continue" }, one, 0, 0)
  weighed({ may_block = "reject", unknown = "continue" }, one, 403, 0)
  weighed({ may_block = "continue", unknown = "reject", code = 608 }, one, 0, 608)
  weighed({ may_block = "continue", unknown = "no-verdict", code = 603, responder = true }, one, 0, 503)
end
weighed({ may_block = "reject", unknown = "reject", stale = "continue" }, { -6, "unknown", "stale" }, 403, 0)
weighed({ may_block = "reject", unknown = "continue", ["no-such-peer"] = "reject" }, { -5, "unknown", "no-such-peer" }, 403, 403)
weighed({ may_block = "reject", unknown = "reject", ["notice-matured"] = "continue" }, { -3, "may-block", "notice-matured" }, 0, 403)
weighed({ may_block = "continue", unknown = "continue", ["gate-failed"] = "reject" }, { -1, "unknown", "" }, 0, 403)

-- The question raises an error; the module cannot be loaded.
handle.judge = function() error("a mistake", 0) end
local code, reply, why, text = gate{ may_block = "continue", unknown = "reject" }({}, nil, "+12025550100")
equal("raised", "-1 403 gate-failed a mistake", table.concat({ code, reply, why, text }, " "))
equal("raised, to 911", 1, (gate{ may_block = "reject", unknown = "reject" }({}, nil, "911")))
package.loaded.rmd = nil
package.path, package.cpath = "", ""
code, reply, why, text = gate{ may_block = "reject", unknown = "continue" }("ip:192.0.2.7", nil, "+12025550100")
equal("no module", "-8 0 no-module", table.concat({ code, reply, why }, " "))
equal("no module", true, text:find("rmd", 1, true) ~= nil)
equal("no module, to 911", 1, (gate{ may_block = "reject", unknown = "reject" }("ip:192.0.2.7", nil, "911")))
