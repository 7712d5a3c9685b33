/* SPDX-License-Identifier: ISC
 *
 * The value of a label of Prometheus' text format. Which metrics there are must not enter.
 */
#ifndef EXPORT_PROMETHEUS_H
#define EXPORT_PROMETHEUS_H

#include "base/stream.h"
#include "base/text.h"

/* Quoted; \, " and line ends escaped, and bytes that are no UTF-8 replaced by U+FFFD. */
void
label_put(struct stream *out, struct slice text);

#endif
