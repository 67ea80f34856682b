// The values of model/ as the JSON of the public interface: field names, order and nulls exactly as
// documented there. Events and API use the same text. Pure; any thread.
#pragma once

#include <cdtd/model/article.hpp>
#include <cdtd/model/event.hpp>
#include <cdtd/model/feed.hpp>
#include <cdtd/model/status.hpp>
#include <cdtd/model/wayback.hpp>

#include <boost/json/fwd.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace cdtd::model {

/// `full`: with images, embeds, related articles, captures, missing and revisions, as /articles/{id}; else
/// without, as in lists and events.
boost::json::object to_json(const Article& article, bool full);
boost::json::object to_json(const Source& source, bool full = false); ///< full: with looks
boost::json::object to_json(const Wayback& wayback);
boost::json::object to_json(const Embed& embed);
boost::json::object to_json(const Capture& capture);
boost::json::object to_json(const FeedState& feed);
boost::json::object to_json(const Bound& bound);
boost::json::object to_json(const Cadence& cadence); ///< seconds; the database keeps it so
boost::json::object to_json(const Move& move);       ///< likewise
Cadence cadence_from_json(const boost::json::object& object);
std::optional<Move> move_from_json(const boost::json::object& object);
boost::json::object to_json(const Event& event); ///< {id, type, timestamp, data}
boost::json::object to_json(const Delivery& delivery);
boost::json::object to_json(const EndpointState& endpoint);
boost::json::object to_json(const Status& status);
/// Only the parts a revision stores as JSON: the card, and back.
boost::json::object to_json(const Card& card);
Card card_from_json(const boost::json::object& object);

std::string_view to_string(ArticleState state);
std::string_view to_string(PageState state);
std::string_view to_string(FeedHealth state);
std::string_view to_string(WalkKind kind);
std::string_view to_string(WalkState state);
std::string_view to_string(DeliveryState state);
std::string_view to_string(DeliveryKind kind);
std::string_view to_string(SaveJob::State state);
ArticleState article_state(std::string_view text); ///< throws std::invalid_argument
PageState page_state(std::string_view text);
FeedHealth feed_health(std::string_view text);
WalkKind walk_kind(std::string_view text);
WalkState walk_state(std::string_view text);
DeliveryState delivery_state(std::string_view text);
DeliveryKind delivery_kind(std::string_view text);
SaveJob::State save_state(std::string_view text);

} // namespace cdtd::model
