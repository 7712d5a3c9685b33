/* SPDX-License-Identifier: ISC
 *
 * The references: each filing under its FRN, with a value of 64 bytes; for libmaxminddb a prefix of 24 bits stands
 * for the FRN. Each is used as its manual says that it is fastest.
 */
#include "config.h"

#include "bench/reference.h"

#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef HAVE_MAXMINDDB
#include <maxminddb.h>
#include <netinet/in.h>
#endif
#ifdef HAVE_CDB
#include <cdb.h>
#endif
#ifdef HAVE_SQLITE
#include <sqlite3.h>
#endif

#define VALUE_BYTES 64
#define PATH_BYTES 4096

/* 32 bytes, as a slot of our own table. */
struct entry {
	uint64_t key;
	uint64_t value[3];
};

struct stores {
	struct entry *entries;
	size_t capacity;
	MDB_env *environment;
	MDB_dbi table;
#ifdef HAVE_CDB
	struct cdb cdb;
#endif
#ifdef HAVE_MAXMINDDB
	MMDB_s maxmind;
#endif
#ifdef HAVE_SQLITE
	char sqlite[PATH_BYTES];
#endif
};

static void
path_of(char path[PATH_BYTES], const char *directory, const char *name)
{
	need(snprintf(path, PATH_BYTES, "%s/%s", directory, name) < PATH_BYTES, "a path is too long");
}

static size_t
hash_index(const struct stores *stores, uint64_t key)
{
	return (size_t)(((unsigned __int128)(key * UINT64_C(0x9e3779b97f4a7c15)) * stores->capacity) >> 64);
}

static void
hash_build(struct stores *stores, const struct filings *filings)
{
	stores->capacity = 2 * filings->count;
	stores->entries = array_of(stores->capacity, sizeof *stores->entries);
	for (size_t i = 0; i < filings->count; i++) {
		size_t at = hash_index(stores, filings->frn[i]);

		while (stores->entries[at].key != 0)
			at = (at + 1) % stores->capacity;
		stores->entries[at] = (struct entry){ filings->frn[i], { 1, filings->number[i], 0 } };
	}
}

static inline const struct entry *
hash_find(const struct stores *stores, uint64_t key)
{
	for (size_t at = hash_index(stores, key);; at = at + 1 == stores->capacity ? 0 : at + 1) {
		if (stores->entries[at].key == key)
			return &stores->entries[at];
		if (stores->entries[at].key == 0)
			return NULL;
	}
}

bool
hash_has(const struct stores *stores, uint64_t key)
{
	const struct entry *entry = hash_find(stores, key);

	return entry != NULL && entry->value[0] == 1;
}

static size_t
hash_run(const void *context, const struct questions *questions, size_t first, size_t count)
{
	size_t hits = 0;

	for (size_t i = first; i < first + count; i++) {
		const struct entry *entry = hash_find(context, questions->key[i]);

		if (entry != NULL)
			hits += entry->value[0];
	}
	return hits;
}

static void
value_of(unsigned char value[VALUE_BYTES], uint32_t number)
{
	memset(value, 0, VALUE_BYTES);
	value[0] = 1;
	memcpy(value + 8, &number, sizeof number);
}

static void
lmdb_build(struct stores *stores, const struct filings *filings, const char *directory)
{
	char path[PATH_BYTES];
	MDB_txn *transaction;
	bool good;

	path_of(path, directory, "reference.mdb");
	good = mdb_env_create(&stores->environment) == 0 &&
	       mdb_env_set_mapsize(stores->environment, (size_t)1 << 30) == 0 &&
	       mdb_env_open(stores->environment, path, MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOTLS, 0600) == 0 &&
	       mdb_txn_begin(stores->environment, NULL, 0, &transaction) == 0 &&
	       mdb_dbi_open(transaction, NULL, MDB_INTEGERKEY, &stores->table) == 0;
	need(good, "LMDB failed to open");
	for (size_t i = 0; good && i < filings->count; i++) {
		unsigned char bytes[VALUE_BYTES];
		MDB_val key = { sizeof filings->frn[i], &filings->frn[i] }, value = { sizeof bytes, bytes };

		value_of(bytes, filings->number[i]);
		good = mdb_put(transaction, stores->table, &key, &value, 0) == 0;
	}
	need(good && mdb_txn_commit(transaction) == 0, "LMDB failed to write");
}

enum lmdb_way { LMDB_HELD, LMDB_RENEWED, LMDB_BEGUN };

static inline size_t
lmdb_run(const struct stores *stores, const struct questions *questions, size_t first, size_t count,
	 enum lmdb_way way)
{
	MDB_txn *transaction;
	size_t hits = 0;

	need(mdb_txn_begin(stores->environment, NULL, MDB_RDONLY, &transaction) == 0, "LMDB failed to begin");
	for (size_t i = first; i < first + count; i++) {
		MDB_val key = { sizeof questions->key[i], &questions->key[i] }, value;

		if (way == LMDB_RENEWED) {
			mdb_txn_reset(transaction);
			need(mdb_txn_renew(transaction) == 0, "LMDB failed to renew");
		} else if (way == LMDB_BEGUN) {
			mdb_txn_abort(transaction);
			need(mdb_txn_begin(stores->environment, NULL, MDB_RDONLY, &transaction) == 0,
			     "LMDB failed to begin");
		}
		if (mdb_get(transaction, stores->table, &key, &value) == 0)
			hits += *(const unsigned char *)value.mv_data;
	}
	mdb_txn_abort(transaction);
	return hits;
}

static size_t
lmdb_held_run(const void *context, const struct questions *questions, size_t first, size_t count)
{
	return lmdb_run(context, questions, first, count, LMDB_HELD);
}

static size_t
lmdb_renewed_run(const void *context, const struct questions *questions, size_t first, size_t count)
{
	return lmdb_run(context, questions, first, count, LMDB_RENEWED);
}

static size_t
lmdb_begun_run(const void *context, const struct questions *questions, size_t first, size_t count)
{
	return lmdb_run(context, questions, first, count, LMDB_BEGUN);
}

#ifdef HAVE_CDB
static void
cdb_build(struct stores *stores, const struct filings *filings, const char *directory)
{
	char path[PATH_BYTES];
	struct cdb_make make;
	bool good;
	int file;

	path_of(path, directory, "reference.cdb");
	file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	good = file >= 0 && cdb_make_start(&make, file) == 0;
	need(good, "cdb failed to open");
	for (size_t i = 0; good && i < filings->count; i++) {
		unsigned char value[VALUE_BYTES];

		value_of(value, filings->number[i]);
		good = cdb_make_add(&make, &filings->frn[i], sizeof filings->frn[i], value, sizeof value) == 0;
	}
	need(good && cdb_make_finish(&make) == 0 && cdb_init(&stores->cdb, file) == 0, "cdb failed to write");
}

static size_t
cdb_run(const void *context, const struct questions *questions, size_t first, size_t count)
{
	const struct stores *stores = context;
	struct cdb cdb = stores->cdb; /* it notes in there what it found */
	size_t hits = 0;

	for (size_t i = first; i < first + count; i++)
		if (cdb_find(&cdb, &questions->key[i], sizeof questions->key[i]) > 0)
			hits += *(const unsigned char *)cdb_get(&cdb, cdb_datalen(&cdb), cdb_datapos(&cdb));
	return hits;
}
#define CDB_MISSING NULL
#else
#define cdb_run NULL
#define CDB_MISSING "libcdb-dev"
#endif

#ifdef HAVE_MAXMINDDB
#define PREFIX_BITS 24
#define LEAF UINT32_C(0x80000000)
#define MAXMIND_GAP 16 /* zero bytes between the tree and the data */

/* Of a child: 0 none, an inner node's index, or LEAF and a filing's index. */
struct trie {
	uint32_t (*child)[2];
	size_t count;
};

static void
trie_add(struct trie *trie, size_t filing)
{
	uint32_t address = ipv4_of(filing, 0);
	size_t node = 0;

	for (int bit = 31; bit > 32 - PREFIX_BITS; bit--) {
		uint32_t *child = &trie->child[node][address >> bit & 1];

		if (*child == 0)
			*child = (uint32_t)trie->count++;
		node = *child;
	}
	trie->child[node][address >> (32 - PREFIX_BITS) & 1] = LEAF | (uint32_t)filing;
}

static void
big_endian_write(FILE *file, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		putc((int)(value >> shift & 0xff), file);
}

static void
string_write(FILE *file, const char *text)
{
	putc(0x40 | (int)strlen(text), file);
	fputs(text, file);
}

/* A number of type 5 (16 bits), 6 (32 bits) or 9 (64 bits), in four bytes at most. */
static void
number_write(FILE *file, const char *name, int type, uint32_t value)
{
	int bytes = type == 5 ? 2 : 4;

	string_write(file, name);
	putc(type < 8 ? type << 5 | bytes : bytes, file);
	if (type >= 8)
		putc(type - 7, file);
	for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
		putc((int)(value >> shift & 0xff), file);
}

/* The maps of all filings have one length. */
static void
record_write(FILE *file, const struct filings *filings, size_t filing)
{
	char text[24];

	/* The field that is read comes first: it is found soonest there. */
	putc(0xe3, file);
	number_write(file, "implementation", 5, 4);
	string_write(file, "number");
	snprintf(text, sizeof text, "RMD%07u", filings->number[filing]);
	string_write(file, text);
	string_write(file, "frn");
	snprintf(text, sizeof text, "%010llu", (unsigned long long)filings->frn[filing]);
	string_write(file, text);
}

static void
maxmind_write(const struct filings *filings, FILE *file)
{
	struct trie trie = { array_of(PREFIX_BITS * filings->count + 1, sizeof *trie.child), 1 };
	long begin, record = 0;

	for (size_t i = 0; i < filings->count; i++)
		trie_add(&trie, i);
	begin = 8 * (long)trie.count + MAXMIND_GAP;
	need(fseek(file, begin, SEEK_SET) == 0, "the database of addresses cannot be written");
	for (size_t i = 0; i < filings->count; i++) {
		record_write(file, filings, i);
		if (i == 0)
			record = ftell(file) - begin;
	}
	fputs("\xab\xcd\xefMaxMind.com", file);
	putc(0xe9, file);
	number_write(file, "binary_format_major_version", 5, 2);
	number_write(file, "binary_format_minor_version", 5, 0);
	number_write(file, "build_epoch", 9, 1);
	number_write(file, "ip_version", 5, 4);
	number_write(file, "node_count", 6, (uint32_t)trie.count);
	number_write(file, "record_size", 5, 32);
	string_write(file, "database_type");
	string_write(file, "Bench");
	string_write(file, "description");
	putc(0xe0, file); /* an empty map */
	string_write(file, "languages");
	fwrite("\0\4", 1, 2, file); /* an empty array */
	rewind(file);
	for (size_t i = 0; i < trie.count; i++)
		for (int side = 0; side < 2; side++) {
			uint32_t child = trie.child[i][side];

			if (child == 0)
				child = (uint32_t)trie.count;
			else if ((child & LEAF) != 0)
				child = (uint32_t)(trie.count + MAXMIND_GAP + (child & ~LEAF) * (size_t)record);
			big_endian_write(file, child);
		}
	free(trie.child);
}

static void
maxmind_build(struct stores *stores, const struct filings *filings, const char *directory)
{
	char path[PATH_BYTES];
	FILE *file;

	path_of(path, directory, "reference.mmdb");
	file = fopen(path, "we");
	need(file != NULL, "the database of addresses cannot be created");
	maxmind_write(filings, file);
	need(fclose(file) == 0 && MMDB_open(path, MMDB_MODE_MMAP, &stores->maxmind) == MMDB_SUCCESS,
	     "libmaxminddb cannot open its database");
}

static inline size_t
maxmind_ask(const struct stores *stores, const struct questions *questions, size_t first, size_t count, bool field)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	size_t hits = 0;

	for (size_t i = first; i < first + count; i++) {
		MMDB_lookup_result_s result;
		MMDB_entry_data_s data;
		int error;

		address.sin_addr.s_addr = htonl(questions->ipv4[i]);
		result = MMDB_lookup_sockaddr(&stores->maxmind, (const struct sockaddr *)&address, &error);
		if (!result.found_entry)
			continue;
		if (!field || (MMDB_get_value(&result.entry, &data, "implementation", NULL) == MMDB_SUCCESS &&
			       data.uint16 == 4))
			hits++;
	}
	return hits;
}

static size_t
maxmind_run(const void *context, const struct questions *questions, size_t first, size_t count)
{
	return maxmind_ask(context, questions, first, count, false);
}

static size_t
maxmind_field_run(const void *context, const struct questions *questions, size_t first, size_t count)
{
	return maxmind_ask(context, questions, first, count, true);
}
#define MAXMIND_MISSING NULL
#else
#define maxmind_run NULL
#define maxmind_field_run NULL
#define MAXMIND_MISSING "libmaxminddb-dev"
#endif

#ifdef HAVE_SQLITE
static void
sqlite_build(struct stores *stores, const struct filings *filings, const char *directory)
{
	sqlite3_stmt *insert;
	char path[PATH_BYTES];
	sqlite3 *database;
	bool good;

	path_of(path, directory, "reference.db");
	good = sqlite3_open(path, &database) == SQLITE_OK &&
	       sqlite3_exec(database,
			    "pragma synchronous = off; begin; create table t(k integer primary key, v blob)", NULL,
			    NULL, NULL) == SQLITE_OK &&
	       sqlite3_prepare_v2(database, "insert into t values(?, ?)", -1, &insert, NULL) == SQLITE_OK;
	need(good, "SQLite failed to open");
	for (size_t i = 0; good && i < filings->count; i++) {
		unsigned char value[VALUE_BYTES];

		value_of(value, filings->number[i]);
		good = sqlite3_bind_int64(insert, 1, (sqlite3_int64)filings->frn[i]) == SQLITE_OK &&
		       sqlite3_bind_blob(insert, 2, value, sizeof value, SQLITE_STATIC) == SQLITE_OK &&
		       sqlite3_step(insert) == SQLITE_DONE && sqlite3_reset(insert) == SQLITE_OK;
	}
	need(good && sqlite3_finalize(insert) == SQLITE_OK &&
		     sqlite3_exec(database, "commit", NULL, NULL, NULL) == SQLITE_OK &&
		     sqlite3_close(database) == SQLITE_OK,
	     "SQLite failed to write");
	need(snprintf(stores->sqlite, sizeof stores->sqlite, "file:%.4000s?immutable=1", path) < PATH_BYTES,
	     "a path is too long");
}

/* A connection of its own for each run: neither threads nor forks may share one. */
static size_t
sqlite_run(const void *context, const struct questions *questions, size_t first, size_t count)
{
	const struct stores *stores = context;
	sqlite3_stmt *select;
	sqlite3 *database;
	size_t hits = 0;

	need(sqlite3_open_v2(stores->sqlite, &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
			     NULL) == SQLITE_OK &&
		     sqlite3_exec(database, "pragma mmap_size = 1000000000", NULL, NULL, NULL) == SQLITE_OK &&
		     sqlite3_prepare_v2(database, "select v from t where k = ?", -1, &select, NULL) == SQLITE_OK,
	     "SQLite failed to open");
	for (size_t i = first; i < first + count; i++) {
		sqlite3_bind_int64(select, 1, (sqlite3_int64)questions->key[i]);
		if (sqlite3_step(select) == SQLITE_ROW)
			hits += *(const unsigned char *)sqlite3_column_blob(select, 0);
		sqlite3_reset(select);
	}
	sqlite3_finalize(select);
	sqlite3_close(database);
	return hits;
}
#define SQLITE_MISSING NULL
#else
#define sqlite_run NULL
#define SQLITE_MISSING "libsqlite3-dev"
#endif

const struct reference references[REFERENCE_COUNT] = {
	[REFERENCE_HASH] = { "hash of this process", hash_run, NULL },
	[REFERENCE_CDB] = { "tinycdb", cdb_run, CDB_MISSING },
	[REFERENCE_LMDB_HELD] = { "LMDB, held transaction", lmdb_held_run, NULL },
	[REFERENCE_LMDB_RENEWED] = { "LMDB, renewed", lmdb_renewed_run, NULL },
	[REFERENCE_LMDB_BEGUN] = { "LMDB, begun", lmdb_begun_run, NULL },
	[REFERENCE_MAXMIND] = { "libmaxminddb", maxmind_run, MAXMIND_MISSING },
	[REFERENCE_MAXMIND_FIELD] = { "libmaxminddb, one field", maxmind_field_run, MAXMIND_MISSING },
	[REFERENCE_SQLITE] = { "SQLite, prepared", sqlite_run, SQLITE_MISSING },
};

struct stores *
reference_open(const struct filings *filings, const char *directory)
{
	struct stores *stores = array_of(1, sizeof *stores);

	hash_build(stores, filings);
	lmdb_build(stores, filings, directory);
#ifdef HAVE_CDB
	cdb_build(stores, filings, directory);
#endif
#ifdef HAVE_MAXMINDDB
	maxmind_build(stores, filings, directory);
#endif
#ifdef HAVE_SQLITE
	sqlite_build(stores, filings, directory);
#endif
	return stores;
}
