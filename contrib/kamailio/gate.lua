-- SPDX-License-Identifier: ISC
--
-- The gate of native.cfg, kemi.lua and responder.cfg: puts the call that Kamailio has in hand to contrib/lua's
-- rmd_gate.lua, which also says what the settings and the codes mean. What becomes of the call must not enter.
--
--   rmd_gate([provider])   provider: as in peers.conf ("trunk:TG-1042", "frn:0099000003"); without: the address that the
--                          request came from
--   $var(rmd)              the code: 1 for a call that was accepted, below 0 for all others, never 0
--   $var(rmd_reply)        0: the call goes on; else the status to answer with
-- and where the code is not 1:
--   $var(rmd_why)          the reason, with its paragraph or with what hindered the question: for the log
--   $var(rmd_phrase)       the text of the status
--   $var(rmd_header)       the line "Reason: ..." for the answer, with its end of line
-- A script that failed leaves $var as the call before it did: set $var(rmd) = -1 and look at what lua_run returns.

local settings = {
  may_block = DECIDE, -- "continue" or "reject"
  unknown = DECIDE,   -- "continue" or "reject"
}

local ask = require "rmd_gate" (settings)
local phrases = { [settings.code or 403] = settings.phrase or "Forbidden", [503] = "No verdict" }

local get, set_integer, set_text = KSR.pv.get, KSR.pv.seti, KSR.pv.sets

function rmd_gate(provider)
  local code, reply, why, text = ask(provider or "ip:" .. get("$si"), get("$ai") or get("$fu"), get("$ru"))
  set_integer("$var(rmd)", code)
  set_integer("$var(rmd_reply)", reply)
  if code == 1 then return end
  set_text("$var(rmd_why)", why .. ", " .. text)
  if reply == 0 then return end
  set_text("$var(rmd_phrase)", phrases[reply])
  set_text("$var(rmd_header)", 'Reason: Q.850;cause=21;text="RMD ' .. why .. '"\r\n')
end
