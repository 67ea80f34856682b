#include "article/card.hpp"

#include "article/card_labels.hpp"

#include <cdtd/base/text.hpp>

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <utility>

namespace cdtd::article {

namespace {

constexpr std::size_t kMaxNames = 50;
constexpr std::size_t kMaxValue = 4000;

/// The card's text as lines: a line ends at br and at blocks, and before a label in bold.
class Lines {
  public:
    std::vector<Line> take(const GumboNode* content) {
        children(content);
        end();
        return std::move(lines_);
    }

  private:
    void visit(const GumboNode* node) {
        if (is_text(node)) {
            add(node->v.text.text);
        } else if (is_element(node, GUMBO_TAG_BR)) {
            end();
        } else if (is_element(node, GUMBO_TAG_A) && anchor_ == 0) {
            link_ = base::trim(attribute(node, "href"));
            anchor_ = ++anchors_;
            children(node);
            link_.clear();
            anchor_ = 0;
        } else if (is_block(node)) {
            end();
            children(node);
            end();
        } else {
            const bool label = is_element(node, GUMBO_TAG_STRONG) && is_label(node);
            if (label) {
                end();
            }
            children(node);
            if (label && lacks_colon(node)) {
                add(":");
            }
        }
    }

    void children(const GumboNode* node) {
        for_each_child(node, [this](const GumboNode* child) { visit(child); });
    }

    static bool is_label(const GumboNode* node) {
        const auto text = plain_text(node, 64);
        return label_of(text).first != Field::none || label_of(text + ":").first != Field::none;
    }

    /// The editors left it out, in the label and behind it.
    static bool lacks_colon(const GumboNode* node) {
        const auto* next = node->index_within_parent + 1 < child_count(node->parent)
                               ? child_at(node->parent, static_cast<unsigned>(node->index_within_parent) + 1)
                               : nullptr;
        const auto behind = next != nullptr ? plain_text(next, 16) : std::string();
        return label_of(plain_text(node, 64)).first == Field::none && past_colons(base::trim(behind), 0) == 0;
    }

    void add(std::string_view text) {
        if (line_.empty() || line_.back().anchor != anchor_) {
            line_.push_back({{}, link_, anchor_});
        }
        line_.back().text += text;
    }

    void end() {
        if (!base::trim(text_of(line_)).empty() && lines_.size() < 200) {
            lines_.push_back(std::move(line_));
        }
        line_.clear();
    }

    std::vector<Line> lines_;
    Line line_;
    std::string link_;
    unsigned anchor_ = 0;
    unsigned anchors_ = 0;
};

void drop_front(Line& line, std::size_t bytes) {
    while (!line.empty() && bytes >= line.front().text.size()) {
        bytes -= line.front().text.size();
        line.erase(line.begin());
    }
    if (!line.empty()) {
        line.front().text.erase(0, bytes);
    }
}

/// "2025.1.22", "2025-01-22", "2025年1月22日": a day of the calendar, or nothing.
std::optional<std::string> date_of(std::string_view text) {
    const auto folded = base::fold(text);
    std::array<int, 3> numbers{};
    std::size_t count = 0;
    const auto* at = folded.data();
    const auto* end = at + folded.size();
    while (at != end && count < 3) {
        const auto [rest, error] = std::from_chars(at, end, numbers.at(count));
        if (error == std::errc() && rest != at && *at != '-') {
            ++count;
            at = rest;
        } else {
            ++at;
        }
    }
    using namespace std::chrono;
    if (count < 3 || numbers[0] < 1900 || numbers[0] > 2100 || numbers[1] < 1 || numbers[1] > 12 ||
        numbers[2] < 1 || numbers[2] > 31) {
        return std::nullopt;
    }
    const year_month_day date(year(numbers[0]), month(static_cast<unsigned>(numbers[1])),
                              day(static_cast<unsigned>(numbers[2])));
    if (!date.ok()) {
        return std::nullopt;
    }
    return fmt::format("{:04}-{:02}-{:02}", numbers[0], numbers[1], numbers[2]);
}

std::optional<std::string> kind_of(std::string_view license) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kKinds{{
        {"政府宣传材料", "directive"},
        {"政府宣傳材料", "directive"},
        {"归中国数字时代所有", "original"},
        {"歸中國數字時代所有", "original"},
        {"歸中國數位時代所有", "original"},
        {"原作者", "reprint"},
    }};
    for (const auto& [words, kind] : kKinds) {
        if (license.find(words) != std::string_view::npos) {
            return std::string(kind);
        }
    }
    return std::nullopt;
}

std::vector<std::string> names_of(const Line& line) {
    std::vector<std::string> names;
    for (const auto& part : split_names(line, true)) {
        if (auto name = value_of(text_of(part)); name && names.size() < kMaxNames) {
            names.push_back(std::move(*name));
        }
    }
    return names;
}

void fill(CardReading& reading, Field field, const Line& value, std::string_view article_url) {
    auto& card = reading.card;
    const auto text = value_of(text_of(value));
    if (!text && field != Field::source) { // a label left over says nothing
        return;
    }
    switch (field) {
    case Field::title:
        card.title = text;
        break;
    case Field::author:
        card.author = text;
        break;
    case Field::published:
        card.published_on = date_of(text.value_or(""));
        break;
    case Field::source:
        for (auto& source : read_sources(value, article_url)) {
            reading.sources.push_back(std::move(source));
        }
        break;
    case Field::topics:
        card.topics = names_of(value);
        break;
    case Field::collections:
        card.collections = names_of(value);
        break;
    case Field::license:
        card.license = text;
        card.kind = kind_of(text.value_or(""));
        break;
    case Field::submitter:
        card.submitter = text;
        break;
    case Field::censored:
        card.censored_on = date_of(text.value_or(""));
        break;
    case Field::none:
        break;
    }
}

} // namespace

std::string text_of(const Line& line) {
    std::string text;
    for (const auto& piece : line) {
        text += piece.text;
    }
    return text;
}

std::optional<std::string> value_of(std::string_view text) {
    auto value = base::to_nfc(base::tidy(base::cut_bytes(text, kMaxValue)));
    const bool placeholder = value == "作者名" ||
                             (value.starts_with("填入") && base::count_characters(value) <= 8) ||
                             value == "微信公众号“”" || value == "微信公眾號“”" || value == "微信公众号\"\"";
    return value.empty() || placeholder ? std::nullopt : std::optional(std::move(value));
}

std::optional<CardReading> read_card(const GumboNode* content, std::string_view article_url) {
    std::vector<std::pair<Field, Line>> values;
    for (auto& line : Lines().take(content)) {
        const auto [field, start] = label_of(text_of(line));
        if (field != Field::none) {
            drop_front(line, start);
            values.emplace_back(field, std::move(line));
        } else if (!values.empty()) { // a value that goes on in the next line
            auto& value = values.back().second;
            value.push_back({"\n", {}, 0});
            value.insert(value.end(), line.begin(), line.end());
        }
    }
    if (values.empty()) {
        return std::nullopt;
    }
    CardReading reading;
    for (const auto& [field, value] : values) {
        fill(reading, field, value, article_url);
    }
    return reading;
}

} // namespace cdtd::article
