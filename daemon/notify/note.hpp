// An event as people are told it: the same for every chat and for mail, which only escape and cut it. All
// texts are one line, clean of controls and direction marks, and short; all URLs are http(s). Pure; any
// thread.
#pragma once

#include <cdtd/model/event.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::notify {

struct Note {
    enum class Tone { news, alarm, good, quiet };
    struct Fact {
        std::string label, value;
    };
    struct Link {
        std::string label, url;
    };

    std::string kind;  ///< "New article"
    std::string title; ///< "" = it has none
    std::string url;   ///< of the title; "" = none
    std::vector<Fact> facts;
    std::string excerpt;
    std::vector<Link> links;
    std::vector<Link> items;    ///< of a digest: titles; url "" = none
    std::int64_t more = 0;      ///< of a digest: how many are not among the items
    std::string time;           ///< of the event, "2025-01-22 11:52 UTC"
    std::string thread;         ///< what messages about the same article have in common; "" = nothing
    bool begins_thread = false; ///< it is the first that is told of the article
    Tone tone = Tone::quiet;
};

/// `public_url`: how others reach our archive; "" = they don't.
Note note_of(const model::Event& event, const std::string& public_url);

/// Without markup: title, facts, excerpt, items, links, a line each. `kind` and `time` are not among them.
std::vector<std::string> lines_of(const Note& note);
/// The same as HTML that Matrix and mail readers take: p, b, a, br, ul, li. With the kind.
std::string html_of(const Note& note);

/// & < > " as entities.
std::string escape_html(std::string_view text);
/// At most `units` UTF-16 code units, as chat services count; "…" where something was cut; no character is
/// cut apart.
std::string shorten(std::string_view text, std::size_t units);
std::size_t utf16_units(std::string_view text);

} // namespace cdtd::notify
