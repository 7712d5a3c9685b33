-- SPDX-License-Identifier: ISC
--
-- What happens to a call: the answer of librmd weighed by the carrier's settings, the same for every switch. How a
-- switch knows who hands it the call, and how it answers, must not enter: that is the switch's own script.
--
--   local ask = require "rmd_gate" { may_block = "continue", unknown = "continue" }
--   local code, reply, why, text = ask("ip:192.0.2.7", caller, called)      and a role, where peers.conf has none
--
-- The settings. A wrong one, or one of the first two missing, is an error, so that the switch does not start:
--   may_block, unknown     "continue" or "reject": what happens where the law leaves it open, or nobody can tell
--   ["no-such-peer"], stale, ["no-data"], ["no-module"] and every other word of `why` below that is not accepted and not
--                          refused: the same words, for this reason alone, before the two above
--   code, phrase           of the refusal; 403 and "Forbidden"
--   directory              of the snapshot; the one that librmd was built with
--   responder              true: this is no switch but answers one, which has a policy of its own. Then "no-verdict",
--                          answered with 503, is a third word. In a switch it would send the caller to its next route.
--
-- The code, never 0, and the only one above 0 is a call that was accepted:
--    1  accept       also a call to 911, whatever else is wrong
--   -1  gate-failed  a mistake of the script: the question could not be put
--   -2  refuse       always rejected; the call must not be accepted
--   -3  may-block    may be blocked; read 47 CFR 64.1200(k)(4) first
--   -4  unknown      for a reason that has no code of its own: alias-only, row-quarantined, missing-unconfirmed, ...
--   -5  unknown      no-such-peer: nobody in peers.conf has this address or trunk
--   -6  unknown      stale: the data are older than max-age
--   -7  unknown      no-data: no snapshot, or it cannot be read; `text` says why
--   -8  unknown      no-module: the Lua module "rmd" cannot be loaded; `text` says why
-- reply is 0 where the call goes on, else the status to answer with. why is a stable word, text the paragraph or, where
-- the question did not reach the data, what hindered it. Nothing in them comes from the call.

local ACTIONS = { continue = true, reject = true, ["no-verdict"] = true }
local NO_VERDICT = 503

-- Where "unknown" or "may-block" says why.
local CODES = {
  ["gate-failed"] = -1, ["final-determination-pending"] = -3, ["notice-matured"] = -3, ["bad-key"] = -4,
  ["no-such-name"] = -4, ambiguous = -4, ["before-history"] = -4, ["missing-unconfirmed"] = -4, ["alias-only"] = -4,
  ["row-quarantined"] = -4, ["no-such-peer"] = -5, stale = -6, ["no-data"] = -7, ["no-module"] = -8,
}

local function action_check(settings, name)
  local action = settings[name]
  if action == nil then error("rmd_gate: " .. name .. ' must be set, to "continue" or to "reject"', 0) end
  if not ACTIONS[action] then
    error("rmd_gate: " .. name .. ' is "' .. tostring(action) .. '"; it must be "continue" or "reject"', 0)
  end
  if action == "no-verdict" and settings.responder ~= true then
    error("rmd_gate: " .. name .. ' is "no-verdict", which a switch cannot answer its caller', 0)
  end
end

local function text_check(settings, name)
  local text = settings[name]
  if text ~= nil and (type(text) ~= "string" or text == "" or text:find("%c")) then
    error("rmd_gate: " .. name .. " must be a text on one line", 0)
  end
end

local function settings_check(settings)
  if type(settings) ~= "table" then error("rmd_gate: the settings must be a table", 0) end
  for name in pairs(settings) do
    if CODES[name] then
      action_check(settings, name)
    elseif name ~= "may_block" and name ~= "unknown" and name ~= "code" and name ~= "phrase" and name ~= "directory" and
      name ~= "responder" then
      error("rmd_gate: there is no setting " .. tostring(name), 0)
    end
  end
  action_check(settings, "may_block")
  action_check(settings, "unknown")
  text_check(settings, "phrase")
  text_check(settings, "directory")
  if settings.responder ~= nil and type(settings.responder) ~= "boolean" then
    error("rmd_gate: responder must be true or false", 0)
  end
  local code = settings.code
  if code ~= nil and (type(code) ~= "number" or code % 1 ~= 0 or code < 400 or code > 699 or math.floor(code / 100) == 5) then
    error("rmd_gate: code must be a status of 4xx or 6xx; 5xx sends the caller to its next route", 0)
  end
end

-- As librmd sees it, for where there is no librmd; and +911, which no telephone number is.
local function is_emergency(called)
  local to = tostring(called):lower():gsub("^%s+", ""):gsub("^[^<]*<%s*", "")
  if to:find("^urn:service:sos$") or to:find("^urn:service:sos[.;?#>]") then return true end
  local user = to:gsub("^sips?:", ""):gsub("^tel:", ""):match("^[^@;?:>]*")
  return user == "911" or user == "+911" or user == "1911" or user == "+1911"
end

return function(settings)
  settings_check(settings)
  local loaded, rmd = pcall(require, "rmd")
  local handle = loaded and rmd.open(settings.directory)
  local judge = loaded and handle.judge
  local refusal = settings.code or 403

  local function weigh(code, why, text)
    local action = settings[why] or (code == -3 and settings.may_block) or settings.unknown
    if action == "continue" then return code, 0, why, text end
    return code, action == "reject" and refusal or NO_VERDICT, why, text
  end

  return function(provider, from, to, role)
    local good, verdict, why, text = false
    if loaded then good, verdict, why, text = pcall(judge, handle, provider, from, to, role) end
    if good and verdict == "accept" then return 1, 0, why, text end
    if is_emergency(to) then return 1, 0, "emergency-call", "47 CFR 64.6305(g)(5)" end
    if not loaded then return weigh(-8, "no-module", tostring(rmd)) end
    if not good then return weigh(-1, "gate-failed", tostring(verdict)) end
    if verdict == "refuse" then return -2, refusal, why, text end
    if verdict == "may-block" then return weigh(-3, why, text) end
    if why == "" then return weigh(-1, "gate-failed", text) end
    return weigh(CODES[why] or -4, why, text)
  end
end
