#include "article/prose.hpp"

#include <cdtd/base/text.hpp>

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cld2/public/compact_lang_det.h>
#include <vector>

namespace cdtd::article {

namespace {

constexpr std::size_t kSample = 32U << 10; ///< bytes that tell the language

// Frequent characters that are written so in one of the two scripts only.
constexpr std::u32string_view kSimplified =
    U"这们个国对时说过还没么为会来发经样问间见现实话给让动进开关长门车东马鱼鸟"
    U"书师难应该觉网众权论议谁请谢认识记设许证评词语读课调谈购费资质";
constexpr std::u32string_view kTraditional =
    U"這們個國對時說過還沒麼為會來發經樣問間見現實話給讓動進開關長門車東馬魚鳥"
    U"書師難應該覺網眾權論議誰請謝認識記設許證評詞語讀課調談購費資質";
static_assert(kSimplified.size() == kTraditional.size());

std::vector<char32_t> sorted(std::u32string_view set) {
    std::vector<char32_t> out(set.begin(), set.end());
    std::ranges::sort(out);
    return out;
}

struct Counts {
    std::size_t han = 0;
    std::size_t simplified = 0;
    std::size_t traditional = 0;
    std::size_t ascii = 0;
    std::size_t other = 0; ///< letters of other scripts, and accented Latin
    std::size_t kana_hangul = 0;
};

Counts count(std::string_view text) {
    static const auto simplified = sorted(kSimplified);
    static const auto traditional = sorted(kTraditional);
    Counts counts;
    for (std::size_t at = 0; at < text.size();) {
        UChar32 c = 0;
        U8_NEXT(text.data(), at, text.size(), c);
        if (c < 0x80) {
            counts.ascii += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? 1U : 0U;
            continue;
        }
        const auto code = static_cast<char32_t>(c);
        if ((c >= 0x3400 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x323af)) {
            ++counts.han;
            counts.simplified += std::ranges::binary_search(simplified, code) ? 1U : 0U;
            counts.traditional += std::ranges::binary_search(traditional, code) ? 1U : 0U;
        } else if (u_isalpha(c)) {
            ++counts.other;
            counts.kana_hangul += (c >= 0x3040 && c <= 0x30ff) || (c >= 0xac00 && c <= 0xd7af) ? 1U : 0U;
        }
    }
    return counts;
}

/// Of text that is not Chinese.
std::string by_letters(std::string_view sample) {
    std::string text(sample);
    text.append(8, '\0'); // the library looks a few bytes ahead
    bool reliable = false;
    const auto language = CLD2::DetectLanguage(text.data(), static_cast<int>(sample.size()), true, &reliable);
    const std::string_view code = CLD2::LanguageCode(language);
    if (!reliable || code == "un" || code.starts_with("xx") || code.starts_with("zz")) {
        return {};
    }
    return code == "iw" ? "he" : std::string(code); // BCP 47 names a few otherwise
}

} // namespace

std::string language_of(std::string_view text) {
    const auto sample = base::cut_bytes(text, kSample);
    const auto counts = count(sample);
    // A Chinese character says about as much as a word of three or four letters.
    if (counts.han > 0 && counts.han * 4 >= counts.ascii && counts.kana_hangul * 5 <= counts.han) {
        if (counts.simplified == 0 && counts.traditional == 0) {
            return "zh";
        }
        return counts.traditional > counts.simplified ? "zh-Hant" : "zh-Hans";
    }
    constexpr std::size_t kFewest = 20;
    return counts.ascii + counts.other + counts.han >= kFewest ? by_letters(sample) : std::string();
}

std::string excerpt_of(std::string_view text, std::string_view language) {
    static constexpr std::array<UChar32, 7> kEnds{U'。', U'！', U'？', U'…', U'!', U'?', U'.'};
    static constexpr std::array<UChar32, 7> kClosing{U'”', U'’', U'」', U'』', U'）', U'"', U')'};
    const bool dense = language.empty() || language.starts_with("zh") || language == "ja" || language == "ko";
    const std::size_t wanted = dense ? 120 : 240; // letters say less
    const auto flat = base::tidy(base::cut_bytes(text, wanted * 8));
    std::size_t sentence = 0;
    std::size_t word = 0;
    std::size_t characters = 0;
    UChar32 before = 0;
    std::size_t at = 0;
    while (at < flat.size() && characters < wanted) {
        const auto start = at;
        UChar32 c = 0;
        U8_NEXT(flat.data(), at, flat.size(), c);
        ++characters;
        const bool closing = std::ranges::find(kClosing, c) != kClosing.end();
        const bool ends =
            std::ranges::find(kEnds, c) != kEnds.end() && (c != '.' || at >= flat.size() || flat[at] == ' ');
        if (characters * 2 >= wanted && (ends || (closing && sentence == start && sentence > 0))) {
            sentence = at;
        }
        if (c == ' ' || before > 0x2e80) {
            word = start;
        }
        before = c;
    }
    if (at >= flat.size()) {
        return flat;
    }
    if (sentence > 0) {
        return flat.substr(0, sentence);
    }
    return std::string(base::trim(std::string_view(flat).substr(0, word > 0 ? word : at))) + "…";
}

} // namespace cdtd::article
