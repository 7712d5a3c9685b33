/* SPDX-License-Identifier: ISC
 *
 * librmd: may a call from this provider be accepted? The one installed header, written as the manual.
 * It declares what a switch needs to ask; nothing here writes, downloads or logs.
 *
 * USAGE, WHATEVER THE THREADING
 *   Threads:  one handle serves all threads of a process; every function below may be called at the same
 *             time on the same handle, except rmd_close, which must be the last.
 *   Fork:     a handle works in the parent and in every child, opened before the fork or after it.
 *   Twice:    opening the same snapshot twice in one process is allowed.
 *   Reload:   a new snapshot that rmdsync renames into place is noticed by the next rmd_check, at most a
 *             second later. The old one goes on if the new one is damaged; rmd_info says so. But a walk
 *             opens the file that stands there, and does not begin while that is damaged.
 *   Never overwrite a snapshot in place (cp, wget -O, rsync --inplace): every process that maps it dies of
 *   SIGBUS. Rename a new file over it.
 *
 *   struct rmd *rmd;
 *   struct rmd_query query = RMD_QUERY_INIT;
 *   struct rmd_answer answer = RMD_ANSWER_INIT;
 *
 *   rmd_open(NULL, &rmd);                       // a bad status is told again by every check
 *   query.provider = "0021441233";
 *   query.provider_length = 10;
 *   rmd_check(rmd, &query, &answer);            // answer is filled whatever the status is
 *   if (answer.verdict == RMD_REFUSE) ...       // accept, may-block and unknown are yours to weigh
 *   rmd_close(rmd);
 *
 * A STATUS NEVER CARRIES A VERDICT: on any failure the answer is still filled, with RMD_UNKNOWN. A call to
 * 911 is accepted with a NULL handle too. The answer is evidence with a citation; the carrier decides.
 *
 * All text goes in as pointer and length (it need not end in NUL) and comes out copied. All times are
 * seconds since 1970-01-01T00:00:00Z. Structs that you allocate begin with their size, set by the INIT
 * macro: a program built against an older header goes on working with a newer library.
 */
#ifndef RMD_H
#define RMD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the library answers about itself: did the question reach the data? Zero or negative. */
enum rmd_status {
	RMD_OK = 0,
	RMD_ERROR_ARGUMENT = -1, /* a NULL that must not be, a size that no version has had */
	RMD_ERROR_NO_DATA = -2,  /* no snapshot at that path */
	RMD_ERROR_DAMAGED = -3,  /* the snapshot is shortened, or its contents contradict each other */
	RMD_ERROR_FORMAT = -4,   /* the snapshot was written by a newer rmdsync */
	RMD_ERROR_MEMORY = -5,
	RMD_ERROR_SYSTEM = -6,   /* the operating system refused, no permission for one; rmd_open leaves errno */
	RMD_ERROR_TOO_LONG = -7, /* a buffer that you gave is too small */
	RMD_ERROR_NO_NAMES = -8  /* the snapshot was written by an older rmdsync, and has no names to search */
};

/* What to do with the call. */
enum rmd_verdict { RMD_UNKNOWN = 0, RMD_ACCEPT = 1, RMD_REFUSE = 2, RMD_MAY_BLOCK = 3 };

/* Why, in the order in which the rules are tried. The names (rmd_reason_name) are stable words. */
enum rmd_reason {
	RMD_REASON_NONE = 0,
	RMD_REASON_EMERGENCY_CALL,
	RMD_REASON_PUBLIC_SAFETY_CALLER,
	RMD_REASON_NO_DATA,
	RMD_REASON_BAD_KEY,
	RMD_REASON_NO_SUCH_NAME,
	RMD_REASON_NO_SUCH_PEER,
	RMD_REASON_AMBIGUOUS,
	RMD_REASON_BLOCKING_ORDER,
	RMD_REASON_REMOVED_BY_ORDER,
	RMD_REASON_BEFORE_HISTORY,
	RMD_REASON_STALE,
	RMD_REASON_RULE_NOT_APPLICABLE,
	RMD_REASON_DELISTED,
	RMD_REASON_MISSING_UNCONFIRMED,
	RMD_REASON_ALIAS_ONLY,
	RMD_REASON_ROW_QUARANTINED,
	RMD_REASON_NOT_LISTED,
	RMD_REASON_NOT_CERTIFIED,
	RMD_REASON_ROLE_MISMATCH,
	RMD_REASON_FINAL_DETERMINATION_PENDING,
	RMD_REASON_NOTICE_MATURED,
	RMD_REASON_LISTED
};

/* What else is worth knowing. A flag is never a verdict. Bits of rmd_answer.flags. */
enum rmd_flag {
	RMD_FLAG_STALE = 1 << 0,
	RMD_FLAG_RECERTIFICATION_OVERDUE = 1 << 1,
	RMD_FLAG_ROLE_UNKNOWN = 1 << 2,
	RMD_FLAG_ROLE_MISMATCH = 1 << 3,
	RMD_FLAG_STILL_LISTED = 1 << 4,
	RMD_FLAG_RELISTED = 1 << 5,
	RMD_FLAG_REMOVAL_PENDING = 1 << 6,
	RMD_FLAG_NOTICE_OPEN = 1 << 7,
	RMD_FLAG_NOTIFY_FCC_FIRST = 1 << 8,
	RMD_FLAG_MULTIPLE_FILINGS = 1 << 9,
	RMD_FLAG_LOSSY_NAME = 1 << 10,
	RMD_FLAG_ROW_QUARANTINED = 1 << 11
};
#define RMD_FLAG_COUNT 12

/* What the upstream is to you (47 CFR 64.6305(g)). In a set of roles, role R is the bit 1 << R. */
enum rmd_role {
	RMD_ROLE_NONE = 0, /* not given: the role is not tested */
	RMD_ROLE_VSP = 1,
	RMD_ROLE_GATEWAY = 2,
	RMD_ROLE_INTERMEDIATE = 3,
	RMD_ROLE_FOREIGN = 4
};

/* What a filing certifies. */
enum rmd_implementation {
	RMD_IMPLEMENTATION_UNKNOWN = 0, /* no filing decided */
	RMD_IMPLEMENTATION_NOT_CERTIFIED = 1,
	RMD_IMPLEMENTATION_NONE = 2,
	RMD_IMPLEMENTATION_PARTIAL = 3,
	RMD_IMPLEMENTATION_COMPLETE = 4
};

/* How rmd_query.provider is to be read. */
enum rmd_key {
	RMD_KEY_ANY = 0, /* as rmdcheck reads it: "frn:" and the like first, else by its shape */
	RMD_KEY_FRN,     /* 0021441233 or 0021-4412-33 */
	RMD_KEY_RMD,     /* RMD0001410, in any case */
	RMD_KEY_PEER,    /* the name of a peer in peers.conf */
	RMD_KEY_IP,      /* an IPv4 or IPv6 address */
	RMD_KEY_TRUNK,
	RMD_KEY_OCN,
	RMD_KEY_NAME /* a business name; decides only by one exact match that leads to one FRN */
};

#define RMD_TIME_NONE INT64_MIN       /* no such time; in a query: now, by the system's clock */
#define RMD_NUMBER_SIZE 11            /* "RMD0001410" or "0021441233", and the NUL */
#define RMD_NOTICE_SIZE 64            /* a document's number, cut where it is longer, and the NUL */
#define RMD_DATE_SIZE 11              /* "2026-03-02", and the NUL */
#define RMD_PEER_SIZE 200             /* a peer's name, trunk or prefix, cut where it is longer, and the NUL */
#define RMD_TITLE_SIZE 256            /* a document's title, cut where it is longer, and the NUL */
#define RMD_DIGEST_SIZE 65            /* SHA-256 in hexadecimal, and the NUL */
#define RMD_SOURCE_SIZE 256           /* a source's address, cut where it is longer, and the NUL */
#define RMD_NAME_SIZE 256             /* a name in a search, cut where it is longer, and the NUL */
#define RMD_FILING_BUFFER_SIZE 131072 /* holds the text of any filing; see rmd_filing.buffer */

struct rmd;           /* a snapshot directory's current snapshot */
struct rmd_history;   /* a walk through the history of one provider */
struct rmd_notices;   /* a walk through documents of the FCC */
struct rmd_filings;   /* a walk through all filings */
struct rmd_peers;     /* a walk through the operator's peers */
struct rmd_providers; /* a walk through all keys of providers */
struct rmd_search;    /* a walk through what a search found */

struct rmd_query {
	size_t size;
	const char *provider; /* who hands you the call; over 480 bytes are a malformed key */
	size_t provider_length;
	enum rmd_key key;
	enum rmd_role role; /* goes before the peer's own */
	const char *caller; /* caller ID: digits with or without +, a sip: or tel: URI; NULL: not known */
	size_t caller_length;
	const char *called; /* called number, likewise, or urn:service:sos */
	size_t called_length;
	int64_t at;  /* answer as data and law stood then; RMD_TIME_NONE: now */
	int64_t now; /* the present; RMD_TIME_NONE: by the system's clock */
};
#define RMD_QUERY_INIT                                                                                               \
	{                                                                                                            \
		sizeof(struct rmd_query), NULL, 0, RMD_KEY_ANY, RMD_ROLE_NONE, NULL, 0, NULL, 0, RMD_TIME_NONE,      \
			RMD_TIME_NONE                                                                                \
	}

/* One row of the database, whole. Text fields point into the buffer that you gave and end in NUL; they are
 * "" where the column is blank. The text is the FCC's, in UTF-8, and can hold anything: escape it before a
 * terminal or a page sees it. */
struct rmd_filing {
	size_t size;
	char *buffer;       /* in: yours, for the text; RMD_FILING_BUFFER_SIZE bytes always suffice */
	size_t buffer_size; /* in */
	int listed;         /* 1: in the database at the instant asked; 0: vanished, this is its last state */
	char rmd_number[RMD_NUMBER_SIZE];
	char frn[RMD_NUMBER_SIZE]; /* "" where the filing has none */
	enum rmd_implementation implementation;
	unsigned roles;       /* set of enum rmd_role: vsp, gateway, intermediate */
	int foreign_provider; /* 1 yes, 0 no, -1 blank */
	char last_updated[RMD_DATE_SIZE];
	char last_recertified[RMD_DATE_SIZE];
	int64_t first_seen; /* the check that first had this filing */
	int64_t since;      /* the check since which it is listed, or missing */
	const char *business_name;
	const char *business_address;
	const char *country;
	const char *other_frns;
	const char *other_dba_names;
	const char *previous_dba_names;
	const char *contact_name;
	const char *contact_title;
	const char *contact_department;
	const char *contact_business_address;
	const char *contact_country;
	const char *contact_telephone_number;
	const char *contact_phone_extension;
	const char *filing_url;
};
#define RMD_FILING_INIT                                                                                              \
	{                                                                                                            \
		sizeof(struct rmd_filing), NULL, 0, 0, "", "", RMD_IMPLEMENTATION_UNKNOWN, 0, 0, "", "",             \
			RMD_TIME_NONE, RMD_TIME_NONE, "", "", "", "", "", "", "", "", "", "", "", "", "", ""         \
	}

struct rmd_answer {
	size_t size;
	enum rmd_verdict verdict;
	enum rmd_reason reason;
	unsigned flags;                         /* set of enum rmd_flag */
	const char *citation;                   /* the paragraph that decides; never NULL, valid for ever */
	char rmd_number[RMD_NUMBER_SIZE];       /* the filing that decided, "" where none did */
	char frn[RMD_NUMBER_SIZE];              /* the provider's FRN, "" where not known */
	enum rmd_role role;                     /* the role that was judged */
	enum rmd_implementation implementation; /* of the deciding filing */
	unsigned roles;                         /* of the deciding filing, set of enum rmd_role */
	int64_t effective_at; /* since when the deciding fact holds: the check that missed the filing, ... */
	int64_t at;           /* the instant judged */
	int64_t checked_at;   /* the last good check of the source at or before it; while a rollback serves, the one
				 that its data are from */
	int64_t data_age;     /* seconds from that to `at`, or to now for a later `at`; RMD_TIME_NONE: not known */
	uint32_t generation;  /* of the data that answered; 0 without data */
	char notice[RMD_NOTICE_SIZE]; /* the FCC document that decided, "" where none did */
	struct rmd_filing *filing;    /* in: NULL, or where to put the deciding filing, whole (this reads a
					 B-tree under a lock: leave it NULL in the path of a call) */
	unsigned step;                /* of the rules, 1 to 15: the first whose test held; see rmd_step_text */
};
#define RMD_ANSWER_INIT                                                                                              \
	{                                                                                                            \
		sizeof(struct rmd_answer), RMD_UNKNOWN, RMD_REASON_NONE, 0, "", "", "", RMD_ROLE_NONE,               \
			RMD_IMPLEMENTATION_UNKNOWN, 0, RMD_TIME_NONE, RMD_TIME_NONE, RMD_TIME_NONE, RMD_TIME_NONE,   \
			0, "", NULL, 0                                                                               \
	}

struct rmd_info {
	size_t size;
	enum rmd_status status;        /* of the snapshot that answers */
	enum rmd_status reload_status; /* of the last attempt to adopt a newer one */
	uint32_t format;               /* of the file */
	uint32_t generation;
	int64_t checked_at;       /* the last good check of the source; after a rollback that of its data */
	int64_t changed_at;       /* the last run that changed anything */
	int64_t first_checked_at; /* where the history begins */
	int64_t max_age;          /* seconds; older data is stale */
	uint64_t filings;         /* listed now */
	uint64_t not_certified;   /* of those, how many say N/A */
	uint64_t vanished;        /* known to the history, not listed now */
	uint64_t quarantined;     /* rows of the last file that could not be understood */
	uint64_t events;          /* in the history */
	uint64_t notices;         /* documents of the FCC in the register */
	uint64_t peers;           /* of the operator */
	char source[RMD_SOURCE_SIZE];
	char digest[RMD_DIGEST_SIZE]; /* of the last file, decoded */
};
#define RMD_INFO_INIT                                                                                                \
	{                                                                                                            \
		sizeof(struct rmd_info), RMD_ERROR_NO_DATA, RMD_OK, 0, 0, RMD_TIME_NONE, RMD_TIME_NONE,              \
			RMD_TIME_NONE, 0, 0, 0, 0, 0, 0, 0, 0, "", ""                                                \
	}

enum rmd_event_kind { RMD_EVENT_ADDED = 1, RMD_EVENT_CHANGED = 2, RMD_EVENT_VANISHED = 3, RMD_EVENT_RELISTED = 4 };

/* One thing that happened to one filing. */
struct rmd_event {
	size_t size;
	enum rmd_event_kind kind;
	char rmd_number[RMD_NUMBER_SIZE];
	int64_t at; /* the check that saw it, or the rollback that did it */
	uint32_t generation;
	uint32_t fields; /* for changed and relisted: the set of columns that differ, bits of rmd_field_name */
	char digest[RMD_DIGEST_SIZE]; /* of the file that proves it */
	int rollback; /* 1: no news of the FCC's; rmdsync --rollback made an older generation serve again */
};
#define RMD_EVENT_INIT                                                                                               \
	{                                                                                                            \
		sizeof(struct rmd_event), RMD_EVENT_ADDED, "", RMD_TIME_NONE, 0, 0, "", 0                            \
	}

/* What a document of the FCC is (47 CFR 64.1200(k)(4), (n); 64.6305(g)). */
enum rmd_notice_kind {
	RMD_NOTICE_LETTER = 1, /* "notice": 48 hours and 14 days begin */
	RMD_NOTICE_PUBLIC,     /* every provider may block */
	RMD_NOTICE_INITIAL_DETERMINATION,
	RMD_NOTICE_FINAL_DETERMINATION, /* everybody must block, 30 days after its release */
	RMD_NOTICE_REMOVAL,             /* from the database */
	RMD_NOTICE_REINSTATEMENT
};

/* One document of the register, with what follows from it. RMD_TIME_NONE: that does not. */
struct rmd_notice {
	size_t size;
	enum rmd_notice_kind kind;
	char id[RMD_NOTICE_SIZE];
	int64_t issued;
	int64_t effective;      /* orders: refuse from here on; public notice: may block; reinstatement: lifts */
	int64_t after_48_hours; /* letter: may block from here on, unless mitigated */
	int64_t after_14_days;  /* letter: may block from here on, unless measures were taken */
	int64_t mitigated;      /* on record by the operator, as the next three */
	int64_t measures;
	int64_t fcc_notified;
	int64_t blocking_began;
	int64_t lifted;               /* of an order, for the provider asked for: by a reinstatement */
	int64_t relisted;             /* of a removal, likewise: the check that had the provider again */
	uint32_t providers;           /* that it names by a key; others change no verdict */
	char digest[RMD_DIGEST_SIZE]; /* SHA-256 of its file in the register */
	char title[RMD_TITLE_SIZE];   /* the FCC's or the operator's text: escape it before you show it */
	char source[RMD_SOURCE_SIZE];
};
#define RMD_NOTICE_INIT                                                                                              \
	{                                                                                                            \
		sizeof(struct rmd_notice), RMD_NOTICE_LETTER, "", RMD_TIME_NONE, RMD_TIME_NONE, RMD_TIME_NONE,       \
			RMD_TIME_NONE, RMD_TIME_NONE, RMD_TIME_NONE, RMD_TIME_NONE, RMD_TIME_NONE, RMD_TIME_NONE,    \
			RMD_TIME_NONE, 0, "", "", ""                                                                 \
	}

/* One thing that the operator calls a peer by. Each peer comes as its name first (RMD_KEY_PEER), then its prefixes
 * (RMD_KEY_IP), trunks and OCNs as peers.conf has them. */
struct rmd_peer {
	size_t size;
	char name[RMD_PEER_SIZE];         /* of the peer */
	char rmd_number[RMD_NUMBER_SIZE]; /* the operator gave one of these two; the other is "" */
	char frn[RMD_NUMBER_SIZE];
	enum rmd_role role;
	enum rmd_key key;
	char value[RMD_PEER_SIZE]; /* "192.0.2.0/24", "2001:db8::1", "TG-1042", "123A" */
};
#define RMD_PEER_INIT                                                                                                \
	{                                                                                                            \
		sizeof(struct rmd_peer), "", "", "", RMD_ROLE_NONE, RMD_KEY_PEER, ""                                 \
	}

/* One FRN or RMD number that the snapshot knows anything of. */
struct rmd_provider {
	size_t size;
	enum rmd_key key;           /* RMD_KEY_FRN or RMD_KEY_RMD */
	char text[RMD_NUMBER_SIZE]; /* "0021441233", "RMD0001410" */
};
#define RMD_PROVIDER_INIT                                                                                            \
	{                                                                                                            \
		sizeof(struct rmd_provider), RMD_KEY_FRN, ""                                                         \
	}

/* What a name is to its filing. */
enum rmd_name_kind { RMD_NAME_BUSINESS = 1, RMD_NAME_DBA, RMD_NAME_PREVIOUS };

/* In which ways a name on file differs from the one searched for. Bits of rmd_candidate.differences. */
enum rmd_difference {
	RMD_DIFFERENCE_WRITING = 1 << 0,    /* case, accents, punctuation */
	RMD_DIFFERENCE_LEGAL_FORM = 1 << 1, /* "LLC", "Inc." */
	RMD_DIFFERENCE_SPACES = 1 << 2,
	RMD_DIFFERENCE_WORD_ORDER = 1 << 3,
	RMD_DIFFERENCE_LOST_CHARACTER = 1 << 4, /* U+FFFD, taken for any one character */
	RMD_DIFFERENCE_TYPING = 1 << 5,
	RMD_DIFFERENCE_WORDS_LEFT_OUT = 1 << 6, /* the search lacks words of the name, or their ends */
	RMD_DIFFERENCE_WORDS_ADDED = 1 << 7     /* the name lacks words of the search */
};
#define RMD_DIFFERENCE_COUNT 8

/* A filing that a search proposes. The names are the filer's own text: escape them before you show them. */
struct rmd_candidate {
	size_t size;
	/* 100: the same name but for the way it is written; 30 at least, or 50 where letters differ */
	unsigned score;
	char rmd_number[RMD_NUMBER_SIZE];
	char frn[RMD_NUMBER_SIZE]; /* "" where the filing has none */
	int listed;                /* 0: vanished */
	enum rmd_name_kind kind;   /* of the name that matched */
	unsigned differences;      /* set of enum rmd_difference; 0: letter by letter the same */
	unsigned typing_errors;
	char name[RMD_NAME_SIZE]; /* that matched */
	char business_name[RMD_NAME_SIZE];
};
#define RMD_CANDIDATE_INIT                                                                                           \
	{                                                                                                            \
		sizeof(struct rmd_candidate), 0, "", "", 0, RMD_NAME_BUSINESS, 0, 0, "", ""                          \
	}

/* Opens the snapshot rmd.mdb in a state directory. `directory` NULL: the one chosen when rmdsync was built.
 * A relative one counts from the working directory of this call. Whoever closes descriptors that it does not know
 * does so before this call.
 * *rmd is set even when there is no snapshot, or a damaged one, and adopts a good one as soon as it appears;
 * it is NULL after RMD_ERROR_ARGUMENT and RMD_ERROR_MEMORY only. Status: any. Since 0.1. */
enum rmd_status
rmd_open(const char *directory, struct rmd **rmd);

/* Opens the snapshot of one generation: the current one, or one that rmdsync keeps beside it. The handle answers from
 * it for good, and adopts no other. *rmd is NULL unless RMD_OK; RMD_ERROR_NO_DATA: that generation is not kept. Since
 * 0.1.
 */
enum rmd_status
rmd_open_generation(const char *directory, uint32_t generation, struct rmd **rmd);

/* Ends a handle. NULL is allowed. No other call on it may be under way. Since 0.1. */
void
rmd_close(struct rmd *rmd);

/* Answers one question; the rules are those of 47 CFR 64.6305(g) and 64.1200(k), (n), in the order of enum
 * rmd_reason. Takes no lock and allocates nothing, but to adopt a new snapshot, or where the provider is a business
 * name, query->at lies in the past or answer->filing is set. Status: RMD_OK (also for a key that is malformed:
 * RMD_REASON_BAD_KEY), RMD_ERROR_ARGUMENT (query or answer NULL or of no known size: then nothing is filled; a role
 * or key that is none of the enumeration: then the answer is unknown, but to a call to 911), or why there is no data
 * (NO_DATA, DAMAGED, FORMAT, SYSTEM, MEMORY), or RMD_ERROR_TOO_LONG (the filing did not fit; the verdict stands).
 * Since 0.1. */
enum rmd_status
rmd_check(struct rmd *rmd, const struct rmd_query *query, struct rmd_answer *answer);

/* Tells what the answers rest on; looks for a newer snapshot first. Status: as rmd_open. Since 0.1. */
enum rmd_status
rmd_info(struct rmd *rmd, struct rmd_info *info);

/* Walks through everything that happened to the filings of one provider, oldest first for each filing. `provider` as
 * in rmd_query with RMD_KEY_ANY. The walk keeps the snapshot that it began with. *history is NULL unless RMD_OK. A
 * provider that the history does not know gives a walk without events; a malformed key RMD_ERROR_ARGUMENT. Not for
 * two threads at the same time. Since 0.1. */
enum rmd_status
rmd_history_open(struct rmd *rmd, const char *provider, size_t length, struct rmd_history **history);

/* Walks likewise through what happened to all filings in the generations after `generation`, in the order of their
 * RMD numbers, oldest first for each: what an older copy of the data has to catch up with. A generation that is not
 * over yet gives a walk without events. The same terms as those of rmd_history_open. Since 0.1. */
enum rmd_status
rmd_history_open_since(struct rmd *rmd, uint32_t generation, struct rmd_history **history);

/* The next event: 1 and *event filled, 0 at the end, negative: an rmd_status. Since 0.1. */
int
rmd_history_next(struct rmd_history *history, struct rmd_event *event);

/* Ends a walk. NULL is allowed. May come after rmd_close. Since 0.1. */
void
rmd_history_close(struct rmd_history *history);

/* Walks through the documents that name one provider, by `provider` as in rmd_history_open, or, with NULL, through
 * the whole register; in the order of their numbers. A name that leads to several providers gives a walk without
 * documents. The same terms as those of rmd_history_open. Since 0.1. */
enum rmd_status
rmd_notices_open(struct rmd *rmd, const char *provider, size_t length, struct rmd_notices **notices);

/* The next document: 1 and *notice filled, 0 at the end, negative: an rmd_status. Since 0.1. */
int
rmd_notices_next(struct rmd_notices *notices, struct rmd_notice *notice);

/* Ends a walk. NULL is allowed. May come after rmd_close. Since 0.1. */
void
rmd_notices_close(struct rmd_notices *notices);

/* Walks through every filing that the snapshot knows, vanished ones too, in the order of their RMD numbers. The walk
 * keeps the snapshot that it began with. *filings is NULL unless RMD_OK. Not for two threads at the same time. Since
 * 0.1. */
enum rmd_status
rmd_filings_open(struct rmd *rmd, struct rmd_filings **filings);

/* The next filing: 1 and *filing filled, 0 at the end, negative: an rmd_status, RMD_ERROR_TOO_LONG for a buffer that
 * is too small (the walk goes on behind that filing). Since 0.1. */
int
rmd_filings_next(struct rmd_filings *filings, struct rmd_filing *filing);

/* Ends a walk. NULL is allowed. May come after rmd_close. Since 0.1. */
void
rmd_filings_close(struct rmd_filings *filings);

/* Walks through the operator's peers. The walk keeps the snapshot that it began with. *peers is NULL unless RMD_OK.
 * Not for two threads at the same time. Since 0.1. */
enum rmd_status
rmd_peers_open(struct rmd *rmd, struct rmd_peers **peers);

/* The next name, prefix, trunk or OCN: 1 and *peer filled, 0 at the end, negative: an rmd_status. Since 0.1. */
int
rmd_peers_next(struct rmd_peers *peers, struct rmd_peer *peer);

/* Ends a walk. NULL is allowed. May come after rmd_close. Since 0.1. */
void
rmd_peers_close(struct rmd_peers *peers);

/* Walks through every FRN and RMD number that can have another answer than one that nobody has ever seen: of listed
 * and vanished filings, in other filings' other_frns, in documents of the FCC, in rows that could not be understood.
 * FRNs first, then RMD numbers, ascending. What rmd_check says of each is for rmd_check to say. The walk keeps the
 * snapshot that it began with. *providers is NULL unless RMD_OK. Not for two threads at the same time. Since 0.1. */
enum rmd_status
rmd_providers_open(struct rmd *rmd, struct rmd_providers **providers);

/* The next key: 1 and *provider filled, 0 at the end, negative: an rmd_status. Since 0.1. */
int
rmd_providers_next(struct rmd_providers *providers, struct rmd_provider *provider);

/* Ends a walk. NULL is allowed. May come after rmd_close. Since 0.1. */
void
rmd_providers_close(struct rmd_providers *providers);

/* Looks for filings whose business, DBA or previous name is like `text`, the likeliest first: words in any order,
 * with typing errors, whatever the legal form. ADVICE ONLY: no verdict may rest on it, whatever the score; ask
 * rmd_check by FRN or RMD number once a person has chosen. Letters beyond ASCII are compared as they are: fold them
 * as rmdcheck does. *search is NULL unless RMD_OK; RMD_ERROR_ARGUMENT for a text without a letter or digit, and for
 * one of over 480 bytes; RMD_ERROR_NO_NAMES until the first run of a newer rmdsync. What was found stays until it is
 * closed. Not for two threads at the same time. Since 0.1. */
enum rmd_status
rmd_search(struct rmd *rmd, const char *text, size_t length, struct rmd_search **search);

/* The next candidate: 1 and *candidate filled, 0 at the end, negative: an rmd_status. Since 0.1. */
int
rmd_search_next(struct rmd_search *search, struct rmd_candidate *candidate);

/* Ends a search. NULL is allowed. May come after rmd_close. Since 0.1. */
void
rmd_search_close(struct rmd_search *search);

/* The stable words of the enumerations, for ever valid; "" for a value that has none. Since 0.1. */
const char *
rmd_verdict_name(enum rmd_verdict verdict);
const char *
rmd_reason_name(enum rmd_reason reason);
const char *
rmd_flag_name(enum rmd_flag flag); /* of one bit */
const char *
rmd_role_name(enum rmd_role role);
const char *
rmd_implementation_name(enum rmd_implementation implementation);
const char *
rmd_event_name(enum rmd_event_kind kind);
const char *
rmd_notice_name(enum rmd_notice_kind kind);
const char *
rmd_name_kind_name(enum rmd_name_kind kind);
const char *
rmd_difference_name(enum rmd_difference difference); /* of one bit */
const char *
rmd_field_name(unsigned bit); /* of bit 0, 1, ... of rmd_event.fields: the column's name */

/* A sentence for a person: what the reason means. Never NULL. Since 0.1. */
const char *
rmd_reason_text(enum rmd_reason reason);

/* What one flag tells a person, in words that begin small and end without a full stop; "" for what is no single flag.
 * Valid for ever; unlike the stable words it may be said better one day. Since 0.1. */
const char *
rmd_flag_text(enum rmd_flag flag);

/* What that step of the rules asks, as a question for a person: rmd_answer.step tells at which one it was answered
 * with yes. Never NULL. Since 0.1. */
const char *
rmd_step_text(unsigned step);

/* A sentence for a person. Never NULL. Since 0.1. */
const char *
rmd_strerror(enum rmd_status status);

/* The library's version, "0.1.0". Since 0.1. */
const char *
rmd_version(void);

#ifdef __cplusplus
}
#endif

#endif
