/* SPDX-License-Identifier: ISC
 *
 * The Kamailio module "rmd": asks librmd about the call in hand. What becomes of the call must not enter: the code is
 * the answer, and the configuration decides.
 *
 *   rmd_check([provider [, called [, caller]]])
 *
 * Without a provider, or with "": the address that the request came from. Without a called number the request's URI,
 * without a caller P-Asserted-Identity or else From. The code is never 0, which would end the script:
 *    1  accept
 *   -1  the question could not be put: a broken message, or no memory
 *   -2  refuse
 *   -3  may-block
 *   -4  unknown, for a reason that has no code of its own
 *   -5  unknown: no-such-peer
 *   -6  unknown: stale
 *   -7  unknown: no-data
 *
 *   modparam("rmd", "directory", "/var/lib/rmd")   where the snapshot is; else where librmd was built to look
 *   modparam("rmd", "why", "$var(rmd_why)")        the variable that gets the word of the reason
 */
#include "../../core/dprint.h"
#include "../../core/ip_addr.h"
#include "../../core/mod_fix.h"
#include "../../core/parser/parse_from.h"
#include "../../core/parser/parse_ppi_pai.h"
#include "../../core/pvar.h"
#include "../../core/sr_module.h"

#include <rmd.h>

#include <stdbool.h>
#include <string.h>

MODULE_VERSION

enum {
	CODE_FAILED = -1,
	CODE_REFUSE = -2,
	CODE_MAY_BLOCK = -3,
	CODE_UNKNOWN = -4,
	CODE_NO_PEER = -5,
	CODE_STALE = -6,
	CODE_NO_DATA = -7
};

static str directory = STR_NULL;
static str why = STR_NULL;
static pv_spec_t why_spec;

/* Of this worker: opened at its first question, by the user that it then is, who must be able to read what comes
 * later as well. */
static struct rmd *handle;

static str
caller_of(struct sip_msg *message)
{
	str none = STR_NULL;

	if (parse_pai_header(message) == 0 && get_pai(message) != NULL && get_pai(message)->num_ids > 0)
		return get_pai(message)->id[0].uri;
	if (parse_from_header(message) != 0)
		return none;
	return get_from(message)->uri;
}

static str
text_of(struct sip_msg *message, void *parameter, str fallback)
{
	str text = STR_NULL;

	if (parameter == NULL || fixup_get_svalue(message, (gparam_t *)parameter, &text) != 0 || text.len == 0)
		return fallback;
	return text;
}

/* librmd knows 911 in every form that a number can have, and +911 is none: nobody else can be meant by it. */
static bool
is_plus_911(str uri)
{
	static const char start[] = "sip:+911";
	size_t length = sizeof start - 1;

	return (size_t)uri.len >= length && memcmp(uri.s, start, length) == 0 &&
	       ((size_t)uri.len == length || strchr("@;", uri.s[length]) != NULL);
}

static int
code_of(const struct rmd_answer *answer)
{
	if (answer->verdict == RMD_ACCEPT)
		return 1;
	if (answer->verdict == RMD_REFUSE)
		return CODE_REFUSE;
	if (answer->verdict == RMD_MAY_BLOCK)
		return CODE_MAY_BLOCK;
	switch (answer->reason) {
	case RMD_REASON_NONE:
		return CODE_FAILED;
	case RMD_REASON_NO_SUCH_PEER:
		return CODE_NO_PEER;
	case RMD_REASON_STALE:
		return CODE_STALE;
	case RMD_REASON_NO_DATA:
		return CODE_NO_DATA;
	default:
		return CODE_UNKNOWN;
	}
}

static void
why_set(struct sip_msg *message, enum rmd_reason reason)
{
	pv_value_t value = { .flags = PV_VAL_STR };

	if (why.len == 0)
		return;
	value.rs.s = (char *)rmd_reason_name(reason);
	value.rs.len = (int)strlen(value.rs.s);
	if (pv_set_spec_value(message, &why_spec, 0, &value) < 0)
		LM_ERR("%.*s cannot be set\n", why.len, why.s);
}

static int
check(struct sip_msg *message, void *provider_parameter, void *called_parameter, void *caller_parameter)
{
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_query query = RMD_QUERY_INIT;
	str address = { ip_addr2a(&message->rcv.src_ip), 0 };
	str provider, called, caller;
	int code;

	address.len = (int)strlen(address.s);
	provider = text_of(message, provider_parameter, address);
	called = text_of(message, called_parameter, *GET_RURI(message));
	caller = text_of(message, caller_parameter, caller_of(message));
	if (provider.s == address.s)
		query.key = RMD_KEY_IP;
	query.provider = provider.s;
	query.provider_length = (size_t)provider.len;
	query.called = called.s;
	query.called_length = (size_t)called.len;
	query.caller = caller.s;
	query.caller_length = (size_t)caller.len;
	if (handle == NULL)
		(void)rmd_open(directory.len > 0 ? directory.s : NULL, &handle); /* rmd_check says what it lacked */
	(void)rmd_check(handle, &query, &answer);
	code = code_of(&answer);
	if (code < 0 && is_plus_911(called)) {
		answer.reason = RMD_REASON_EMERGENCY_CALL;
		code = 1;
	}
	why_set(message, answer.reason);
	return code;
}

static int
check_0(struct sip_msg *message, char *one, char *two)
{
	(void)one;
	(void)two;
	return check(message, NULL, NULL, NULL);
}

static int
check_1(struct sip_msg *message, char *provider, char *two)
{
	(void)two;
	return check(message, provider, NULL, NULL);
}

static int
check_2(struct sip_msg *message, char *provider, char *called)
{
	return check(message, provider, called, NULL);
}

static int
check_3(struct sip_msg *message, char *provider, char *called, char *caller)
{
	return check(message, provider, called, caller);
}

static int
module_begin(void)
{
	if (why.len == 0)
		return 0;
	if (pv_parse_spec(&why, &why_spec) == NULL || why_spec.setf == NULL) {
		LM_ERR("why: %.*s is no variable that can be set\n", why.len, why.s);
		return -1;
	}
	return 0;
}

/* A worker's end. */
static void
module_end(void)
{
	rmd_close(handle);
	handle = NULL;
}

static cmd_export_t commands[] = {
	{ "rmd_check", (cmd_function)check_0, 0, NULL, NULL, REQUEST_ROUTE },
	{ "rmd_check", (cmd_function)check_1, 1, fixup_spve_all, NULL, REQUEST_ROUTE },
	{ "rmd_check", (cmd_function)check_2, 2, fixup_spve_all, NULL, REQUEST_ROUTE },
	{ "rmd_check", (cmd_function)check_3, 3, fixup_spve_all, NULL, REQUEST_ROUTE },
	{ 0, 0, 0, 0, 0, 0 },
};

static param_export_t parameters[] = {
	{ "directory", PARAM_STR, &directory },
	{ "why", PARAM_STR, &why },
	{ 0, 0, 0 },
};

struct module_exports exports = {
	.name = "rmd",
	.dlflags = DEFAULT_DLFLAGS,
	.cmds = commands,
	.params = parameters,
	.init_mod_f = module_begin,
	.destroy_mod_f = module_end,
};
