/* SPDX-License-Identifier: ISC
 *
 * Reading a document that people write and edit by hand, by libxml2's tree. No network, no DOCTYPE, no entity of its
 * own. What is read here explains better than a schema what is wrong; the schema refuses what is not read here.
 */
#include "notice/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>

/* libxml2 2.12 made it constant. */
#if LIBXML_VERSION >= 21200
#define COMPLAINT const xmlError *
#else
#define COMPLAINT xmlError *
#endif

/* The first complaint; libxml2 goes on with what follows from it. */
struct complaint {
	long line;
	char text[LIMIT_ERROR_BYTES / 2];
};

/* Where a fact stands, and whom to tell what is wrong with it. */
struct reading {
	const char *path;
	struct error *error;
};

static int
no_memory(struct error *error)
{
	return error_set(error, EX_CANTCREAT, "not enough memory for a document of the register");
}

static int
fail(const struct reading *reading, const xmlNode *node, const char *what)
{
	return error_set(reading->error, EX_CONFIG, "%s:%ld: <%s>: %s", reading->path, xmlGetLineNo(node),
			 (const char *)node->name, what);
}

static int
complain(const char *path, const struct complaint *complaint, struct error *error)
{
	if (complaint->text[0] == '\0')
		return no_memory(error);
	return error_set(error, EX_CONFIG, "%s:%ld: %s", path, complaint->line > 0 ? complaint->line : 1,
			 complaint->text);
}

/* The first line of what libxml2 says. */
static struct slice
message_of(COMPLAINT error)
{
	const char *text = error->message != NULL ? error->message : "is wrong";

	return slice_trim((struct slice){ text, strcspn(text, "\n") });
}

static void
parser_complains(void *context, COMPLAINT error)
{
	const xmlParserCtxt *parser = context;
	struct complaint *complaint = parser->_private;
	struct slice text = message_of(error);

	if (error->level < XML_ERR_ERROR || error->code == XML_ERR_NO_MEMORY || complaint->text[0] != '\0')
		return;
	complaint->line = error->line;
	if (snprintf(complaint->text, sizeof complaint->text, "not well-formed XML: %.*s", (int)text.length,
		     text.data) < 0)
		slice_copy(complaint->text, sizeof complaint->text, slice_of("not well-formed XML"));
}

/* Stops before a word of it is believed. */
static void
doctype_refuse(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	xmlParserCtxt *parser = context;
	struct complaint *complaint = parser->_private;

	(void)name, (void)external, (void)system;
	complaint->line = parser->input->line;
	slice_copy(complaint->text, sizeof complaint->text,
		   slice_of("has a DOCTYPE, which no document of the register has"));
	xmlStopParser(parser);
}

/* Depth is held at 256 by libxml2 itself, which is not told otherwise (XML_PARSE_HUGE). */
static xmlDoc *
document_parse(const char *path, struct slice text, struct error *error)
{
	struct complaint complaint = { 0 };
	xmlParserCtxt *parser;
	xmlDoc *document;

	xml_begin();
	parser = xmlNewParserCtxt();
	if (parser == NULL) {
		no_memory(error);
		return NULL;
	}
	parser->_private = &complaint;
	parser->sax->serror = parser_complains;
	parser->sax->internalSubset = doctype_refuse;
	document = xmlCtxtReadMemory(parser, text.length > 0 ? text.data : "", (int)text.length, NULL, NULL,
				     XML_PARSE_NONET | XML_PARSE_BIG_LINES);
	if (document == NULL || complaint.text[0] != '\0') {
		complain(path, &complaint, error);
		xmlFreeDoc(document);
		document = NULL;
	}
	xmlFreeParserCtxt(parser);
	return document;
}

static void
schema_complains(void *context, COMPLAINT error)
{
	struct complaint *complaint = context;
	const xmlNode *node = error->node;
	struct slice text = message_of(error);

	/* One with a place goes before one without. */
	if (complaint->text[0] != '\0' && (complaint->line > 0 || node == NULL))
		return;
	complaint->line = node != NULL ? xmlGetLineNo(node) : 0;
	if (snprintf(complaint->text, sizeof complaint->text, "<%s>: %.*s (the form is notice.rng)",
		     node != NULL && node->name != NULL ? (const char *)node->name : "notice", (int)text.length,
		     text.data) < 0)
		slice_copy(complaint->text, sizeof complaint->text, slice_of("is not of the form of notice.rng"));
}

/* False: the complaint says why not; an empty one: memory is short. */
static bool
schema_allows(xmlDoc *document, struct complaint *complaint)
{
	xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewMemParserCtxt(notice_schema, (int)strlen(notice_schema));
	xmlRelaxNG *schema = parser != NULL ? xmlRelaxNGParse(parser) : NULL;
	xmlRelaxNGValidCtxt *validator = schema != NULL ? xmlRelaxNGNewValidCtxt(schema) : NULL;
	int status = -1;

	if (validator != NULL) {
		xmlRelaxNGSetValidStructuredErrors(validator, schema_complains, complaint);
		status = xmlRelaxNGValidateDoc(validator, document);
	}
	xmlRelaxNGFreeValidCtxt(validator);
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(parser);
	return status == 0;
}

static bool
is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static bool
has_attribute(const xmlNode *node, const char *name)
{
	return xmlHasProp(node, (const xmlChar *)name) != NULL;
}

/* White space as a reader of the page would see it: one space between words. */
static struct slice
collapse(char *text)
{
	size_t length = 0;

	for (const char *in = text; *in != '\0'; in++) {
		bool space = *in == ' ' || *in == '\t' || *in == '\n' || *in == '\r';

		if (!space)
			text[length++] = *in;
		else if (length > 0 && text[length - 1] != ' ')
			text[length++] = ' ';
	}
	if (length > 0 && text[length - 1] == ' ')
		length--;
	return (struct slice){ text, length };
}

/* Takes over a string of libxml2; NULL: it had no memory. */
static int
take_text(char **target, xmlChar *text, struct error *error)
{
	bool good = text != NULL && notice_set(target, collapse((char *)text));

	xmlFree(text);
	return good ? 0 : no_memory(error);
}

/* One that may be left out. */
static int
take_attribute(char **target, const xmlNode *node, const char *name, struct error *error)
{
	return has_attribute(node, name) ? take_text(target, xmlGetNoNsProp(node, (const xmlChar *)name), error) : 0;
}

static int
take_content(char **target, const xmlNode *node, struct error *error)
{
	return take_text(target, xmlNodeGetContent(node), error);
}

/* The years of the register; a document of another century is a slip. */
static bool
is_likely(day date)
{
	return date >= day_of(1996, 1, 1) && date <= day_of(2199, 12, 31);
}

/* An attribute that may be left out. */
static int
take_moment(const struct reading *reading, const xmlNode *node, const char *name, struct moment *moment)
{
	xmlChar *text;

	*moment = MOMENT_NONE;
	if (!has_attribute(node, name))
		return 0;
	text = xmlGetNoNsProp(node, (const xmlChar *)name);
	if (text == NULL)
		return no_memory(reading->error);
	if (!moment_parse(collapse((char *)text), moment) || !is_likely(moment->date))
		error_set(reading->error, EX_CONFIG,
			  "%s:%ld: <%s>: %s: \"%s\" is no date, nor a time with seconds and an offset, from 1996 to "
			  "2199",
			  reading->path, xmlGetLineNo(node), (const char *)node->name, name, (const char *)text);
	xmlFree(text);
	return reading->error->code;
}

static int
need_moment(const struct reading *reading, const xmlNode *node, const char *name, struct moment *moment)
{
	if (take_moment(reading, node, name, moment) == 0 && moment->date == DAY_NONE)
		error_set(reading->error, EX_CONFIG, "%s:%ld: <%s>: has no attribute %s", reading->path,
			  xmlGetLineNo(node), (const char *)node->name, name);
	return reading->error->code;
}

static int
take_day(const struct reading *reading, const xmlNode *node, day *date)
{
	xmlChar *text = xmlNodeGetContent(node);

	if (text == NULL)
		return no_memory(reading->error);
	*date = day_parse(collapse((char *)text));
	if (!is_likely(*date))
		error_set(reading->error, EX_CONFIG, "%s:%ld: <%s>: \"%s\" is no date from 1996 to 2199",
			  reading->path, xmlGetLineNo(node), (const char *)node->name, (const char *)text);
	xmlFree(text);
	return reading->error->code;
}

/* An attribute that is one of a few words, freed by the caller. */
static xmlChar *
word_of(const xmlNode *node, const char *name, struct slice *word)
{
	xmlChar *text = xmlGetNoNsProp(node, (const xmlChar *)name);

	*word = text != NULL ? collapse((char *)text) : slice_of("");
	return text;
}

static int
read_match(const struct reading *reading, const xmlNode *node, struct notice_provider *provider)
{
	struct slice word;
	xmlChar *text = word_of(node, "match", &word);
	bool good = slice_equal(word, slice_of("operator"));

	xmlFree(text);
	if (!has_attribute(node, "match"))
		return 0;
	if (!good)
		return fail(reading, node, "its match is not operator, the only one who may put a key there");
	provider->matched = true;
	return need_moment(reading, node, "date", &provider->matched_at);
}

static int
read_frn(const struct reading *reading, const xmlNode *node, struct notice_provider *provider)
{
	xmlChar *text = xmlNodeGetContent(node);

	if (text == NULL)
		return no_memory(reading->error);
	provider->frn = frn_parse(collapse((char *)text));
	xmlFree(text);
	if (provider->frn == 0)
		return fail(reading, node, "is no FRN: ten digits, not all of them 0");
	return read_match(reading, node, provider);
}

static int
read_rmd(const struct reading *reading, const xmlNode *node, struct notice_provider *provider)
{
	xmlChar *text = xmlNodeGetContent(node);

	if (text == NULL)
		return no_memory(reading->error);
	provider->number = rmd_number_parse(collapse((char *)text));
	xmlFree(text);
	if (provider->number == 0)
		return fail(reading, node, "is no RMD number: RMD and seven digits, not all of them 0");
	return read_match(reading, node, provider);
}

/* What may stand once stands there before. */
static bool
is_second(const xmlNode *node)
{
	static const char *const once[] = { "title",      "name",     "address",      "frn",           "rmd",
					    "respond-by", "cease-by", "fcc-notified", "blocking-began" };
	bool single = false;

	for (size_t i = 0; i < sizeof once / sizeof once[0]; i++)
		single = single || is_named(node, once[i]);
	for (const xmlNode *before = node->prev; single && before != NULL; before = before->prev)
		if (is_named(before, (const char *)node->name))
			return true;
	return false;
}

static int
read_of_provider(const struct reading *reading, const xmlNode *node, struct notice_provider *provider)
{
	if (is_second(node))
		return fail(reading, node, "stands there twice");
	if (is_named(node, "name"))
		return take_content(&provider->name, node, reading->error);
	if (is_named(node, "address"))
		return take_content(&provider->address, node, reading->error);
	if (is_named(node, "frn"))
		return read_frn(reading, node, provider);
	if (is_named(node, "rmd"))
		return read_rmd(reading, node, provider);
	return 0;
}

static int
read_provider(const struct reading *reading, const xmlNode *node, struct notice *notice)
{
	struct notice_provider *provider;

	if (notice->provider_count == LIMIT_NOTICE_PROVIDERS)
		return fail(reading, node, "is one too many");
	provider = notice_add_provider(notice);
	if (provider == NULL)
		return no_memory(reading->error);
	provider->line = (unsigned)xmlGetLineNo(node);
	if (read_match(reading, node, provider) != 0)
		return reading->error->code;
	for (const xmlNode *child = node->children; child != NULL; child = child->next)
		if (read_of_provider(reading, child, provider) != 0)
			return reading->error->code;
	if (provider->name[0] == '\0')
		return fail(reading, node, "has no name");
	if (provider->matched && provider->frn == 0 && provider->number == 0)
		return fail(reading, node, "is matched to nothing: it has neither <frn> nor <rmd>");
	return 0;
}

static int
read_traceback(const struct reading *reading, const xmlNode *node, struct notice *notice)
{
	struct notice_traceback *traceback;

	if (notice->traceback_count == LIMIT_NOTICE_TRACEBACKS)
		return fail(reading, node, "is one too many");
	traceback = notice_add_traceback(notice);
	if (traceback == NULL)
		return no_memory(reading->error);
	if (take_attribute(&traceback->customer, node, "customer", reading->error) != 0 ||
	    take_attribute(&traceback->description, node, "description", reading->error) != 0 ||
	    take_attribute(&traceback->violation, node, "violation", reading->error) != 0 ||
	    take_attribute(&traceback->caller, node, "caller", reading->error) != 0 ||
	    take_attribute(&traceback->called, node, "called", reading->error) != 0 ||
	    take_moment(reading, node, "call", &traceback->call) != 0)
		return reading->error->code;
	return take_moment(reading, node, "notified", &traceback->notified);
}

static int
read_response(const struct reading *reading, const xmlNode *node, struct notice *notice)
{
	struct notice_response *response;
	struct slice word;
	xmlChar *text;

	if (notice->response_count == LIMIT_NOTICE_RESPONSES)
		return fail(reading, node, "is one too many");
	response = notice_add_response(notice);
	if (response == NULL)
		return no_memory(reading->error);
	text = word_of(node, "kind", &word);
	response->kind = notice_response_parse(word);
	xmlFree(text);
	if (response->kind == 0)
		return fail(reading, node, "its kind is none of mitigated, measures, reply");
	return need_moment(reading, node, "date", &response->at);
}

/* Several campaigns are one line. */
static int
read_campaign(const struct reading *reading, const xmlNode *node, struct notice *notice)
{
	size_t before = strlen(notice->campaign);
	char *campaign = NULL, *joined;

	if (before == 0)
		return take_content(&notice->campaign, node, reading->error);
	if (take_content(&campaign, node, reading->error) != 0 || campaign == NULL)
		return no_memory(reading->error);
	joined = realloc(notice->campaign, before + 2 + strlen(campaign) + 1);
	if (joined != NULL) {
		notice->campaign = joined;
		memcpy(joined + before, ", ", 2);
		memcpy(joined + before + 2, campaign, strlen(campaign) + 1);
	}
	free(campaign);
	return joined != NULL ? 0 : no_memory(reading->error);
}

static int
read_child(const struct reading *reading, const xmlNode *node, struct notice *notice)
{
	if (is_second(node))
		return fail(reading, node, "stands there twice");
	if (is_named(node, "title"))
		return take_content(&notice->title, node, reading->error);
	if (is_named(node, "provider"))
		return read_provider(reading, node, notice);
	if (is_named(node, "campaign"))
		return read_campaign(reading, node, notice);
	if (is_named(node, "respond-by"))
		return take_day(reading, node, &notice->respond_by);
	if (is_named(node, "cease-by"))
		return take_day(reading, node, &notice->cease_by);
	if (is_named(node, "traceback"))
		return read_traceback(reading, node, notice);
	if (is_named(node, "response"))
		return read_response(reading, node, notice);
	if (is_named(node, "fcc-notified"))
		return need_moment(reading, node, "date", &notice->fcc_notified);
	if (is_named(node, "blocking-began"))
		return need_moment(reading, node, "date", &notice->blocking_began);
	return 0;
}

/* Before the document was issued. Two times are compared to the second, days as days. */
static bool
is_early(const struct moment *moment, const struct notice *notice)
{
	if (moment->exact && notice->issued.exact)
		return moment->instant < notice->issued.instant;
	return moment->date < notice->issued.date;
}

/* What cannot both be true; the schema knows nothing of it. */
static const char *
contradiction(const xmlNode *node, const struct notice *notice)
{
	static const char early[] = "lies before the document was issued";

	if (is_named(node, "respond-by") && notice->respond_by < notice->issued.date)
		return early;
	if (is_named(node, "cease-by") && notice->cease_by < notice->issued.date)
		return early;
	if (is_named(node, "cease-by") && notice->kind != NOTICE_REMOVAL &&
	    notice->kind != NOTICE_FINAL_DETERMINATION)
		return "stands in a document that orders nobody to cease";
	if (is_named(node, "response") && is_early(&notice->responses[notice->response_count - 1].at, notice))
		return early;
	if (is_named(node, "fcc-notified") && is_early(&notice->fcc_notified, notice))
		return early;
	return NULL;
}

/* One filing twice in one document, or one number with two FRNs: one of them is a slip. Of one FRN several filings
 * may be named. */
static bool
is_same_filing(const struct notice_provider *a, const struct notice_provider *b)
{
	if (a->number != 0 && b->number != 0)
		return a->number == b->number;
	return a->frn != 0 && a->frn == b->frn;
}

static int
check_providers(const struct reading *reading, const struct notice *notice)
{
	for (size_t i = 0; i < notice->provider_count; i++)
		for (size_t k = 0; k < i; k++)
			if (is_same_filing(&notice->providers[k], &notice->providers[i]))
				return error_set(reading->error, EX_CONFIG,
						 "%s:%u: <provider>: has the key of the provider of line %u",
						 reading->path, notice->providers[i].line, notice->providers[k].line);
	return 0;
}

static int
read_root(const struct reading *reading, const xmlNode *root, struct notice *notice)
{
	struct slice word;
	xmlChar *text = word_of(root, "kind", &word);

	notice->kind = notice_kind_parse(word);
	xmlFree(text);
	if (notice->kind == 0)
		return fail(reading, root,
			    "its kind is none of notice, public-notice, initial-determination, final-determination, "
			    "removal, reinstatement");
	if (take_attribute(&notice->id, root, "id", reading->error) != 0 ||
	    take_attribute(&notice->docket, root, "docket", reading->error) != 0 ||
	    take_attribute(&notice->source, root, "source", reading->error) != 0 ||
	    need_moment(reading, root, "issued", &notice->issued) != 0)
		return reading->error->code;
	if (notice->id[0] == '\0')
		return fail(reading, root, "has no id");
	if (strlen(notice->id) > LIMIT_NOTICE_ID)
		return fail(reading, root, "its id is too long");
	for (const xmlNode *child = root->children; child != NULL; child = child->next) {
		const char *why;

		if (read_child(reading, child, notice) != 0)
			return reading->error->code;
		why = contradiction(child, notice);
		if (why != NULL)
			return fail(reading, child, why);
	}
	return check_providers(reading, notice);
}

int
notice_parse(const char *path, struct slice text, struct notice *notice, struct error *error)
{
	const struct reading reading = { path, error };
	struct complaint complaint = { 0 };
	xmlDoc *document = NULL;
	const xmlNode *root;

	*notice = (struct notice){ 0 };
	if (text.length > LIMIT_NOTICE_BYTES)
		return error_set(error, EX_CONFIG, "%s:1: is longer than %d bytes", path, LIMIT_NOTICE_BYTES);
	document = document_parse(path, text, error);
	if (document == NULL)
		return error->code;
	root = xmlDocGetRootElement(document);
	if (!notice_begin(notice)) {
		no_memory(error);
	} else {
		bool allowed = schema_allows(document, &complaint);

		if (is_named(root, "notice"))
			read_root(&reading, root, notice);
		if (!allowed)
			complain(path, &complaint, error);
	}
	xmlFreeDoc(document);
	if (error->code != 0)
		notice_end(notice);
	return error->code;
}
