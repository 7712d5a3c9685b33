/* SPDX-License-Identifier: ISC
 *
 * A document's bytes, and the text of a PDF, which pdftotext (poppler-utils) makes of it in a process of its own.
 * What the text says must not enter.
 */
#ifndef NOTICE_PDF_H
#define NOTICE_PDF_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"

/* The file, open for reading, begins as a PDF does. */
bool
pdf_is(int file);

/* All of the file, LIMIT_NOTICE_BYTES at most. 0, or 65 (longer), 73 (memory), 74 (reading). The path is for the
 * error's line. */
int
file_text(const char *path, int file, struct buffer *text, struct error *error);

/* What `pdftotext -layout` makes of it, in so many seconds. Besides: 65 where it makes nothing of it, 69 where it is
 * not there. */
int
pdf_text(const char *path, int file, int seconds, struct buffer *text, struct error *error);

#endif
