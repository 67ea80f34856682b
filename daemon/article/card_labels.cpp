#include "article/card_labels.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace cdtd::article {

namespace {

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
    Label{"投稿者", Field::submitter},    Label{"删除日期", Field::censored},
    Label{"原作者", Field::author},       Label{"发表时间", Field::published},
    Label{"發表時間", Field::published},  Label{"发布时间", Field::published},
    Label{"發布時間", Field::published},  Label{"原文", Field::source},
    Label{"主题分类", Field::topics},     Label{"主題分類", Field::topics},
    Label{"主题", Field::topics},         Label{"主題", Field::topics},
};

constexpr std::array<std::string_view, 4> kColons{":", "：", "﹕", "︰"};

} // namespace

std::size_t past_colons(std::string_view line, std::size_t at) {
    while (true) {
        const auto colon = std::ranges::find_if(
            kColons, [&](std::string_view word) { return line.substr(at).starts_with(word); });
        if (colon == kColons.end()) {
            return at;
        }
        at += colon->size();
    }
}

std::pair<Field, std::size_t> label_of(std::string_view line) {
    std::string name;
    for (std::size_t at = 0; at < line.size() && name.size() <= 16;) {
        for (const auto colon : kColons) {
            if (line.substr(at).starts_with(colon)) {
                const auto value = past_colons(line, at);
                const auto label = std::ranges::find(kLabels, name, &Label::name);
                return label == kLabels.end() ? std::pair{Field::none, std::size_t{0}}
                                              : std::pair{label->field, value};
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

} // namespace cdtd::article
