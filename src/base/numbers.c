/* SPDX-License-Identifier: ISC
 *
 * qsort and bsearch for numbers. What a number stands for must not enter.
 */
#include "base/numbers.h"

#include <stdlib.h>

static int
number_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void
numbers_sort(uint64_t *numbers, size_t count)
{
	if (count > 1)
		qsort(numbers, count, sizeof *numbers, number_order);
}

bool
numbers_have(const uint64_t *numbers, size_t count, uint64_t number)
{
	return count > 0 && bsearch(&number, numbers, count, sizeof number, number_order) != NULL;
}
