// Articles, their sources, captures and cards as JSON.
#include "model/json_parts.hpp"

#include <cdtd/model/json.hpp>

#include <cmath>

namespace cdtd::model {
namespace {

namespace json = boost::json;
using detail::json_list;
using detail::json_of;

json::value save_json(const std::optional<Save>& save) {
    if (!save)
        return nullptr;
    return json::object{{"state", json_of(save->state)},
                        {"job_id", json_of(save->job_id)},
                        {"at", json_of(save->at)},
                        {"error", json_of(save->error)},
                        {"next_try_at", json_of(save->next_try_at)}};
}

json::object liveness_json(const Liveness& liveness) {
    return {{"state", json_of(liveness.state)},
            {"reason", json_of(liveness.reason)},
            {"since", json_of(liveness.since)},
            {"checked_at", json_of(liveness.checked_at)},
            {"next_check_at", json_of(liveness.next_check_at)},
            {"confirmed", liveness.confirmed}};
}

json::object look_json(const Look& look) {
    return {{"at", json_of(look.at)},         {"state", json_of(look.state)},
            {"reason", json_of(look.reason)}, {"words", json_of(look.words)},
            {"status", json_of(look.status)}, {"capture", json_of(look.capture)}};
}

json::object alternate_json(const Alternate& alternate) {
    return {{"url", json_of(alternate.url)}, {"archive", json_of(alternate.archive)}};
}

json::object page_json(const Page& page) {
    return {{"state", to_string(page.state)},
            {"reason", json_of(page.reason)},
            {"next_try_at", json_of(page.next_try_at)}};
}

json::object missing_json(const Missing& missing) {
    return {{"url", json_of(missing.url)},
            {"reason", json_of(missing.reason)},
            {"next_try_at", json_of(missing.next_try_at)}};
}

json::object image_json(const Image& image) {
    return {
        {"url", json_of(image.url)}, {"capture", json_of(image.capture)}, {"error", json_of(image.error)}};
}

json::object related_json(const Related& related) {
    return {{"id", related.id},
            {"title", json_of(related.title)},
            {"url", json_of(related.url)},
            {"published_at", json_of(related.published_at)},
            {"same_source", related.same_source},
            {"likeness", std::round(related.likeness * 100) / 100}};
}

json::object revision_json(const Revision& revision) {
    return {{"number", revision.number},
            {"seen_at", json_of(revision.seen_at)},
            {"title", json_of(revision.title.text)},
            {"changed", json_list(revision.changed)},
            {"content_sha256", json_of(revision.content.sha256)},
            {"capture", json_of(revision.capture)}};
}

json::object capture_json(const Capture& capture) {
    return to_json(capture);
}
json::object embed_json(const Embed& embed) {
    return to_json(embed);
}
json::object source_json(const Source& source) {
    return to_json(source, false);
}
json::object full_source_json(const Source& source) {
    return to_json(source, true);
}

template <class T>
json::array list_of(const std::vector<T>& items, json::object (*write)(const T&)) {
    json::array list;
    list.reserve(items.size());
    for (const auto& item : items)
        list.emplace_back(write(item));
    return list;
}

/// Up to the place where the parts of the full form begin.
json::object head(const Article& a) {
    return {{"id", a.id},
            {"url", json_of(a.url)},
            {"guid", json_of(a.guid)},
            {"site", json_of(a.site)},
            {"post_id", json_of(a.post_id)},
            {"title", json_of(a.title.text)},
            {"columns", json_list(a.title.columns)},
            {"outlet", json_of(a.title.outlet)},
            {"headline", json_of(a.title.headline)},
            {"author", json_of(a.author)},
            {"editor", json_of(a.editor)},
            {"language", json_of(a.language)},
            {"feeds", json_list(a.feeds)},
            {"published_at", json_of(a.published_at)},
            {"first_seen_at", json_of(a.first_seen_at)},
            {"changed_at", json_of(a.changed_at)},
            {"change", a.change},
            {"revision", a.revision},
            {"silent", a.silent},
            {"state", to_string(a.state)}};
}

std::optional<std::string> text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    return text != nullptr ? std::optional(std::string(text->data(), text->size())) : std::nullopt;
}

std::vector<std::string> texts_at(const json::object& object, std::string_view key) {
    std::vector<std::string> texts;
    const auto* value = object.if_contains(key);
    const auto* list = value != nullptr ? value->if_array() : nullptr;
    if (list == nullptr)
        return texts;
    for (const auto& item : *list)
        if (const auto* text = item.if_string())
            texts.emplace_back(text->data(), text->size());
    return texts;
}

} // namespace

json::object to_json(const Article& article, bool full) {
    auto object = head(article);
    if (full)
        object.emplace("missing", list_of(article.missing, missing_json));
    object.emplace("page", page_json(article.page));
    object.emplace("censored_at", json_of(article.censored_at));
    object.emplace("categories", json_list(article.categories));
    object.emplace("excerpt", json_of(article.excerpt));
    object.emplace("characters", article.characters);
    object.emplace("content_sha256", json_of(article.content_sha256));
    object.emplace("card", article.card ? json::value(to_json(*article.card)) : json::value(nullptr));
    object.emplace("sources", list_of(article.sources, full ? full_source_json : source_json));
    if (!full)
        return object;
    object.emplace("images", list_of(article.images, image_json));
    object.emplace("embeds", list_of(article.embeds, embed_json));
    object.emplace("related", list_of(article.related, related_json));
    object.emplace("captures", list_of(article.captures, capture_json));
    object.emplace("revisions", list_of(article.revisions, revision_json));
    return object;
}

json::object to_json(const Source& source, bool full) {
    json::object object{{"id", source.id},
                        {"url", json_of(source.url)},
                        {"name", json_of(source.name)},
                        {"platform", json_of(source.platform)},
                        {"link", json_of(source.link)},
                        {"wayback", to_json(source.wayback)},
                        {"liveness", liveness_json(source.liveness)},
                        {"held", json_of(source.held)},
                        {"alternates", list_of(source.alternates, alternate_json)}};
    if (full)
        object.emplace("looks", list_of(source.looks, look_json));
    return object;
}

json::object to_json(const Wayback& wayback) {
    return {{"state", json_of(wayback.state)},
            {"reason", json_of(wayback.reason)},
            {"snapshot_url", json_of(wayback.snapshot_url)},
            {"snapshot_at", json_of(wayback.snapshot_at)},
            {"snapshots", json_of(wayback.snapshots)},
            {"save", save_json(wayback.save)},
            {"checked_at", json_of(wayback.checked_at)},
            {"next_check_at", json_of(wayback.next_check_at)},
            {"first_at", json_of(wayback.first_at)},
            {"newest_url", json_of(wayback.newest_url)},
            {"newest_at", json_of(wayback.newest_at)},
            {"digest", json_of(wayback.digest)},
            {"capture", json_of(wayback.capture)}};
}

json::object to_json(const Embed& embed) {
    return {{"url", json_of(embed.url)},
            {"target", json_of(embed.target)},
            {"platform", json_of(embed.platform)}};
}

json::object to_json(const Capture& capture) {
    return {{"id", capture.id},
            {"url", json_of(capture.url)},
            {"at", json_of(capture.at)},
            {"status", capture.status},
            {"type", json_of(capture.type)},
            {"bytes", capture.bytes},
            {"sha256", json_of(capture.sha256)},
            {"warc", json_of(capture.warc)},
            {"offset", capture.offset},
            {"length", capture.length},
            {"original", json_of(capture.original)}};
}

json::object to_json(const Card& card) {
    return {{"title", json_of(card.title)},
            {"author", json_of(card.author)},
            {"published_on", json_of(card.published_on)},
            {"submitter", json_of(card.submitter)},
            {"censored_on", json_of(card.censored_on)},
            {"topics", json_list(card.topics)},
            {"collections", json_list(card.collections)},
            {"kind", json_of(card.kind)},
            {"license", json_of(card.license)}};
}

Card card_from_json(const json::object& object) {
    Card card;
    card.title = text_at(object, "title");
    card.author = text_at(object, "author");
    card.published_on = text_at(object, "published_on");
    card.submitter = text_at(object, "submitter");
    card.censored_on = text_at(object, "censored_on");
    card.topics = texts_at(object, "topics");
    card.collections = texts_at(object, "collections");
    card.kind = text_at(object, "kind");
    card.license = text_at(object, "license");
    return card;
}

} // namespace cdtd::model
