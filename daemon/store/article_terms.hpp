// What lists of articles are filtered by: (kind, value) pairs, each with its articles in list order.
#pragma once

#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::store {

/// The article's terms of this kind are exactly `values` afterwards.
void set_terms(Connection& db, std::int64_t article, std::string_view kind, std::vector<std::string> values);
void add_term(Connection& db, std::int64_t article, std::string_view kind, const std::string& value);
/// Ids of the terms that exist.
std::vector<std::int64_t> find_terms(Connection& db, std::string_view kind,
                                     const std::vector<std::string>& values);
/// The wayback and liveness terms of an article from its sources.
void set_source_terms(Connection& db, std::int64_t article);
/// A state of the source that is shown changed: terms and `change` of the articles that cite it follow.
void follow_source(Connection& db, std::int64_t source);

} // namespace cdtd::store
