#include "article/card.hpp"

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

enum class Field {
    none,
    title,
    author,
    published,
    source,
    topics,
    collections,
    license,
    submitter,
    censored
};

struct Label {
    std::string_view name; ///< without spaces, ASCII in lower case
    Field field;
};

constexpr std::array kLabels{
    Label{"标题", Field::title},          Label{"標題", Field::title},
    Label{"作者", Field::author},         Label{"发表日期", Field::published},
    Label{"發表日期", Field::published},  Label{"发布日期", Field::published},
    Label{"發布日期", Field::published},  Label{"来源", Field::source},
    Label{"來源", Field::source},         Label{"原文链接", Field::source},
    Label{"原文連結", Field::source},     Label{"原文鏈接", Field::source},
    Label{"主题归类", Field::topics},     Label{"主題歸類", Field::topics},
    Label{"cds收藏", Field::collections}, Label{"cdt收藏", Field::collections},
    Label{"版权说明", Field::license},    Label{"版權說明", Field::license},
    Label{"投稿人", Field::submitter},    Label{"404日期", Field::censored},
};

/// The label a line begins with, and where its value begins.
std::pair<Field, std::size_t> label_of(std::string_view line) {
    static constexpr std::array<std::string_view, 4> kColons{":", "：", "﹕", "︰"};
    std::string name;
    for (std::size_t at = 0; at < line.size() && name.size() <= 16;) {
        for (const auto colon : kColons) {
            if (line.substr(at).starts_with(colon)) {
                for (const auto& label : kLabels) {
                    if (label.name == name) {
                        return {label.field, at + colon.size()};
                    }
                }
                return {Field::none, 0};
            }
        }
        const auto rest = base::trim(line.substr(at));
        if (rest.empty()) {
            break;
        }
        const auto space = static_cast<std::size_t>(rest.data() - line.data()) - at;
        if (space > 0) {
            at += space;
            continue;
        }
        const char c = line[at++];
        name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return {Field::none, 0};
}

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
            if (is_element(node, GUMBO_TAG_STRONG) && is_label(node)) {
                end();
            }
            children(node);
        }
    }

    void children(const GumboNode* node) {
        for_each_child(node, [this](const GumboNode* child) { visit(child); });
    }

    static bool is_label(const GumboNode* node) {
        const auto text = plain_text(node, 64);
        return label_of(text).first != Field::none || label_of(text + ":").first != Field::none;
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
