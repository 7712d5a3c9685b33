-- SPDX-License-Identifier: ISC
--
-- The same proxy as native.cfg, its routing in Lua (KEMI): a sample to take functions from, for kemi.cfg, and what
-- tests/flow/kamailio.sh runs. What a verdict means stands in gate.lua and not here.

local NEXT_HOP = "sip:127.0.0.1:5080"

dofile "/etc/kamailio/gate.lua"

-- True where the call goes on; else it is answered.
local function rmd_passes()
  KSR.pv.seti("$var(rmd)", -1)
  KSR.pv.seti("$var(rmd_reply)", 0)
  local good, message = pcall(rmd_gate)
  -- The gate itself failed, which the settings cannot foresee: the call goes on, and the log cries.
  if not good then
    KSR.err("RMD gate failed (" .. tostring(message) .. "); a call goes on unchecked\n")
    return true
  end
  local code, reply = KSR.pv.get("$var(rmd)"), KSR.pv.get("$var(rmd_reply)")
  if code == 1 then return true end
  local line = "RMD " .. code .. " (" .. KSR.pv.get("$var(rmd_why)") .. "): call from " .. KSR.pv.get("$si")
  if reply == 0 then
    KSR.notice(line .. " goes on\n")
    return true
  end
  KSR.notice(line .. " is answered with " .. reply .. "\n")
  KSR.hdr.append_to_reply(KSR.pv.get("$var(rmd_header)"))
  KSR.sl.sl_send_reply(reply, KSR.pv.get("$var(rmd_phrase)"))
  return false
end

-- A tag in To alone makes no dialog: without its route a request is not let around the gate.
local function within_dialog(method)
  if KSR.rr.loose_route() > 0 then
    KSR.tm.t_relay()
  elseif method == "ACK" then
    if KSR.tm.t_check_trans() > 0 then KSR.tm.t_relay() end
  else
    KSR.sl.sl_send_reply(481, "Call/Transaction Does Not Exist")
  end
end

function ksr_request_route()
  local method = KSR.pv.get("$rm")
  if KSR.maxfwd.process_maxfwd(10) < 0 then
    KSR.sl.sl_send_reply(483, "Too Many Hops")
  elseif KSR.sanity.sanity_check(1511, 7) < 0 then
    return 1
  elseif method == "OPTIONS" and KSR.is_myself_ruri() and KSR.pv.is_null("$rU") then
    KSR.sl.sl_send_reply(200, "OK")
  elseif method == "CANCEL" then
    if KSR.tm.t_check_trans() > 0 then KSR.tm.t_relay() end
  elseif KSR.siputils.has_totag() > 0 then
    within_dialog(method)
  elseif method ~= "INVITE" then
    KSR.sl.sl_send_reply(405, "Method Not Allowed")
  elseif KSR.tmx.t_precheck_trans() > 0 then
    KSR.tm.t_check_trans() -- a retransmission has been judged
  elseif KSR.tm.t_check_trans() ~= 0 and rmd_passes() then
    KSR.hdr.remove("Route")
    KSR.rr.record_route()
    KSR.pv.sets("$du", NEXT_HOP)
    if KSR.tm.t_relay() < 0 then KSR.sl.sl_reply_error() end
  end
  return 1
end
