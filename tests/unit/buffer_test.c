/* SPDX-License-Identifier: ISC
 *
 * Memory that grows: what was written stays, and no length passes the maximum that the user named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

/* More than a first piece of memory, and not a multiple of any step. */
#define MAXIMUM 100003
#define NO_MACHINE_HAS ((size_t)1 << (sizeof(size_t) * 8 - 2))

/* Read by the address sanitizer, where there is one: it must fail as malloc does. */
const char *
__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void
grows_to_its_maximum(void **state)
{
	struct buffer buffer = { 0 };
	unsigned char *place;

	(void)state;
	for (size_t i = 0; i < MAXIMUM; i++) {
		place = buffer_extend(&buffer, 1, MAXIMUM);
		assert_non_null(place);
		assert_ptr_equal(place, (unsigned char *)buffer.data + i);
		*place = (unsigned char)(i % 251);
		assert_int_equal(buffer.length, i + 1);
		assert_true(buffer.room >= buffer.length && buffer.room <= MAXIMUM);
	}
	assert_null(buffer_extend(&buffer, 1, MAXIMUM));
	assert_int_equal(buffer.length, MAXIMUM);
	for (size_t i = 0; i < MAXIMUM; i++)
		assert_int_equal(((unsigned char *)buffer.data)[i], i % 251);
	buffer_end(&buffer);
}

static void
refusal_leaves_what_was_there(void **state)
{
	struct buffer buffer = { 0 };
	void *data;

	(void)state;
	memcpy(buffer_extend(&buffer, 4, 10), "four", 4);
	data = buffer.data;
	assert_null(buffer_extend(&buffer, 7, 10));
	assert_null(buffer_extend(&buffer, 11, 10));
	/* lengths whose sum would wrap */
	assert_null(buffer_extend(&buffer, SIZE_MAX, SIZE_MAX));
	assert_null(buffer_extend(&buffer, SIZE_MAX - 3, SIZE_MAX));
	assert_ptr_equal(buffer.data, data);
	assert_int_equal(buffer.length, 4);
	assert_memory_equal(buffer.data, "four", 4);
	assert_non_null(buffer_extend(&buffer, 6, 10));
	assert_int_equal(buffer.length, 10);
	buffer_end(&buffer);
}

static void
memory_that_no_machine_has(void **state)
{
	struct buffer buffer = { 0 };

	(void)state;
	memcpy(buffer_extend(&buffer, 4, NO_MACHINE_HAS), "four", 4);
	/* within the maximum, and beyond what any allocator gives */
	assert_null(buffer_extend(&buffer, NO_MACHINE_HAS, NO_MACHINE_HAS + 4));
	assert_int_equal(buffer.length, 4);
	assert_memory_equal(buffer.data, "four", 4);
	buffer_end(&buffer);
}

static void
one_large_piece(void **state)
{
	struct buffer buffer = { 0 };

	(void)state;
	memset(buffer_extend(&buffer, MAXIMUM, MAXIMUM), 7, MAXIMUM);
	assert_int_equal(buffer.length, MAXIMUM);
	assert_true(buffer.room >= MAXIMUM);
	buffer_end(&buffer);
}

static void
nothing(void **state)
{
	struct buffer buffer = { 0 };

	(void)state;
	assert_null(buffer_extend(&buffer, 1, 0));
	buffer_end(&buffer);
	assert_non_null(buffer_extend(&buffer, 0, 0));
	assert_int_equal(buffer.length, 0);
	buffer_end(&buffer);
	assert_null(buffer.data);
	assert_int_equal(buffer.length, 0);
	assert_int_equal(buffer.room, 0);
	/* used again, and ended twice */
	assert_non_null(buffer_extend(&buffer, 3, 3));
	buffer_end(&buffer);
	buffer_end(&buffer);
}

static void
an_array_has_room_for_one_more(void **state)
{
	size_t *array = NULL;

	(void)state;
	for (size_t count = 0; count < 1000; count++) {
		size_t *larger = array_room(array, count, sizeof *array);

		assert_non_null(larger);
		array = larger;
		array[count] = count;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(array[i], i);
	/* full, and twice of it is more than there is, or than can be counted */
	assert_null(array_room(array, 1024, NO_MACHINE_HAS / 2048));
	assert_null(array_room(array, 1024, SIZE_MAX / 2));
	assert_int_equal(array[999], 999);
	free(array);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_to_its_maximum),
		cmocka_unit_test(refusal_leaves_what_was_there),
		cmocka_unit_test(memory_that_no_machine_has),
		cmocka_unit_test(one_large_piece),
		cmocka_unit_test(nothing),
		cmocka_unit_test(an_array_has_room_for_one_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
