/* SPDX-License-Identifier: ISC
 *
 * Amending a document that somebody wrote by hand: libxml2 tells where its elements stand, and the text is changed
 * there and nowhere else. A tree that is written out again would lose how the attributes were laid out.
 */
#include "notice/xml.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>

/* Positions in the text; those of the child are the same where there is none. */
struct place {
	size_t inside; /* behind the parent's start tag */
	size_t end;    /* at its end tag; 0: not found */
	size_t child;
	size_t child_end;
};

struct search {
	const struct notice_amendment *amendment;
	struct slice text;
	struct place place;
	unsigned depth; /* elements open */
	size_t providers;
	bool within; /* the parent is open */
};

static unsigned
parent_depth(const struct search *search)
{
	return search->amendment->provider != NULL ? 2 : 1;
}

/* The parser stands at the end of a tag: its beginning is the last < before, for none may stand in an attribute. */
static size_t
tag_begin(const struct search *search, size_t position)
{
	while (position > 0 && search->text.data[--position] != '<')
		;
	return position;
}

static size_t
tag_end(const struct search *search, size_t position)
{
	while (position < search->text.length && search->text.data[position] != '>')
		position++;
	return position < search->text.length ? position + 1 : position;
}

static size_t
position_of(xmlParserCtxt *parser, const struct search *search)
{
	long position = xmlByteConsumed(parser);

	return position > 0 && (size_t)position <= search->text.length ? (size_t)position : 0;
}

static bool
is_parent(struct search *search, const char *name)
{
	if (search->depth != parent_depth(search))
		return false;
	if (search->amendment->provider == NULL)
		return true;
	return strcmp(name, "provider") == 0 && search->providers++ == *search->amendment->provider;
}

static bool
is_replaced(const struct search *search, const char *name)
{
	return search->within && !search->amendment->beside && search->depth == parent_depth(search) + 1 &&
	       strcmp(name, search->amendment->name) == 0;
}

/* Called before the > of a start tag, or the /> of an empty one. */
static void
element_begins(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *address, int namespace_count,
	       const xmlChar **namespaces, int attribute_count, int defaulted, const xmlChar **attributes)
{
	xmlParserCtxt *parser = context;
	struct search *search = parser->_private;

	(void)prefix, (void)address, (void)namespace_count, (void)namespaces;
	(void)attribute_count, (void)defaulted, (void)attributes;
	search->depth++;
	if (is_parent(search, (const char *)name)) {
		search->within = true;
		search->place.inside = tag_end(search, position_of(parser, search));
	} else if (is_replaced(search, (const char *)name)) {
		search->place.child = tag_begin(search, position_of(parser, search));
	}
}

/* Called behind the > of an end tag, or of an empty one. */
static void
element_ends(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *address)
{
	xmlParserCtxt *parser = context;
	struct search *search = parser->_private;

	(void)prefix, (void)address;
	if (is_replaced(search, (const char *)name)) {
		search->place.child_end = position_of(parser, search);
	} else if (search->within && search->depth == parent_depth(search)) {
		search->within = false;
		search->place.end = tag_begin(search, position_of(parser, search));
	}
	search->depth--;
}

static void
complaint_drop(void *context, const char *message, ...)
{
	(void)context, (void)message;
}

/* Of other encodings libxml2 guesses how many bytes it has read. One may be declared, or seen by its first bytes. */
static bool
is_utf8(const xmlDoc *document, struct slice text)
{
	const char *declared = document->encoding != NULL ? (const char *)document->encoding : "UTF-8";

	return slice_equal_fold(slice_of(declared), "UTF-8") && utf8_valid(text) &&
	       memchr(text.data, '\0', text.length) == NULL;
}

/* False: no memory, or no such place. */
static bool
place_find(struct slice text, const struct notice_amendment *amendment, struct place *place)
{
	struct search search = { .amendment = amendment, .text = text };
	xmlParserCtxt *parser = xmlNewParserCtxt();
	xmlDoc *document;
	bool found;

	if (parser == NULL)
		return false;
	*parser->sax = (xmlSAXHandler){
		.initialized = XML_SAX2_MAGIC,
		.startDocument = xmlSAX2StartDocument,
		.endDocument = xmlSAX2EndDocument,
		.startElementNs = element_begins,
		.endElementNs = element_ends,
		.error = complaint_drop,
	};
	parser->_private = &search;
	document = xmlCtxtReadMemory(parser, text.data, (int)text.length, NULL, NULL, XML_PARSE_NONET);
	*place = search.place;
	found = document != NULL && is_utf8(document, text) && place->inside > 0 && place->inside <= place->end &&
		place->child <= place->child_end;
	xmlFreeDoc(document);
	xmlFreeParserCtxt(parser);
	return found;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The new line and the indent before the first thing in the parent; nothing, where that stands beside it. */
static struct slice
indent_of(struct slice text, const struct place *place)
{
	size_t begin, end = place->inside;

	while (end < place->end && is_space(text.data[end]))
		end++;
	for (begin = end; begin > place->inside && text.data[begin] != '\n'; begin--)
		;
	if (text.data[begin] != '\n')
		return (struct slice){ NULL, 0 };
	if (begin > place->inside && text.data[begin - 1] == '\r')
		begin--;
	return (struct slice){ text.data + begin, end - begin };
}

static size_t
put(char *target, struct slice text)
{
	if (text.length > 0)
		memcpy(target, text.data, text.length);
	return text.length;
}

/* Puts the element, and the indent before it, into the place of what stands from `begin` to `end`. */
static bool
splice(struct buffer *text, size_t begin, size_t end, struct slice indent, const char *element)
{
	const char *old = text->data;
	const struct slice parts[] = { { old, begin }, indent, slice_of(element), { old + end, text->length - end } };
	struct buffer fresh = { 0 };
	size_t total = 0, used = 0;
	char *target;

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		total += parts[i].length;
	target = buffer_extend(&fresh, total, LIMIT_NOTICE_BYTES);
	if (target == NULL)
		return false;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		used += put(target + used, parts[i]);
	buffer_end(text);
	*text = fresh;
	return true;
}

int
notice_amend(const char *path, struct buffer *text, const struct notice_amendment *amendment, struct error *error)
{
	const struct slice old = { text->data, text->length };
	struct place place;
	bool good;

	if (!place_find(old, amendment, &place))
		return error_set(error, EX_DATAERR, "%s: no <%s> can be put into it as it is written; is it UTF-8?",
				 path, amendment->name);
	if (place.child_end > 0) {
		good = splice(text, place.child, place.child_end, (struct slice){ NULL, 0 }, amendment->element);
	} else {
		size_t last = place.end;

		while (last > place.inside && is_space(old.data[last - 1]))
			last--;
		good = splice(text, last, last, indent_of(old, &place), amendment->element);
	}
	if (!good)
		return error_set(error, EX_CANTCREAT, "%s: not enough memory, or over %d bytes; nothing was changed",
				 path, LIMIT_NOTICE_BYTES);
	return 0;
}
