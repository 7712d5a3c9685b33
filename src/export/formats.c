/* SPDX-License-Identifier: ISC
 *
 * The table of formats. How one of them looks must not enter.
 */
#include <stddef.h>

#include "export/export.h"

const struct format formats[] = {
	{ "dns", false, NULL, { { "rmd.zone", dns_export, dns_serial } } },
	{ "rbldnsd", false, NULL, { { "rmd.rbldnsd", rbldnsd_export, NULL } } },
	{ "csv", true, NULL, { { "rmd.csv", csv_export, NULL } } },
	{ "json", true, NULL, { { "rmd.jsonl", json_export, NULL } } },
	{ "kamailio",
	  false,
	  "kamailio",
	  { { "address.list", address_list_export, NULL },
	    { "version", htable_version_export, NULL },
	    { "rmd", htable_export, NULL } } },
	{ "redis", false, NULL, { { "rmd.resp", redis_export, NULL } } },
	{ "prometheus", false, NULL, { { "rmd.prom", prometheus_export, NULL } } },
	{ "html", false, NULL, { { "rmd.html", html_export, NULL } } },
	{ NULL, false, NULL, { { NULL, NULL, NULL } } },
};
