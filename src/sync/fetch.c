/* SPDX-License-Identifier: ISC
 *
 * Brings one source, https: or file:, into the spool and hashes it on the way. The only file that knows libcurl.
 * What the bytes mean must not enter, nor whether and when to try again.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "sync/fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/text.h"
#include "base/time.h"
#include "cache/digest.h"
#include "cache/record.h"
#include "sync/stop.h"

#define CHUNK_BYTES (256 * 1024)
#define PROGRESS_MILLISECONDS 100
#define STATUS_OK 200
#define STATUS_NOT_MODIFIED 304
#define STATUS_REQUEST_TIMEOUT 408
#define STATUS_TOO_MANY_REQUESTS 429

struct transfer {
	const struct fetch_request *request;
	struct error *error;
	struct digest *digest;
	CURL *curl; /* NULL for a file */
	struct curl_slist *headers;
	uint64_t bytes;
	size_t header_bytes;
	int64_t told; /* when progress was last called, in milliseconds */
	char address[LIMIT_SOURCE_BYTES + 1];
};

void
fetch_address(char text[LIMIT_SOURCE_BYTES + 1], const char *url)
{
	struct slice rest = slice_of(url);
	const char *authority = strstr(url, "//");
	size_t kept = 0;
	char *at;

	text[0] = '\0';
	/* The last @, wherever it is: a password with a / that nobody encoded ends the authority too early, and
	 * hiding too much is better than hiding too little. */
	if (!slice_starts_fold(rest, "file:") && authority != NULL && (at = strrchr(authority, '@')) != NULL) {
		kept = (size_t)(authority - url) + 2;
		if (kept > LIMIT_SOURCE_BYTES / 2)
			kept = 0;
		memcpy(text, url, kept);
		memcpy(text + kept, "***", 3);
		kept += 3;
		rest = slice_of(at);
	}
	slice_copy(text + kept, LIMIT_SOURCE_BYTES + 1 - kept, rest);
	/* It stands in lines, of messages and of the record of a held list: a path must not end them. */
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
}

/* Where every byte passes, decoded: counted, written, hashed. */
static int
spool(struct transfer *transfer, const char *data, size_t length)
{
	const struct fetch_request *request = transfer->request;
	int64_t now;

	if (length > request->max_bytes - transfer->bytes)
		return error_set(transfer->error, EX_DATAERR,
				 "%s: refused: it is larger than max-bytes, %" PRIu64 " bytes", transfer->address,
				 request->max_bytes);
	if (write_all(request->spool, data, length) != 0)
		return error_set(transfer->error, EX_CANTCREAT, "%s: cannot write what was fetched: %s",
				 transfer->address, strerror(errno));
	if (digest_update(transfer->digest, data, length) != 0)
		return error_set(transfer->error, EX_CANTCREAT, "%s: cannot compute its SHA-256", transfer->address);
	transfer->bytes += length;
	now = clock_milliseconds();
	if (request->progress != NULL && now - transfer->told >= PROGRESS_MILLISECONDS) {
		transfer->told = now;
		request->progress(request->context, transfer->bytes);
	}
	return 0;
}

bool
fetch_file_url(char *url, size_t size, const char *path)
{
	static const char scheme[] = "file://";
	size_t used = sizeof scheme - 1;

	if (size < sizeof scheme)
		return false;
	memcpy(url, scheme, sizeof scheme);
	/* Behind file: a second slash would begin a host. */
	while (path[0] == '/' && path[1] == '/')
		path++;
	for (; *path != '\0' && used + 4 <= size; path++) {
		/* In a URL a percent sign begins a code. */
		if (*path == '%') {
			memcpy(url + used, "%25", 3);
			used += 3;
		} else {
			url[used++] = *path;
		}
	}
	url[used] = '\0';
	return *path == '\0';
}

/* file:///path, file://localhost/path or file:/path. A ? or # is a character of the path like any other. */
static int
file_path(char path[LIMIT_PATH_BYTES], const struct transfer *transfer)
{
	const char *from = transfer->request->url + strlen("file:");
	size_t length = 0;

	if (slice_starts_fold(slice_of(from), "//localhost/"))
		from += strlen("//localhost");
	else if (strncmp(from, "///", 3) == 0)
		from += 2;
	if (from[0] != '/' || from[1] == '/')
		return error_set(transfer->error, EX_CONFIG,
				 "%s: file: needs an absolute path, as in file:///srv/rmd.csv", transfer->address);
	while (*from != '\0') {
		int c = (unsigned char)*from++;

		if (c == '%') {
			int high = hexadecimal_digit(from[0]);
			int low = high < 0 ? -1 : hexadecimal_digit(from[1]);

			c = low < 0 ? 0 : high * 16 + low;
			from += 2;
		}
		if (c == 0)
			return error_set(transfer->error, EX_CONFIG,
					 "%s: a %% must be followed by two hexadecimal digits, and not by 00",
					 transfer->address);
		if (length == LIMIT_PATH_BYTES - 1)
			return error_set(transfer->error, EX_CONFIG, "%s: the path is too long", transfer->address);
		path[length++] = (char)c;
	}
	path[length] = '\0';
	return 0;
}

/* A pipe that nobody writes to must not hold the run for ever, so each read waits no longer than is left. */
static int
file_copy(struct transfer *transfer, int file)
{
	int64_t deadline = clock_milliseconds() + transfer->request->total_timeout * 1000;
	char *chunk = malloc(CHUNK_BYTES);
	ssize_t got = -1;
	int code = 0;

	if (chunk == NULL)
		return error_set(transfer->error, EX_CANTCREAT, "%s: no memory to read it", transfer->address);
	while (code == 0 && got != 0) {
		int64_t left = deadline - clock_milliseconds();
		int ready = left <= 0 ? 0 : stop_poll(file, left);

		if (ready > 0)
			got = read(file, chunk, CHUNK_BYTES);
		if (stop_check(transfer->error) != 0)
			code = transfer->error->code;
		else if (ready > 0 && got > 0)
			code = spool(transfer, chunk, (size_t)got);
		else if (ready == 0)
			code = error_set(transfer->error, EX_TEMPFAIL, "%s: timed out after %" PRIu64 " bytes",
					 transfer->address, transfer->bytes);
		else if ((ready < 0 || got < 0) && errno != EINTR && errno != EAGAIN)
			code = error_set(transfer->error, EX_UNAVAILABLE, "%s: cannot be read: %s", transfer->address,
					 strerror(errno));
	}
	free(chunk);
	return code;
}

static int
fetch_file(struct transfer *transfer)
{
	char path[LIMIT_PATH_BYTES];
	struct stat status;
	int file, code;

	code = file_path(path, transfer);
	if (code != 0)
		return code;
	file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file < 0 || fstat(file, &status) != 0)
		code = error_set(transfer->error, error_code(EX_UNAVAILABLE), "%s: cannot be opened: %s",
				 transfer->address, strerror(errno));
	else if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
		code = error_set(transfer->error, EX_UNAVAILABLE, "%s: is neither a file nor a pipe",
				 transfer->address);
	else
		code = file_copy(transfer, file);
	if (file >= 0)
		(void)close(file);
	return code;
}

/* The body of anything but a 200 is not ours to read: ending the transfer here spares an endless error page. */
static size_t
body_receive(char *data, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	long status = 0;

	if (curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != STATUS_OK)
		return CURL_WRITEFUNC_ERROR;
	return spool(transfer, data, size * count) == 0 ? size * count : CURL_WRITEFUNC_ERROR;
}

/* libcurl keeps the headers, and those behind a body in chunks without a limit. */
static size_t
header_receive(char *data, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;

	(void)data;
	transfer->header_bytes += size * count;
	if (transfer->header_bytes <= LIMIT_HEADER_BYTES)
		return size * count;
	error_set(transfer->error, EX_TEMPFAIL, "%s: not reached, or not in time: its headers have no end",
		  transfer->address);
	return CURL_WRITEFUNC_ERROR;
}

/* Called about every second, and whenever something happens. Not 0: the transfer ends. */
static int
transfer_watch(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now)
{
	struct transfer *transfer = context;

	(void)total;
	(void)now;
	(void)up_total;
	(void)up_now;
	return stop_check(transfer->error);
}

static const char *
ca_name(const struct fetch_request *request)
{
	return request->ca_file != NULL ? request->ca_file : "the system's CA certificates";
}

/* libcurl tells an unreadable CA file and an empty one in the same words; a person needs to know which. */
static int
ca_file_check(struct transfer *transfer)
{
	int file;

	if (transfer->request->ca_file == NULL)
		return 0;
	file = file_open(transfer->request->ca_file);
	if (file < 0)
		return error_set(transfer->error, error_code(EX_UNAVAILABLE), "%s: cannot read the CA file %s: %s",
				 transfer->address, transfer->request->ca_file, strerror(errno));
	(void)close(file);
	return 0;
}

/* libcurl takes a proxy whose address is none for one that is not reached. The address is not shown: it may hold a
 * password. */
static int
proxy_check(struct transfer *transfer)
{
	static const char *const schemes[] = { "http", "https", "socks4", "socks4a", "socks5", "socks5h" };
	const char *proxy = transfer->request->proxy;
	CURLU *address;
	char *scheme = NULL;
	bool good = false;

	if (proxy == NULL)
		return 0;
	address = curl_url();
	if (address == NULL)
		return error_set(transfer->error, EX_CANTCREAT, "%s: no memory to fetch it", transfer->address);
	if (curl_url_set(address, CURLUPART_URL, proxy, CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) == CURLUE_OK &&
	    curl_url_get(address, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK)
		for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
			good = good || slice_equal_fold(slice_of(scheme), schemes[i]);
	curl_free(scheme);
	curl_url_cleanup(address);
	return good ? 0
		    : error_set(transfer->error, EX_CONFIG,
				"%s: the proxy of rmd.conf is no address such as http://proxy.example.net:3128",
				transfer->address);
}

static CURLcode
security_options(CURL *curl, const struct fetch_request *request)
{
	CURLcode code = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");

	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	/* The operator's CA file stands for the system's certificates, not beside them. */
	if (code == CURLE_OK && request->ca_file != NULL)
		code = curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca_file);
	if (code == CURLE_OK && request->ca_file != NULL)
		code = curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	/* Likewise his proxy goes before anything in the environment, no_proxy too. */
	if (code == CURLE_OK && request->proxy != NULL)
		code = curl_easy_setopt(curl, CURLOPT_PROXY, request->proxy);
	if (code == CURLE_OK && request->proxy != NULL)
		code = curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
	return code;
}

static CURLcode
limit_options(CURL *curl, const struct fetch_request *request)
{
	CURLcode code = curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);

	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)LIMIT_REDIRECTS);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)request->connect_timeout);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)request->total_timeout);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)LIMIT_LOW_SPEED_BYTES);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)LIMIT_LOW_SPEED_SECONDS);
	/* That a server which hangs up ends nothing is seen to for the whole program. */
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	return code;
}

static bool
header_add(struct transfer *transfer, const char *name, const char *value)
{
	char line[LIMIT_VALIDATOR_BYTES + 32];
	struct curl_slist *headers;

	if (value == NULL)
		return true;
	(void)snprintf(line, sizeof line, "%s: %s", name, value);
	headers = curl_slist_append(transfer->headers, line);
	if (headers == NULL)
		return false;
	transfer->headers = headers;
	return true;
}

/* Asks for the list only if it is another one than we have. */
static CURLcode
condition_options(CURL *curl, struct transfer *transfer)
{
	if (!header_add(transfer, "If-None-Match", transfer->request->etag) ||
	    !header_add(transfer, "If-Modified-Since", transfer->request->last_modified))
		return CURLE_OUT_OF_MEMORY;
	return curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer->headers);
}

static CURLcode
request_options(CURL *curl, struct transfer *transfer, char *reason)
{
	const char *contact = transfer->request->contact;
	char agent[LIMIT_CONF_LINE + 64];
	CURLcode code;

	if (contact != NULL)
		(void)snprintf(agent, sizeof agent, "rmdsync/%s (+%s)", PACKAGE_VERSION, contact);
	else
		(void)snprintf(agent, sizeof agent, "rmdsync/%s", PACKAGE_VERSION);
	code = curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_URL, transfer->request->url);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_USERAGENT, agent);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
	/* One body gains nothing from HTTP/2, and how it breaks off would be one more thing to test. */
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, (long)CHUNK_BYTES);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_receive);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, header_receive);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, transfer_watch);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transfer);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	return code;
}

static int
status_fail(struct transfer *transfer, const char *who, long status)
{
	bool passing = status >= 500 || status == STATUS_REQUEST_TIMEOUT || status == STATUS_TOO_MANY_REQUESTS;

	return error_set(transfer->error, passing ? EX_TEMPFAIL : EX_UNAVAILABLE, "%s: %s answered with status %ld%s",
			 transfer->address, who, status, passing ? ", which may pass" : "");
}

/* What libcurl could not do. Whatever is not known to be for good is taken to pass. `status`: of the last answer. */
static int
transfer_fail(struct transfer *transfer, CURLcode code, long status, const char *reason)
{
	/* What has an @ may be an address with a password, of a proxy that libcurl does not understand. */
	if (reason[0] == '\0' || strchr(reason, '@') != NULL)
		reason = curl_easy_strerror(code);
	/* The address that it fails over may be the server's, and not rmd.conf's. */
	if (status / 100 == 3 && (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL))
		code = CURLE_TOO_MANY_REDIRECTS;
	switch (code) {
	case CURLE_URL_MALFORMAT:
	case CURLE_UNKNOWN_OPTION:
	case CURLE_NOT_BUILT_IN:
		return error_set(transfer->error, EX_CONFIG, "%s: cannot be asked for: %s", transfer->address,
				 reason);
	/* libcurl says so of a line, too, that is longer than it takes. */
	case CURLE_OUT_OF_MEMORY:
		return error_set(transfer->error, EX_TEMPFAIL,
				 "%s: no memory to fetch it, or a header too long to be kept", transfer->address);
	case CURLE_FAILED_INIT:
		return error_set(transfer->error, EX_CANTCREAT, "%s: no memory to fetch it", transfer->address);
	case CURLE_TOO_MANY_REDIRECTS:
		return error_set(transfer->error, EX_UNAVAILABLE,
				 "%s: redirected to where we do not follow (at most %d times, https: only): %s",
				 transfer->address, LIMIT_REDIRECTS, reason);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return error_set(transfer->error, EX_UNAVAILABLE,
				 "%s: the certificate cannot be verified with %s: %s", transfer->address,
				 ca_name(transfer->request), reason);
	case CURLE_BAD_CONTENT_ENCODING:
		return error_set(transfer->error, EX_DATAERR, "%s: refused: the compressed data is damaged: %s",
				 transfer->address, reason);
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		return error_set(transfer->error, EX_TEMPFAIL,
				 "%s: the transfer broke off after %" PRIu64 " bytes: %s", transfer->address,
				 transfer->bytes, reason);
	default:
		return error_set(transfer->error, EX_TEMPFAIL, "%s: not reached, or not in time: %s",
				 transfer->address, reason);
	}
}

/* A header of the last answer; "" where there is none, or more than one, or one that cannot be sent back. */
static void
header_take(struct transfer *transfer, const char *name, char value[LIMIT_VALIDATOR_BYTES + 1])
{
	struct curl_header *header;

	value[0] = '\0';
	if (curl_easy_header(transfer->curl, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
	    header->amount == 1 && validator_good(slice_of(header->value)))
		slice_copy(value, LIMIT_VALIDATOR_BYTES + 1, slice_of(header->value));
}

/* "..." or W/"...". To ask with anything else, a * above all, could be answered by "unchanged" for ever. */
static bool
etag_good(const char *text)
{
	size_t length;

	if (strncmp(text, "W/", 2) == 0)
		text += 2;
	length = strlen(text);
	return length > 2 && text[0] == '"' && strcspn(text + 1, "\" ") == length - 2 && text[length - 1] == '"';
}

/* What the server says of the list, for the next time. What is wrong with it is no reason to refuse the list. */
static void
validators_take(struct transfer *transfer, struct fetch_result *result)
{
	char date[LIMIT_VALIDATOR_BYTES + 1];
	time_t modified;

	header_take(transfer, "ETag", result->etag);
	if (!etag_good(result->etag))
		result->etag[0] = '\0';
	header_take(transfer, "Last-Modified", result->last_modified);
	header_take(transfer, "Date", date);
	/* One that is not past when it is sent would hide what changes until then. */
	modified = curl_getdate(result->last_modified, NULL);
	if (modified < 0 || modified >= curl_getdate(date, NULL))
		result->last_modified[0] = '\0';
}

/* What the server, or the proxy, answered, once the transfer has ended with `code`. */
static int
answer_judge(struct transfer *transfer, CURLcode code, const char *reason, struct fetch_result *result)
{
	long status = 0, proxy_status = 0;
	curl_off_t wait = 0;

	/* What failed in our own hands was said there. */
	if (transfer->error->code != 0)
		return transfer->error->code;
	if (curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK ||
	    curl_easy_getinfo(transfer->curl, CURLINFO_HTTP_CONNECTCODE, &proxy_status) != CURLE_OK ||
	    curl_easy_getinfo(transfer->curl, CURLINFO_RETRY_AFTER, &wait) != CURLE_OK)
		return transfer_fail(transfer, CURLE_FAILED_INIT, 0, "");
	result->retry_after = wait;
	if (code == CURLE_OK && status == STATUS_NOT_MODIFIED && transfer->headers != NULL) {
		result->unchanged = true;
		return 0;
	}
	/* A status that is an error says more than that its body was not read to the end. */
	if (status >= 400 || (status != STATUS_OK && (code == CURLE_OK || code == CURLE_WRITE_ERROR)))
		return status_fail(transfer, "the server", status);
	if (code != CURLE_OK && proxy_status >= 400)
		return status_fail(transfer, "the proxy", proxy_status);
	if (code != CURLE_OK)
		return transfer_fail(transfer, code, status, reason);
	/* An answer that ends with its connection, with no length and no chunks, may have been cut, and libcurl
	 * cannot tell. The FCC promises neither, so the list's own end and the guard must tell it. */
	validators_take(transfer, result);
	return 0;
}

static int
transfer_perform(struct transfer *transfer, struct fetch_result *result)
{
	char reason[CURL_ERROR_SIZE] = "";
	CURLcode code = request_options(transfer->curl, transfer, reason);

	if (code == CURLE_OK)
		code = limit_options(transfer->curl, transfer->request);
	if (code == CURLE_OK)
		code = security_options(transfer->curl, transfer->request);
	if (code == CURLE_OK)
		code = condition_options(transfer->curl, transfer);
	if (code == CURLE_OK)
		code = curl_easy_perform(transfer->curl);
	return answer_judge(transfer, code, reason, result);
}

/* libcurl is started here and not in main: a run from a file need not pay for it. */
static int
fetch_https(struct transfer *transfer, struct fetch_result *result)
{
	CURLcode started;
	int code = ca_file_check(transfer);

	if (code != 0 || (code = proxy_check(transfer)) != 0)
		return code;
	started = curl_global_init(CURL_GLOBAL_DEFAULT);
	transfer->curl = started == CURLE_OK ? curl_easy_init() : NULL;
	if (transfer->curl == NULL)
		code = error_set(transfer->error, EX_CANTCREAT, "%s: libcurl does not start", transfer->address);
	else
		code = transfer_perform(transfer, result);
	curl_easy_cleanup(transfer->curl);
	curl_slist_free_all(transfer->headers);
	if (started == CURLE_OK)
		curl_global_cleanup();
	return code;
}

int
fetch(const struct fetch_request *request, struct fetch_result *result, struct error *error)
{
	struct transfer transfer = { .request = request, .error = error, .told = clock_milliseconds() };
	struct slice url = slice_of(request->url);
	int code;

	*result = (struct fetch_result){ 0 };
	fetch_address(transfer.address, request->url);
	transfer.digest = digest_begin();
	if (transfer.digest == NULL)
		return error_set(error, EX_CANTCREAT, "%s: no memory to fetch it", transfer.address);
	if (slice_starts_fold(url, "https://"))
		code = fetch_https(&transfer, result);
	else if (slice_starts_fold(url, "file:"))
		code = fetch_file(&transfer);
	else
		code = error_set(error, EX_CONFIG, "%s: a source is https: or file:, nothing else", transfer.address);
	if (code != 0) {
		digest_drop(transfer.digest);
		return code;
	}
	result->bytes = transfer.bytes;
	if (digest_end(transfer.digest, result->digest) != 0)
		return error_set(error, EX_CANTCREAT, "%s: cannot compute its SHA-256", transfer.address);
	return 0;
}
