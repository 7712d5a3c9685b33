/* SPDX-License-Identifier: ISC
 *
 * Calls by the thousand over loopback, from an address of one's own, and the far end that answers them; for tests and
 * benchmarks of switches, which SIPp's clock is too coarse for. What an answer should be must not enter.
 *
 *   call port                no more than a line "ready PORT", of a port that is free
 *   call answer PORT         answers each INVITE from 127.0.0.1:PORT with 480, or with 200 where 200 is called, BYE
 * with 200; until it is killed call ask ADDRESS SERVER PORT CALLED COUNT OUTSTANDING so many calls to CALLED (a user,
 * or a whole URI) from ADDRESS, so many at a time call watch ADDRESS SERVER PORT CALLED SECONDS OUTSTANDING likewise,
 * for so long, or until SIGTERM
 *
 * A line "ready PORT" comes first, and then of ask and watch: for each status that came "STATUS COUNT FIRST LAST",
 * when the first and the last call that got it had been sent, in seconds since 1970; "lost COUNT"; "rate
 * CALLS-A-SECOND p50 MICROSECONDS p99 MICROSECONDS".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define OUTSTANDING_MAX 256
#define MESSAGE_SIZE 4096
#define STATUS_MAX 700
#define LATENCIES_MAX 1000000
/* As RFC 3261 has them: timer A, the first time, and timer B. */
#define AGAIN_AFTER 0.5
#define LOST_AFTER 32.0

struct call {
	long number; /* -1: this place is free */
	double sent;
	double sent_again;
};

struct answered {
	long count;
	double first;
	double last;
};

struct load {
	int socket;
	const char *address;
	unsigned port; /* our own */
	char uri[256];
	long next;
	long limit;
	double end;
	int outstanding;
	int open;
	long lost;
	struct call calls[OUTSTANDING_MAX];
};

static volatile sig_atomic_t stopped;
static struct answered answered[STATUS_MAX];
static float latencies[LATENCIES_MAX];
static long latency_count;

static void
fail(const char *what)
{
	fprintf(stderr, "call: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double
now(void)
{
	struct timespec time = { 0, 0 };

	if (clock_gettime(CLOCK_REALTIME, &time) != 0)
		fail("clock");
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct sockaddr_in
address_of(const char *text, long port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	if (inet_pton(AF_INET, text, &address.sin_addr) != 1)
		fail(text);
	return address;
}

static int
socket_at(const char *text, long port, unsigned *own)
{
	struct sockaddr_in address = address_of(text, port);
	socklen_t length = sizeof address;
	int one = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), size = 4 << 20;

	if (one < 0 || bind(one, (struct sockaddr *)&address, length) != 0 ||
	    getsockname(one, (struct sockaddr *)&address, &length) != 0)
		fail(text);
	(void)setsockopt(one, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	*own = ntohs(address.sin_port);
	if (printf("ready %u\n", *own) < 0 || fflush(stdout) != 0)
		fail("stdout");
	return one;
}

static void
invite_send(const struct load *load, const struct call *call)
{
	char message[MESSAGE_SIZE];
	int length = snprintf(message, sizeof message,
			      "INVITE %s SIP/2.0\r\n"
			      "Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK-%d-%ld;rport\r\n"
			      "From: <sip:+12125550100@%s>;tag=%ld\r\n"
			      "To: <sip:called@example.net>\r\n"
			      "Call-ID: %ld-%d@%s\r\n"
			      "CSeq: 1 INVITE\r\n"
			      "Contact: <sip:caller@%s:%u>\r\n"
			      "Max-Forwards: 70\r\n"
			      "Content-Length: 0\r\n\r\n",
			      load->uri, load->address, load->port, (int)getpid(), call->number, load->address,
			      call->number, call->number, (int)getpid(), load->address, load->address, load->port);

	if (length < 0 || (size_t)length >= sizeof message || send(load->socket, message, (size_t)length, 0) < 0)
		fail("send");
}

/* The header's line in the message, from its name to before its end; NULL where there is none. */
static const char *
header_find(const char *message, const char *name, size_t *length)
{
	const char *line = strstr(message, "\r\n");
	size_t wanted = strlen(name);

	while (line != NULL && strncasecmp(line + 2, name, wanted) != 0)
		line = strstr(line + 2, "\r\n");
	if (line == NULL)
		return NULL;
	*length = strcspn(line + 2, "\r");
	return line + 2;
}

static void
ack_send(const struct load *load, const struct call *call, const char *answer)
{
	char message[MESSAGE_SIZE];
	size_t to_length;
	const char *to = header_find(answer, "To:", &to_length);
	int length;

	if (to == NULL)
		return;
	length = snprintf(message, sizeof message,
			  "ACK %s SIP/2.0\r\n"
			  "Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK-%d-%ld;rport\r\n"
			  "From: <sip:+12125550100@%s>;tag=%ld\r\n"
			  "%.*s\r\n"
			  "Call-ID: %ld-%d@%s\r\n"
			  "CSeq: 1 ACK\r\n"
			  "Max-Forwards: 70\r\n"
			  "Content-Length: 0\r\n\r\n",
			  load->uri, load->address, load->port, (int)getpid(), call->number, load->address,
			  call->number, (int)to_length, to, call->number, (int)getpid(), load->address);
	if (length < 0 || (size_t)length >= sizeof message || send(load->socket, message, (size_t)length, 0) < 0)
		fail("send");
}

static void
calls_begin(struct load *load)
{
	for (int i = 0; i < load->outstanding; i++) {
		struct call *call = &load->calls[i];

		if (call->number >= 0 || load->next >= load->limit || stopped || now() >= load->end)
			continue;
		call->number = load->next++;
		call->sent = call->sent_again = now();
		load->open++;
		invite_send(load, call);
	}
}

static struct call *
call_find(struct load *load, const char *answer)
{
	size_t length;
	const char *id = header_find(answer, "Call-ID:", &length);
	long number = id != NULL ? strtol(id + strlen("Call-ID:"), NULL, 10) : -1;

	for (int i = 0; number >= 0 && i < load->outstanding; i++)
		if (load->calls[i].number == number)
			return &load->calls[i];
	return NULL;
}

static void
answer_take(struct load *load, const char *answer)
{
	struct call *call = call_find(load, answer);
	long status = strncmp(answer, "SIP/2.0 ", 8) == 0 ? strtol(answer + 8, NULL, 10) : 0;

	if (call == NULL || status < 200 || status >= STATUS_MAX)
		return;
	ack_send(load, call, answer);
	if (answered[status].count++ == 0 || call->sent < answered[status].first)
		answered[status].first = call->sent;
	if (call->sent > answered[status].last)
		answered[status].last = call->sent;
	if (latency_count < LATENCIES_MAX)
		latencies[latency_count++] = (float)((now() - call->sent) * 1e6);
	call->number = -1;
	load->open--;
}

static void
calls_repeat(struct load *load)
{
	double time = now();

	for (int i = 0; i < load->outstanding; i++) {
		struct call *call = &load->calls[i];

		if (call->number < 0)
			continue;
		if (time - call->sent > LOST_AFTER) {
			load->lost++;
			call->number = -1;
			load->open--;
		} else if (time - call->sent_again > AGAIN_AFTER) {
			call->sent_again = time;
			invite_send(load, call);
		}
	}
}

static int
float_compare(const void *left, const void *right)
{
	float a = *(const float *)left, b = *(const float *)right;

	return (a > b) - (a < b);
}

static void
load_run(struct load *load)
{
	char answer[MESSAGE_SIZE];
	double begin = now(), repeated = begin;

	calls_begin(load);
	while (load->open > 0) {
		struct pollfd ready = { load->socket, POLLIN, 0 };

		if (poll(&ready, 1, 100) > 0) {
			ssize_t length;

			while ((length = recv(load->socket, answer, sizeof answer - 1, MSG_DONTWAIT)) > 0) {
				answer[length] = '\0';
				answer_take(load, answer);
				calls_begin(load);
			}
			/* Nobody listens there. */
			if (length < 0 && errno == ECONNREFUSED)
				fail("recv");
		}
		if (now() - repeated > AGAIN_AFTER / 5) {
			calls_repeat(load);
			calls_begin(load);
			repeated = now();
		}
	}
	for (int status = 0; status < STATUS_MAX; status++)
		if (answered[status].count > 0)
			printf("%d %ld %.6f %.6f\n", status, answered[status].count, answered[status].first,
			       answered[status].last);
	qsort(latencies, (size_t)latency_count, sizeof latencies[0], float_compare);
	printf("lost %ld\n", load->lost);
	if (latency_count > 0)
		printf("rate %.0f p50 %.0f p99 %.0f\n", (double)load->next / (now() - begin),
		       (double)latencies[latency_count / 2], (double)latencies[latency_count * 99 / 100]);
}

static void
stop(int signal_number)
{
	stopped = signal_number;
}

static int
ask(char **words, bool counted)
{
	struct load load = { .address = words[0], .limit = LONG_MAX, .end = 1e18 };
	struct sockaddr_in server = address_of(words[1], strtol(words[2], NULL, 10));

	if (snprintf(load.uri, sizeof load.uri, strchr(words[3], ':') != NULL ? "%s" : "sip:%s@%s", words[3],
		     words[1]) < 0)
		fail(words[3]);
	if (counted)
		load.limit = strtol(words[4], NULL, 10);
	else
		load.end = now() + strtod(words[4], NULL);
	load.outstanding = (int)strtol(words[5], NULL, 10);
	if (load.outstanding < 1 || load.outstanding > OUTSTANDING_MAX)
		load.outstanding = OUTSTANDING_MAX;
	for (int i = 0; i < load.outstanding; i++)
		load.calls[i].number = -1;
	load.socket = socket_at(load.address, 0, &load.port);
	/* An answer from somewhere else is none; and where nobody listens, that is told at once. */
	if (connect(load.socket, (struct sockaddr *)&server, sizeof server) != 0)
		fail("connect");
	if (signal(SIGTERM, stop) == SIG_ERR)
		fail("signal");
	load_run(&load);
	return 0;
}

/* The headers of that name that the answer must bear as they came. */
static size_t
headers_copy(char *to, size_t size, const char *request, const char *name, const char *behind)
{
	size_t length, used = 0;

	for (const char *line = header_find(request, name, &length); line != NULL && used + length + 32 < size;
	     line = header_find(line, name, &length)) {
		int more = snprintf(to + used, size - used, "%.*s%s\r\n", (int)length, line, behind);

		used += more > 0 ? (size_t)more : 0;
	}
	return used;
}

static size_t
answer_write(char *answer, size_t size, const char *request, unsigned port)
{
	static const char *const same[] = { "Via:", "Record-Route:", "From:", "Call-ID:", "CSeq:" };
	const char *host = strchr(request, '@');
	bool tagged, good = strncmp(request, "INVITE ", 7) != 0 ||
			    (host != NULL && host - request > 3 && strncmp(host - 3, "200", 3) == 0);
	size_t used, length;
	const char *to = header_find(request, "To:", &length);
	int more;

	tagged = to != NULL && memmem(to, length, ";tag=", 5) != NULL;
	used = (size_t)snprintf(answer, size, "SIP/2.0 %s\r\n", good ? "200 OK" : "480 Routed");
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
		used += headers_copy(answer + used, size - used, request, same[i], "");
	used += headers_copy(answer + used, size - used, request, "To:", tagged ? "" : ";tag=far-end");
	more = snprintf(answer + used, size - used, "Contact: <sip:far@127.0.0.1:%u>\r\nContent-Length: 0\r\n\r\n",
			port);
	return more > 0 ? used + (size_t)more : used;
}

static _Noreturn void
far_end(long port)
{
	char request[MESSAGE_SIZE], answer[2 * MESSAGE_SIZE];
	unsigned own;
	int one = socket_at("127.0.0.1", port, &own);

	for (;;) {
		struct sockaddr_in from;
		socklen_t length = sizeof from;
		ssize_t bytes = recvfrom(one, request, sizeof request - 1, 0, (struct sockaddr *)&from, &length);

		if (bytes < 0)
			fail("recvfrom");
		request[bytes] = '\0';
		if (strncmp(request, "ACK ", 4) == 0 || strncmp(request, "SIP/2.0", 7) == 0)
			continue;
		if (sendto(one, answer, answer_write(answer, sizeof answer, request, own), 0,
			   (struct sockaddr *)&from, length) < 0)
			fail("sendto");
	}
}

int
main(int argc, char **argv)
{
	unsigned own;

	if (argc == 2 && strcmp(argv[1], "port") == 0)
		return close(socket_at("127.0.0.1", 0, &own));
	if (argc == 3 && strcmp(argv[1], "answer") == 0)
		far_end(strtol(argv[2], NULL, 10));
	if (argc == 8 && (strcmp(argv[1], "ask") == 0 || strcmp(argv[1], "watch") == 0))
		return ask(argv + 2, strcmp(argv[1], "ask") == 0);
	fprintf(stderr,
		"usage: call port | answer PORT | ask|watch ADDRESS SERVER PORT CALLED COUNT|SECONDS OUTSTANDING\n");
	return 64;
}
