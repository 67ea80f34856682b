#include "feed/readers.hpp"

#include <cdtd/base/text.hpp>

namespace cdtd::feed::detail {

bool Extras::take(const Scope& scope, model::Entry& entry) {
    const auto ns = scope.name().ns;
    if (ns == Ns::media)
        take_media(scope, entry);
    else if (ns == Ns::itunes)
        take_itunes(scope, entry);
    return ns == Ns::media || ns == Ns::itunes;
}

/// Recursion is bounded: a group may hold contents, a content the same words once more.
void Extras::take_media(const Scope& scope, model::Entry& entry) {
    const auto local = scope.name().local;
    if (local == "group" || local == "content") {
        if (local == "content")
            add_enclosure(entry, enclosure_of(scope, scope.attribute("url")));
        scope.each_child([&](const Scope& child) {
            const bool deeper =
                child.name().local == "group" || (local == "content" && child.name().local == local);
            if (child.name().ns == Ns::media && !deeper)
                take_media(child, entry);
        });
    } else if (local == "title") {
        keep_first(title_, text_of(scope.node()));
    } else if (local == "description") {
        keep_first(summary_, html_of(scope));
    } else if (local == "credit") {
        keep_first(author_, text_of(scope.node()));
    } else if (local == "thumbnail" && !thumbnail_ && entry.enclosures.empty()) {
        thumbnail_ = enclosure_of(scope, scope.attribute("url"));
    }
}

void Extras::take_itunes(const Scope& scope, model::Entry& entry) {
    const auto local = scope.name().local;
    if (local == "title") {
        keep_first(title_, text_of(scope.node()));
    } else if (local == "author") {
        keep_first(author_, text_of(scope.node()));
    } else if (local == "summary" || local == "subtitle") {
        keep_first(summary_, html_of(scope));
    } else if (local == "keywords") {
        const std::string words = text_of(scope.node());
        for (std::size_t start = 0, comma = 0; comma != words.npos; start = comma + 1) {
            comma = words.find(',', start);
            add_category(entry,
                         std::string(base::trim(std::string_view(words).substr(start, comma - start))));
        }
    }
}

void Extras::finish(model::Entry& entry) {
    keep_first(entry.title, std::move(title_));
    keep_first(entry.author, std::move(author_));
    keep_first(entry.summary, std::move(summary_));
    if (entry.enclosures.empty() && thumbnail_)
        add_enclosure(entry, std::move(*thumbnail_));
}

} // namespace cdtd::feed::detail
