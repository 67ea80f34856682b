// The terms of the search index, and FTS5's tokenizer that makes them.
//
// At each unit of the folded text stands one term: a word itself; a character together with the next one, or
// alone where none follows at once. So the characters ABC are the terms AB, BC one behind the other and
// nothing else is; a single character is found by "=A", which stands once beside its first occurrence in a
// column.
#pragma once

#include <string>
#include <string_view>

struct sqlite3;

namespace cdtd::store {

/// Makes the tokenizer "cdtd" known to the connection; an SQLite code. Texts that are stored are folded and
/// split as above; those of a query are terms already, parted by spaces.
int register_tokenizer(sqlite3* db);

/// The FTS5 phrase for a folded text that has a unit: quoted, nothing of it can be an operator.
std::string fts_phrase(std::string_view folded);

} // namespace cdtd::store
