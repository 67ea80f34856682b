// Lists and records that the database keeps as JSON text.
#pragma once

#include <cdtd/model/article.hpp>
#include <cdtd/model/feed.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::store {

std::string to_text(const std::vector<std::string>& list);
std::string to_text(const std::vector<std::int64_t>& list);
std::string to_text(const std::vector<model::Bound>& bounds);
std::optional<std::string> to_text(const std::optional<model::Card>& card);
std::string to_text(const std::vector<model::Embed>& embeds);
std::string to_text(const model::Cadence& cadence);
std::optional<std::string> to_text(const std::optional<model::Move>& move);

/// What can't be read (a hand-edited row) is empty, never an error: one bad row must not hide the others.
std::vector<std::string> list_of(std::string_view text);
std::vector<model::Bound> bounds_of(std::string_view text);
std::optional<model::Card> card_of(const std::optional<std::string>& text);
std::vector<model::Embed> embeds_of(std::string_view text);
model::Cadence cadence_of(std::string_view text);
std::optional<model::Move> move_of(const std::optional<std::string>& text);

/// The form by which URLs are compared: canonical, or as it is where it has none.
std::string key_of(const std::string& url);

} // namespace cdtd::store
