/* SPDX-License-Identifier: ISC
 *
 * The operator's plain files become sets. Whatever they mean for a verdict is not known here.
 */
#include "sync/operator.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/lines.h"
#include "base/numbers.h"

static bool
area_code(void *context, struct slice item, const char **why)
{
	struct operator_data *data = context;
	uint64_t code;

	if (item.length != 3 || !slice_decimal(item, 999, &code) || code < 200) {
		*why = "is not a NANP area code of three digits";
		return false;
	}
	data->foreign_area_codes[code / 64] |= UINT64_C(1) << (code % 64);
	return true;
}

static bool
public_safety_number(void *context, struct slice item, const char **why)
{
	uint64_t number, *place;

	*why = "is not an E.164 number such as +12025550100";
	if (item.length < 8 || item.length > LIMIT_PHONE_DIGITS + 1 || item.data[0] != '+' ||
	    !slice_decimal((struct slice){ item.data + 1, item.length - 1 }, UINT64_C(999999999999999), &number) ||
	    item.data[1] == '0')
		return false;
	place = buffer_extend(context, sizeof *place, (size_t)LIMIT_CONF_LINES * sizeof *place);
	if (place == NULL) {
		*why = "does not fit into memory";
		return false;
	}
	*place = number;
	return true;
}

/* Ascending, no two alike: the same set always gives the same bytes. */
static size_t
sort_unique(uint64_t *numbers, size_t count)
{
	size_t kept = 0;

	numbers_sort(numbers, count);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || numbers[kept - 1] != numbers[i])
			numbers[kept++] = numbers[i];
	return kept;
}

static int
due_days(const char *conf_path, struct operator_data *data, struct calendar *calendar, struct error *error)
{
	char path[LIMIT_PATH_BYTES];

	if (conf_beside(path, sizeof path, conf_path, "calendar.conf", error) == 0 &&
	    calendar_load(path, calendar, error) == 0)
		for (int i = 0; i < DUE_YEARS; i++)
			data->recertification_due[i] = recertification_due_ended(calendar, DUE_FIRST_YEAR + i);
	return error->code;
}

int
operator_load(const struct conf *conf, const char *conf_path, struct operator_data *data, struct calendar *calendar,
	      bool *no_area_codes, struct error *error)
{
	char path[LIMIT_PATH_BYTES];
	struct buffer numbers = { 0 };
	bool found = false;

	memset(data, 0, sizeof *data);
	data->max_age = (int64_t)conf->max_age;
	data->missing_grace = (int64_t)conf->missing_grace;
	data->role_mismatch_accepted = conf->role_mismatch_accepted != 0;
	if (due_days(conf_path, data, calendar, error) != 0 ||
	    conf_beside(path, sizeof path, conf_path, "foreign-area-codes.conf", error) != 0 ||
	    lines_read(path, area_code, data, &found, error) != 0)
		return error->code;
	*no_area_codes = !found;
	if (conf_beside(path, sizeof path, conf_path, "public-safety.conf", error) == 0 &&
	    lines_read(path, public_safety_number, &numbers, &found, error) == 0) {
		data->public_safety = numbers.data;
		data->public_safety_count = sort_unique(numbers.data, numbers.length / sizeof(uint64_t));
		return 0;
	}
	buffer_end(&numbers);
	return error->code;
}

void
operator_end(struct operator_data *data)
{
	free(data->public_safety);
	memset(data, 0, sizeof *data);
}
