/* SPDX-License-Identifier: ISC
 *
 * One object a filing, as rmdcheck --json writes it. What depends on when a file is read (at, data_age) is null.
 */
#include "check/output.h"
#include "export/answers.h"

int
json_export(struct edition *edition)
{
	struct answers answers;
	int failed = answers_begin(&answers, edition, true);

	while (failed == 0 && answers_next(&answers) > 0) {
		const struct result result = {
			.query = slice_of(answers.provider.text),
			.answer = &answers.answer,
			.filing = edition->filing.rmd_number[0] != '\0' ? &edition->filing : NULL,
			.change = answers.change,
		};

		answers.answer.at = RMD_TIME_NONE;
		answers.answer.data_age = RMD_TIME_NONE;
		if (output_json_answer(&edition->out, &result, false) != 0)
			failed = error_set(edition->error, EX_SOFTWARE, "memory is short; nothing is written");
	}
	answers_end(&answers);
	return edition->error->code;
}
