// The passage of an article that shows why it was found.
#include "store/search_document.hpp"

#include <cdtd/base/search_text.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/store/search.hpp>

#include <algorithm>
#include <memory>

namespace cdtd::store {
namespace {

constexpr std::size_t units_before = 20, units_of_passage = 90;

struct Phrase {
    std::string field;
    std::string text; ///< folded; what the units point into
    std::vector<base::Unit> units;
};

struct Range {
    std::size_t first, end; ///< units
    std::size_t phrase;
};

std::vector<Phrase> phrases_of(const Query& query) {
    std::vector<Phrase> phrases;
    for (auto& wanted : wanted_phrases(query))
        phrases.push_back({std::move(wanted.field), std::move(wanted.text), {}});
    for (auto& phrase : phrases)
        phrase.units = base::units_of(phrase.text);
    return phrases;
}

/// The same rule as the index's: characters that follow at once must do so in both; beside words it is no
/// matter what stands between.
bool stands_at(const std::vector<base::Unit>& units, std::size_t at, const std::vector<base::Unit>& phrase) {
    if (at + phrase.size() > units.size())
        return false;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        const auto& unit = units[at + i];
        if (unit.text != phrase[i].text)
            return false;
        const bool pair = i > 0 && unit.character && units[at + i - 1].character;
        if (pair && unit.apart != phrase[i].apart)
            return false;
    }
    return true;
}

std::vector<Range> ranges_in(const std::vector<base::Unit>& units, const std::vector<Phrase>& phrases,
                             std::string_view field) {
    std::vector<Range> ranges;
    for (std::size_t at = 0; at < units.size(); ++at)
        for (std::size_t i = 0; i < phrases.size(); ++i)
            if ((phrases[i].field.empty() || phrases[i].field == field) &&
                stands_at(units, at, phrases[i].units))
                ranges.push_back({at, at + phrases[i].units.size(), i});
    return ranges;
}

/// Of the places where something was found, the first from which most different phrases are near.
std::size_t best_start(const std::vector<Range>& ranges, std::size_t phrases, std::size_t& most) {
    std::size_t best = 0;
    most = 0;
    for (std::size_t i = 0; i < ranges.size() && most < phrases; ++i) {
        std::vector<bool> near(phrases);
        for (std::size_t k = i;
             k < ranges.size() && ranges[k].first < ranges[i].first + units_of_passage - units_before; ++k)
            near[ranges[k].phrase] = true;
        const auto count = static_cast<std::size_t>(std::ranges::count(near, true));
        if (count > most) {
            most = count;
            best = ranges[i].first;
        }
    }
    return best;
}

/// One field's text with its units, and what was found in it.
struct Found {
    std::size_t field = 0;
    std::size_t phrases = 0; ///< different ones near each other
    std::size_t start = 0;   ///< unit
    std::vector<Range> ranges;
    base::Folded folded;
    std::vector<base::Unit> units;
};

void add_part(Passage& passage, std::string_view text, bool match) {
    std::string shown; // line ends become spaces, but a space at the edge of a part stays
    for (const char c : text)
        shown += c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
    if (shown.empty())
        return;
    if (!passage.parts.empty() && passage.parts.back().match == match)
        passage.parts.back().text += shown;
    else
        passage.parts.push_back({std::move(shown), match});
}

Passage cut(const std::string& text, const Found& found) {
    Passage passage;
    passage.field = document_fields[found.field];
    const auto& [folded, origin] = found.folded;
    const std::size_t first = found.start > units_before ? found.start - units_before : 0;
    const std::size_t end = std::min(found.units.size(), first + units_of_passage);
    const auto from_of = [&](std::size_t unit) { return origin[found.units[unit].start]; };
    const auto end_of = [&](std::size_t unit) { return origin[found.units[unit].end]; };
    std::size_t at = first == 0 ? 0 : from_of(first);
    if (first > 0)
        add_part(passage, "…", false);
    for (const auto& range : found.ranges) {
        if (range.first < first || range.end > end || end_of(range.end - 1) <= at)
            continue;
        const std::size_t from = std::max(at, from_of(range.first));
        add_part(passage, std::string_view(text).substr(at, from - at), false);
        at = end_of(range.end - 1);
        add_part(passage, std::string_view(text).substr(from, at - from), true);
    }
    const std::size_t last = end == found.units.size() ? text.size() : from_of(end);
    add_part(passage, std::string_view(text).substr(at, last - std::min(at, last)), false);
    if (last < text.size())
        add_part(passage, "…", false);
    return passage;
}

} // namespace

Passage find_passage(Connection& db, const model::Article& article, const Query& query) {
    const auto phrases = phrases_of(query);
    const auto document = indexed_document(db, article.id);
    std::unique_ptr<Found> best; // not moved about: the units point into its text
    for (std::size_t i = 0; document && !phrases.empty() && i < document_fields.size();
         ++i) { // the body first
        auto found = std::make_unique<Found>();
        found->field = i;
        found->folded = base::fold_with_origin(document->columns[i]);
        found->units = base::units_of(found->folded.text);
        found->ranges = ranges_in(found->units, phrases, document_fields[i]);
        found->start = best_start(found->ranges, phrases.size(), found->phrases);
        if (found->phrases > (best ? best->phrases : 0))
            best = std::move(found);
        if (best && best->phrases == phrases.size())
            break;
    }
    if (best)
        return cut(document->columns[best->field], *best);
    Passage beginning{"body", {}}; // a query of exclusions alone
    add_part(beginning, article.excerpt, false);
    return beginning;
}

} // namespace cdtd::store
