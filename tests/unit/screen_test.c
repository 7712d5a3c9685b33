/* SPDX-License-Identifier: ISC
 *
 * What a terminal of a known width shows: tables, facts, texts, and the same without one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fact.h"
#include "base/screen.h"

static char shown[200000];

struct trial {
	struct stream stream;
	struct display display;
	FILE *file;
	char buffer[256];
};

static void
trial_begin(struct trial *trial, size_t width)
{
	trial->file = tmpfile();
	assert_non_null(trial->file);
	trial->stream = (struct stream){ fileno(trial->file), trial->buffer, sizeof trial->buffer, 0, 0, NULL };
	if (width > 0)
		display_begin_wide(&trial->display, &trial->stream, width);
}

static const char *
trial_end(struct trial *trial)
{
	size_t length;

	assert_int_equal(stream_flush(&trial->stream), 0);
	rewind(trial->file);
	length = fread(shown, 1, sizeof shown - 1, trial->file);
	shown[length] = '\0';
	assert_int_equal(fclose(trial->file), 0);
	return shown;
}

static void
answer_put(struct stream *stream, const char *verdict, const char *name, const char *note)
{
	stream_text(stream, verdict);
	stream_column(stream);
	stream_text(stream, name);
	stream_column(stream);
	stream_text(stream, "complete");
	if (note != NULL) {
		stream_note(stream);
		stream_text(stream, note);
	}
	stream_text(stream, "\n");
}

static void
pipe_gets_it_as_it_is(void **state)
{
	struct trial trial;

	(void)state;
	trial_begin(&trial, 0);
	answer_put(&trial.stream, "accept", "\"A\"", "since then");
	assert_string_equal(trial_end(&trial), "accept  \"A\"  complete  since then\n");
}

static void
table_is_aligned_and_names_are_cut(void **state)
{
	struct trial trial;

	(void)state;
	trial_begin(&trial, 42);
	answer_put(&trial.stream, "\033[32maccept\033[0m", "\"A\"", NULL);
	answer_put(&trial.stream, "refuse",
		   "\"\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad\xe6\x96\x87 Telephone and Telegraph\"",
		   "since a day that is long ago, and more");
	assert_string_equal(trial_end(&trial),
			    "\033[32maccept\033[0m  \"A\"                       complete\n"
			    "refuse  \"\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad\xe6\x96\x87 Telephone \"...  complete\n"
			    "    since a day that is long ago, and more\n");
}

static void
one_row_is_broken_and_not_cut(void **state)
{
	struct trial trial;

	(void)state;
	trial_begin(&trial, 40);
	answer_put(&trial.stream, "refuse", "\"Far Away Telephone and Telegraph Company\"", NULL);
	assert_string_equal(trial_end(&trial), "refuse\n    \"Far Away Telephone and Telegraph\n"
					       "    Company\"  complete\n");
}

static void
long_fact_is_counted(void **state)
{
	struct trial trial;
	char text[3001];

	(void)state;
	for (size_t i = 0; i < sizeof text - 1; i++)
		text[i] = i % 10 == 9 ? ' ' : 'x';
	text[sizeof text - 1] = '\0';
	trial_begin(&trial, 60);
	fact_text(&trial.stream, "names", text);
	fact_text(&trial.stream, "next", "one");
	(void)trial_end(&trial);
	assert_non_null(strstr(shown, "names               xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx\n"
				      "                    xxxxxxxxx"));
	assert_non_null(strstr(shown, " more characters (to see all, | less)\nnext                one\n"));
}

static void
text_keeps_its_indent(void **state)
{
	struct trial trial;

	(void)state;
	trial_begin(&trial, 40);
	stream_text(&trial.stream, "- one two three four five six seven eight nine\n\n");
	assert_string_equal(trial_end(&trial), "- one two three four five six seven\n  eight nine\n\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pipe_gets_it_as_it_is),         cmocka_unit_test(table_is_aligned_and_names_are_cut),
		cmocka_unit_test(one_row_is_broken_and_not_cut), cmocka_unit_test(long_fact_is_counted),
		cmocka_unit_test(text_keeps_its_indent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
