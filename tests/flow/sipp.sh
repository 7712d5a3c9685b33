# shellcheck shell=sh
# SPDX-License-Identifier: ISC
#
# Scenarios for SIPp, written for one call and what it must bring. To be read with `.` after lib.sh. Which switch is
# called must not enter.
# shellcheck disable=SC2154 # lib.sh sets scratch

# scenario METHOD STATUS REASON HEADERS: on stdout; REASON is what the header Reason must match, "-": that there is none.
# In HEADERS a line break is written \n; a header that is given there takes the place of the usual one.
scenario() {
  headers=${4:-}
  case $headers in *To:*) ;; *) headers="To: <sip:called@example.net>${headers:+\n$headers}" ;; esac
  case $headers in *Contact:*) ;; *) headers="$headers\nContact: <sip:caller@[local_ip]:[local_port]>" ;; esac
  cat <<END_OF_SCENARIO
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="$1 $2">
<send retrans="500"><![CDATA[
$1 __URI__ SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Caller" <sip:+12125550100@[local_ip]:[local_port]>;tag=[call_number]
Call-ID: [call_id]
CSeq: 1 $1
$(printf '%b' "$headers")
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="100" optional="true"></recv>
<recv response="$2" rrs="true" crlf="true">
$(case $3 in
  -) echo '<action><ereg regexp="RMD" search_in="msg" check_it_inverse="true" assign_to="1"/></action>' ;;
  *) printf '%s\n' '<action><ereg regexp="'"$3"'" search_in="hdr" header="Reason:" check_it="true" assign_to="1"/></action>' ;;
  esac)
</recv>
END_OF_SCENARIO
  if [ "$1" = INVITE ]; then
    cat <<'END_OF_SCENARIO'
<send><![CDATA[
ACK [next_url] SIP/2.0
[last_Via:]
[routes]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
END_OF_SCENARIO
  fi
  if [ "$1 $2" = "INVITE 200" ]; then
    cat <<'END_OF_SCENARIO'
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"></recv>
END_OF_SCENARIO
  fi
  echo '<Reference variables="1"/></scenario>'
}

# sip_call ADDRESS PORT URI STATUS REASON [METHOD [HEADERS]]: one call from ADDRESS to 127.0.0.1:PORT.
sip_call() {
  scenario "${6:-INVITE}" "$4" "$5" "${7:-}" | sed "s|__URI__|$3|" >"$scratch/scenario.xml"
  sipp_code=0
  (cd "$scratch" && sipp "127.0.0.1:$2" -i "$1" -m 1 -sf scenario.xml -nostdin -timeout 6 -timeout_error -trace_err \
    -error_file sipp.err -trace_msg -message_file sipp.msg >sipp.out 2>&1) || sipp_code=$?
  if [ "$sipp_code" -ne 0 ]; then
    complain "$1 called $3 and did not get $4 with Reason $5"
    for saw in "$scratch/sipp.msg" "$scratch/sipp.err" "$scratch/sipp.out"; do
      [ ! -f "$saw" ] || head -n 25 "$saw" | sed 's/^/# SIPp saw: /'
    done
  fi
  rm -f "$scratch/sipp.msg" "$scratch/sipp.err"
}
