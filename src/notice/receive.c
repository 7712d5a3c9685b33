/* SPDX-License-Identifier: ISC
 *
 * import: a document as the FCC publishes it, from a file or an https: address, into the register; or only shown.
 * What its words mean is import.h's.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fact.h"
#include "cache/digest.h"
#include "notice/command.h"
#include "notice/import.h"
#include "notice/output.h"
#include "sync/fetch.h"

/* A document, and where it came from. */
struct received {
	int file;                          /* -1: none */
	char from[LIMIT_SOURCE_BYTES + 1]; /* as others may see it */
	char digest[DIGEST_TEXT_SIZE];
	bool fetched;
};

static int
no_memory(struct work *work)
{
	return error_set(work->error, EX_CANTCREAT, "not enough memory for the document; nothing was stored");
}

static const char *
text_or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

/* Into memory: what is not stored leaves no file behind. */
static int
fetch_into(struct work *work, const char *url, int file)
{
	const struct conf *conf = &work->conf;
	const struct fetch_request request = {
		.url = url,
		.spool = file,
		.max_bytes = LIMIT_NOTICE_BYTES,
		.connect_timeout = (int64_t)conf->connect_timeout,
		.total_timeout = (int64_t)conf->total_timeout,
		.ca_file = text_or_null(conf->ca_file),
		.proxy = text_or_null(conf->proxy),
		.contact = text_or_null(conf->contact),
	};
	struct fetch_result result;

	return fetch(&request, &result, work->error);
}

static int
open_or_fetch(struct work *work, const char *name, struct received *received)
{
	struct stat status;

	received->fetched = slice_starts_fold(slice_of(name), "https://");
	if (!received->fetched && strstr(name, "://") != NULL)
		return error_set(work->error, EX_USAGE, "%s: a document is a file or an https: address", name);
	fetch_address(received->from, name);
	received->file = received->fetched ? memfd_create("document", MFD_CLOEXEC)
					   : open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (received->file < 0)
		return error_set(work->error, EX_NOINPUT, "%s: %s", received->from, strerror(errno));
	if (received->fetched && fetch_into(work, name, received->file) != 0)
		return work->error->code;
	if (fstat(received->file, &status) != 0)
		return error_set(work->error, EX_NOINPUT, "%s: %s", received->from, strerror(errno));
	if (!S_ISREG(status.st_mode) || status.st_size > LIMIT_NOTICE_BYTES)
		return error_set(work->error, EX_DATAERR, "%s: is no file of at most %d bytes; nothing was stored",
				 received->from, LIMIT_NOTICE_BYTES);
	return 0;
}

/* Of the file as it is, a PDF too: what the FCC publishes can be held against it. */
static int
digest_take(struct work *work, struct received *received)
{
	struct digest *digest = digest_begin();
	char part[BUFSIZ];
	off_t at = 0;
	ssize_t got;

	while (digest != NULL && (got = pread(received->file, part, sizeof part, at)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || digest_update(digest, part, (size_t)got) != 0) {
			digest_drop(digest);
			digest = NULL;
		}
		at += got;
	}
	if (digest == NULL || digest_end(digest, received->digest) != 0)
		return error_set(work->error, EX_IOERR, "%s: cannot be read to its end", received->from);
	return 0;
}

static void
finding_write(struct stream *out, const struct finding *finding)
{
	fact_label(out, finding->certain ? finding->field : "doubtful, left out");
	if (!finding->certain) {
		stream_text(out, finding->field);
		stream_text(out, ": ");
		stream_text(out, finding->why);
		stream_text(out, finding->value[0] != '\0' ? ": " : "");
	}
	if (finding->value[0] != '\0')
		put_quoted(out, finding->value);
	stream_text(out, "  line ");
	stream_number(out, finding->line);
	if (finding->page > 0) {
		stream_text(out, " on page ");
		stream_number(out, finding->page);
	}
	stream_text(out, "\n");
}

/* What was understood, what was not, and what follows. */
static void
understood_write(struct work *work, const struct notice *notice, const struct findings *findings)
{
	struct standing standing;

	for (size_t i = 0; i < findings->count; i++)
		if (findings->findings[i].certain)
			finding_write(work->out, &findings->findings[i]);
	for (size_t i = 0; i < findings->count; i++)
		if (!findings->findings[i].certain)
			finding_write(work->out, &findings->findings[i]);
	if (work->options->issued.date != DAY_NONE)
		fact_text(work->out, "issued", "as given with --issued");
	if (work->options->id != NULL)
		fact_text(work->out, "id", work->options->id);
	/* Without it no clock has begun. */
	if (notice->issued.date == DAY_NONE)
		return;
	standing_of(&work->rules, notice, work->at, &standing);
	output_effects(work->out, &standing);
}

/* What the operator knows better than the text. */
static int
words_apply(struct work *work, const struct received *received, struct notice *notice, struct findings *findings)
{
	const struct options *options = work->options;

	if (options->issued.date != DAY_NONE) {
		notice->issued = options->issued;
		for (size_t i = 0; i < findings->count; i++)
			if (strcmp(findings->findings[i].field, "issued") == 0)
				findings->findings[i].open = false;
	}
	if ((options->id != NULL && !notice_set(&notice->id, slice_of(options->id))) ||
	    (received->fetched && !notice_set(&notice->source, slice_of(received->from))))
		return no_memory(work);
	return 0;
}

/* What was doubtful, and what the entry was made from. NULL: no memory. */
static char *
remarks_make(const struct work *work, const struct received *received, const struct findings *findings)
{
	char *doubts = findings_remarks(findings), *remarks = NULL;
	char at[TIME_TEXT_SIZE];

	time_format(at, work->at);
	if (doubts != NULL &&
	    asprintf(&remarks, "imported %s from %s, SHA-256 %s%s\n%s", at, received->from, received->digest,
		     work->options->issued.date != DAY_NONE ? "; the operator gave the date of issue" : "",
		     doubts) < 0)
		remarks = NULL;
	free(doubts);
	return remarks;
}

/* What must be settled before: the entry would say more than the document does. */
static int
settled_check(struct work *work, const struct received *received, const struct notice *notice,
	      const struct findings *findings)
{
	const struct finding *open = findings_open(findings);

	if (notice->issued.date == DAY_NONE)
		return error_set(work->error, EX_DATAERR,
				 "%s: its date of issue is not clear; give it with --issued; nothing was stored",
				 received->from);
	return open == NULL ? 0
			    : error_set(work->error, EX_DATAERR,
					"%s:%u: %s: %s; correct the text and import that; nothing was stored",
					received->from, open->line, open->field, open->why);
}

static int
store(struct work *work, const struct received *received, struct notice *notice, const struct findings *findings)
{
	const struct notice *old = register_find(&work->notices, notice->id);
	char *remarks;

	if (settled_check(work, received, notice, findings) != 0)
		return work->error->code;
	if (work->options->dry_run)
		return 0;
	if (old != NULL)
		return error_set(work->error, EX_CANTCREAT,
				 "%s is on file already, in %s; compare: rmdnotice import -n, and rmdnotice show; "
				 "another document of that number needs --id; nothing was stored",
				 notice->id, old->path);
	remarks = remarks_make(work, received, findings);
	if (remarks == NULL)
		no_memory(work);
	else
		notice_store(work->directory, notice, remarks, work->error);
	free(remarks);
	if (work->error->code != 0)
		return work->error->code;
	fact_text(work->out, "stored as", notice->path);
	if (notice_matched(notice) < notice->provider_count) {
		fact_label(work->out, "next");
		stream_text(work->out, "match the providers that it gives no FRN or RMD number of: rmdnotice match ");
		put_quoted(work->out, notice->id);
		stream_text(work->out, "\n");
	}
	return change_end(work);
}

int
import_run(struct work *work)
{
	struct received received = { .file = -1 };
	struct findings findings = { 0 };
	struct notice notice = { 0 };

	if (open_or_fetch(work, work->options->arguments[0], &received) == 0 && digest_take(work, &received) == 0) {
		if (!notice_begin(&notice))
			no_memory(work);
		else if (import_file(received.from, received.file, &notice, &findings, work->error) == 0 &&
			 words_apply(work, &received, &notice, &findings) == 0) {
			understood_write(work, &notice, &findings);
			store(work, &received, &notice, &findings);
		}
	}
	findings_end(&findings);
	notice_end(&notice);
	if (received.file >= 0)
		close(received.file);
	return work->error->code;
}
