/* SPDX-License-Identifier: ISC
 *
 * Every maximum of the project, each with its reason. No other file may hold a bare limit.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* One column's text after decoding. The longest seen is 15,753 bytes (January 2025). */
#define LIMIT_FIELD_BYTES 65536
/* One row's text. Twice the longest field: RMD_FILING_BUFFER_SIZE is this, and a header with NULs. */
#define LIMIT_ROW_BYTES 126976
/* Columns in a file's header: 23 are known; the rest is room for what the FCC may add. */
#define LIMIT_COLUMNS 256
/* A header's column name. */
#define LIMIT_COLUMN_NAME 128
/* Rows in one file: twice what is measured to fit, and 200 times the real list. More is no RMD any more. */
#define LIMIT_ROWS 2000000
/* Depth of elements in an XML source: response, result, column, display_value are 4. */
#define LIMIT_XML_DEPTH 16
/* What different names of elements and attributes in an XML source take: our columns, known and not, need 36 KB.
 * libxml2 keeps each for ever, and finds them the slower the more they are: three millions kept a run busy for
 * minutes. */
#define LIMIT_XML_NAMES (1024 * 1024)
/* Memory that a decoder may take, whoever has taken it over. The real list needs 2 MB, and the longest attribute that
 * libxml2 reads (10 MB) 32. */
#define LIMIT_DECODER_BYTES ((size_t)64 * 1024 * 1024)
/* Quarantined rows that are kept by name; more are counted only. */
#define LIMIT_REJECTS 100000
/* A provider as a person or a switch names it. LMDB's longest key is 511 bytes. */
#define LIMIT_KEY_BYTES 480
/* Filings of one name: more than two providers are as ambiguous as two, and a provider may have several filings. */
#define LIMIT_NAME_MATCHES 256
/* A normalised name as key of an index: LMDB's 511 bytes less an RMD number. */
#define LIMIT_NAME_KEY_BYTES 480
/* Caller and called numbers are looked at this far. A user part stands well before, but the name before a URI may be
 * of any length, and a call to 911 must not be missed behind it. */
#define LIMIT_PHONE_BYTES 4096
/* An E.164 number has at most 15 digits. */
#define LIMIT_PHONE_DIGITS 15
/* Aliases taken from one filing's other_frns: 2,406 bytes (the longest) hold at most 218. */
#define LIMIT_ALIASES 8192
/* One error line. Longer ones are cut: a line is for a person. */
#define LIMIT_ERROR_BYTES 1024
/* A path that we put together. */
#define LIMIT_PATH_BYTES 4096
/* One line of an operator's file; inih cuts lines at 200 bytes, so longer ones are refused. */
#define LIMIT_CONF_LINE 199
/* Lines in an operator's file. */
#define LIMIT_CONF_LINES 1000000
/* Sources in rmd.conf, tried in order. */
#define LIMIT_SOURCES 8
/* One query line of rmdcheck --batch. */
#define LIMIT_BATCH_LINE 4096
/* Peers in peers.conf: the largest carriers have some thousand. */
#define LIMIT_PEERS 1000000
/* Redirects followed, https only. */
#define LIMIT_REDIRECTS 3
/* Headers of one transfer, all its answers together: real ones have some thousand bytes. libcurl takes 300 KB of an
 * answer's head, and no more. */
#define LIMIT_HEADER_BYTES (512 * 1024)
/* A transfer slower than this many bytes a second, for this many seconds, has stalled. */
#define LIMIT_LOW_SPEED_BYTES 100
#define LIMIT_LOW_SPEED_SECONDS 60
/* Dirty pages are committed to the private file at this size, so that memory stays bounded for a million
 * filings; a real database (10 MB) is one transaction. Resident pages of a walk are dropped at the same pace. */
#define LIMIT_BUILD_SLICE (64 * 1024 * 1024)
/* So many pages of a file the kernel maps where one is read. */
#define LIMIT_PAGES_AROUND 16
/* Address space for a build: thirty times what a million filings take, and half of what valgrind has. Only what is
 * used is ever written; it is trimmed before publishing. */
#define LIMIT_BUILD_MAP (32ULL * 1024 * 1024 * 1024)
/* A source line or address shown to a person. */
#define LIMIT_SOURCE_BYTES 255
/* A clock that runs behind the last check by more seconds than this (a day: a zone mistaken, no drift) is wrong, or
 * the check was dated wrongly. */
#define LIMIT_CLOCK_BEHIND 86400
/* Old snapshots that may be asked for. */
#define LIMIT_KEEP 1000
/* Columns of a terminal: in longer lines nobody finds the next one. */
#define LIMIT_SCREEN_COLUMNS 500
/* Parts of one line that are laid out: an answer has at most fifteen. */
#define LIMIT_SCREEN_CELLS 24
/* A fact on a terminal: five lines tell what it is, and the rest is counted. */
#define LIMIT_SCREEN_FACT_LINES 5
/* A word without a blank is kept whole for this many lines, as an address is to be copied; then it is parted. */
#define LIMIT_SCREEN_WORD_LINES 3
/* Bytes collected before a terminal gets them. */
#define LIMIT_SCREEN_BYTES 4096
/* What rmdcheck collects before it writes, and reads at once: a pipe holds this much. */
#define LIMIT_OUTPUT_BYTES 65536
#define LIMIT_INPUT_BYTES 65536
/* How often a snapshot that is replaced while it is read is read anew: more than once in a row is no nightly job. */
#define LIMIT_VERIFY_ATTEMPTS 10
/* rmd.mdb.sha256: two lines of 64 digits and a name are 148 bytes. */
#define LIMIT_SIDECAR_BYTES 512
/* A run's JSON object: thirteen keys, and a source's 255 bytes as escapes of at most six. */
#define LIMIT_SUMMARY_BYTES 4096
/* Events that wait for `rmdsync --run-hooks`: more than three months of nights mean that nobody runs it. */
#define LIMIT_PENDING 100
/* What a hook that is told to end may take for it. */
#define LIMIT_HOOK_END_SECONDS 2
/* The first pause before sources are asked again is this to twice this: a server that restarts is back then. */
#define LIMIT_RETRY_FIRST_SECONDS 1
/* Pauses double up to this: a server under load is spared, and one that is back is noticed within the minute. */
#define LIMIT_RETRY_LONGEST_SECONDS 60
/* A server that asks for a longer pause (Retry-After) does not get it: one mistaken header must not cost a night. */
#define LIMIT_RETRY_AFTER_SECONDS 300
/* An ETag or Last-Modified is a stranger's, and goes back as it came. Real ones are below 100 bytes. */
#define LIMIT_VALIDATOR_BYTES 255
/* So long (30 days) a server is believed that nothing has changed; then the list is fetched whole. */
#define LIMIT_VALIDATOR_AGE_SECONDS 2592000
/* A closure of the FCC: the longest one, of 2025, took 43 days. */
#define LIMIT_CLOSURE_DAYS 366
/* Who writes into a directory waits so long for another who does. A document takes no time, an export of a million
 * filings some seconds: somebody who holds the lock for longer hangs, or means harm. */
#define LIMIT_LOCK_SECONDS 60
/* Documents in the register: some hundred letters and orders a year, for decades. */
#define LIMIT_NOTICES 20000
/* How often the register is listed anew, as a document was gone when it was to be read: people move a few. */
#define LIMIT_REGISTER_ATTEMPTS 10
/* One document's file in the register, and one that is imported: 1,203 companies were the longest order. */
#define LIMIT_NOTICE_BYTES (8 * 1024 * 1024)
/* Providers that one document names, its tracebacks, and what the operator records of it. */
#define LIMIT_NOTICE_PROVIDERS 16384
#define LIMIT_NOTICE_TRACEBACKS 16384
#define LIMIT_NOTICE_RESPONSES 256
/* A document's number; real ones have below 40 characters. notice.rng says so too. */
#define LIMIT_NOTICE_ID 200
/* Ordering clauses of one order: a dozen is many. */
#define LIMIT_NOTICE_CLAUSES 200
/* Doubts that an import tells one by one: more are another kind of document, or a scan that nobody can read. */
#define LIMIT_NOTICE_DOUBTS 1000
/* pdftotext takes a second for the longest order; one that takes so long is stuck. */
#define LIMIT_PDF_SECONDS 60
/* Address space for it: the longest order takes 20 MB of it, a PDF of LIMIT_NOTICE_BYTES 31 (poppler 22.12). The rest
 * is for pages that unpack to more, and for what other versions map. */
#define LIMIT_PDF_MEMORY (512 * 1024 * 1024)
/* A document's file in the register is named after it, this far: names may be 255 bytes long. */
#define LIMIT_NOTICE_NAME 120
/* A document's number, title and address, as the snapshot keeps them: a line each. */
#define LIMIT_NOTICE_TEXT 1000
/* Letters of a name that are compared one by one where names are only similar: twice what most names have. */
#define LIMIT_LIKENESS_BYTES 128
/* Words of a name, likewise: the letters of one that is looked at are no more. */
#define LIMIT_NAME_WORDS 32
/* Names that a filing may be searched by: 669 are the most seen (January 2025). */
#define LIMIT_FILING_NAMES 8192
/* Filings whose names are looked at letter by letter in one search, as they share most pairs of letters. */
#define LIMIT_SEARCH_FINALISTS 256
/* Filings that a search proposes: a person reads them, on one screen. */
#define LIMIT_SEARCH_CANDIDATES 20
/* Filings that `rmdnotice match` proposes for one provider: a person reads them. */
#define LIMIT_CANDIDATES 8

/* A page counts what happened in each generation: one an hour for a century are fewer. */
#define LIMIT_PAGE_GENERATIONS 1000000
/* Peers on a page, the worst first: a browser still sorts so many at once. */
#define LIMIT_PAGE_PEERS 5000
/* How often documents with a day to come name peers, on a page: such documents are few. */
#define LIMIT_PAGE_LINKS 100000
/* Deadlines on a page, the next ones first: nobody reads further. */
#define LIMIT_PAGE_DEADLINES 200
/* The last generations that a page tells of, and how many filings of one; a larger one is counted only. */
#define LIMIT_PAGE_NEWS 10
#define LIMIT_PAGE_FILINGS 50

#endif
