/* SPDX-License-Identifier: ISC
 *
 * Writing a new document, by libxml2's tree. Documents that are there already must not enter: see xml_edit.c.
 */
#include "notice/xml.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/tree.h>

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

static xmlNode *
add(xmlNode *parent, const char *name)
{
	return xmlNewChild(parent, NULL, (const xmlChar *)name, NULL);
}

/* NULL too where the text is "": then there is no element. */
static xmlNode *
add_text(xmlNode *parent, const char *name, const char *text, bool *good)
{
	xmlNode *node;

	if (text[0] == '\0')
		return NULL;
	node = xmlNewTextChild(parent, NULL, (const xmlChar *)name, (const xmlChar *)text);
	*good = *good && node != NULL;
	return node;
}

static bool
add_day(xmlNode *parent, const char *name, day date)
{
	char text[11];
	bool good = true;

	day_format(text, date);
	(void)add_text(parent, name, text, &good);
	return good;
}

static bool
add_dated(xmlNode *parent, const char *name, const struct moment *at)
{
	xmlNode *node;

	if (at->date == DAY_NONE)
		return true;
	node = add(parent, name);
	return node != NULL && set_moment(node, "date", at);
}

/* An FRN or an RMD number, and whose word it is. */
static bool
add_key(xmlNode *parent, const char *name, const char *text, const struct notice_provider *provider)
{
	bool good = true;
	xmlNode *node = add_text(parent, name, text, &good);

	if (node == NULL || !provider->matched)
		return good;
	return set_attribute(node, "match", "operator") && set_moment(node, "date", &provider->matched_at);
}

static bool
add_provider(xmlNode *parent, const struct notice_provider *provider)
{
	xmlNode *node = add(parent, "provider");
	char frn[11], number[11];
	bool good = node != NULL;

	if (!good)
		return false;
	frn_format(frn, provider->frn);
	rmd_number_format(number, provider->number);
	(void)add_text(node, "name", provider->name, &good);
	(void)add_text(node, "address", provider->address, &good);
	return good && add_key(node, "frn", frn, provider) && add_key(node, "rmd", number, provider);
}

static bool
add_traceback(xmlNode *parent, const struct notice_traceback *traceback)
{
	xmlNode *node = add(parent, "traceback");

	return node != NULL && set_attribute(node, "customer", traceback->customer) &&
	       set_moment_utc(node, "call", &traceback->call) &&
	       set_moment_utc(node, "notified", &traceback->notified) &&
	       set_attribute(node, "caller", traceback->caller) && set_attribute(node, "called", traceback->called) &&
	       set_attribute(node, "description", traceback->description) &&
	       set_attribute(node, "violation", traceback->violation);
}

static bool
add_response(xmlNode *parent, const struct notice_response *response)
{
	xmlNode *node = add(parent, "response");

	return node != NULL && set_attribute(node, "kind", notice_response_name(response->kind)) &&
	       set_moment(node, "date", &response->at);
}

static bool
fill(xmlNode *root, const struct notice *notice)
{
	bool good = set_attribute(root, "id", notice->id) &&
		    set_attribute(root, "kind", notice_kind_name(notice->kind)) &&
		    set_moment(root, "issued", &notice->issued) && set_attribute(root, "docket", notice->docket) &&
		    set_attribute(root, "source", notice->source);

	(void)add_text(root, "title", notice->title, &good);
	for (size_t i = 0; good && i < notice->provider_count; i++)
		good = add_provider(root, &notice->providers[i]);
	(void)add_text(root, "campaign", notice->campaign, &good);
	good = good && add_day(root, "respond-by", notice->respond_by) && add_day(root, "cease-by", notice->cease_by);
	for (size_t i = 0; good && i < notice->traceback_count; i++)
		good = add_traceback(root, &notice->tracebacks[i]);
	for (size_t i = 0; good && i < notice->response_count; i++)
		good = add_response(root, &notice->responses[i]);
	return good && add_dated(root, "fcc-notified", &notice->fcc_notified) &&
	       add_dated(root, "blocking-began", &notice->blocking_began);
}

/* XML has no two hyphens in a comment, and no control characters at all. */
static bool
add_remark(xmlDoc *document, struct slice remark)
{
	char *text = malloc(remark.length + 3);
	xmlNode *comment = NULL;
	size_t used = 0;

	if (text == NULL)
		return false;
	text[used++] = ' ';
	for (size_t i = 0; i < remark.length; i++) {
		char c = (unsigned char)remark.data[i] < ' ' ? ' ' : remark.data[i];

		if (c != '-' || text[used - 1] != '-')
			text[used++] = c;
	}
	text[used++] = ' ';
	text[used] = '\0';
	comment = xmlNewDocComment(document, (const xmlChar *)text);
	free(text);
	return comment != NULL && xmlAddChild((xmlNode *)document, comment) != NULL;
}

/* One comment a line. */
static bool
add_remarks(xmlDoc *document, const char *remarks)
{
	while (*remarks != '\0') {
		struct slice remark = { remarks, strcspn(remarks, "\n") };

		if (remark.length > 0 && !add_remark(document, remark))
			return false;
		remarks += remark.length + (remarks[remark.length] == '\n');
	}
	return true;
}

char *
notice_print(const struct notice *notice, const char *remarks, size_t *length)
{
	xmlDoc *document;
	xmlNode *root = NULL;
	xmlChar *dump = NULL;
	char *text = NULL;
	int size = 0;

	xml_begin();
	document = xmlNewDoc((const xmlChar *)"1.0");
	if (document == NULL || !add_remarks(document, remarks != NULL ? remarks : ""))
		goto out;
	root = xmlNewDocNode(document, NULL, (const xmlChar *)"notice", NULL);
	if (root == NULL)
		goto out;
	(void)xmlDocSetRootElement(document, root);
	if (fill(root, notice))
		xmlDocDumpFormatMemoryEnc(document, &dump, &size, "UTF-8", 1);
	/* libxml2's memory is not for our free(). */
	if (dump != NULL && size >= 0 && (text = malloc((size_t)size + 1)) != NULL) {
		memcpy(text, dump, (size_t)size);
		text[size] = '\0';
		*length = (size_t)size;
	}
	xmlFree(dump);
out:
	xmlFreeDoc(document);
	return text;
}
