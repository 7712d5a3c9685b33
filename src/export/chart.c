/* SPDX-License-Identifier: ISC
 *
 * All places are whole units of the plot's own 480 by 230, so that equal data give equal bytes on every machine.
 */
#include "export/chart.h"

#include "export/markup.h"

enum {
	WIDTH = 480,
	HEIGHT = 230,
	LEFT = 58,
	RIGHT = 468,
	TOP = 28,
	BOTTOM = 202,
	TICKS = 4, /* of the axis, at most */
	SHARE_ROW = 44,
	DOTS_MAX = 30, /* more of them would hide the line */
};

/* The numbers that an axis reaches from and to, and how far apart its ticks are. */
struct scale {
	uint64_t low;
	uint64_t high;
	uint64_t step;
	int64_t at_low; /* places */
	int64_t at_high;
};

/* 1, 2 or 5 and as many zeros as it takes. */
static uint64_t
step_of(uint64_t range)
{
	uint64_t step = 1;

	while (range / step > TICKS && step <= UINT64_MAX / 10) {
		if (range / (2 * step) <= TICKS)
			return 2 * step;
		if (range / (5 * step) <= TICKS)
			return 5 * step;
		step *= 10;
	}
	return step;
}

static struct scale
scale_of(uint64_t low, uint64_t high, int64_t at_low, int64_t at_high)
{
	struct scale scale = { .step = step_of(high - low), .at_low = at_low, .at_high = at_high };

	scale.low = low / scale.step * scale.step;
	scale.high = (high / scale.step + (high % scale.step != 0)) * scale.step;
	if (scale.high == scale.low) {
		scale.high += scale.step;
		scale.low -= scale.low < scale.step ? scale.low : scale.step;
	}
	return scale;
}

static int64_t
part_of(uint64_t value, uint64_t whole, int64_t room)
{
	return (int64_t)((double)value / (double)whole * (double)room);
}

static int64_t
place_of(const struct scale *scale, uint64_t value)
{
	return scale->at_low + part_of(value - scale->low, scale->high - scale->low, scale->at_high - scale->at_low);
}

/* name="value" */
static void
at_put(struct stream *out, const char *name, int64_t value)
{
	stream_text(out, " ");
	stream_text(out, name);
	stream_text(out, value < 0 ? "=\"-" : "=\"");
	stream_number(out, value < 0 ? (uint64_t)-value : (uint64_t)value);
	stream_text(out, "\"");
}

/* Opens a tag; its places and its end are the caller's. */
static void
tag_begin(struct stream *out, const char *name, const char *class)
{
	stream_text(out, "<");
	stream_text(out, name);
	stream_text(out, " class=\"");
	stream_text(out, class);
	stream_text(out, "\"");
}

/* Opens a text, whose contents and end are the caller's. */
static void
text_begin(struct stream *out, const char *class, int64_t x, int64_t y)
{
	tag_begin(out, "text", class);
	at_put(out, "x", x);
	at_put(out, "y", y);
	stream_text(out, ">");
}

static void
line_put(struct stream *out, const char *class, int64_t y)
{
	tag_begin(out, "line", class);
	at_put(out, "x1", LEFT);
	at_put(out, "x2", RIGHT);
	at_put(out, "y1", y);
	at_put(out, "y2", y);
	stream_text(out, "/>");
}

static void
rectangle_put(struct stream *out, const char *class, int64_t x, int64_t y, int64_t width, int64_t height)
{
	tag_begin(out, "rect", class);
	at_put(out, "x", x);
	at_put(out, "y", y);
	at_put(out, "width", width);
	at_put(out, "height", height);
	stream_text(out, "/>");
}

/* A line across the plot, and its number before it. */
static void
tick_put(struct stream *out, int64_t y, const char *sign, uint64_t value)
{
	line_put(out, value == 0 ? "zero" : "grid", y);
	text_begin(out, "end", LEFT - 8, y + 4);
	stream_text(out, value == 0 ? "" : sign);
	count_put(out, value);
	stream_text(out, "</text>");
}

static void
axis_put(struct stream *out, const struct scale *scale)
{
	for (uint64_t value = scale->low; value <= scale->high; value += scale->step)
		tick_put(out, place_of(scale, value), "", value);
}

/* Opens a plot up to its description, whose text and end are the caller's. */
static void
chart_begin(struct stream *out, const char *id, const char *title, int64_t height)
{
	stream_text(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"");
	stream_text(out, id);
	stream_text(out, "-title\" aria-describedby=\"");
	stream_text(out, id);
	stream_text(out, "-desc\" viewBox=\"0 0 ");
	stream_number(out, WIDTH);
	stream_text(out, " ");
	stream_number(out, (uint64_t)height);
	stream_text(out, "\"><title id=\"");
	stream_text(out, id);
	stream_text(out, "-title\">");
	stream_text(out, title);
	stream_text(out, "</title><desc id=\"");
	stream_text(out, id);
	stream_text(out, "-desc\">");
}

/* A clock that was put back gives no time before the first. */
static uint64_t
elapsed(const struct tally *tallies, size_t i)
{
	return tallies[i].at > tallies[0].at ? (uint64_t)(tallies[i].at - tallies[0].at) : 0;
}

/* Filings stay as many until the next generation: a line of steps. */
static void
steps_put(struct stream *out, const struct tally *tallies, size_t count, const struct scale *time,
	  const struct scale *scale)
{
	for (size_t i = 0; i < count; i++) {
		stream_text(out, i == 0 ? "M" : "H");
		stream_number(out, (uint64_t)place_of(time, elapsed(tallies, i)));
		stream_text(out, i == 0 ? " " : "V");
		stream_number(out, (uint64_t)place_of(scale, tallies[i].listed));
	}
	stream_text(out, "H");
	stream_number(out, RIGHT);
}

static void
dots_put(struct stream *out, const struct tally *tallies, size_t count, const struct scale *time,
	 const struct scale *scale)
{
	for (size_t i = 0; i < count && count <= DOTS_MAX; i++) {
		stream_text(out, "<circle class=\"dot\" r=\"3\"");
		at_put(out, "cx", place_of(time, elapsed(tallies, i)));
		at_put(out, "cy", place_of(scale, tallies[i].listed));
		stream_text(out, "><title>");
		instant_text_put(out, tallies[i].at);
		stream_text(out, ": ");
		count_put(out, tallies[i].listed);
		stream_text(out, "</title></circle>");
	}
}

static void
listed_description_put(struct stream *out, const struct tally *tallies, size_t count, uint64_t low, uint64_t high)
{
	counted_put(out, tallies[count - 1].listed, "filing is", "filings are");
	stream_text(out, " listed now. Since ");
	day_put(out, tallies[0].at);
	stream_text(out, " the fewest were ");
	count_put(out, low);
	stream_text(out, ", the most ");
	count_put(out, high);
	stream_text(out, ".</desc>");
}

void
listed_chart_put(struct stream *out, const struct tally *tallies, size_t count, int64_t until)
{
	uint64_t low = UINT64_MAX, high = 0, last = 0;
	struct scale time, scale;

	for (size_t i = 0; i < count; i++) {
		low = tallies[i].listed < low ? tallies[i].listed : low;
		high = tallies[i].listed > high ? tallies[i].listed : high;
		last = elapsed(tallies, i) > last ? elapsed(tallies, i) : last;
	}
	if (until > tallies[0].at && (uint64_t)(until - tallies[0].at) > last)
		last = (uint64_t)(until - tallies[0].at);
	time = (struct scale){ .high = last > 0 ? last : 1, .at_low = LEFT, .at_high = RIGHT };
	scale = scale_of(low, high, BOTTOM, TOP);
	chart_begin(out, "listed", "Filings over time", HEIGHT);
	listed_description_put(out, tallies, count, low, high);
	axis_put(out, &scale);
	stream_text(out, "<path class=\"area\" d=\"");
	steps_put(out, tallies, count, &time, &scale);
	stream_text(out, "V");
	stream_number(out, BOTTOM);
	stream_text(out, "H");
	stream_number(out, LEFT);
	stream_text(out, "Z\"/><path class=\"curve\" d=\"");
	steps_put(out, tallies, count, &time, &scale);
	stream_text(out, "\"/>");
	dots_put(out, tallies, count, &time, &scale);
	text_begin(out, "start", LEFT, HEIGHT - 8);
	day_put(out, tallies[0].at);
	stream_text(out, "</text>");
	text_begin(out, "end", RIGHT, HEIGHT - 8);
	day_put(out, tallies[0].at + (int64_t)last);
	stream_text(out, "</text></svg>\n");
}

static void
generations_put(struct stream *out, const struct tally *tally)
{
	stream_number(out, tally->first);
	if (tally->last != tally->first) {
		stream_text(out, "\xe2\x80\x93");
		stream_number(out, tally->last);
	}
}

/* One that is there must be seen. */
static int64_t
bar_height(uint64_t value, uint64_t whole, int64_t room)
{
	int64_t height = part_of(value, whole, room);

	return value > 0 && height < 2 ? 2 : height;
}

static void
bars_put(struct stream *out, const struct tally *tallies, size_t count, uint64_t whole, int64_t zero)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): there is a generation at least, or it is not called. */
	int64_t slot = (RIGHT - LEFT) / (int64_t)count;
	int64_t width = slot > 40 ? 32 : slot > 4 ? slot * 4 / 5 : slot;

	for (size_t i = 0; i < count; i++) {
		const struct tally *tally = &tallies[i];
		int64_t up = bar_height(tally->added + tally->relisted, whole, BOTTOM - TOP);
		int64_t down = bar_height(tally->vanished, whole, BOTTOM - TOP);
		int64_t x = LEFT + (RIGHT - LEFT) * (int64_t)i / (int64_t)count + (slot - width) / 2;

		stream_text(out, "<g><title>Generation ");
		generations_put(out, tally);
		stream_text(out, ": ");
		count_put(out, tally->added + tally->relisted);
		stream_text(out, " added or back, ");
		count_put(out, tally->vanished);
		stream_text(out, " removed</title>");
		if (up > 0)
			rectangle_put(out, "added", x, zero - up, width, up);
		if (down > 0)
			rectangle_put(out, "removed", x, zero, width, down);
		stream_text(out, "</g>");
	}
}

/* Upwards and downwards from zero, with one measure for both. */
static void
changes_axis_put(struct stream *out, uint64_t up, uint64_t down, uint64_t step, int64_t zero)
{
	for (uint64_t value = 0; value <= up; value += step)
		tick_put(out, zero - part_of(value, up + down, BOTTOM - TOP), "+", value);
	for (uint64_t value = step; value <= down; value += step)
		tick_put(out, zero + part_of(value, up + down, BOTTOM - TOP), "\xe2\x88\x92", value);
}

void
changes_chart_put(struct stream *out, const struct tally *tallies, size_t count)
{
	uint64_t up = 0, down = 0, added = 0, removed = 0, step;
	int64_t zero;

	for (size_t i = 0; i < count; i++) {
		uint64_t more = tallies[i].added + tallies[i].relisted, less = tallies[i].vanished;

		added += more;
		removed += less;
		up = more > up ? more : up;
		down = less > down ? less : down;
	}
	step = step_of(up + down);
	up = (up / step + (up % step != 0)) * step;
	down = (down / step + (down % step != 0)) * step;
	if (up + down == 0)
		up = step;
	zero = TOP + part_of(up, up + down, BOTTOM - TOP);
	chart_begin(out, "changes", "Additions and removals a generation", HEIGHT);
	counted_put(out, added, "filing was", "filings were");
	stream_text(out, " added or came back, ");
	count_put(out, removed);
	stream_text(out, " were removed, in the generations after the first load.</desc>");
	changes_axis_put(out, up, down, step, zero);
	bars_put(out, tallies, count, up + down, zero);
	text_begin(out, "start key-added", LEFT, 14);
	stream_text(out, "\xe2\x96\xb2 added or back</text>");
	text_begin(out, "start key-removed", LEFT + 180, 14);
	stream_text(out, "\xe2\x96\xbc removed</text>");
	text_begin(out, "start", LEFT, HEIGHT - 8);
	stream_text(out, "generation ");
	generations_put(out, &tallies[0]);
	stream_text(out, "</text>");
	if (count > 1) {
		text_begin(out, "end", RIGHT, HEIGHT - 8);
		generations_put(out, &tallies[count - 1]);
		stream_text(out, "</text>");
	}
	stream_text(out, "</svg>\n");
}

void
percent_put(struct stream *out, uint64_t part, uint64_t whole)
{
	uint64_t tenths = whole == 0 ? 0 : (part * 2000 + whole) / (whole * 2);

	stream_number(out, tenths / 10);
	stream_text(out, ".");
	stream_number(out, tenths % 10);
	stream_text(out, " %");
}

void
shares_chart_put(struct stream *out, const struct share *shares, size_t count)
{
	uint64_t whole = 0;

	for (size_t i = 0; i < count; i++)
		whole += shares[i].count;
	chart_begin(out, "shares", "What the listed filings certify", SHARE_ROW * (int64_t)count + 8);
	for (size_t i = 0; i < count; i++) {
		stream_text(out, i == 0 ? "" : ", ");
		stream_text(out, shares[i].label);
		stream_text(out, " ");
		percent_put(out, shares[i].count, whole);
	}
	stream_text(out, ".</desc>");
	for (size_t i = 0; i < count; i++) {
		int64_t y = SHARE_ROW * (int64_t)i;

		text_begin(out, "start", 0, y + 18);
		stream_text(out, shares[i].label);
		stream_text(out, "</text>");
		text_begin(out, "end", WIDTH, y + 18);
		count_put(out, shares[i].count);
		stream_text(out, " \xc2\xb7 ");
		percent_put(out, shares[i].count, whole);
		stream_text(out, "</text>");
		rectangle_put(out, "track", 0, y + 25, WIDTH, 12);
		rectangle_put(out, "share", 0, y + 25, whole == 0 ? 0 : bar_height(shares[i].count, whole, WIDTH),
			      12);
	}
	stream_text(out, "</svg>\n");
}
