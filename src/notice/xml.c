/* SPDX-License-Identifier: ISC
 *
 * libxml2's tree, for documents that people write and edit by hand. No network, no DOCTYPE, no entity of its own.
 */
#include "notice/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>

#include "base/limits.h"

/* libxml2 2.12 made it constant. */
#if LIBXML_VERSION >= 21200
#define COMPLAINT const xmlError *
#else
#define COMPLAINT xmlError *
#endif

struct notice_tree {
	xmlDoc *document;
};

/* Where a fact stands, and whom to tell what is wrong with it. */
struct reading {
	const char *path;
	struct error *error;
};

static int
fail(const struct reading *reading, const xmlNode *node, const char *what)
{
	return error_set(reading->error, EX_CONFIG, "%s:%ld: <%s>: %s", reading->path,
			 node != NULL ? xmlGetLineNo(node) : 1L, node != NULL ? (const char *)node->name : "notice",
			 what);
}

static int
no_memory(struct error *error)
{
	return error_set(error, EX_CANTCREAT, "not enough memory for a document of the register");
}

/* The first complaint that has a place; libxml2 goes on with what follows from it. */
struct complaint {
	long line;
	char text[LIMIT_ERROR_BYTES / 2];
};

static void
complaint_keep(void *context, COMPLAINT error)
{
	struct complaint *complaint = context;
	const xmlNode *node = error->node;
	long line = node != NULL ? xmlGetLineNo(node) : error->line;
	struct slice text = error->message != NULL ? slice_trim(slice_of(error->message)) : slice_of("is not valid");
	int written;

	if (complaint->text[0] != '\0' && (complaint->line > 0 || line <= 0))
		return;
	complaint->line = line;
	written = snprintf(complaint->text, sizeof complaint->text, "<%s>: %.*s",
			   node != NULL && node->name != NULL ? (const char *)node->name : "notice", (int)text.length,
			   text.data);
	if (written < 0)
		slice_copy(complaint->text, sizeof complaint->text, slice_of("is not valid"));
}

/* False: the complaint says why not; an empty one: memory is short. */
static bool
schema_valid(xmlDoc *document, struct complaint *complaint)
{
	xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewMemParserCtxt(notice_schema, (int)strlen(notice_schema));
	xmlRelaxNG *schema = parser != NULL ? xmlRelaxNGParse(parser) : NULL;
	xmlRelaxNGValidCtxt *validator = schema != NULL ? xmlRelaxNGNewValidCtxt(schema) : NULL;
	int status = -1;

	if (validator != NULL) {
		xmlRelaxNGSetValidStructuredErrors(validator, complaint_keep, complaint);
		status = xmlRelaxNGValidateDoc(validator, document);
	}
	xmlRelaxNGFreeValidCtxt(validator);
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(parser);
	return status == 0;
}

/* The parser's own complaints go nowhere but into the line that we print. */
static void
complaint_drop(void *context, COMPLAINT error)
{
	(void)context;
	(void)error;
}

static xmlDoc *
parse(const char *path, const char *text, size_t length, struct error *error)
{
	xmlParserCtxt *parser = xmlNewParserCtxt();
	xmlDoc *document = NULL;

	if (parser == NULL) {
		no_memory(error);
		return NULL;
	}
	parser->sax->serror = complaint_drop;
	document = xmlCtxtReadMemory(parser, text, (int)length, NULL, NULL, XML_PARSE_NONET);
	if (document == NULL) {
		const xmlError *last = xmlCtxtGetLastError(parser);

		if (last != NULL && last->code != XML_ERR_NO_MEMORY && last->message != NULL) {
			struct slice why = slice_trim(slice_of(last->message));

			error_set(error, EX_CONFIG, "%s:%d: not well-formed XML: %.*s", path, last->line,
				  (int)why.length, why.data);
		} else {
			no_memory(error);
		}
	} else if (document->intSubset != NULL || document->extSubset != NULL) {
		error_set(error, EX_CONFIG, "%s:1: has a DOCTYPE, which no document of the register has", path);
		xmlFreeDoc(document);
		document = NULL;
	}
	xmlFreeParserCtxt(parser);
	return document;
}

static struct notice_tree *
tree_of(xmlDoc *document, struct error *error)
{
	struct notice_tree *tree = malloc(sizeof *tree);

	if (tree == NULL) {
		no_memory(error);
		xmlFreeDoc(document);
		return NULL;
	}
	tree->document = document;
	return tree;
}

struct notice_tree *
notice_tree_parse(const char *path, const char *text, size_t length, struct error *error)
{
	struct complaint complaint = { 0 };
	xmlDoc *document;

	if (length > LIMIT_NOTICE_BYTES) {
		error_set(error, EX_CONFIG, "%s:1: is longer than %d bytes", path, LIMIT_NOTICE_BYTES);
		return NULL;
	}
	document = parse(path, text, length, error);
	if (document == NULL)
		return NULL;
	if (!schema_valid(document, &complaint)) {
		if (complaint.text[0] != '\0')
			error_set(error, EX_CONFIG, "%s:%ld: %s (the form is notice.rng)", path,
				  complaint.line > 0 ? complaint.line : 1L, complaint.text);
		else
			no_memory(error);
		xmlFreeDoc(document);
		return NULL;
	}
	return tree_of(document, error);
}

void
notice_tree_end(struct notice_tree *tree)
{
	if (tree == NULL)
		return;
	xmlFreeDoc(tree->document);
	free(tree);
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

/* Takes over a string of libxml2, NULL for one that is not there. */
static int
take_text(char **target, xmlChar *text, struct error *error)
{
	bool good = text == NULL || notice_set(target, collapse((char *)text));

	xmlFree(text);
	return good ? 0 : no_memory(error);
}

static int
take_attribute(char **target, const xmlNode *node, const char *name, struct error *error)
{
	return take_text(target, xmlGetNoNsProp(node, (const xmlChar *)name), error);
}

static int
take_content(char **target, const xmlNode *node, struct error *error)
{
	return take_text(target, xmlNodeGetContent(node), error);
}

/* Takes over the text of a date; a document of another century is a slip. */
static int
take_moment(const struct reading *reading, const xmlNode *node, xmlChar *text, struct moment *moment)
{
	bool good = text != NULL && moment_parse(collapse((char *)text), moment) && day_year(moment->date) >= 1996 &&
		    day_year(moment->date) <= 2199;

	if (!good && text == NULL)
		no_memory(reading->error);
	else if (!good)
		error_set(reading->error, EX_CONFIG,
			  "%s:%ld: <%s>: \"%s\" is no date, or time with an offset, from 1996 to 2199", reading->path,
			  xmlGetLineNo(node), (const char *)node->name, (const char *)text);
	xmlFree(text);
	return reading->error->code;
}

/* An attribute that may be left out. */
static int
take_moment_attribute(const struct reading *reading, const xmlNode *node, const char *name, struct moment *moment)
{
	*moment = MOMENT_NONE;
	if (xmlHasProp(node, (const xmlChar *)name) == NULL)
		return 0;
	return take_moment(reading, node, xmlGetNoNsProp(node, (const xmlChar *)name), moment);
}

static int
take_day(const struct reading *reading, const xmlNode *node, day *date)
{
	struct moment moment;

	if (take_moment(reading, node, xmlNodeGetContent(node), &moment) != 0)
		return reading->error->code;
	if (moment.exact)
		return fail(reading, node, "is a day, without a time");
	*date = moment.date;
	return 0;
}

static bool
is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static int
read_match(const struct reading *reading, const xmlNode *node, struct notice_provider *provider)
{
	if (xmlHasProp(node, (const xmlChar *)"match") == NULL)
		return 0;
	provider->matched = true;
	return take_moment_attribute(reading, node, "date", &provider->matched_at);
}

/* An FRN or an RMD number. */
static int
read_key(const struct reading *reading, const xmlNode *node, struct notice_provider *provider)
{
	xmlChar *text = xmlNodeGetContent(node);

	if (text == NULL)
		return no_memory(reading->error);
	if (is_named(node, "frn"))
		provider->frn = frn_parse(collapse((char *)text));
	else
		provider->number = rmd_number_parse(collapse((char *)text));
	xmlFree(text);
	if (provider->frn == 0 && provider->number == 0)
		return fail(reading, node, "is no FRN and no RMD number: all zeros");
	return read_match(reading, node, provider);
}

static int
read_provider(const struct reading *reading, const xmlNode *node, struct notice *notice)
{
	struct notice_provider *provider = notice_add_provider(notice);

	if (provider == NULL)
		return no_memory(reading->error);
	provider->line = (unsigned)xmlGetLineNo(node);
	if (read_match(reading, node, provider) != 0)
		return reading->error->code;
	for (const xmlNode *child = node->children; child != NULL && reading->error->code == 0; child = child->next) {
		if (is_named(child, "name"))
			take_content(&provider->name, child, reading->error);
		else if (is_named(child, "address"))
			take_content(&provider->address, child, reading->error);
		else if (is_named(child, "frn") || is_named(child, "rmd"))
			read_key(reading, child, provider);
	}
	if (reading->error->code == 0 && provider->matched && provider->frn == 0 && provider->number == 0)
		fail(reading, node, "is matched to nothing: it has neither <frn> nor <rmd>");
	return reading->error->code;
}

static int
read_traceback(const struct reading *reading, const xmlNode *node, struct notice *notice)
{
	struct notice_traceback *traceback = notice_add_traceback(notice);

	if (traceback == NULL)
		return no_memory(reading->error);
	if (take_attribute(&traceback->customer, node, "customer", reading->error) != 0 ||
	    take_attribute(&traceback->description, node, "description", reading->error) != 0 ||
	    take_attribute(&traceback->violation, node, "violation", reading->error) != 0 ||
	    take_attribute(&traceback->caller, node, "caller", reading->error) != 0 ||
	    take_attribute(&traceback->called, node, "called", reading->error) != 0 ||
	    take_moment_attribute(reading, node, "call", &traceback->call) != 0)
		return reading->error->code;
	return take_moment_attribute(reading, node, "notified", &traceback->notified);
}

static int
read_response(const struct reading *reading, const xmlNode *node, struct notice *notice)
{
	struct notice_response *response = notice_add_response(notice);
	xmlChar *kind = xmlGetNoNsProp(node, (const xmlChar *)"kind");

	if (response == NULL || kind == NULL) {
		xmlFree(kind);
		return no_memory(reading->error);
	}
	response->kind = notice_response_parse(collapse((char *)kind));
	xmlFree(kind);
	return take_moment_attribute(reading, node, "date", &response->at);
}

/* Several campaigns are one line. */
static int
read_campaign(const struct reading *reading, const xmlNode *node, struct notice *notice)
{
	char *campaign = NULL, *joined;
	size_t before = strlen(notice->campaign);

	if (take_content(&campaign, node, reading->error) != 0 || campaign == NULL)
		return no_memory(reading->error);
	if (before == 0) {
		free(notice->campaign);
		notice->campaign = campaign;
		return 0;
	}
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
		return take_moment_attribute(reading, node, "date", &notice->fcc_notified);
	if (is_named(node, "blocking-began"))
		return take_moment_attribute(reading, node, "date", &notice->blocking_began);
	return 0;
}

static bool
is_before(day date, const struct notice *notice)
{
	return date != DAY_NONE && date < notice->issued.date;
}

/* What cannot both be true; the schema knows nothing of it. */
static const char *
contradiction(const xmlNode *node, const struct notice *notice)
{
	const struct notice_response *last =
		notice->response_count > 0 ? &notice->responses[notice->response_count - 1] : NULL;

	if (is_named(node, "respond-by") && is_before(notice->respond_by, notice))
		return "lies before the document was issued";
	if (is_named(node, "cease-by") && is_before(notice->cease_by, notice))
		return "lies before the document was issued";
	if (is_named(node, "cease-by") && notice->kind != NOTICE_REMOVAL &&
	    notice->kind != NOTICE_FINAL_DETERMINATION)
		return "stands in a document that orders nobody to cease";
	if (is_named(node, "response") && is_before(last->at.date, notice))
		return "lies before the document was issued";
	if (is_named(node, "fcc-notified") && is_before(notice->fcc_notified.date, notice))
		return "lies before the document was issued";
	return NULL;
}

/* The same provider twice in one document: one of them is a slip. */
static int
providers_check(const struct reading *reading, const struct notice *notice)
{
	for (size_t i = 0; i < notice->provider_count; i++)
		for (size_t k = 0; k < i; k++) {
			const struct notice_provider *one = &notice->providers[k], *other = &notice->providers[i];

			if ((one->frn != 0 && one->frn == other->frn) ||
			    (one->number != 0 && one->number == other->number))
				return error_set(reading->error, EX_CONFIG,
						 "%s:%u: <provider>: has the key of the provider of line %u",
						 reading->path, other->line, one->line);
		}
	return 0;
}

int
notice_tree_read(const struct notice_tree *tree, const char *path, struct notice *notice, struct error *error)
{
	struct reading reading = { path, error };
	const xmlNode *root = xmlDocGetRootElement(tree->document);
	xmlChar *kind = xmlGetNoNsProp(root, (const xmlChar *)"kind");

	notice->kind = kind != NULL ? notice_kind_parse(collapse((char *)kind)) : (enum notice_kind)0;
	xmlFree(kind);
	if (notice->kind == 0)
		return no_memory(error);
	if (take_attribute(&notice->id, root, "id", error) != 0 ||
	    take_attribute(&notice->docket, root, "docket", error) != 0 ||
	    take_attribute(&notice->source, root, "source", error) != 0 ||
	    take_moment_attribute(&reading, root, "issued", &notice->issued) != 0)
		return error->code;
	if (notice->id[0] == '\0')
		return fail(&reading, root, "its id is blank");
	for (const xmlNode *child = root->children; child != NULL; child = child->next) {
		const char *why;

		if (read_child(&reading, child, notice) != 0)
			return error->code;
		why = contradiction(child, notice);
		if (why != NULL)
			return fail(&reading, child, why);
	}
	return providers_check(&reading, notice);
}

static bool
set_attribute(xmlNode *node, const char *name, const char *value)
{
	return value[0] == '\0' || xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)value) != NULL;
}

static bool
set_moment(xmlNode *node, const char *name, const struct moment *moment)
{
	char text[TIME_TEXT_SIZE];

	moment_format(text, moment);
	return set_attribute(node, name, text);
}

/* An element with that text; "" makes none. */
static bool
add_text(xmlNode *parent, const char *name, const char *text)
{
	return text[0] == '\0' || xmlNewTextChild(parent, NULL, (const xmlChar *)name, (const xmlChar *)text) != NULL;
}

static bool
add_day(xmlNode *parent, const char *name, day date)
{
	char text[11];

	day_format(text, date);
	return add_text(parent, name, text);
}

static bool
add_provider(xmlNode *parent, const struct notice_provider *provider)
{
	xmlNode *node = xmlNewChild(parent, NULL, (const xmlChar *)"provider", NULL);
	char text[11];

	if (node == NULL ||
	    xmlNewTextChild(node, NULL, (const xmlChar *)"name", (const xmlChar *)provider->name) == NULL ||
	    !add_text(node, "address", provider->address))
		return false;
	if (provider->frn != 0) {
		frn_format(text, provider->frn);
		if (!add_text(node, "frn", text))
			return false;
	}
	if (provider->number != 0) {
		rmd_number_format(text, provider->number);
		if (!add_text(node, "rmd", text))
			return false;
	}
	return true;
}

/* As the attachments of letters have them: in UTC. */
static bool
set_moment_utc(xmlNode *node, const char *name, const struct moment *moment)
{
	char text[TIME_TEXT_SIZE];

	if (!moment->exact)
		return set_moment(node, name, moment);
	time_format_utc(text, moment->instant);
	return set_attribute(node, name, text);
}

static bool
add_traceback(xmlNode *parent, const struct notice_traceback *traceback)
{
	xmlNode *node = xmlNewChild(parent, NULL, (const xmlChar *)"traceback", NULL);

	return node != NULL && set_attribute(node, "customer", traceback->customer) &&
	       set_moment_utc(node, "call", &traceback->call) &&
	       set_moment_utc(node, "notified", &traceback->notified) &&
	       set_attribute(node, "caller", traceback->caller) && set_attribute(node, "called", traceback->called) &&
	       set_attribute(node, "description", traceback->description) &&
	       set_attribute(node, "violation", traceback->violation);
}

/* One comment a line. What XML forbids in one, two hyphens, become one. */
static bool
add_remarks(xmlDoc *document, const char *remarks)
{
	while (*remarks != '\0') {
		size_t length = strcspn(remarks, "\n"), used = 0;
		char *text = malloc(length + 3);
		xmlNode *comment = NULL;

		if (text == NULL)
			return false;
		text[used++] = ' ';
		for (size_t i = 0; i < length; i++)
			if (remarks[i] != '-' || text[used - 1] != '-')
				text[used++] = remarks[i];
		text[used++] = ' ';
		text[used] = '\0';
		if (length > 0)
			comment = xmlNewDocComment(document, (const xmlChar *)text);
		free(text);
		if (length > 0 && (comment == NULL || xmlAddChild((xmlNode *)document, comment) == NULL))
			return false;
		remarks += length + (remarks[length] == '\n');
	}
	return true;
}

static bool
fill(xmlNode *root, const struct notice *notice)
{
	bool good = set_attribute(root, "id", notice->id) &&
		    set_attribute(root, "kind", notice_kind_name(notice->kind)) &&
		    set_moment(root, "issued", &notice->issued) && set_attribute(root, "docket", notice->docket) &&
		    set_attribute(root, "source", notice->source) && add_text(root, "title", notice->title);

	for (size_t i = 0; good && i < notice->provider_count; i++)
		good = add_provider(root, &notice->providers[i]);
	good = good && add_text(root, "campaign", notice->campaign) &&
	       add_day(root, "respond-by", notice->respond_by) && add_day(root, "cease-by", notice->cease_by);
	for (size_t i = 0; good && i < notice->traceback_count; i++)
		good = add_traceback(root, &notice->tracebacks[i]);
	return good;
}

struct notice_tree *
notice_tree_make(const struct notice *notice, const char *remarks)
{
	struct notice_tree *tree = malloc(sizeof *tree);
	xmlNode *root;

	if (tree == NULL)
		return NULL;
	tree->document = xmlNewDoc((const xmlChar *)"1.0");
	root = tree->document != NULL ? xmlNewDocNode(tree->document, NULL, (const xmlChar *)"notice", NULL) : NULL;
	if (root == NULL || !add_remarks(tree->document, remarks != NULL ? remarks : "")) {
		xmlFreeNode(root);
		notice_tree_end(tree);
		return NULL;
	}
	xmlDocSetRootElement(tree->document, root);
	if (!fill(root, notice)) {
		notice_tree_end(tree);
		return NULL;
	}
	return tree;
}

int
notice_tree_write(const struct notice_tree *tree, const char *path, char **text, size_t *length, struct error *error)
{
	struct complaint complaint = { 0 };
	xmlChar *dump = NULL;
	int size = 0;

	*text = NULL;
	if (!schema_valid(tree->document, &complaint))
		return complaint.text[0] != '\0'
			       ? error_set(error, EX_DATAERR, "%s: %s (the form is notice.rng); nothing was written",
					   path, complaint.text)
			       : no_memory(error);
	xmlDocDumpFormatMemoryEnc(tree->document, &dump, &size, "UTF-8", 1);
	if (dump == NULL)
		return no_memory(error);
	*text = malloc((size_t)size + 1);
	if (*text != NULL) {
		memcpy(*text, dump, (size_t)size);
		(*text)[size] = '\0';
		*length = (size_t)size;
	}
	xmlFree(dump);
	return *text != NULL ? 0 : no_memory(error);
}

static xmlNode *
child_named(xmlNode *parent, const char *name)
{
	for (xmlNode *child = parent->children; child != NULL; child = child->next)
		if (is_named(child, name))
			return child;
	return NULL;
}

/* Puts a new element behind the last one, on a line of its own, indented as they are. */
static xmlNode *
add_line(xmlNode *parent, const char *name)
{
	xmlNode *last = parent->last, *node = xmlNewDocNode(parent->doc, NULL, (const xmlChar *)name, NULL);
	xmlNode *indent = parent->children;

	if (node == NULL)
		return NULL;
	/* A document on one line stays on one line. */
	if (last == NULL || last->type != XML_TEXT_NODE || indent == NULL || indent->type != XML_TEXT_NODE)
		return xmlAddChild(parent, node);
	if (xmlAddPrevSibling(last, node) == NULL) {
		xmlFreeNode(node);
		return NULL;
	}
	indent = xmlNewDocText(parent->doc, indent->content);
	if (indent == NULL || xmlAddPrevSibling(node, indent) == NULL) {
		xmlFreeNode(indent);
		return NULL;
	}
	return node;
}

bool
notice_tree_record(struct notice_tree *tree, const char *name, const char *kind, const struct moment *at)
{
	xmlNode *root = xmlDocGetRootElement(tree->document);
	xmlNode *node = kind == NULL ? child_named(root, name) : NULL;

	if (node == NULL)
		node = add_line(root, name);
	return node != NULL && (kind == NULL || set_attribute(node, "kind", kind)) && set_moment(node, "date", at);
}

static bool
set_key(xmlNode *provider, const char *name, const char *text, const struct moment *at)
{
	xmlNode *node = child_named(provider, name);

	if (node == NULL)
		node = add_line(provider, name);
	if (node == NULL)
		return false;
	xmlNodeSetContent(node, (const xmlChar *)text);
	return set_attribute(node, "match", "operator") && set_moment(node, "date", at);
}

bool
notice_tree_match(struct notice_tree *tree, size_t provider, uint64_t frn, uint32_t number, const struct moment *at)
{
	xmlNode *node = xmlDocGetRootElement(tree->document)->children;
	char text[11];

	for (; node != NULL; node = node->next)
		if (is_named(node, "provider") && provider-- == 0)
			break;
	if (node == NULL)
		return false;
	if (frn != 0) {
		frn_format(text, frn);
		if (!set_key(node, "frn", text, at))
			return false;
	}
	if (number != 0) {
		rmd_number_format(text, number);
		if (!set_key(node, "rmd", text, at))
			return false;
	}
	return true;
}
