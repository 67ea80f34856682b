// The archive card: by label, in any order. Private.
#pragma once

#include "article/tree.hpp"

#include <cdtd/model/article.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::article {

/// A piece of a card's line: text, and the link it stands in.
struct Piece {
    std::string text;
    std::string link;    ///< href as written; empty for text without a link, and for href=""
    unsigned anchor = 0; ///< counts the a elements; 0: outside of one
};
using Line = std::vector<Piece>;

struct CardReading {
    model::Card card;
    std::vector<model::CitedSource> sources;
};

/// nullopt where no label is found in `content`.
std::optional<CardReading> read_card(const GumboNode* content, std::string_view article_url);

/// The sources of the line behind 来源.
std::vector<model::CitedSource> read_sources(const Line& line, std::string_view article_url);

/// A value parted at its links and at 、，；, outside of quotation marks and brackets.
/// `inside_links`: in the text of a link too.
std::vector<Line> split_names(const Line& line, bool inside_links);
/// Tidied, NFC; absent where it is empty or still the editors' template.
std::optional<std::string> value_of(std::string_view text);
std::string text_of(const Line& line);

} // namespace cdtd::article
