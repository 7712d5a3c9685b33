/* SPDX-License-Identifier: ISC
 *
 * Sets of numbers as ascending arrays. What a number stands for must not enter.
 */
#ifndef BASE_NUMBERS_H
#define BASE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ascending. NULL is allowed where `count` is 0, here and below. */
void
numbers_sort(uint64_t *numbers, size_t count);

/* Whether the sorted numbers have this one. */
bool
numbers_have(const uint64_t *numbers, size_t count, uint64_t number);

#endif
