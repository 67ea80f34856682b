// HTML of an entry or a page into model::Content, and a title into its parts. Pure; any thread. gumbo behind
// it.
#pragma once

#include <cdtd/model/article.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cdtd::article {

/// The content of an entry (content:encoded). `url` is the article's, against which links are resolved.
/// Never fails: the worst input gives empty content. Nesting is bounded before gumbo sees the bytes.
model::Content read(std::string_view html, std::string_view url);

/// Grows with every change of what is read out of the same bytes into the fingerprint, so that a text which
/// we only read otherwise than last year does not count as edited.
inline constexpr int kReader = 1;

/// The same out of a whole page: the content element of WordPress or WeChat (.entry-content, .post-content,
/// #js_content), else where the prose of the page stands. nullopt where there is none.
std::optional<model::Content> read_page(std::string_view html, std::string_view url);

/// 【column】…outlet｜headline. `raw` may hold HTML entities (also doubly encoded).
model::Title read_title(std::string_view raw);
/// The same out of a text that holds no entities and no markup: of a title that was read before, exactly that
/// title.
model::Title title_of_text(std::string_view text);

} // namespace cdtd::article
