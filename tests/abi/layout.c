/* SPDX-License-Identifier: ISC
 *
 * Where the fields of the public structs lie on a 64-bit machine. They stay there: a new field goes behind the last
 * one, and its line behind the last one of layout.list.
 */
#include <rmd.h>
#include <stdio.h>

#define FIELD(type, field) printf(#type "." #field " %zu\n", offsetof(struct type, field))
#define SIZE(type) printf(#type " %zu\n", sizeof(struct type))

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
	SIZE(rmd_answer);
	FIELD(rmd_info, status);
	FIELD(rmd_info, digest);
	SIZE(rmd_info);
	FIELD(rmd_event, kind);
	FIELD(rmd_event, digest);
	SIZE(rmd_event);
	FIELD(rmd_filing, buffer);
	FIELD(rmd_filing, listed);
	FIELD(rmd_filing, business_name);
	FIELD(rmd_filing, filing_url);
	SIZE(rmd_filing);
	return 0;
}
