-- SPDX-License-Identifier: ISC
--
-- The gate for OpenSIPS (module lua): puts the call in hand to contrib/lua/rmd_gate.lua, which says what the settings and
-- the codes are. What becomes of the call must not enter: opensips.cfg decides.
--
--   lua_exec("rmd_gate", "ip:$si")     $rc is the code; $avp(rmd_reply) 0 or the status, $avp(rmd_why) why
--
-- The provider is given, since getSrcIp of that module does not tell the address.

local ask = require "rmd_gate" {
  may_block = DECIDE, -- "continue" or "reject"
  unknown = DECIDE,   -- "continue" or "reject"
}

local function variable(message, name)
  local value = pseudoVar(message, name)
  return value ~= "<null>" and value ~= "" and value or nil
end

function rmd_gate(message, provider)
  local code, reply, why, text = ask(provider, variable(message, "$ai") or variable(message, "$fu"),
    variable(message, "$ru"))
  pseudoVarSet(message, "$avp(rmd_reply)", reply)
  pseudoVarSet(message, "$avp(rmd_why)", why)
  if code ~= 1 then xlog("NOTICE", "RMD " .. code .. " (" .. why .. ", " .. text .. ")\n") end
  return code
end
