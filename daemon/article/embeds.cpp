#include "article/embeds.hpp"

#include "article/pictures.hpp"

#include <cdtd/article/links.hpp>
#include <cdtd/base/url.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace cdtd::article {

namespace {

constexpr std::size_t kMaxEmbeds = 200;
constexpr auto npos = std::string::npos;

/// A player's address by its beginning, and the page that shows the same: the rest of the path follows.
struct Player {
    std::string_view host;
    std::string_view path;
    std::string_view page;
};

constexpr std::array kPlayers{
    Player{"www.youtube.com", "/embed/", "https://www.youtube.com/watch?v="},
    Player{"youtube.com", "/embed/", "https://www.youtube.com/watch?v="},
    Player{"www.youtube-nocookie.com", "/embed/", "https://www.youtube.com/watch?v="},
    Player{"player.vimeo.com", "/video/", "https://vimeo.com/"},
    Player{"open.spotify.com", "/embed/", "https://open.spotify.com/"},
    Player{"open.firstory.me", "/embed/", "https://open.firstory.me/"},
    Player{"www.dailymotion.com", "/embed/video/", "https://www.dailymotion.com/video/"},
};

/// The value of a query parameter, still encoded.
std::string_view parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto part = query.substr(0, end);
        if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=') {
            return part.substr(name.size() + 1);
        }
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return {};
}

bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
               c == '-';
    });
}

std::optional<std::string> page_of_player(const base::UrlParts& url) {
    for (const auto& player : kPlayers) {
        if (url.host != player.host || !url.path.starts_with(player.path)) {
            continue;
        }
        auto rest = url.path.substr(player.path.size());
        auto page = std::string(player.page) + rest;
        const auto start = parameter(url.query, "start");
        if (player.page.ends_with("?v=") && is_name(start)) {
            page += "&t=" + std::string(start);
        }
        return rest.empty() ? std::nullopt : std::optional(std::move(page));
    }
    const auto video = parameter(url.query, "bvid");
    if (url.host == "player.bilibili.com" && is_name(video)) {
        return "https://www.bilibili.com/video/" + std::string(video);
    }
    const auto tweet = parameter(url.query, "id");
    if (url.host == "platform.twitter.com" && is_name(tweet)) {
        return "https://twitter.com/i/status/" + std::string(tweet);
    }
    return std::nullopt;
}

/// Boxes with the text of a post on another site; the last link in them leads to it.
bool is_post_box(const GumboNode* node) {
    static constexpr std::array<std::string_view, 6> kClasses{"twitter-tweet",   "twitter-video",
                                                              "instagram-media", "reddit-embed-bq",
                                                              "tiktok-embed",    "bluesky-embed"};
    return is_element(node, GUMBO_TAG_BLOCKQUOTE) &&
           std::ranges::any_of(kClasses, [node](auto name) { return has_class(node, name); });
}

std::string last_link(const GumboNode* node, std::string_view base_url) {
    if (is_element(node, GUMBO_TAG_A)) {
        return absolute_link(base_url, attribute(node, "href"));
    }
    for (auto i = child_count(node); i > 0; --i) {
        auto link = last_link(child_at(node, i - 1), base_url);
        if (!link.empty()) {
            return link;
        }
    }
    return {};
}

class Finder {
  public:
    Finder(const Boilerplate& boilerplate, std::string_view base_url)
        : boilerplate_(boilerplate), base_url_(base_url) {}

    void visit(const GumboNode* node) {
        if (!is_element(node)) {
            return;
        }
        // A post of the same site: its box is no text of the article, its frame says which post it is.
        const bool other_post = has_class(node, "wp-embedded-content");
        if (boilerplate_.has(node) && !(other_post && is_element(node, GUMBO_TAG_IFRAME))) {
            return;
        }
        if (is_element(node, GUMBO_TAG_IFRAME)) {
            add(embed_url(node, base_url_));
        } else if (is_post_box(node)) {
            add(last_link(node, base_url_));
        } else {
            for_each_child(node, [this](const GumboNode* child) { visit(child); });
        }
    }

    std::vector<model::Embed> take() { return std::move(embeds_); }

  private:
    void add(std::string url) {
        const auto same = [&url](const model::Embed& embed) { return embed.url == url; };
        if (url.empty() || embeds_.size() >= kMaxEmbeds || std::ranges::any_of(embeds_, same)) {
            return;
        }
        model::Embed embed;
        embed.target = embed_target(url);
        embed.platform = platform_of(embed.target);
        embed.url = std::move(url);
        embeds_.push_back(std::move(embed));
    }

    const Boilerplate& boilerplate_;
    std::string_view base_url_;
    std::vector<model::Embed> embeds_;
};

} // namespace

std::vector<model::Embed> find_embeds(const GumboNode* root, const Boilerplate& boilerplate,
                                      std::string_view base_url) {
    Finder finder(boilerplate, base_url);
    for_each_child(root, [&finder](const GumboNode* child) { finder.visit(child); });
    return finder.take();
}

std::string embed_url(const GumboNode* node, std::string_view base_url) {
    for (const auto* name : {"data-lazy-src", "data-src", "src"}) {
        auto link = absolute_link(base_url, attribute(node, name));
        if (!link.empty()) {
            return link;
        }
    }
    return {};
}

std::string embed_target(const std::string& url) {
    const auto parts = base::split_url(url);
    if (!parts) {
        return url;
    }
    if (auto page = page_of_player(*parts)) {
        return std::move(*page);
    }
    // WordPress: the frame of a post is the post's address with /embed/ behind it.
    constexpr std::string_view kFrame = "/embed/";
    const auto secret = url.find("#?secret=");
    auto page = url.substr(0, secret);
    if (secret != npos && page.ends_with(kFrame)) {
        page.resize(page.size() - kFrame.size() + 1);
        return page;
    }
    return url;
}

} // namespace cdtd::article
