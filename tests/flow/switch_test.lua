-- SPDX-License-Identifier: ISC
--
-- The samples for FreeSWITCH, Asterisk and OpenSIPS, for switches.sh: each with as much of its switch around it as it
-- touches. What a real switch would do with it must not be claimed here.
--
--   KIND SAMPLE PROVIDER CALLED CALLER CODE WHY REPLY      REPLY 0: the call goes on
local kind, sample, provider, called, caller, code, why, reply = ...

local function equal(what, expected, got)
  if expected ~= got then error(what .. ": " .. tostring(got) .. " instead of " .. tostring(expected), 2) end
end

local switches = {}

function switches.freeswitch()
  local variables = { sip_network_ip = provider, destination_number = called, caller_id_number = caller,
    ["sip_P-Asserted-Identity"] = "" }
  local executed, hung_up, logged = nil, nil, 0
  session = {
    getVariable = function(_, name) return variables[name] end,
    setVariable = function(_, name, value)
      equal("the type of " .. name, "string", type(value))
      variables[name] = value
    end,
    execute = function(_, application, data) executed = application .. " " .. data end,
    hangup = function(_, cause) hung_up = cause end,
  }
  freeswitch = { consoleLog = function() logged = logged + 1 end }
  dofile(sample)
  equal("logged", variables.rmd_code == "1" and 0 or 1, logged)
  equal("respond", reply ~= "0" and "respond " .. reply .. " Forbidden" or nil, executed)
  equal("hangup", reply ~= "0" and "CALL_REJECTED" or nil, hung_up)
  return variables.rmd_code, variables.rmd_why
end

function switches.asterisk()
  local variables, dialled, hung_up = { ["CHANNEL(pjsip,remote_addr)"] = provider .. ":5060", ["CALLERID(num)"] = caller }
  local function variable(name)
    return setmetatable({
      get = function() return variables[name] end,
      set = function(_, value) variables[name] = value end,
    }, { __call = function(_, arguments) return variable(name .. "(" .. arguments .. ")") end })
  end
  channel = setmetatable({}, { __index = function(_, name) return variable(name) end })
  app = {
    log = function() end,
    dial = function(to) dialled = to end,
    hangup = function(cause) hung_up = cause end,
  }
  dofile(sample)
  extensions["from-providers"][called:find("^+") and "_+X." or "_X."]("from-providers", called)
  equal("dial", reply == "0" and "PJSIP/" .. called .. "@next-hop" or nil, dialled)
  equal("hangup", reply ~= "0" and 21 or nil, hung_up)
  return variables.RMD_CODE, variables.RMD_WHY
end

function switches.opensips()
  local variables = { ["$ru"] = "sip:" .. called .. "@example.net", ["$fu"] = "sip:" .. caller .. "@example.net",
    ["$ai"] = "<null>" }
  function pseudoVar(message, name)
    equal("message", "message", message)
    return variables[name]
  end
  function pseudoVarSet(message, name, value)
    equal("message", "message", message)
    variables[name] = value
  end
  function xlog() end
  dofile(sample)
  local got = rmd_gate("message", "ip:" .. provider)
  equal("reply", tonumber(reply), variables["$avp(rmd_reply)"])
  return tostring(got), variables["$avp(rmd_why)"]
end

if kind == "unset" then
  session, freeswitch, channel, app = {}, {}, {}, {}
  local good, message = pcall(dofile, sample)
  equal("an undecided sample runs", false, good)
  equal("it says why", true, tostring(message):find("must be set", 1, true) ~= nil)
  return
end
local got_code, got_why = switches[kind]()
equal("code", code, got_code)
equal("why", why, got_why)
