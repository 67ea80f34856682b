// What of an article is searched.
#pragma once

#include <cdtd/store/connection.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cdtd::store {

inline constexpr std::array<const char*, 7> document_fields = {"body",  "title",  "author", "outlet",
                                                               "topic", "source", "feed"};
inline constexpr std::size_t body_field = 0;

struct Document {
    std::int64_t revision = 0;          ///< whose text is the body; 0 = none
    std::array<std::string, 7> columns; ///< as document_fields
    bool operator==(const Document&) const = default;
};

/// As the article is now; nullopt: there is no such article.
std::optional<Document> document_of(Connection& db, std::int64_t article);
/// As it was indexed; nullopt: it is not.
std::optional<Document> indexed_document(Connection& db, std::int64_t article);
bool is_indexed(Connection& db, std::int64_t article);

} // namespace cdtd::store
