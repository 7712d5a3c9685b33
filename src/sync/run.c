/* SPDX-License-Identifier: ISC
 *
 * The order of things in one run: lock, fetch, decode, difference, guard, build, verify, publish. Each step is a file
 * of its own; none of them knows the next.
 */
#include "sync/run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "sync/apart.h"
#include "sync/build.h"
#include "sync/conf.h"
#include "sync/documents.h"
#include "sync/guard.h"
#include "sync/hold.h"
#include "sync/hooks.h"
#include "sync/operator.h"
#include "sync/publish.h"
#include "sync/report.h"
#include "sync/rollback.h"
#include "sync/source.h"
#include "sync/stop.h"

#define LOCK_NAME "lock"
#define SPOOL_NAME ".source"
#define BUILD_NAME ".build"

struct session {
	const struct run_options *options;
	struct report *report;
	struct error *error;
	struct conf conf;
	struct operator_data operator_data;
	struct calendar calendar;
	struct documents documents;
	struct peers peers;
	bool no_area_codes;
	int lock;
	int spool;
	char spool_path[LIMIT_PATH_BYTES]; /* "" while there is none */
	char directory[LIMIT_PATH_BYTES];
	const char *work; /* where files without a name go */
	struct snapshot *old;
	struct staging staging;
	bool rebuild;                 /* from the filings that are there, without a source */
	struct error rebuild_error;   /* told, but not what the run ends with */
	uint32_t rebuilt;             /* the generation that serves in spite of the source; 0: none */
	bool staged;                  /* the filings are those of a new file, or of a rollback */
	uint32_t decoder;             /* the edition that read them */
	struct validators validators; /* to be stored with the list */
	struct difference difference;
	bool operator_changed;
	struct hold hold; /* what the guard holds */
	bool held;
	struct hooks hooks;
	bool locked;
};

/* Whoever can read a lock can hold it, and so stop every night's run: it is for the directory's owner alone. What
 * root makes, run by hand, must not shut him out. */
static int
lock_own(int lock, const char *directory)
{
	struct stat owner, status;

	if (stat(directory, &owner) != 0 || fstat(lock, &status) != 0)
		return -1;
	if (geteuid() == 0 && status.st_uid != owner.st_uid && fchown(lock, owner.st_uid, owner.st_gid) != 0)
		return -1;
	return (status.st_mode & 077) == 0 || status.st_uid != geteuid() ? 0 : fchmod(lock, 0600);
}

static int
directory_open(struct session *session)
{
	const struct run_options *options = session->options;
	char path[LIMIT_PATH_BYTES];

	session->work = session->directory;
	if (options->dry_run) {
		/* A dry run leaves no trace where the snapshot lives, and waits for nobody. */
		session->work = getenv("TMPDIR");
		if (session->work == NULL || session->work[0] != '/')
			session->work = P_tmpdir;
		return 0;
	}
	if (mkdir(session->directory, 0755) != 0 && errno != EEXIST)
		return error_set(session->error, EX_CANTCREAT, "%s: cannot create the state directory: %s",
				 session->directory, strerror(errno));
	if (path_join(path, sizeof path, session->directory, LOCK_NAME) != 0 ||
	    (session->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) < 0 ||
	    lock_own(session->lock, session->directory) != 0)
		return error_set(session->error, error_code(EX_CANTCREAT),
				 "%s: cannot open the lock: %s; nothing was changed", session->directory,
				 strerror(errno));
	/* The lock is on the open file; that the name exists means nothing. */
	if (flock(session->lock, LOCK_EX | LOCK_NB) != 0)
		return error_set(session->error, errno == EWOULDBLOCK ? EX_TEMPFAIL : EX_CANTCREAT,
				 "%s: another run holds the lock; nothing was changed", session->directory);
	session->locked = true;
	return 0;
}

/* Who takes a lock for a stale one and removes its file lets a second run in. The first must not publish then, or the
 * digest of one would stand beside the snapshot of the other. */
static int
lock_check(struct session *session)
{
	char path[LIMIT_PATH_BYTES];
	struct stat ours, named;

	if (path_join(path, sizeof path, session->directory, LOCK_NAME) == 0 && fstat(session->lock, &ours) == 0 &&
	    lstat(path, &named) == 0 && ours.st_dev == named.st_dev && ours.st_ino == named.st_ino)
		return 0;
	return error_set(session->error, EX_TEMPFAIL,
			 "%s: the lock was removed while this run was on; the old snapshot keeps serving",
			 session->directory);
}

/* What stands in the way of a first snapshot; NULL: nothing, for there never was one. Beginning anew would lose the
 * history, which cannot be downloaded again. */
static const char *
missing_why(const char *directory, const char *path)
{
	char digest[LIMIT_PATH_BYTES], kept[LIMIT_PATH_BYTES];
	struct stat status;

	if (lstat(path, &status) == 0)
		return "a link that leads nowhere";
	/* A first load that was killed leaves a digest, but no older snapshot. */
	if (path_join(digest, sizeof digest, directory, SNAPSHOT_DIGEST_NAME) != 0 ||
	    kept_path(kept, sizeof kept, directory, 1) != 0)
		return "not to be named";
	return lstat(digest, &status) == 0 && lstat(kept, &status) == 0 ? "gone" : NULL;
}

static int
old_open(struct session *session)
{
	char path[LIMIT_PATH_BYTES];
	enum snapshot_status status;
	const char *why = "damaged";
	int intact = 0;

	if (path_join(path, sizeof path, session->directory, SNAPSHOT_NAME) != 0)
		return error_set(session->error, EX_CANTCREAT, "%s: the path is too long", session->directory);
	status = snapshot_open(path, &session->old);
	/* What is damaged where no opening looks would become history. */
	if (status == SNAPSHOT_GOOD && (intact = published_intact(session->directory)) > 0)
		return 0;
	if (intact < 0)
		return error_set(session->error, error_code(EX_CANTCREAT), "%s/%s: %s; nothing was changed",
				 session->directory, SNAPSHOT_DIGEST_NAME,
				 errno == ESPIPE ? "is a pipe, no file" : strerror(errno));
	if (status == SNAPSHOT_SYSTEM || status == SNAPSHOT_NO_MEMORY)
		return error_set(session->error, status == SNAPSHOT_SYSTEM ? error_code(EX_CANTCREAT) : EX_CANTCREAT,
				 "%s: %s; nothing was changed", path,
				 status == SNAPSHOT_SYSTEM ? strerror(errno) : "not enough memory");
	if (status == SNAPSHOT_MISSING && (why = missing_why(session->directory, path)) == NULL)
		return 0;
	if (status == SNAPSHOT_TOO_NEW)
		why = "of a newer format";
	else if (status == SNAPSHOT_GOOD)
		why = "damaged: its digest is not that of " SNAPSHOT_DIGEST_NAME;
	return error_set(session->error, EX_CANTCREAT,
			 "%s: the snapshot is %s; put %s.1 in its place (mv) and remove %s, or move both away to "
			 "begin a new history",
			 path, why, path, SNAPSHOT_DIGEST_NAME);
}

/* The run's time: never before the last run, so that the history stays in order. */
static int
time_set(struct session *session)
{
	const struct run_options *options = session->options;
	int64_t last = session->old != NULL ? snapshot_state(session->old)->checked_at : TIME_NONE;
	int64_t at = options->as_of != TIME_NONE ? options->as_of : options->now;
	char text[TIME_TEXT_SIZE];

	session->held = hold_read(session->directory, &session->hold);
	/* A list that was held is accepted as of its fetch, unless a rollback has come in between. */
	if (options->accept != NULL && session->held && session->hold.fetched_at >= last)
		at = session->hold.fetched_at;
	time_format(text, last);
	if (at < last && options->as_of != TIME_NONE)
		return error_set(session->error, EX_USAGE,
				 "--as-of lies before the last run, %s; nothing was changed", text);
	if (last != TIME_NONE && at < last - LIMIT_CLOCK_BEHIND)
		return error_set(
			session->error, EX_TEMPFAIL,
			"the last check, %s, lies ahead of the clock; nothing was changed: set the clock, or, if "
			"that check was dated wrongly, put an older snapshot in its place (rmdsync(8))",
			text);
	/* What a check saw is told from what a rollback did by the instant. */
	if (options->rollback != 0 && at <= last)
		at = last + 1;
	session->report->checked_at = session->report->data_at = at < last ? last : at;
	/* A list that was held is as old as its fetch, whenever somebody accepts it. */
	if (options->accept != NULL && session->held)
		session->report->data_at = session->hold.fetched_at;
	return 0;
}

static int
spool_open(struct session *session)
{
	if (path_join(session->spool_path, sizeof session->spool_path, session->work,
		      session->options->dry_run ? "rmdsync-XXXXXX" : SPOOL_NAME) != 0)
		return error_set(session->error, EX_CANTCREAT, "%s: the path is too long", session->work);
	if (session->options->dry_run)
		session->spool = mkostemp(session->spool_path, O_CLOEXEC);
	/* One that a killed run left may be another user's. */
	else if (unlink(session->spool_path) == 0 || errno == ENOENT)
		session->spool = open(session->spool_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (session->spool < 0) {
		error_set(session->error, error_code(EX_CANTCREAT), "%s: %s; nothing was changed",
			  session->spool_path, strerror(errno));
		session->spool_path[0] = '\0';
		return session->error->code;
	}
	/* Without a name nothing is left behind, however a dry run ends. */
	if (session->options->dry_run) {
		if (unlink(session->spool_path) != 0)
			return error_set(session->error, EX_CANTCREAT, "%s: %s; nothing was changed",
					 session->spool_path, strerror(errno));
		session->spool_path[0] = '\0';
	}
	return 0;
}

static bool
validators_read(const struct snapshot *old, struct validators *validators)
{
	struct slice value;

	return snapshot_get(old, TABLE_META, slice_of(VALIDATORS_KEY), &value) &&
	       validators_decode(value, validators);
}

/* The list into the spool, or the word of its server that it is the one that the old snapshot was made of. */
static int
source_receive(struct session *session)
{
	struct report *report = session->report;
	const struct state *state = session->old != NULL ? snapshot_state(session->old) : NULL;
	const bool accept = session->options->accept != NULL;
	char path[LIMIT_PATH_BYTES], candidate[2 * LIMIT_PATH_BYTES];
	struct validators validators;
	struct source_result result;
	struct source_request request = {
		.options = session->options,
		.conf = &session->conf,
		.at = report->checked_at,
		.spool = session->spool,
	};
	int64_t began;

	if (accept && !session->held)
		return error_set(session->error, EX_UNAVAILABLE, "%s: no list is held there; nothing was changed",
				 session->directory);
	if (accept && (path_join(path, sizeof path, session->directory, HOLD_CANDIDATE_NAME) != 0 ||
		       !fetch_file_url(candidate, sizeof candidate, path)))
		return error_set(session->error, EX_CANTCREAT, "%s: the path is too long", session->directory);
	if (accept)
		request.candidate = candidate;
	/* Another edition of the decoder may read the same list otherwise, and must see it. */
	if (state != NULL && state->decoder == DECODER_REVISION && validators_read(session->old, &validators))
		request.validators = &validators;
	began = clock_milliseconds();
	source_fetch(&request, &source_world, &result, session->error);
	report->durations[PHASE_FETCH] = clock_milliseconds() - began;
	memcpy(report->source, result.source, sizeof report->source);
	if (session->error->code != 0)
		return session->error->code;
	session->validators = result.validators;
	if (result.unchanged)
		digest_text(state->digest, report->digest);
	else
		memcpy(report->digest, result.digest, sizeof report->digest);
	if (accept)
		memcpy(report->source, session->hold.source, sizeof report->source);
	if (accept && !slice_equal_fold(slice_of(session->options->accept), report->digest))
		return error_set(session->error, EX_DATAERR,
				 "the kept candidate has the digest %s, not the one given; nothing was changed",
				 report->digest);
	return 0;
}

/* Whether the file is, byte for byte, the one that the old snapshot was made of. */
static bool
same_file(const struct session *session)
{
	const struct state *state = session->old != NULL ? snapshot_state(session->old) : NULL;
	char digest[65];

	if (state == NULL || state->decoder != DECODER_REVISION)
		return false;
	digest_text(state->digest, digest);
	return strcmp(digest, session->report->digest) == 0;
}

static void
unknown_column(void *context, struct slice name)
{
	struct session *session = context;
	struct error line = { 0 };

	error_set(&line, 1, "%s: the column \"%.*s\" is not known and is ignored", session->report->source,
		  (int)(name.length > LIMIT_COLUMN_NAME ? LIMIT_COLUMN_NAME : name.length), name.data);
	report_note(session->options, "%s", line.text);
}

static int
source_decode(struct session *session)
{
	struct decode_sink sink = staging_sink(&session->staging);
	int64_t began;
	bool landlock;

	sink.unknown_column = unknown_column;
	sink.unknown_context = session;
	staging_begin(&session->staging, session->work);
	session->staged = true;
	if (lseek(session->spool, 0, SEEK_SET) != 0)
		return error_set(session->error, EX_CANTCREAT, "%s: %s", session->spool_path, strerror(errno));
	began = clock_milliseconds();
	decode_apart(session->spool, (enum decode_format)session->conf.format, session->report->source, &sink,
		     (int64_t)session->conf.total_timeout, &landlock, session->error);
	session->report->durations[PHASE_DECODE] = clock_milliseconds() - began;
	if (session->error->code != 0)
		return session->error->code;
	if (!landlock)
		report_note(session->options,
			    "this kernel has no Landlock: the decoder was shut in by seccomp alone");
	return staging_finish(&session->staging, session->report->source, session->error);
}

/* Filings that are not from a source, but from a snapshot. */
static void
source_again(struct session *session, const struct state *state)
{
	struct report *report = session->report;

	digest_text(state->digest, report->digest);
	slice_copy(report->source, sizeof report->source, slice_of(state->source));
	report->rejected = state->rejected;
	report->data_at = state->data_at;
	session->decoder = state->decoder;
}

/* The filings of the old snapshot once more, as of its last run. */
static int
rebuild_source(struct session *session)
{
	const struct state *state = session->old != NULL ? snapshot_state(session->old) : NULL;

	if (state == NULL)
		return error_set(session->error, EX_UNAVAILABLE,
				 "%s: there is no snapshot to rebuild; run without --offline first",
				 session->directory);
	source_again(session, state);
	session->report->checked_at = state->checked_at;
	if (!validators_read(session->old, &session->validators))
		session->validators = (struct validators){ 0 };
	return 0;
}

/* The filings of an older generation. What the server said of the list that is rolled away goes with it: the next
 * list must come whole. */
static int
rollback_source(struct session *session)
{
	const struct run_options *options = session->options;
	char text[TIME_TEXT_SIZE];
	struct state kept;

	if (session->old == NULL)
		return error_set(session->error, EX_UNAVAILABLE, "%s: there is no snapshot to roll back",
				 session->directory);
	staging_begin(&session->staging, session->work);
	session->staged = true;
	if (rollback_stage(session->directory, options->rollback, session->old, &session->staging, &kept,
			   session->error) != 0)
		return session->error->code;
	source_again(session, &kept);
	session->report->reason = "rollback";
	time_format(text, kept.data_at);
	report_note(options, "generation %" PRIu32 ": its data were checked %s%s", options->rollback, text,
		    kept.data_at < session->report->checked_at - (int64_t)session->conf.max_age
			    ? ", longer ago than max-age: answers will be unknown, stale"
			    : "");
	return 0;
}

static int
source_obtain(struct session *session)
{
	struct report *report = session->report;

	session->decoder = DECODER_REVISION;
	if (session->rebuild)
		return rebuild_source(session);
	if (session->options->rollback != 0)
		return rollback_source(session);
	if (spool_open(session) != 0 || source_receive(session) != 0)
		return session->error->code;
	if (same_file(session)) {
		report->rejected = snapshot_state(session->old)->rejected;
		return 0;
	}
	if (source_decode(session) != 0)
		return session->error->code;
	report->rejected = session->staging.reject_count;
	return 0;
}

static int
source_judge(struct session *session)
{
	struct report *report = session->report;
	struct guard_judgement judgement;

	/* Whoever rolls back has judged. */
	if (!session->staged || session->options->rollback != 0)
		return 0;
	if (session->old != NULL &&
	    !documents_explain(&session->documents, session->old, report->checked_at, &session->difference))
		return error_set(session->error, EX_CANTCREAT,
				 "not enough memory to judge the list; the old snapshot keeps serving");
	guard_judge(&session->conf.guard, session->old == NULL, &session->staging, &session->difference, &judgement);
	report->reason = guard_reason_name(judgement.reason);
	slice_copy(report->note, sizeof report->note, slice_of(judgement.text));
	if (judgement.verdict == GUARD_REFUSED)
		return error_set(
			session->error, EX_DATAERR, "%s: %s; the file is refused, %s", report->source, judgement.text,
			session->old != NULL ? "the old snapshot keeps serving" : "there is no snapshot yet");
	if (judgement.verdict == GUARD_HELD && session->options->accept == NULL && session->held &&
	    hold_repeats(&session->hold, &session->conf.guard, &judgement, &session->difference,
			 report->checked_at)) {
		report_note(session->options, "released, as a later list repeats it: %s", judgement.text);
		judgement.verdict = GUARD_PASS;
	}
	if (judgement.verdict == GUARD_PASS || session->options->accept != NULL) {
		report->reason = "";
		return 0;
	}
	report->result = RESULT_HELD;
	report->generation = session->old != NULL ? snapshot_state(session->old)->generation : 0;
	if (!session->options->dry_run) {
		if (hold_keep(session->directory, session->spool_path, &judgement, &session->difference,
			      report->source, report->digest, report->checked_at, session->error) != 0)
			return session->error->code;
		session->spool_path[0] = '\0';
	}
	return EXIT_HELD;
}

/* Whether the operator's files say what the old snapshot carries. */
static int
operator_compare(struct session *session)
{
	size_t length = OPERATOR_BYTES + 8 * session->operator_data.public_safety_count;
	unsigned char *now = malloc(length);
	struct slice before;

	if (now == NULL)
		return error_set(session->error, EX_CANTCREAT, "not enough memory; the old snapshot keeps serving");
	operator_encode(&session->operator_data, now);
	session->operator_changed = session->old == NULL || !documents_same(&session->documents, session->old) ||
				    !peers_same(&session->peers, session->old) ||
				    !snapshot_get(session->old, TABLE_META, slice_of("operator"), &before) ||
				    !slice_equal(before, (struct slice){ (const char *)now, length });
	free(now);
	return 0;
}

static void
report_fill(struct session *session)
{
	struct report *report = session->report;
	const struct difference *difference = &session->difference;
	uint32_t generation = session->old != NULL ? snapshot_state(session->old)->generation : 0;
	bool changed = session->old == NULL || session->operator_changed || session->options->rollback != 0 ||
		       difference->added > 0 || difference->vanished > 0 || difference->changed > 0 ||
		       difference->relisted > 0;

	report->rows = difference->listed - difference->kept + report->rejected;
	report->added = difference->added;
	report->removed = difference->vanished;
	report->changed = difference->changed;
	report->relisted = difference->relisted;
	report->result = changed ? RESULT_PUBLISHED : RESULT_UNCHANGED;
	report->generation = generation + (changed ? 1 : 0);
}

static uint8_t
run_kind(const struct session *session)
{
	if (session->rebuild)
		return RUN_OFFLINE;
	if (session->options->rollback != 0)
		return RUN_ROLLBACK;
	return session->report->result == RESULT_UNCHANGED ? RUN_UNCHANGED : RUN_PUBLISHED;
}

static int
snapshot_make(struct session *session, struct state *state)
{
	const int64_t began = clock_milliseconds();
	struct report *report = session->report;
	char path[LIMIT_PATH_BYTES];
	struct build_request request = {
		.path = path,
		.old = session->old,
		.staging = session->staged ? &session->staging : NULL,
		.difference = &session->difference,
		.operator_data = &session->operator_data,
		.documents = &session->documents,
		.peers = &session->peers,
		.generation = report->generation,
		.decoder = session->decoder,
		.checked_at = report->checked_at,
		.validators = &session->validators,
		.run = {
			.kind = run_kind(session),
			.generation = report->generation,
			.rows = (uint32_t)report->rows,
			.rejected = (uint32_t)report->rejected,
			.added = (uint32_t)report->added,
			.removed = (uint32_t)report->removed,
			.changed = (uint32_t)report->changed,
			.relisted = (uint32_t)report->relisted,
			.operator_changed = session->operator_changed,
			.data_at = report->data_at,
		},
	};

	if (!digest_parse(report->digest, request.run.digest))
		return error_set(session->error, EX_SOFTWARE, "the digest of the source could not be read");
	memcpy(request.run.source, report->source, sizeof request.run.source);
	if (path_join(path, sizeof path, session->directory, BUILD_NAME) != 0)
		return error_set(session->error, EX_CANTCREAT, "%s: the path is too long", session->directory);
	if (build(&request, state, session->error) == 0 && stop_check(session->error) == 0 &&
	    lock_check(session) == 0) {
		/* Before it is published, so that a kill in between loses no event. */
		if (report->result == RESULT_PUBLISHED)
			hooks_record(&session->hooks, report, &session->difference, request.staging, session->old);
		publish(session->directory, BUILD_NAME, session->old != NULL && report->result == RESULT_PUBLISHED,
			session->conf.keep, session->error);
	}
	report->durations[PHASE_PUBLISH] = clock_milliseconds() - began;
	if (session->error->code != 0) {
		/* What is left is replaced by the next run; nobody else knows its name. */
		if (unlink(path) != 0)
			errno = 0;
		return session->error->code;
	}
	return 0;
}

/* What the operator's list of peers and the database say of each other. */
static void
peers_report(const struct session *session)
{
	char path[LIMIT_PATH_BYTES];
	struct snapshot *snapshot;

	if (session->peers.count == 0 || path_join(path, sizeof path, session->directory, SNAPSHOT_NAME) != 0 ||
	    snapshot_open(path, &snapshot) != SNAPSHOT_GOOD)
		return;
	for (size_t i = 0; i < session->peers.count; i++) {
		const struct peer *peer = &session->peers.peers[i];
		const char *oddity = peer_oddity(peer, snapshot_packed(snapshot));

		if (oddity != NULL)
			report_note(session->options, "peers.conf:%u: [peer %s] %s", peer->line, peer->name, oddity);
	}
	snapshot_close(snapshot);
}

/* Ends as the source deserves; but what the operator or the FCC has said since the last good list must not wait for
 * the next one. */
static void
rebuild_in_spite(struct session *session)
{
	struct report *report = session->report, before = *report;
	/* What the source's file would have changed is still to be told to the hooks. */
	struct difference refused = session->difference;
	bool staged = session->staged;
	struct error *first = session->error, *error = &session->rebuild_error;
	struct state state;

	session->error = error;
	session->rebuild = true;
	session->staged = false;
	session->difference = (struct difference){ 0 };
	if (diff(session->old, NULL, &session->difference, error) == 0 && operator_compare(session) == 0 &&
	    session->operator_changed && rebuild_source(session) == 0) {
		report_fill(session);
		if (snapshot_make(session, &state) == 0) {
			before.generation = session->rebuilt = report->generation;
			report_note(session->options,
				    "the register, the policy or a list of yours has changed: generation %" PRIu32
				    " serves it with the last good list",
				    report->generation);
		}
	}
	if (error->code != 0)
		report_note(session->options, "%s", error->text);
	difference_end(&session->difference);
	session->difference = refused;
	session->staged = staged;
	before.durations[PHASE_PUBLISH] = report->durations[PHASE_PUBLISH];
	*report = before;
	session->error = first;
}

static int
source_run(struct session *session)
{
	if (source_obtain(session) != 0)
		return session->error->code;
	/* Those of a rollback were told when they came. */
	if (session->staged && session->options->rollback == 0)
		report_rejects(session->options, session->report->source, &session->staging);
	if (diff(session->old, session->staged ? &session->staging : NULL, &session->difference, session->error) !=
		    0 ||
	    operator_compare(session) != 0)
		return session->error->code;
	report_fill(session);
	report_changes(session->options, session->old, &session->difference,
		       session->staged ? &session->staging : NULL);
	return source_judge(session);
}

/* Whether a run ended for its source: refused, unreachable or held. Other ends say that this machine is in trouble.
 */
static bool
source_failed(const struct session *session, int status)
{
	return session->old != NULL && !session->options->dry_run && !session->options->offline &&
	       session->options->rollback == 0 && stop_signal() == 0 &&
	       (status == EXIT_HELD || status == EX_DATAERR || status == EX_UNAVAILABLE || status == EX_TEMPFAIL);
}

static int
session_run(struct session *session)
{
	const struct run_options *options = session->options;
	struct state state;
	int status;

	if (conf_read(&session->conf, options->conf_path, options->conf_required, session->error) != 0 ||
	    hooks_begin(&session->hooks, options, &session->conf, session->directory, session->error) != 0 ||
	    directory_open(session) != 0 || old_open(session) != 0 ||
	    operator_load(&session->conf, options->conf_path, &session->operator_data, &session->calendar,
			  &session->no_area_codes, session->error) != 0 ||
	    documents_load(&session->conf, options->conf_path, &session->calendar, &session->documents,
			   session->error) != 0 ||
	    peers_load(options->conf_path, &session->peers, session->error) != 0 || time_set(session) != 0)
		return session->error->code;
	if (session->no_area_codes)
		report_note(options, "there is no foreign-area-codes.conf beside %s: every NANP number counts as US",
			    options->conf_path);
	status = source_run(session);
	if (status != 0 && source_failed(session, status))
		rebuild_in_spite(session);
	if (status != 0 || options->dry_run)
		return status;
	if (options->offline && session->report->result == RESULT_UNCHANGED)
		return 0;
	if (snapshot_make(session, &state) != 0)
		return session->error->code;
	peers_report(session);
	/* Once a newer list serves, an older candidate must not be accepted by mistake. */
	if (!options->offline && options->rollback == 0 && hold_forget(session->directory) != 0)
		report_note(options, "%s: cannot remove what was held: %s", session->directory, strerror(errno));
	return 0;
}

/* Paths are made absolute, so that a source can be told as file:///... whatever the directory was called. */
static int
directory_set(struct session *session)
{
	if (path_absolute(session->directory, sizeof session->directory, session->options->directory) == 0)
		return 0;
	return error_set(session->error, EX_CANTCREAT, "\"%s\": %s", session->options->directory, strerror(errno));
}

/* What hooks are to be told of a run that ended otherwise than with a new generation. A slip on the command line is
 * told to whoever made it, and to nobody else; so is that a signal stopped the run. */
static void
event_record(struct session *session, int status)
{
	if (!session->locked || status == EX_USAGE || stop_signal() != 0)
		return;
	if (status == EXIT_HELD)
		hooks_record(&session->hooks, session->report, &session->difference, &session->staging, session->old);
	else if (status != 0)
		hooks_record(&session->hooks, session->report, NULL, NULL, NULL);
}

/* For whoever asks later how the last run ended: the line of --json. */
static void
last_run_keep(const struct session *session)
{
	size_t length = 0;
	char *text;

	if (!session->locked)
		return;
	text = report_json(session->report);
	if (text != NULL) {
		length = strlen(text);
		/* No text any more: bytes of a file. */
		text[length++] = '\n';
	}
	errno = ENOMEM;
	if (text == NULL || durable_write(session->directory, LAST_RUN_NAME, text, length, 0644) != 0)
		report_warning("%s: cannot write " LAST_RUN_NAME ": %s; what the run did stands", session->directory,
			       strerror(errno));
	free(text);
}

/* Tells the hooks while the lock is still held, so that no other run can tell the same events or replace what they
 * read. */
static void
hooks_finish(struct session *session, bool later)
{
	/* A stopped run ends; what it has to tell waits for the next one. */
	if (session->locked && !later && stop_signal() == 0)
		session->report->ended_by = hooks_tell(&session->hooks);
	hooks_end(&session->hooks);
	if (session->lock >= 0)
		close(session->lock);
}

int
run(const struct run_options *options, struct report *report, struct error *error)
{
	struct session session = {
		.options = options,
		.report = report,
		.error = error,
		.lock = -1,
		.spool = -1,
		.staging = { .file = -1 },
		.rebuild = options->offline,
	};
	const int64_t began = clock_milliseconds();
	int status;

	*report = (struct report){ .result = RESULT_FAILED,
				   .reason = "",
				   .checked_at = TIME_NONE,
				   .data_at = TIME_NONE,
				   .started_at = options->now,
				   .durations = { NO_DURATION, NO_DURATION, NO_DURATION, NO_DURATION },
				   .dry_run = options->dry_run };
	conf_defaults(&session.conf);
	status = directory_set(&session);
	if (status == 0)
		status = session_run(&session);
	if (status != 0 && status != EXIT_HELD) {
		report->result = RESULT_FAILED;
		report->generation = session.rebuilt != 0  ? session.rebuilt
				     : session.old != NULL ? snapshot_state(session.old)->generation
							   : 0;
	}
	report->message = status == EXIT_HELD ? report->note : error->text;
	report->exit_status = status;
	report->durations[PHASE_RUN] = clock_milliseconds() - began;
	event_record(&session, status);
	last_run_keep(&session);
	if (session.spool_path[0] != '\0' && unlink(session.spool_path) != 0)
		report_note(options, "%s: %s", session.spool_path, strerror(errno));
	if (session.spool >= 0)
		close(session.spool);
	difference_end(&session.difference);
	staging_end(&session.staging);
	snapshot_close(session.old);
	operator_end(&session.operator_data);
	calendar_end(&session.calendar);
	documents_end(&session.documents);
	peers_end(&session.peers);
	hold_end(&session.hold);
	hooks_finish(&session, options->hooks_later);
	return status;
}

int
run_hooks(const struct run_options *options, struct report *report, struct error *error)
{
	struct session session = { .options = options, .report = report, .error = error, .lock = -1 };

	*report = (struct report){ .reason = "", .checked_at = TIME_NONE };
	conf_defaults(&session.conf);
	if (directory_set(&session) == 0 &&
	    conf_read(&session.conf, options->conf_path, options->conf_required, error) == 0 &&
	    hooks_begin(&session.hooks, options, &session.conf, session.directory, error) == 0 &&
	    access(session.directory, F_OK) == 0)
		directory_open(&session);
	hooks_finish(&session, false);
	return error->code;
}
