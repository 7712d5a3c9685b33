/* SPDX-License-Identifier: ISC
 *
 * Halving a prefix until each part is free or taken. Whose a prefix is must not enter.
 */
#include "export/prefix.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* A prefix is halved 128 times at most for each one that lies in it. */
#define PARTS_BYTES_MAX ((size_t)LIMIT_PEERS * 128 * sizeof(struct prefix))

bool
prefix_parse(const char *text, struct prefix *prefix)
{
	char address[PREFIX_TEXT_SIZE];
	const char *slash = strchr(text, '/');
	size_t length = slash != NULL ? (size_t)(slash - text) : strlen(text);
	uint64_t bits;

	if (length >= sizeof address)
		return false;
	slice_copy(address, sizeof address, (struct slice){ text, length });
	*prefix = (struct prefix){ .ipv4 = strchr(address, ':') == NULL };
	if (inet_pton(prefix->ipv4 ? AF_INET : AF_INET6, address, prefix->address) != 1)
		return false;
	bits = prefix->ipv4 ? 32 : 128;
	if (slash != NULL && !slice_decimal(slice_of(slash + 1), bits, &bits))
		return false;
	prefix->bits = (unsigned)bits;
	return true;
}

void
prefix_format(char text[PREFIX_TEXT_SIZE], const struct prefix *prefix)
{
	if (inet_ntop(prefix->ipv4 ? AF_INET : AF_INET6, prefix->address, text, PREFIX_TEXT_SIZE) == NULL)
		text[0] = '\0';
}

/* By family, address and length: what lies in a prefix stands behind it. */
static int
prefix_order(const void *a, const void *b)
{
	const struct prefix *x = a, *y = b;
	int order;

	if (x->ipv4 != y->ipv4)
		return x->ipv4 ? -1 : 1;
	order = memcmp(x->address, y->address, sizeof x->address);
	return order != 0 ? order : (x->bits > y->bits) - (x->bits < y->bits);
}

void
prefix_sort(struct prefix *prefixes, size_t count)
{
	if (count > 1)
		qsort(prefixes, count, sizeof *prefixes, prefix_order);
}

static bool
prefix_holds(const struct prefix *outer, const struct prefix *inner)
{
	unsigned bytes = outer->bits / 8, rest = outer->bits % 8;

	if (outer->ipv4 != inner->ipv4 || outer->bits > inner->bits ||
	    memcmp(outer->address, inner->address, bytes) != 0)
		return false;
	return rest == 0 || (outer->address[bytes] ^ inner->address[bytes]) >> (8 - rest) == 0;
}

/* The first prefix in `part`, it included; NULL: none. */
static const struct prefix *
first_inside(const struct prefix *prefixes, size_t count, const struct prefix *part)
{
	size_t begin = 0, end = count;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (prefix_order(&prefixes[middle], part) < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	return begin < count && prefix_holds(part, &prefixes[begin]) ? &prefixes[begin] : NULL;
}

/* The lower half, and in *upper the other one. */
static struct prefix
halves_of(const struct prefix *part, struct prefix *upper)
{
	struct prefix lower = *part;

	lower.bits++;
	*upper = lower;
	upper->address[part->bits / 8] |= (unsigned char)(0x80 >> part->bits % 8);
	return lower;
}

static bool
part_add(struct buffer *parts, const struct prefix *part)
{
	struct prefix *place = buffer_extend(parts, sizeof *place, PARTS_BYTES_MAX);

	if (place == NULL)
		return false;
	*place = *part;
	return true;
}

/* Of a part that is none of the prefixes itself, unless it is taken. */
static bool
part_rest(struct buffer *parts, const struct prefix *prefixes, size_t count, const struct prefix *part)
{
	const struct prefix *inside = first_inside(prefixes, count, part);
	struct prefix lower, upper;

	if (inside == NULL)
		return part_add(parts, part);
	if (inside->bits == part->bits)
		return true;
	lower = halves_of(part, &upper);
	return part_rest(parts, prefixes, count, &lower) && part_rest(parts, prefixes, count, &upper);
}

bool
prefix_rest(struct buffer *parts, const struct prefix *prefixes, size_t count, const struct prefix *whole)
{
	struct prefix lower, upper;

	if (whole->bits == (whole->ipv4 ? 32 : 128))
		return part_add(parts, whole);
	lower = halves_of(whole, &upper);
	if (first_inside(prefixes, count, &lower) == NULL && first_inside(prefixes, count, &upper) == NULL)
		return part_add(parts, whole);
	return part_rest(parts, prefixes, count, &lower) && part_rest(parts, prefixes, count, &upper);
}
