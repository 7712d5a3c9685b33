/* SPDX-License-Identifier: ISC
 *
 * What stands in the tables of a snapshot beside the filings' own form, byte by byte, and the keys.
 * Every value is length-checked when it is read. LMDB must not enter: that is reader.c and writer.c.
 *
 *   table     key                                  value
 *   filing    RMD number, 4                        lifecycle, 32, and the filing's form (filing.h)
 *   by_frn    FRN, 8; RMD number, 4                link, 8: has this FRN now, or had it until
 *   by_name   folded name; 0; RMD number, 4        nothing
 *   name      RMD number, 4                        the names that it may be searched by, one behind the other
 *   history   RMD number, 4; generation, 4         event, 13, and the filing's form before it, where it differs
 *   run       its instant, 8; run, 4               one good check, changed or not; or a rebuild, a rollback
 *   reject    row of the last file, 4              a quarantined row
 *   peer      its place in peers.conf, 4           what the operator calls an upstream, and what it is
 *   notice    its place in the register, 4         a document of the FCC, and the providers that it names
 *   meta      "state"                              struct state
 *             "operator"                           what the operator's files say, compiled
 *             "packed"                             the table of packed.h
 *             "validators"                         struct validators, where there are some
 *
 * A snapshot of an earlier release has no table `name`: it is searched in by nobody, and serves all else.
 *
 * Numbers in keys are big-endian, so that their order is the tables'; in values they are little-endian.
 */
#ifndef CACHE_RECORD_H
#define CACHE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"

#define FORMAT_VERSION 1

#define KEY_MAX 511 /* LMDB's own limit */

/* A key, put together in `key`: KEY_MAX bytes hold any. */
struct slice
key_filing(unsigned char *key, uint32_t number);
struct slice
key_by_frn(unsigned char *key, uint64_t frn, uint32_t number);
struct slice
key_by_name(unsigned char *key, struct slice folded, uint32_t number);
struct slice
key_history(unsigned char *key, uint32_t number, uint32_t generation);
struct slice
key_run(unsigned char *key, int64_t checked_at, uint32_t run);

/* Big-endian numbers out of a key; the caller has checked its length. */
uint32_t
key_u32(const void *key);
uint64_t
key_u64(const void *key);
/* The instant in a key of the table run. */
int64_t
key_run_instant(const void *key);

/* What became of a filing. */
#define LIFECYCLE_BYTES 32
struct lifecycle {
	bool listed;
	bool row_quarantined; /* kept from an older file: its row in the last one could not be understood */
	uint32_t first_generation;
	uint32_t since_generation;
	int64_t first_seen; /* the check that first had it */
	int64_t since;      /* the check since which it is listed, or missing */
};

void
lifecycle_encode(const struct lifecycle *lifecycle, unsigned char target[LIFECYCLE_BYTES]);
/* The rest of the value, the filing's form, comes out in *form. */
bool
lifecycle_decode(struct slice value, struct lifecycle *lifecycle, struct slice *form);

/* by_frn: until is TIME_NONE while the filing has this FRN; else the check that saw it with another. */
#define LINK_BYTES 8
void
link_encode(int64_t until, unsigned char target[LINK_BYTES]);
bool
link_decode(struct slice value, int64_t *until);

/* One name of a filing: where it stands in which column, and folded with its initials joined (base/name.h). */
#define NAME_BYTES (1 + 1 + 4 + 2 + 2)
#define NAME_ENCODED_MAX (NAME_BYTES + LIMIT_NAME_KEY_BYTES)
struct name_record {
	uint8_t column; /* enum column of that text */
	uint8_t kind;   /* enum rmd_name_kind */
	uint32_t begin; /* in it, in bytes */
	uint16_t length;
	struct slice folded; /* up to LIMIT_NAME_KEY_BYTES, never empty */
};

size_t
name_encode(const struct name_record *name, unsigned char target[NAME_ENCODED_MAX]);
/* Takes the first name off a record of the table. False: there is none left, or it is damaged, and then *names is not
 * empty. */
bool
name_next(struct slice *names, struct name_record *name);

/* kind has the values of enum rmd_event_kind. */
#define EVENT_BYTES 13
struct event {
	uint8_t kind;
	uint32_t fields; /* the columns that changed, for changed and relisted */
	int64_t at;
	struct slice before; /* the form before it, where fields is not 0 */
};

/* Writes the fixed part; `before` goes behind it. */
void
event_encode(const struct event *event, unsigned char target[EVENT_BYTES]);
bool
event_decode(struct slice value, struct event *event);

/* What made a snapshot what it is: a check of the source, or what an operator did between two. Two instants belong to
 * it. Its own stands in the key: since when it serves, so that an answer about the past finds it. `data_at` is that
 * of the check that its filings are from, so that an answer tells how old they are. A check has both alike, unless
 * its list was held and a rollback came before somebody accepted it; a rebuild has both of the run before it; a
 * rollback has an instant of its own, and the data of the check that it goes back to. */
#define RUN_BYTES 73
#define RUN_ENCODED_MAX (RUN_BYTES + LIMIT_SOURCE_BYTES)
enum run_kind {
	RUN_PUBLISHED = 1,
	RUN_UNCHANGED = 2,
	RUN_OFFLINE = 3, /* no check: rebuilt at the instant of the last run, from the operator's new files */
	RUN_ROLLBACK = 4 /* no check: the filings of an older generation, later than every run before it */
};
struct run {
	uint8_t kind;
	uint32_t generation;
	uint32_t rows;
	uint32_t rejected;
	uint32_t added;
	uint32_t removed;
	uint32_t changed;
	uint32_t relisted;
	uint32_t operator_changed; /* 1 where the operator's data differ from the run before */
	int64_t data_at;           /* the check that the filings are from */
	unsigned char digest[32];
	char source[LIMIT_SOURCE_BYTES + 1];
};

size_t
run_encode(const struct run *run, unsigned char target[RUN_ENCODED_MAX]);
bool
run_decode(struct slice value, struct run *run);

#define REJECT_REASON_BYTES 160
#define REJECT_BYTES 21
#define REJECT_ENCODED_MAX (REJECT_BYTES + REJECT_REASON_BYTES)
struct reject_record {
	uint64_t line;
	uint32_t number;
	uint64_t frn;
	uint8_t column;
	char reason[REJECT_REASON_BYTES];
};

size_t
reject_encode(const struct reject_record *reject, unsigned char target[REJECT_ENCODED_MAX]);
bool
reject_decode(struct slice value, struct reject_record *reject);

/* One document of the register, with what follows from it. Instants are INT64_MAX for what never comes. */
#define NOTICE_BYTES (1 + 8 * 8 + 4 + 32 + 3 * 2 + 4)
#define NOTICE_PROVIDER_BYTES 12
enum document_kind {
	DOCUMENT_NOTICE = 1,
	DOCUMENT_PUBLIC_NOTICE,
	DOCUMENT_INITIAL_DETERMINATION,
	DOCUMENT_FINAL_DETERMINATION,
	DOCUMENT_REMOVAL,
	DOCUMENT_REINSTATEMENT
};
struct notice_record {
	uint8_t kind; /* enum document_kind */
	int64_t issued;
	day released;           /* the day of it in New York */
	int64_t effective;      /* order: refuse from here on; public notice: may block; reinstatement: lifts */
	int64_t after_48_hours; /* notice: may block from here on, unless mitigated */
	int64_t after_14_days;  /* notice: may block from here on, unless measures are on record */
	int64_t mitigated;
	int64_t measures;
	int64_t fcc_notified;
	int64_t blocking_began;
	unsigned char digest[32]; /* of its file in the register */
	struct slice id;          /* texts as long as LIMIT_NOTICE_TEXT, cut where they are longer */
	struct slice title;
	struct slice source;
	uint32_t provider_count; /* with an FRN or an RMD number; others change no verdict */
	struct slice providers;  /* notice_provider_at reads them */
};
struct notice_key {
	uint64_t frn;    /* 0: none */
	uint32_t number; /* 0: none */
};

size_t
notice_encoded_length(const struct notice_record *notice);
/* `target` holds notice_encoded_length bytes. `providers` of the record is not looked at: provider_count keys follow
 * from `keys`. */
void
notice_encode(const struct notice_record *notice, const struct notice_key *keys, unsigned char *target);
/* Texts and providers point into the value. */
bool
notice_decode(struct slice value, struct notice_record *notice);
struct notice_key
notice_provider_at(const struct notice_record *notice, uint32_t index);

/* One peer of peers.conf. `kind` of a key has the values of enum rmd_key: RMD_KEY_IP (as canonical prefix),
 * RMD_KEY_TRUNK, RMD_KEY_OCN. */
#define PEER_BYTES (8 + 4 + 1 + 2 + 4)
struct peer_record {
	uint64_t frn;    /* 0: by the number */
	uint32_t number; /* 0: by the FRN */
	uint8_t role;    /* enum rmd_role */
	struct slice name;
	uint32_t key_count;
	struct slice keys; /* peer_key_next reads them */
};
struct peer_key {
	uint8_t kind;
	struct slice text;
};

size_t
peer_encoded_length(const struct peer_record *peer, const struct peer_key *keys);
/* `target` holds peer_encoded_length bytes; `keys` are key_count of them. */
void
peer_encode(const struct peer_record *peer, const struct peer_key *keys, unsigned char *target);
/* Name and keys point into the value; every key has been looked at. */
bool
peer_decode(struct slice value, struct peer_record *peer);
/* Takes the first key off the record's keys. False: there is none left. */
bool
peer_key_next(struct peer_record *peer, struct peer_key *key);

/* Years whose recertification days are worked out ahead, from the first one on (47 CFR 64.6305(h)). */
#define DUE_FIRST_YEAR 2026
#define DUE_YEARS 64

/* What the operator's files say, as far as the library needs it. It is stored only to be compared: what a check
 * reads of it stands in the packed table. */
#define OPERATOR_BYTES (3 * 8 + 16 * 8 + DUE_YEARS * 8)
struct operator_data {
	int64_t max_age; /* seconds */
	int64_t missing_grace;
	bool role_mismatch_accepted;
	uint64_t foreign_area_codes[16];        /* bit N % 64 of word N / 64: the NANP area code N is not US */
	int64_t recertification_due[DUE_YEARS]; /* when the due day of 2026, 2027, ... has ended */
	uint64_t *public_safety;                /* E.164 numbers, ascending, no two alike */
	size_t public_safety_count;
};

/* `target` holds OPERATOR_BYTES and 8 bytes a number; returns what was written. */
size_t
operator_encode(const struct operator_data *data, unsigned char *target);

/* The whole snapshot in a few numbers. */
#define STATE_BYTES 112
#define STATE_ENCODED_MAX (STATE_BYTES + LIMIT_SOURCE_BYTES)
struct state {
	uint32_t format;
	uint32_t generation;
	uint32_t decoder;   /* DECODER_REVISION of the program that read the last file */
	uint32_t runs;      /* so far */
	int64_t checked_at; /* the last run's own instant */
	int64_t data_at;    /* and the check that its filings are from: the age of the data counts from here */
	int64_t changed_at;
	int64_t first_checked_at;
	uint32_t filings; /* listed */
	uint32_t not_certified;
	uint32_t vanished;
	uint32_t rejected;
	uint32_t notices; /* documents of the register */
	uint32_t peers;
	uint64_t events;
	unsigned char digest[32]; /* of the last file */
	char source[LIMIT_SOURCE_BYTES + 1];
};

size_t
state_encode(const struct state *state, unsigned char target[STATE_ENCODED_MAX]);
bool
state_decode(struct slice value, struct state *state);
/* The format stands first, whatever may follow it in another one. The value has 4 bytes at least. */
uint32_t
state_format(struct slice value);

/* What the server said of the list, to be asked with the next time. At least one of the first two is not empty. */
#define VALIDATORS_KEY "validators"
#define VALIDATORS_ENCODED_MAX (8 + 2 * (2 + LIMIT_VALIDATOR_BYTES) + LIMIT_SOURCE_BYTES)
struct validators {
	int64_t fetched_at; /* the check that fetched the list whole */
	char etag[LIMIT_VALIDATOR_BYTES + 1];
	char last_modified[LIMIT_VALIDATOR_BYTES + 1];
	char source[LIMIT_SOURCE_BYTES + 1]; /* the address, whole */
};

size_t
validators_encode(const struct validators *validators, unsigned char target[VALIDATORS_ENCODED_MAX]);
bool
validators_decode(struct slice value, struct validators *validators);
/* Whether a header's value may be kept and sent: printable ASCII, and not too long. */
bool
validator_good(struct slice text);

/* SHA-256 as text and back. */
void
digest_text(const unsigned char digest[32], char text[65]);
bool
digest_parse(const char *text, unsigned char digest[32]);

#endif
