/* SPDX-License-Identifier: ISC
 *
 * One document of the FCC, as the register holds it. How it is written in a file is register.h, what follows from it
 * when is clock.h; the snapshot must not enter.
 */
#ifndef NOTICE_NOTICE_H
#define NOTICE_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

enum notice_kind {
	NOTICE_LETTER = 1, /* "notice": a letter, or a notification of suspected illegal traffic */
	NOTICE_PUBLIC,     /* "public-notice": every provider may block */
	NOTICE_INITIAL_DETERMINATION,
	NOTICE_FINAL_DETERMINATION,
	NOTICE_REMOVAL,
	NOTICE_REINSTATEMENT
};

/* A date, or a date with a time of day. */
struct moment {
	day date;        /* in New York; DAY_NONE: not given */
	int64_t instant; /* of a bare date the beginning of that day */
	bool exact;      /* a time of day was given */
};
#define MOMENT_NONE ((struct moment){ DAY_NONE, TIME_NONE, false })

/* Strings are never NULL; "" is: not given. All belong to the notice. */
struct notice_provider {
	char *name;
	char *address;
	uint64_t frn;    /* 0: none */
	uint32_t number; /* RMD number; 0: none */
	bool matched;    /* the operator put the FRN or RMD number there, not the document */
	struct moment matched_at;
	unsigned line; /* in its file */
};

struct notice_traceback {
	char *customer;
	char *description;
	char *violation;
	char *caller; /* as published, redacted */
	char *called;
	struct moment call;
	struct moment notified;
};

enum notice_response_kind {
	RESPONSE_MITIGATED = 1, /* stops the 48-hour ground */
	RESPONSE_MEASURES,      /* stops the 14-day ground */
	RESPONSE_REPLY          /* changes nothing */
};

struct notice_response {
	enum notice_response_kind kind;
	struct moment at;
};

struct notice {
	char *path;      /* its file, "" where it has none yet */
	char digest[65]; /* SHA-256 of the file, "" where it has none yet */
	char *id;
	enum notice_kind kind;
	struct moment issued; /* of an order its release */
	char *docket;
	char *source;
	char *title;
	char *campaign;
	day respond_by; /* DAY_NONE: none */
	day cease_by;
	struct notice_provider *providers;
	size_t provider_count;
	struct notice_traceback *tracebacks;
	size_t traceback_count;
	struct notice_response *responses;
	size_t response_count;
	struct moment fcc_notified;
	struct moment blocking_began;
};

/* The stable words: "notice", "public-notice", ...; "" for none. And back: 0 for none. */
const char *
notice_kind_name(enum notice_kind kind);
enum notice_kind
notice_kind_parse(struct slice word);

/* "mitigated", "measures", "reply". */
const char *
notice_response_name(enum notice_response_kind kind);
enum notice_response_kind
notice_response_parse(struct slice word);

/* `YYYY-MM-DD` or RFC 3339 with an offset. False, and MOMENT_NONE, when it is anything else. */
bool
moment_parse(struct slice text, struct moment *moment);
/* As it was given: the bare date, or RFC 3339 in New York's offset. "" for none. */
void
moment_format(char text[TIME_TEXT_SIZE], const struct moment *moment);

/* A notice with nothing in it: every string "", every date none. False: no memory. */
bool
notice_begin(struct notice *notice);
/* Another provider, traceback or response, empty, at the end; NULL: no memory, or over LIMIT_NOTICE_*. */
struct notice_provider *
notice_add_provider(struct notice *notice);
struct notice_traceback *
notice_add_traceback(struct notice *notice);
struct notice_response *
notice_add_response(struct notice *notice);
/* Replaces a string of the notice. False: no memory. */
bool
notice_set(char **text, struct slice value);
void
notice_end(struct notice *notice);

#endif
