/* SPDX-License-Identifier: ISC
 *
 * One table of grounds, and what starts and ends each. Nothing here reads a file.
 */
#include "notice/effect.h"

#include <stdlib.h>

static const struct {
	const char *name, *verdict, *citation, *text;
	bool needs_notification;
} grounds[] = {
	[GROUND_48_HOURS] = { "48-hours", "may-block", "47 CFR 64.1200(k)(4)",
			      "48 hours have passed since the notice, and no effective mitigation is on record",
			      true },
	[GROUND_14_DAYS] = { "14-days", "may-block", "47 CFR 64.1200(k)(4)",
			     "the time to implement effective measures is over, and none are on record", true },
	[GROUND_PUBLIC_NOTICE] = { "public-notice", "may-block", "47 CFR 64.1200(k)(4)",
				   "the FCC has told all providers that they may block", true },
	[GROUND_RELEASE] = { "final-determination", "may-block", "47 CFR 64.1200(k)(4), (n)(2)(iii), (n)(3)",
			     "a final determination is released, and not yet obligatory", true },
	[GROUND_30_DAYS] = { "30-days", "refuse", "47 CFR 64.1200(n)(2)(iii), (n)(3)",
			     "30 days have passed since the release of the final determination", false },
	[GROUND_REMOVAL] = { "removal", "refuse", "47 CFR 64.6305(g)",
			     "removed from the database by order; unless it has been listed again since", false },
	[GROUND_REINSTATEMENT] = { "reinstatement", "lifted", "47 CFR 64.6305(g)",
				   "orders of that day and before are lifted", false },
};

const char *
ground_name(enum effect_ground ground)
{
	return grounds[ground].name;
}

const char *
ground_verdict(enum effect_ground ground)
{
	return grounds[ground].verdict;
}

const char *
ground_citation(enum effect_ground ground)
{
	return grounds[ground].citation;
}

const char *
ground_text(enum effect_ground ground)
{
	return grounds[ground].text;
}

bool
ground_needs_notification(enum effect_ground ground)
{
	return grounds[ground].needs_notification;
}

static bool
names_same(const struct notice_provider *one, const struct notice_provider *other)
{
	return (one->frn != 0 && one->frn == other->frn) || (one->number != 0 && one->number == other->number);
}

/* The first reinstatement of the order's day or later that names the provider. */
static int64_t
provider_lifted(const struct notice_register *notices, const struct notice *order,
		const struct notice_provider *provider)
{
	int64_t lifted = CLOCK_NEVER;

	for (size_t i = 0; i < notices->count; i++) {
		const struct notice *other = &notices->notices[i];

		if (other->kind != NOTICE_REINSTATEMENT || other->issued.date < order->issued.date)
			continue;
		for (size_t k = 0; k < other->provider_count; k++)
			if (names_same(provider, &other->providers[k]) && day_begins(other->issued.date) < lifted)
				lifted = day_begins(other->issued.date);
	}
	return lifted;
}

/* From when on nothing is left of an order: each of its providers that are known is reinstated. */
static int64_t
order_lifted(const struct notice_register *notices, const struct notice *order)
{
	int64_t last = TIME_NONE;

	for (size_t i = 0; i < order->provider_count && last != CLOCK_NEVER; i++) {
		const struct notice_provider *provider = &order->providers[i];
		int64_t lifted;

		if (provider->frn == 0 && provider->number == 0)
			return CLOCK_NEVER;
		lifted = provider_lifted(notices, order, provider);
		if (lifted > last)
			last = lifted;
	}
	return last == TIME_NONE ? CLOCK_NEVER : last;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static size_t
effect_add(struct effect effects[], size_t count, const struct effect *effect)
{
	if (effect->from == CLOCK_NEVER || effect->until <= effect->from)
		return count;
	effects[count] = *effect;
	return count + 1;
}

size_t
notice_effects(const struct effect_rules *rules, const struct notice *notice, struct effect effects[EFFECTS_OF_ONE])
{
	struct notice_clock clock;
	struct effect first = { notice, (enum effect_ground)0, CLOCK_NEVER, CLOCK_NEVER };
	struct effect second = first;
	int64_t lifted;

	notice_clock(notice, rules->calendar, rules->removal_grace, &clock);
	switch (notice->kind) {
	case NOTICE_LETTER:
		first = (struct effect){ notice, GROUND_48_HOURS, clock.after_48_hours, clock.mitigated };
		second = (struct effect){ notice, GROUND_14_DAYS, clock.after_14_days, clock.measures };
		break;
	case NOTICE_PUBLIC:
		first = (struct effect){ notice, GROUND_PUBLIC_NOTICE, clock.effective, CLOCK_NEVER };
		break;
	case NOTICE_INITIAL_DETERMINATION:
		break;
	case NOTICE_FINAL_DETERMINATION:
		lifted = order_lifted(rules->notices, notice);
		first = (struct effect){ notice, GROUND_RELEASE, notice->issued.instant,
					 earlier(clock.effective, lifted) };
		second = (struct effect){ notice, GROUND_30_DAYS, clock.effective, lifted };
		break;
	case NOTICE_REMOVAL:
		lifted = order_lifted(rules->notices, notice);
		first = (struct effect){ notice, GROUND_REMOVAL, clock.effective, lifted };
		break;
	case NOTICE_REINSTATEMENT:
		/* It ends others and has no end itself: once it has come nothing more is due. */
		first = (struct effect){ notice, GROUND_REINSTATEMENT, clock.effective, clock.effective + 1 };
		break;
	}
	return effect_add(effects, effect_add(effects, 0, &first), &second);
}

/* The same order in every run: effects of one instant by their documents, which are in the order of their ids. */
static int
effect_order(const void *a, const void *b)
{
	const struct effect *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->notice != y->notice)
		return x->notice < y->notice ? -1 : 1;
	return x->ground < y->ground ? -1 : x->ground > y->ground;
}

bool
effects_due(const struct effect_rules *rules, int64_t at, struct effects *result)
{
	const struct notice_register *notices = rules->notices;

	*result = (struct effects){ calloc(EFFECTS_OF_ONE * notices->count + 1, sizeof *result->effects), 0 };
	if (result->effects == NULL)
		return false;
	for (size_t i = 0; i < notices->count; i++) {
		struct effect effects[EFFECTS_OF_ONE];
		size_t count = notice_effects(rules, &notices->notices[i], effects);

		for (size_t k = 0; k < count; k++)
			if (effects[k].until > at)
				result->effects[result->count++] = effects[k];
	}
	if (result->count > 1)
		qsort(result->effects, result->count, sizeof *result->effects, effect_order);
	return true;
}

void
effects_end(struct effects *effects)
{
	free(effects->effects);
	*effects = (struct effects){ 0 };
}

const struct effect *
effect_holding(const struct effect effects[], size_t count, int64_t at)
{
	for (size_t i = 0; i < count; i++)
		if (effects[i].from <= at && effects[i].until > at)
			return &effects[i];
	return NULL;
}

bool
effect_waits(const struct effect *effect, int64_t at)
{
	const struct moment *notified = &effect->notice->fcc_notified;

	return ground_needs_notification(effect->ground) && (notified->date == DAY_NONE || notified->instant > at);
}
