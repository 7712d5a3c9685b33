-- SPDX-License-Identifier: ISC
--
-- The gate in Asterisk's dialplan in Lua (pbx_lua): hangs up on a provider that is refused. What a verdict means must
-- not enter: contrib/lua/rmd_gate.lua says what the settings and the codes are.

local ask = require "rmd_gate" {
  may_block = DECIDE, -- "continue" or "reject"
  unknown = DECIDE,   -- "continue" or "reject"
}
local CALL_REJECTED = 21 -- Q.850; chan_pjsip answers it with 403

-- "192.0.2.7:5060" and "[2001:db8::5]:5060" without the port.
local function host_of(address)
  return address and (address:match("^%[(.-)%]") or address:match("^([^:]+):%d+$") or address)
end

-- True where the call goes on. RMD_PROVIDER goes before the address ("trunk:TG-1042", "frn:0099000003").
function rmd_passes(extension)
  local provider = channel.RMD_PROVIDER:get()
  if provider == nil or provider == "" then
    provider = "ip:" .. (host_of(channel.CHANNEL("pjsip,remote_addr"):get()) or "")
  end
  local code, reply, why, text = ask(provider, channel.CALLERID("num"):get(), extension)
  channel.RMD_CODE:set(tostring(code))
  channel.RMD_WHY:set(why)
  if code ~= 1 then
    app.log("NOTICE", "RMD " .. code .. " (" .. why .. " " .. text .. "): " .. (reply == 0 and "goes on" or "hung up"))
  end
  if reply == 0 then return true end
  app.hangup(CALL_REJECTED)
  return false
end

extensions = {
  ["from-providers"] = {
    ["_X."] = function(context, extension)
      if rmd_passes(extension) then app.dial("PJSIP/" .. extension .. "@next-hop") end
    end,
    ["_+X."] = function(context, extension)
      if rmd_passes(extension) then app.dial("PJSIP/" .. extension .. "@next-hop") end
    end,
  },
}
