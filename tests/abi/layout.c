/* SPDX-License-Identifier: ISC
 *
 * Where the fields of the public structs lie on a 64-bit machine, and the values of the enumerations. They stay so: a
 * new field goes behind the last one of its struct. Whoever changes layout.list does it on purpose.
 */
#include <rmd.h>
#include <stdio.h>

#define FIELD(type, field) printf(#type "." #field " %zu\n", offsetof(struct type, field))
#define SIZE(type) printf(#type " %zu\n", sizeof(struct type))
#define VALUE(name) printf(#name " %d\n", (int)name)

static void
values(void)
{
	VALUE(RMD_OK);
	VALUE(RMD_ERROR_ARGUMENT);
	VALUE(RMD_ERROR_NO_DATA);
	VALUE(RMD_ERROR_DAMAGED);
	VALUE(RMD_ERROR_FORMAT);
	VALUE(RMD_ERROR_MEMORY);
	VALUE(RMD_ERROR_SYSTEM);
	VALUE(RMD_ERROR_TOO_LONG);
	VALUE(RMD_ERROR_NO_NAMES);
	VALUE(RMD_UNKNOWN);
	VALUE(RMD_ACCEPT);
	VALUE(RMD_REFUSE);
	VALUE(RMD_MAY_BLOCK);
	VALUE(RMD_REASON_NONE);
	VALUE(RMD_REASON_EMERGENCY_CALL);
	VALUE(RMD_REASON_PUBLIC_SAFETY_CALLER);
	VALUE(RMD_REASON_NO_DATA);
	VALUE(RMD_REASON_BAD_KEY);
	VALUE(RMD_REASON_NO_SUCH_NAME);
	VALUE(RMD_REASON_NO_SUCH_PEER);
	VALUE(RMD_REASON_AMBIGUOUS);
	VALUE(RMD_REASON_BLOCKING_ORDER);
	VALUE(RMD_REASON_REMOVED_BY_ORDER);
	VALUE(RMD_REASON_BEFORE_HISTORY);
	VALUE(RMD_REASON_STALE);
	VALUE(RMD_REASON_RULE_NOT_APPLICABLE);
	VALUE(RMD_REASON_DELISTED);
	VALUE(RMD_REASON_MISSING_UNCONFIRMED);
	VALUE(RMD_REASON_ALIAS_ONLY);
	VALUE(RMD_REASON_ROW_QUARANTINED);
	VALUE(RMD_REASON_NOT_LISTED);
	VALUE(RMD_REASON_NOT_CERTIFIED);
	VALUE(RMD_REASON_ROLE_MISMATCH);
	VALUE(RMD_REASON_FINAL_DETERMINATION_PENDING);
	VALUE(RMD_REASON_NOTICE_MATURED);
	VALUE(RMD_REASON_LISTED);
	VALUE(RMD_FLAG_STALE);
	VALUE(RMD_FLAG_RECERTIFICATION_OVERDUE);
	VALUE(RMD_FLAG_ROLE_UNKNOWN);
	VALUE(RMD_FLAG_ROLE_MISMATCH);
	VALUE(RMD_FLAG_STILL_LISTED);
	VALUE(RMD_FLAG_RELISTED);
	VALUE(RMD_FLAG_REMOVAL_PENDING);
	VALUE(RMD_FLAG_NOTICE_OPEN);
	VALUE(RMD_FLAG_NOTIFY_FCC_FIRST);
	VALUE(RMD_FLAG_MULTIPLE_FILINGS);
	VALUE(RMD_FLAG_LOSSY_NAME);
	VALUE(RMD_FLAG_ROW_QUARANTINED);
	VALUE(RMD_ROLE_NONE);
	VALUE(RMD_ROLE_VSP);
	VALUE(RMD_ROLE_GATEWAY);
	VALUE(RMD_ROLE_INTERMEDIATE);
	VALUE(RMD_ROLE_FOREIGN);
	VALUE(RMD_IMPLEMENTATION_UNKNOWN);
	VALUE(RMD_IMPLEMENTATION_NOT_CERTIFIED);
	VALUE(RMD_IMPLEMENTATION_NONE);
	VALUE(RMD_IMPLEMENTATION_PARTIAL);
	VALUE(RMD_IMPLEMENTATION_COMPLETE);
	VALUE(RMD_KEY_ANY);
	VALUE(RMD_KEY_FRN);
	VALUE(RMD_KEY_RMD);
	VALUE(RMD_KEY_PEER);
	VALUE(RMD_KEY_IP);
	VALUE(RMD_KEY_TRUNK);
	VALUE(RMD_KEY_OCN);
	VALUE(RMD_KEY_NAME);
	VALUE(RMD_EVENT_ADDED);
	VALUE(RMD_EVENT_CHANGED);
	VALUE(RMD_EVENT_VANISHED);
	VALUE(RMD_EVENT_RELISTED);
	VALUE(RMD_NOTICE_LETTER);
	VALUE(RMD_NOTICE_PUBLIC);
	VALUE(RMD_NOTICE_INITIAL_DETERMINATION);
	VALUE(RMD_NOTICE_FINAL_DETERMINATION);
	VALUE(RMD_NOTICE_REMOVAL);
	VALUE(RMD_NOTICE_REINSTATEMENT);
	VALUE(RMD_NAME_BUSINESS);
	VALUE(RMD_NAME_DBA);
	VALUE(RMD_NAME_PREVIOUS);
	VALUE(RMD_DIFFERENCE_WRITING);
	VALUE(RMD_DIFFERENCE_LEGAL_FORM);
	VALUE(RMD_DIFFERENCE_SPACES);
	VALUE(RMD_DIFFERENCE_WORD_ORDER);
	VALUE(RMD_DIFFERENCE_LOST_CHARACTER);
	VALUE(RMD_DIFFERENCE_TYPING);
	VALUE(RMD_DIFFERENCE_WORDS_LEFT_OUT);
	VALUE(RMD_DIFFERENCE_WORDS_ADDED);
}

static void
filing_fields(void)
{
	FIELD(rmd_filing, buffer);
	FIELD(rmd_filing, buffer_size);
	FIELD(rmd_filing, listed);
	FIELD(rmd_filing, rmd_number);
	FIELD(rmd_filing, frn);
	FIELD(rmd_filing, implementation);
	FIELD(rmd_filing, roles);
	FIELD(rmd_filing, foreign_provider);
	FIELD(rmd_filing, last_updated);
	FIELD(rmd_filing, last_recertified);
	FIELD(rmd_filing, first_seen);
	FIELD(rmd_filing, since);
	FIELD(rmd_filing, business_name);
	FIELD(rmd_filing, business_address);
	FIELD(rmd_filing, country);
	FIELD(rmd_filing, other_frns);
	FIELD(rmd_filing, other_dba_names);
	FIELD(rmd_filing, previous_dba_names);
	FIELD(rmd_filing, contact_name);
	FIELD(rmd_filing, contact_title);
	FIELD(rmd_filing, contact_department);
	FIELD(rmd_filing, contact_business_address);
	FIELD(rmd_filing, contact_country);
	FIELD(rmd_filing, contact_telephone_number);
	FIELD(rmd_filing, contact_phone_extension);
	FIELD(rmd_filing, filing_url);
	SIZE(rmd_filing);
}

static void
candidate_fields(void)
{
	FIELD(rmd_candidate, score);
	FIELD(rmd_candidate, rmd_number);
	FIELD(rmd_candidate, frn);
	FIELD(rmd_candidate, listed);
	FIELD(rmd_candidate, kind);
	FIELD(rmd_candidate, differences);
	FIELD(rmd_candidate, typing_errors);
	FIELD(rmd_candidate, name);
	FIELD(rmd_candidate, business_name);
	SIZE(rmd_candidate);
}

int
main(void)
{
	FIELD(rmd_query, provider);
	FIELD(rmd_query, provider_length);
	FIELD(rmd_query, key);
	FIELD(rmd_query, role);
	FIELD(rmd_query, caller);
	FIELD(rmd_query, caller_length);
	FIELD(rmd_query, called);
	FIELD(rmd_query, called_length);
	FIELD(rmd_query, at);
	FIELD(rmd_query, now);
	SIZE(rmd_query);
	FIELD(rmd_answer, verdict);
	FIELD(rmd_answer, reason);
	FIELD(rmd_answer, flags);
	FIELD(rmd_answer, citation);
	FIELD(rmd_answer, rmd_number);
	FIELD(rmd_answer, frn);
	FIELD(rmd_answer, role);
	FIELD(rmd_answer, implementation);
	FIELD(rmd_answer, roles);
	FIELD(rmd_answer, effective_at);
	FIELD(rmd_answer, at);
	FIELD(rmd_answer, checked_at);
	FIELD(rmd_answer, data_age);
	FIELD(rmd_answer, generation);
	FIELD(rmd_answer, notice);
	FIELD(rmd_answer, filing);
	FIELD(rmd_answer, step);
	SIZE(rmd_answer);
	FIELD(rmd_info, status);
	FIELD(rmd_info, reload_status);
	FIELD(rmd_info, format);
	FIELD(rmd_info, generation);
	FIELD(rmd_info, checked_at);
	FIELD(rmd_info, changed_at);
	FIELD(rmd_info, first_checked_at);
	FIELD(rmd_info, max_age);
	FIELD(rmd_info, filings);
	FIELD(rmd_info, not_certified);
	FIELD(rmd_info, vanished);
	FIELD(rmd_info, quarantined);
	FIELD(rmd_info, events);
	FIELD(rmd_info, notices);
	FIELD(rmd_info, peers);
	FIELD(rmd_info, source);
	FIELD(rmd_info, digest);
	SIZE(rmd_info);
	FIELD(rmd_event, kind);
	FIELD(rmd_event, rmd_number);
	FIELD(rmd_event, at);
	FIELD(rmd_event, generation);
	FIELD(rmd_event, fields);
	FIELD(rmd_event, digest);
	FIELD(rmd_event, rollback);
	SIZE(rmd_event);
	FIELD(rmd_notice, kind);
	FIELD(rmd_notice, id);
	FIELD(rmd_notice, issued);
	FIELD(rmd_notice, effective);
	FIELD(rmd_notice, after_48_hours);
	FIELD(rmd_notice, after_14_days);
	FIELD(rmd_notice, mitigated);
	FIELD(rmd_notice, measures);
	FIELD(rmd_notice, fcc_notified);
	FIELD(rmd_notice, blocking_began);
	FIELD(rmd_notice, lifted);
	FIELD(rmd_notice, relisted);
	FIELD(rmd_notice, providers);
	FIELD(rmd_notice, digest);
	FIELD(rmd_notice, title);
	FIELD(rmd_notice, source);
	SIZE(rmd_notice);
	FIELD(rmd_peer, name);
	FIELD(rmd_peer, rmd_number);
	FIELD(rmd_peer, frn);
	FIELD(rmd_peer, role);
	FIELD(rmd_peer, key);
	FIELD(rmd_peer, value);
	SIZE(rmd_peer);
	FIELD(rmd_provider, key);
	FIELD(rmd_provider, text);
	SIZE(rmd_provider);
	filing_fields();
	candidate_fields();
	values();
	return 0;
}
