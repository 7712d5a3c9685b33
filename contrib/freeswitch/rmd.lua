-- SPDX-License-Identifier: ISC
--
-- The gate in FreeSWITCH's dialplan (mod_lua): ends the call of a provider that is refused. What a verdict means must
-- not enter: contrib/lua/rmd_gate.lua says what the settings and the codes are.
--
--   <action application="lua" data="rmd.lua"/>     before the action that bridges
--
-- The channel variable rmd_provider goes before the address ("trunk:TG-1042", "frn:0099000003"). Afterwards rmd_code is
-- 1 for a call that was accepted and below 0 for all others, rmd_why says why.

local ask = require "rmd_gate" {
  may_block = DECIDE, -- "continue" or "reject"
  unknown = DECIDE,   -- "continue" or "reject"
}

local function variable(name)
  local value = session:getVariable(name)
  return value ~= "" and value or nil
end

local code, reply, why, text = ask(variable("rmd_provider") or "ip:" .. (variable("sip_network_ip") or ""),
  variable("sip_P-Asserted-Identity") or variable("caller_id_number"), variable("destination_number"))
session:setVariable("rmd_code", tostring(code))
session:setVariable("rmd_why", why)
if code ~= 1 then
  freeswitch.consoleLog("notice", "RMD " .. code .. " (" .. why .. ", " .. text .. "): " ..
    (reply == 0 and "the call goes on" or "answered with " .. reply) .. "\n")
end
if reply ~= 0 then
  session:execute("respond", reply .. " Forbidden")
  session:hangup("CALL_REJECTED") -- Q.850 cause 21, where the answer above has not ended it
end
