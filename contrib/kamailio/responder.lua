-- SPDX-License-Identifier: ISC
--
-- How responder.cfg finds out who hands over the call. What its answer is must not enter: gate.lua has the settings.

-- Only where a controller writes into the request's own URI where the call came from; by RFC 4904 it is where it goes to.
local TRUNK_IN_REQUEST_URI = false

dofile "/etc/kamailio/gate.lua"

-- tgrp stands in the user part of a URI; behind the @ it says nothing.
local function trunk_of(uri)
  local user = uri and uri:match("^[^@]*@")
  local trunk = user and user:match(";tgrp=([^;@>]+)")
  return trunk and "trunk:" .. trunk
end

-- Nobody at all ("") leads to no verdict, and never to another provider than was meant: a header goes before a trunk.
function rmd_respond()
  local frn = KSR.pv.get("$hdr(X-RMD-FRN)")
  rmd_gate(frn and "frn:" .. frn or trunk_of(KSR.pv.get("$ct")) or
    (TRUNK_IN_REQUEST_URI and trunk_of(KSR.pv.get("$ru"))) or "")
end
