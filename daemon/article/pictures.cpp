#include "article/pictures.hpp"

#include "article/srcset.hpp"
#include "article/tame.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_set>

namespace cdtd::article {

namespace {

constexpr std::size_t kMaxPictures = 1000;
constexpr std::size_t kMaxUrl = 8192;

struct Found {
    const GumboNode* node = nullptr;
    bool twin = false; ///< stood in a noscript
    bool lazy = false;
    bool after_text = false; ///< text stands between it and the image before
    Candidate sized;         ///< of the srcset attributes
    std::string_view plain;  ///< of the other attributes
};

Found examine(const GumboNode* node) {
    Found found;
    found.node = node;
    found.twin = has_attribute(node, kTwin.data());
    for (const auto* name : {"srcset", "data-srcset", "data-lazy-srcset"}) {
        const auto candidate = largest_candidate(attribute(node, name));
        if (found.sized.url.empty() || candidate.weight > found.sized.weight) {
            found.sized = candidate.url.empty() ? found.sized : candidate;
        }
    }
    for (const auto* name :
         {"data-full", "data-orig-file", "data-large-file", "data-lazy-src", "data-src", "data-original"}) {
        if (found.plain.empty()) {
            found.plain = base::trim(attribute(node, name));
        }
    }
    const auto src = base::trim(attribute(node, "src"));
    found.lazy =
        !found.plain.empty() || has_attribute(node, "data-srcset") || src.empty() || src.starts_with("data:");
    if (found.plain.empty()) {
        found.plain = src;
    }
    return found;
}

class Gatherer {
  public:
    Gatherer(const Boilerplate& boilerplate, std::vector<Found>& found)
        : boilerplate_(boilerplate), found_(found) {}

    void visit(const GumboNode* node) {
        if (boilerplate_.has(node)) {
            return;
        }
        if (node->type == GUMBO_NODE_TEXT) {
            text_ = text_ || !base::trim(node->v.text.text).empty();
        } else if (is_element(node, GUMBO_TAG_IMG)) {
            found_.push_back(examine(node));
            found_.back().after_text = text_;
            text_ = false;
        } else {
            for_each_child(node, [this](const GumboNode* child) { visit(child); });
        }
    }

  private:
    const Boilerplate& boilerplate_;
    std::vector<Found>& found_;
    bool text_ = false;
};

/// The twin in the noscript lends its addresses to the image it stands in for, before or after it.
void fold_twins(std::vector<Found>& found) {
    std::vector<bool> paired(found.size(), false);
    std::vector<Found> kept;
    const auto fits = [&](std::size_t twin, std::size_t other) {
        const auto later = std::max(twin, other);
        return found[other].lazy && !found[other].twin && !paired[other] && !found[later].after_text;
    };
    std::vector<bool> gone(found.size(), false);
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i].twin) {
            continue;
        }
        const bool before = i > 0 && fits(i, i - 1);
        if (!before && !(i + 1 < found.size() && fits(i, i + 1))) {
            continue;
        }
        auto& other = found[before ? i - 1 : i + 1];
        paired[before ? i - 1 : i + 1] = true;
        gone[i] = true;
        if (other.sized.url.empty() || found[i].sized.weight > other.sized.weight) {
            other.sized = found[i].sized;
        }
        if (other.plain.empty() || other.plain.starts_with("data:")) {
            other.plain = found[i].plain;
        }
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!gone[i]) {
            kept.push_back(found[i]);
        }
    }
    found = std::move(kept);
}

bool under(std::string_view host, std::string_view domain) {
    return host.ends_with(domain) &&
           (host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.');
}

bool is_emoji(const GumboNode* node, const base::UrlParts& url) {
    return has_class(node, "wp-smiley") || has_class(node, "emoji") || under(url.host, "s.w.org") ||
           under(url.host, "sinajs.cn") ||
           (under(url.host, "twimg.com") && url.path.starts_with("/emoji/")) ||
           (under(url.host, "wordpress.com") &&
            url.path.find("/mu-plugins/wpcom-smileys/") != std::string::npos);
}

bool is_tracker(const GumboNode* node, const base::UrlParts& url) {
    static constexpr std::array<std::string_view, 8> kHosts{
        "pixel.wp.com",         "stats.wordpress.com",   "feeds.feedburner.com", "doubleclick.net",
        "google-analytics.com", "scorecardresearch.com", "quantserve.com",       "addtoany.com"};
    const auto tiny = [node](const char* name) {
        const auto size = base::trim(attribute(node, name));
        return size == "0" || size == "1" || size == "2" || size == "1px";
    };
    return (tiny("width") && tiny("height")) ||
           std::ranges::any_of(kHosts, [&](auto domain) { return under(url.host, domain); }) ||
           (under(url.host, "facebook.com") && url.path == "/tr");
}

} // namespace

std::string absolute_link(std::string_view base_url, std::string_view reference) {
    reference = base::trim(reference);
    reference = base::trim(reference.substr(0, reference.find_first_of("\"<>")));
    if (reference.empty() || reference.size() > kMaxUrl) {
        return {};
    }
    auto url = base::resolve_url(base_url, reference);
    if (!url) {
        url = base::normalize_url(reference);
    }
    return url.value_or(std::string());
}

Pictures find_pictures(const GumboNode* root, const Boilerplate& boilerplate, std::string_view base_url) {
    std::vector<Found> found;
    Gatherer gatherer(boilerplate, found);
    for_each_child(root, [&gatherer](const GumboNode* child) { gatherer.visit(child); });
    fold_twins(found);
    Pictures pictures;
    std::unordered_set<std::string> seen;
    for (const auto& image : found) {
        auto url = absolute_link(base_url, image.sized.url);
        if (url.empty()) {
            url = absolute_link(base_url, image.plain);
        }
        const auto parts = base::split_url(url);
        if (!parts || is_tracker(image.node, *parts)) {
            continue;
        }
        Picture picture;
        const auto alt = attribute(image.node, "alt");
        if (is_emoji(image.node, *parts)) {
            picture.text = base::cut_bytes(alt, 64);
        } else if (seen.contains(url) || pictures.urls.size() < kMaxPictures) {
            picture.url = url;
            picture.alt = base::cut_bytes(alt, 1000);
            if (seen.insert(url).second) {
                pictures.urls.push_back(std::move(url));
            }
        }
        pictures.shown.emplace(image.node, std::move(picture));
    }
    return pictures;
}

} // namespace cdtd::article
