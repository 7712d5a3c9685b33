/* SPDX-License-Identifier: ISC
 *
 * Questions drawn by chance from a snapshot. Nothing is measured here.
 */
#include "bench/questions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_END 10000000

void
need(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

void *
array_of(size_t count, size_t size)
{
	void *array = calloc(count, size);

	need(array != NULL, "no memory");
	return array;
}

uint64_t
draw(uint64_t *state)
{
	uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static void
peers_read(struct rmd *rmd, struct filings *filings)
{
	struct rmd_peer peer = RMD_PEER_INIT;
	struct rmd_peers *peers;
	size_t space = 1024;

	filings->peer = array_of(space, sizeof *filings->peer);
	need(rmd_peers_open(rmd, &peers) == RMD_OK, "the peers cannot be read");
	while (rmd_peers_next(peers, &peer) == 1 && filings->peer_count < space) {
		if (peer.key != RMD_KEY_IP)
			continue;
		peer.value[strcspn(peer.value, "/")] = '\0';
		snprintf(filings->peer[filings->peer_count++], QUESTION_TEXT, "%.40s", peer.value);
	}
	rmd_peers_close(peers);
	need(filings->peer_count > 0, "the snapshot has no peers");
}

void
filings_read(struct rmd *rmd, struct filings *filings)
{
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd_filings *walk;

	need(rmd_info(rmd, &info) == RMD_OK && rmd_filings_open(rmd, &walk) == RMD_OK, "there is no snapshot");
	*filings = (struct filings){ .frn = array_of(info.filings, sizeof *filings->frn),
				     .number = array_of(info.filings, sizeof *filings->number) };
	filing.buffer = array_of(RMD_FILING_BUFFER_SIZE, 1);
	filing.buffer_size = RMD_FILING_BUFFER_SIZE;
	while (filings->count < info.filings && rmd_filings_next(walk, &filing) == 1) {
		filings->frn[filings->count] = strtoull(filing.frn, NULL, 10);
		filings->number[filings->count++] = (uint32_t)strtoul(filing.rmd_number + 3, NULL, 10);
	}
	rmd_filings_close(walk);
	free(filing.buffer);
	need(filings->count == info.filings && filings->count > 0, "the filings cannot be read");
	peers_read(rmd, filings);
}

uint32_t
ipv4_of(size_t i, uint64_t chance)
{
	/* Odd, so that no two filings have one prefix of 24 bits. */
	return (uint32_t)((i * 0x9e3779b1u & 0xffffff) << 8 | (chance & 0xff));
}

struct questions
questions_draw(const struct filings *filings, bool misses)
{
	struct questions questions = {
		.hit = array_of(QUESTIONS, 1),
		.key = array_of(QUESTIONS, sizeof *questions.key),
		.ipv4 = array_of(QUESTIONS, sizeof *questions.ipv4),
		.frn = array_of(QUESTIONS, sizeof *questions.frn),
		.number = array_of(QUESTIONS, sizeof *questions.number),
		.address = array_of(QUESTIONS, sizeof *questions.address),
		.address_length = array_of(QUESTIONS, 1),
		.caller = array_of(QUESTIONS, sizeof *questions.caller),
	};
	uint8_t *used = array_of(NUMBER_END, 1);
	uint64_t chance = misses ? 2 : 1;

	for (size_t i = 0; i < filings->count; i++)
		used[filings->number[i]] = 1;
	for (size_t i = 0; i < QUESTIONS; i++) {
		bool hit = !misses || (draw(&chance) & 1) != 0;
		size_t filing = draw(&chance) % filings->count;
		uint64_t number = filings->number[filing];

		while (!hit && used[number] != 0)
			number = 1 + draw(&chance) % (NUMBER_END - 1);
		questions.hit[i] = hit;
		/* Real FRNs are even here and made-up ones odd: see check.sh. */
		questions.key[i] = hit ? filings->frn[filing] : draw(&chance) % 4000000000 * 2 + 1;
		questions.ipv4[i] = ipv4_of(hit ? filing : filings->count + filing, draw(&chance));
		snprintf(questions.frn[i], sizeof questions.frn[i], "%010llu", (unsigned long long)questions.key[i]);
		snprintf(questions.number[i], sizeof questions.number[i], "RMD%07llu", (unsigned long long)number);
		if (hit)
			memcpy(questions.address[i], filings->peer[draw(&chance) % filings->peer_count],
			       QUESTION_TEXT);
		else
			snprintf(questions.address[i], QUESTION_TEXT, "192.168.%u.%u",
				 (unsigned)(draw(&chance) & 255), (unsigned)(draw(&chance) & 255));
		questions.address_length[i] = (uint8_t)strlen(questions.address[i]);
		snprintf(questions.caller[i], sizeof questions.caller[i], "+1%u%07u",
			 200 + (unsigned)(draw(&chance) % 700), 2000000 + (unsigned)(draw(&chance) % 7000000));
	}
	free(used);
	return questions;
}

size_t
questions_hits(const struct questions *questions, size_t first, size_t count)
{
	size_t hits = 0;

	for (size_t i = first; i < first + count; i++)
		hits += questions->hit[i];
	return hits;
}
