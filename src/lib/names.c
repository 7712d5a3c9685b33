/* SPDX-License-Identifier: ISC
 *
 * The stable words and the sentences of the enumerations. Words once published never change. No rule may enter: what
 * a reason is called and means is read from the table of rules.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stddef.h>

#include "cache/filing.h"
#include "lib/rules.h"
#include "rmd.h"

/* What stands at `index`; "" where the table has nothing there. */
static const char *
text_at(const char *const table[], size_t count, size_t index)
{
	return index < count && table[index] != NULL ? table[index] : "";
}
#define TEXT_AT(table, index) text_at(table, sizeof table / sizeof table[0], (size_t)(index))

const char *
rmd_verdict_name(enum rmd_verdict verdict)
{
	static const char *const names[] = {
		[RMD_UNKNOWN] = "unknown",
		[RMD_ACCEPT] = "accept",
		[RMD_REFUSE] = "refuse",
		[RMD_MAY_BLOCK] = "may-block",
	};

	return TEXT_AT(names, verdict);
}

const char *
rmd_reason_name(enum rmd_reason reason)
{
	static const char *const names[] = {
#define RULE(step, test, verdict, reason_, word, ...) [reason_] = word,
		RULES(RULE)
#undef RULE
	};

	return TEXT_AT(names, reason);
}

const char *
rmd_reason_text(enum rmd_reason reason)
{
	static const char *const texts[] = {
#define RULE(step, test, verdict, reason_, word, citation, since, sentence) [reason_] = sentence,
		[RMD_REASON_NONE] = "No rule has been tried.", RULES(RULE)
#undef RULE
	};

	return TEXT_AT(texts, reason);
}

const char *
rmd_step_text(unsigned step)
{
	static const char *const texts[] = {
#define STEP(step_, question) [step_] = question,
		[0] = "No rule has been tried.", STEPS(STEP)
#undef STEP
	};

	return step < sizeof texts / sizeof texts[0] ? texts[step] : texts[0];
}

const char *
rmd_notice_name(enum rmd_notice_kind kind)
{
	static const char *const names[] = {
		[RMD_NOTICE_LETTER] = "notice",
		[RMD_NOTICE_PUBLIC] = "public-notice",
		[RMD_NOTICE_INITIAL_DETERMINATION] = "initial-determination",
		[RMD_NOTICE_FINAL_DETERMINATION] = "final-determination",
		[RMD_NOTICE_REMOVAL] = "removal",
		[RMD_NOTICE_REINSTATEMENT] = "reinstatement",
	};

	return TEXT_AT(names, kind);
}

static const struct flag_words {
	enum rmd_flag flag;
	const char *name, *text;
} flags[RMD_FLAG_COUNT] = {
	{ RMD_FLAG_STALE, "stale", "the data is older than the operator allows" },
	{ RMD_FLAG_RECERTIFICATION_OVERDUE, "recertification-overdue",
	  "the filing was not recertified by the last due day (March 1); that alone forbids nothing" },
	{ RMD_FLAG_ROLE_UNKNOWN, "role-unknown",
	  "the filing names no role; it counts as a voice service provider's" },
	{ RMD_FLAG_ROLE_MISMATCH, "role-mismatch",
	  "the filing does not certify this role; let through by the operator's policy" },
	{ RMD_FLAG_STILL_LISTED, "still-listed", "removed by order, but the row is still served" },
	{ RMD_FLAG_RELISTED, "relisted", "it was removed or had vanished, and came back" },
	{ RMD_FLAG_REMOVAL_PENDING, "removal-pending", "a removal order is released and not yet in effect" },
	{ RMD_FLAG_NOTICE_OPEN, "notice-open", "the clock of an FCC notice is running" },
	{ RMD_FLAG_NOTIFY_FCC_FIRST, "notify-fcc-first", "block only after the FCC has been notified" },
	{ RMD_FLAG_MULTIPLE_FILINGS, "multiple-filings", "more than one filing stands under this FRN" },
	{ RMD_FLAG_LOSSY_NAME, "lossy-name", "the FCC's export has lost characters of the name shown" },
	{ RMD_FLAG_ROW_QUARANTINED, "row-quarantined",
	  "the last file's row could not be understood; judged by an older one" },
};

static const struct flag_words *
flag_words(enum rmd_flag flag)
{
	static const struct flag_words none = { (enum rmd_flag)0, "", "" };

	for (size_t i = 0; i < RMD_FLAG_COUNT; i++)
		if (flags[i].flag == flag)
			return &flags[i];
	return &none;
}

const char *
rmd_flag_name(enum rmd_flag flag)
{
	return flag_words(flag)->name;
}

const char *
rmd_flag_text(enum rmd_flag flag)
{
	return flag_words(flag)->text;
}

const char *
rmd_role_name(enum rmd_role role)
{
	static const char *const names[] = {
		[RMD_ROLE_VSP] = "vsp",
		[RMD_ROLE_GATEWAY] = "gateway",
		[RMD_ROLE_INTERMEDIATE] = "intermediate",
		[RMD_ROLE_FOREIGN] = "foreign",
	};

	return TEXT_AT(names, role);
}

const char *
rmd_implementation_name(enum rmd_implementation implementation)
{
	static const char *const names[] = {
		[RMD_IMPLEMENTATION_UNKNOWN] = "unknown",   [RMD_IMPLEMENTATION_NOT_CERTIFIED] = "not-certified",
		[RMD_IMPLEMENTATION_NONE] = "none",         [RMD_IMPLEMENTATION_PARTIAL] = "partial",
		[RMD_IMPLEMENTATION_COMPLETE] = "complete",
	};

	return TEXT_AT(names, implementation);
}

const char *
rmd_event_name(enum rmd_event_kind kind)
{
	static const char *const names[] = {
		[RMD_EVENT_ADDED] = "added",
		[RMD_EVENT_CHANGED] = "changed",
		[RMD_EVENT_VANISHED] = "vanished",
		[RMD_EVENT_RELISTED] = "relisted",
	};

	return TEXT_AT(names, kind);
}

const char *
rmd_name_kind_name(enum rmd_name_kind kind)
{
	static const char *const names[] = {
		[RMD_NAME_BUSINESS] = "business",
		[RMD_NAME_DBA] = "dba",
		[RMD_NAME_PREVIOUS] = "previous",
	};

	return TEXT_AT(names, kind);
}

const char *
rmd_difference_name(enum rmd_difference difference)
{
	switch (difference) {
	case RMD_DIFFERENCE_WRITING:
		return "writing";
	case RMD_DIFFERENCE_LEGAL_FORM:
		return "legal-form";
	case RMD_DIFFERENCE_SPACES:
		return "spaces";
	case RMD_DIFFERENCE_WORD_ORDER:
		return "word-order";
	case RMD_DIFFERENCE_LOST_CHARACTER:
		return "lost-character";
	case RMD_DIFFERENCE_TYPING:
		return "typing";
	case RMD_DIFFERENCE_WORDS_LEFT_OUT:
		return "words-left-out";
	case RMD_DIFFERENCE_WORDS_ADDED:
		return "words-added";
	}
	return "";
}

const char *
rmd_field_name(unsigned bit)
{
	return bit < COLUMN_COUNT ? column_definitions[bit].name : "";
}

const char *
rmd_strerror(enum rmd_status status)
{
	switch (status) {
	case RMD_OK:
		return "no error";
	case RMD_ERROR_ARGUMENT:
		return "an argument is missing, or of a size that no version has had";
	case RMD_ERROR_NO_DATA:
		return "there is no snapshot of the database";
	case RMD_ERROR_DAMAGED:
		return "the snapshot of the database is damaged";
	case RMD_ERROR_FORMAT:
		return "the snapshot of the database was written by a newer version";
	case RMD_ERROR_MEMORY:
		return "out of memory";
	case RMD_ERROR_SYSTEM:
		return "the operating system refused to open the snapshot of the database";
	case RMD_ERROR_TOO_LONG:
		return "the buffer for the answer is too small";
	case RMD_ERROR_NO_NAMES:
		return "the snapshot of the database is of an older version and has no names to search; the next run "
		       "of rmdsync writes them";
	}
	return "unknown error";
}

const char *
rmd_version(void)
{
	return PACKAGE_VERSION;
}
