#include "feed/open_elements.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>
#include <array>

namespace cdtd::feed::detail {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
    return std::ranges::find(names, name) != names.end();
}

std::string_view local_name(std::string_view name) {
    return name.substr(name.find(':') + 1); // npos + 1 is 0
}

/// What holds entries.
bool is_container(std::string_view name) {
    constexpr std::array names = std::to_array<std::string_view>({"rss", "RDF", "channel", "feed"});
    return is_one_of(local_name(name), names);
}

bool is_entry_name(std::string_view name) {
    return local_name(name) == "item" || local_name(name) == "entry";
}

/// No entry is inside one of these but where its end tag is missing.
bool is_leaf(std::string_view name) {
    constexpr std::array names = std::to_array<std::string_view>(
        {"title", "link", "description", "guid", "pubDate", "author", "category", "comments", "language",
         "id", "updated", "published", "summary", "subtitle", "generator", "lastBuildDate", "copyright",
         "ttl", "name"});
    return is_one_of(name, names);
}

/// Holds text and nothing else: what belongs to the entry and begins inside is behind it.
bool is_text_only(std::string_view name) {
    constexpr std::array names = std::to_array<std::string_view>({"title", "link", "guid", "pubDate"});
    return is_one_of(name, names);
}

bool is_part_of_entry(std::string_view name) {
    constexpr std::array names = std::to_array<std::string_view>(
        {"title", "link", "description", "guid", "pubDate", "category", "comments", "enclosure", "author",
         "id", "updated", "published", "summary", "content", "dc:creator", "dc:date", "content:encoded"});
    return is_one_of(name, names);
}

/// HTML ends these by the next of their kind.
bool ends_itself(std::string_view name) {
    constexpr std::array names =
        std::to_array<std::string_view>({"p", "li", "tr", "td", "th", "dt", "dd", "option"});
    return is_one_of(name, names);
}

} // namespace

bool is_void(std::string_view name) {
    // Not <link> and <source>, which feeds have a use for.
    constexpr std::array names =
        std::to_array<std::string_view>({"br", "hr", "img", "wbr", "input", "area", "col", "embed", "meta"});
    return name.size() <= 5 && is_one_of(base::ascii_lower(name), names);
}

std::string OpenElements::pop_to(std::size_t depth) {
    std::string tags;
    for (; open_.size() > depth; open_.pop_back())
        tags.append("</").append(open_.back().name).append(">");
    return tags;
}

std::string OpenElements::end_before(std::string_view name) {
    if (open_.size() < 2) // the root ends only once
        return "";
    const bool behind = is_text_only(open_.back().name) && is_part_of_entry(name);
    if (behind || (open_.back().name == name && ends_itself(name)))
        return pop_to(open_.size() - 1);
    if (!is_entry_name(name))
        return "";
    auto depth = open_.size();
    while (depth > 0 && (is_leaf(open_[depth - 1].name) || open_[depth - 1].name == name))
        --depth;
    return depth > 0 && is_container(open_[depth - 1].name) ? pop_to(depth) : "";
}

OpenElements::End OpenElements::end(std::string_view name) {
    End end;
    auto at = open_.size();
    if (at > 0 && open_[at - 1].name == name) {
        end.exact = true;
        --at;
    } else {
        const auto same = [&](const Open& open) { return base::iequals(open.name, name); };
        const auto found = std::find_if(open_.rbegin(), open_.rend(), same);
        if (found != open_.rend())
            at = static_cast<std::size_t>(open_.rend() - found) - 1;
        else if (at > 0 && base::iequals(local_name(open_[at - 1].name), local_name(name)))
            --at;
        else
            return end;
        // A stray tag does not end the entry around it.
        const bool outer = is_entry_name(name) || is_container(name);
        for (auto i = at + 1; i < open_.size(); ++i)
            if (!outer && is_entry_name(open_[i].name))
                return end;
    }
    end.known = true;
    // An entry whose end tag is missing is whole where the channel ends.
    for (auto i = at; i < open_.size(); ++i)
        end.entry = end.entry || open_[i].entry;
    if (end.exact)
        open_.pop_back();
    else
        end.tags = pop_to(at);
    return end;
}

bool OpenElements::is_entry(std::string_view name) const {
    return is_entry_name(name) && !open_.empty() && is_container(open_.back().name) &&
           std::ranges::none_of(open_, &Open::entry);
}

std::size_t OpenElements::drop_unfinished() {
    const auto unfinished =
        std::ranges::find_if(open_, [](const Open& open) { return !is_container(open.name); });
    if (unfinished == open_.end())
        return std::string::npos;
    const auto place = unfinished->place;
    open_.erase(unfinished, open_.end());
    return place;
}

std::string OpenElements::end_all() {
    return pop_to(0);
}

} // namespace cdtd::feed::detail
