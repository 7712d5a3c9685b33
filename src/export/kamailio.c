/* SPDX-License-Identifier: ISC
 *
 * For Kamailio: the addresses of accepted peers (permissions), and every verdict (htable, by way of db_text). Which
 * calls a script lets through must not enter.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "export/answers.h"
#include "export/fields.h"
#include "export/prefix.h"

/* The module's own group of trusted addresses. */
#define GROUP "1"

/* Who is behind the prefixes. */
struct owner {
	bool accepted;
	char tag[RMD_NUMBER_SIZE];
};

struct network {
	struct buffer owners;   /* of struct owner */
	struct buffer prefixes; /* of struct prefix, of all peers */
	struct buffer parts;    /* likewise: what is to be written for one */
};

static int
memory_short(struct edition *edition)
{
	return error_set(edition->error, EX_SOFTWARE, "memory is short; nothing is written");
}

static int
owner_add(struct edition *edition, struct network *network, const struct rmd_peer *peer)
{
	struct owner *owner = buffer_extend(&network->owners, sizeof *owner, LIMIT_PEERS * sizeof *owner);
	struct rmd_answer answer = RMD_ANSWER_INIT;

	if (owner == NULL)
		return memory_short(edition);
	if (answer_ask(edition, RMD_KEY_PEER, peer->value, &answer) != 0)
		return edition->error->code;
	*owner = (struct owner){ .accepted = answer.verdict == RMD_ACCEPT };
	slice_copy(owner->tag, sizeof owner->tag, slice_of(peer->frn[0] != '\0' ? peer->frn : peer->rmd_number));
	return 0;
}

static int
prefix_add(struct edition *edition, struct network *network, const struct rmd_peer *peer)
{
	struct prefix *prefix = buffer_extend(&network->prefixes, sizeof *prefix, LIMIT_PEERS * sizeof *prefix);

	if (prefix == NULL)
		return memory_short(edition);
	if (!prefix_parse(peer->value, prefix))
		return error_set(edition->error, EX_NOINPUT, "the snapshot has an address that is none: \"%s\"",
				 peer->value);
	prefix->owner = network->owners.length / sizeof(struct owner) - 1;
	return 0;
}

static int
network_read(struct edition *edition, struct network *network)
{
	struct rmd_peer peer = RMD_PEER_INIT;
	struct rmd_peers *peers;

	if (peers_open(edition, &peers) != 0)
		return edition->error->code;
	while (edition->error->code == 0 && peers_next(edition, peers, &peer) > 0) {
		if (peer.key == RMD_KEY_PEER)
			owner_add(edition, network, &peer);
		else if (peer.key == RMD_KEY_IP)
			prefix_add(edition, network, &peer);
	}
	rmd_peers_close(peers);
	return edition->error->code;
}

static void
line_put(struct stream *out, const struct prefix *part, const char *tag)
{
	char address[PREFIX_TEXT_SIZE];

	prefix_format(address, part);
	stream_text(out, GROUP " ");
	stream_text(out, address);
	stream_text(out, " ");
	stream_number(out, part->bits);
	stream_text(out, " 0 ");
	stream_text(out, tag);
	stream_text(out, "\n");
}

/* The module takes any prefix that fits, not the longest: a refused peer in the net of an accepted one must not be
 * let in by it. */
static int
network_put(struct edition *edition, struct network *network)
{
	struct prefix *prefixes = network->prefixes.data;
	const struct owner *owners = network->owners.data;
	size_t count = network->prefixes.length / sizeof *prefixes;

	prefix_sort(prefixes, count);
	for (size_t i = 0; i < count; i++) {
		const struct prefix *parts;

		if (!owners[prefixes[i].owner].accepted)
			continue;
		network->parts.length = 0;
		if (!prefix_rest(&network->parts, prefixes, count, &prefixes[i]))
			return memory_short(edition);
		parts = network->parts.data;
		for (size_t part = 0; part < network->parts.length / sizeof *parts; part++)
			line_put(&edition->out, &parts[part], owners[prefixes[i].owner].tag);
	}
	return 0;
}

int
address_list_export(struct edition *edition)
{
	struct network network = { { NULL, 0, 0 }, { NULL, 0, 0 }, { NULL, 0, 0 } };

	stream_text(&edition->out,
		    "# group address mask port tag; written by rmdexport: peers with the verdict accept\n");
	if (network_read(edition, &network) == 0)
		network_put(edition, &network);
	buffer_end(&network.owners);
	buffer_end(&network.prefixes);
	buffer_end(&network.parts);
	return edition->error->code;
}

int
htable_version_export(struct edition *edition)
{
	stream_text(&edition->out, "id(int,auto) table_name(string) table_version(int) \n1:rmd:2\n");
	return 0;
}

void
dbtext_put(struct stream *out, struct slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (c == ':' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\0')
			stream_text(out, "\\");
		stream_text(out, c == '\n' ? "n" : c == '\r' ? "r" : c == '\t' ? "t" : c == '\0' ? "0" : "");
		if (c != '\n' && c != '\r' && c != '\t' && c != '\0')
			stream_put(out, &c, 1);
	}
}

static void
row_put(struct stream *out, uint64_t number, const char *key, const char *value, int64_t expires)
{
	stream_number(out, number);
	stream_text(out, ":");
	dbtext_put(out, slice_of(key));
	/* Both a plain value and text: 0. */
	stream_text(out, ":0:0:");
	dbtext_put(out, slice_of(value));
	stream_text(out, ":");
	stream_number(out, (uint64_t)expires);
	stream_text(out, "\n");
}

int
htable_export(struct edition *edition)
{
	struct answers answers;
	char text[ANSWER_TEXT_SIZE];
	int64_t expires = answers_expire(edition);
	uint64_t number = 1;

	/* The column is as wide as an int. */
	if (expires == RMD_TIME_NONE || expires > INT32_MAX)
		expires = 0;
	if (answers_begin(&answers, edition, false) == 0) {
		stream_text(&edition->out, "id(int,auto) key_name(string) key_type(int) value_type(int) "
					   "key_value(string) expires(int) \n");
		meta_text(text, &edition->info);
		row_put(&edition->out, number++, "_meta", text, expires);
		while (answers_next(&answers) > 0) {
			answer_text(text, &answers.answer);
			row_put(&edition->out, number++, answers.provider.text, text, expires);
		}
		if (edition->error->code == 0 && answer_of_unseen(edition, &answers.answer) > 0) {
			answer_text(text, &answers.answer);
			row_put(&edition->out, number, "*", text, expires);
		}
	}
	answers_end(&answers);
	return edition->error->code;
}
