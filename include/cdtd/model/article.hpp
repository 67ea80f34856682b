// An article: what is read out of an entry or a page, and what is kept of it. Plain values.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/model/capture.hpp>
#include <cdtd/model/source.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::model {

/// A title in its parts: 【column】【column】outlet｜headline.
struct Title {
    std::string text;                  ///< the whole title: entities decoded, tidied, NFC
    std::vector<std::string> columns;  ///< without brackets, in order
    std::optional<std::string> outlet; ///< before the first bar (｜ | 丨 ︱); absent without a bar
    std::string headline;              ///< what is left
};

/// The archive card (CDT 档案卡). Values as the publisher wrote them, trimmed, NFC; template text is absent.
struct Card {
    std::optional<std::string> title;
    std::optional<std::string> author;
    std::optional<std::string> published_on; ///< calendar date "2025-01-22", of the original
    std::optional<std::string> submitter;    ///< 投稿人
    std::optional<std::string> censored_on;  ///< 404 日期, calendar date
    std::vector<std::string> topics;         ///< 主题归类
    std::vector<std::string> collections;    ///< CDS收藏
    std::optional<std::string> kind;    ///< "reprint" | "directive" | "original", from the copyright text
    std::optional<std::string> license; ///< 版权说明, its text
};

/// What an article shows from elsewhere: a player, a post on another site. Listed, never fetched.
struct Embed {
    std::string url;      ///< absolute, as embedded: https://www.youtube.com/embed/ID?feature=oembed
    std::string target;   ///< what a reader would open: https://www.youtube.com/watch?v=ID
    std::string platform; ///< as of a source: youtube, twitter, …, web

    friend bool operator==(const Embed&, const Embed&) = default;
};

/// What is read out of the HTML of an entry or a page.
struct Content {
    std::string html; ///< sanitised: an allow-list rewritten from the parsed tree
    std::string text; ///< paragraphs parted by \n\n
    std::string excerpt;
    std::string language;        ///< BCP 47: "zh-Hans", "zh-Hant", "en"; "" unknown
    std::int64_t characters = 0; ///< base::count_characters of text
    std::string sha256;          ///< fingerprint over what an editor would call the content (hex)
    std::optional<Card> card;
    std::vector<CitedSource> sources;  ///< of the card, in order
    std::vector<Alternate> alternates; ///< in order, without repeats
    std::vector<std::string> images;   ///< absolute, the largest candidate each, in order, without repeats
    std::vector<Embed> embeds;         ///< in order, without repeats
    std::optional<std::string> editor; ///< of the line that a plugin of the feed wrote beneath the content
    std::vector<std::string> tags;     ///< of the same line
    std::string likeness;              ///< article::likeness_of text; "" = too short to tell
};

enum class ArticleState { seen, stored, archived, failed, gone };
enum class PageState { captured, pending, refused, failed, off };

struct Page {
    PageState state = PageState::pending;
    std::optional<std::string> reason;
    std::optional<base::Time> next_try_at;
};

struct Missing {
    std::string url;
    std::string reason;
    std::optional<base::Time> next_try_at;
};

struct Image {
    std::string url;
    std::optional<std::int64_t> capture; ///< id
    std::optional<std::string> error;
};

/// One stored reading of an article; number 1 is the first.
struct Revision {
    int number = 1;
    base::Time seen_at;
    Title title;
    std::string url;
    std::string original_html;           ///< as the feed or page gave it
    Content content;                     ///< images and sources are the article's own
    std::vector<std::string> changed;    ///< "title", "content", "link" against the revision before
    std::optional<std::int64_t> capture; ///< the capture that shows it (the feed document or the page)
};

/// Another article that has much the same text, or was taken from the same original: a re-run (重温).
struct Related {
    std::int64_t id = 0;
    std::string title;
    std::string url;
    std::optional<base::Time> published_at;
    bool same_source = false;
    double likeness = 0; ///< share of the text that both have, estimated; 0 = not alike
};

struct Article {
    std::int64_t id = 0;
    std::string url; ///< canonical
    std::string guid;
    std::optional<std::string> site; ///< "chinadigitaltimes.net/chinese": post ids are unique in it
    std::optional<std::int64_t> post_id;
    Title title;
    std::optional<std::string> author; ///< the card's
    std::optional<std::string> editor; ///< dc:creator
    std::optional<std::string> language;
    std::vector<std::string> feeds; ///< names
    std::optional<base::Time> published_at;
    base::Time first_seen_at;
    base::Time changed_at;
    std::int64_t change = 0;
    int revision = 0; ///< number of the newest; 0 = no content held yet
    bool silent = false;
    ArticleState state = ArticleState::seen;
    std::vector<Missing> missing;
    Page page;
    std::optional<base::Time> censored_at;
    std::vector<std::string> categories;
    std::string excerpt;
    std::int64_t characters = 0;
    std::optional<std::string> content_sha256;
    std::optional<Card> card;
    std::vector<Source> sources;
    std::vector<Image> images;
    std::vector<Embed> embeds;
    std::vector<Related> related;
    std::vector<Capture> captures;
    std::vector<Revision> revisions; ///< filled only where one article is asked for; newest first
};

} // namespace cdtd::model
