#include "article/alternates.hpp"

#include "article/pictures.hpp"
#include "article/tree.hpp"

#include <cdtd/article/links.hpp>
#include <cdtd/base/url.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace cdtd::article {

namespace {

constexpr std::size_t kMost = 50;

/// Beside archive.today. A new one is a line here; "www." is not looked at.
struct Known {
    std::string_view host;
    std::string_view archive;
};
constexpr std::array kArchives{
    Known{"ghostarchive.org", "ghostarchive"},
    Known{"megalodon.jp", "megalodon"},
    Known{"perma.cc", "perma_cc"},
    Known{"webcitation.org", "webcitation"},
    Known{"freezepage.com", "freezepage"},
    Known{"arquivo.pt", "arquivo_pt"},
};

std::string_view archive_of(std::string_view host) {
    if (host.starts_with("www."))
        host.remove_prefix(4);
    if (is_archive_today(host))
        return "archive_today";
    const auto found = std::ranges::find(kArchives, host, &Known::host);
    return found == kArchives.end() ? std::string_view() : found->archive;
}

/// What the archive's own address says of the page: archive.today wraps it, others write it behind their
/// time.
std::optional<std::string> original_of(const std::string& url) {
    const auto link = unwrap(url);
    if (link.wrapper != Wrapper::none)
        return link.original ? base::canonical_url(*link.original) : std::nullopt;
    const auto inner = url.find("http", url.find("://") + 3);
    return inner == std::string::npos ? std::nullopt : base::canonical_url(url.substr(inner));
}

class Finder {
  public:
    Finder(const Boilerplate& boilerplate, std::string_view base_url)
        : boilerplate_(boilerplate), base_url_(base_url) {}

    void visit(const GumboNode* node) {
        if (!is_element(node) || boilerplate_.has(node))
            return;
        if (is_element(node, GUMBO_TAG_A))
            add(absolute_link(base_url_, attribute(node, "href")));
        inside(node);
    }
    void inside(const GumboNode* node) {
        for_each_child(node, [this](const GumboNode* child) { visit(child); });
    }
    std::vector<model::Alternate> take() { return std::move(found_); }

  private:
    void add(const std::string& link) {
        const auto parts = base::split_url(link);
        const auto archive = parts ? archive_of(parts->host) : std::string_view();
        if (archive.empty() || (parts->path == "/" && !parts->has_query) || found_.size() >= kMost)
            return;
        if (std::ranges::find(found_, link, &model::Alternate::url) == found_.end())
            found_.push_back({link, std::string(archive), original_of(link)});
    }

    const Boilerplate& boilerplate_;
    std::string_view base_url_;
    std::vector<model::Alternate> found_;
};

} // namespace

std::vector<model::Alternate> find_alternates(const GumboNode* root, const Boilerplate& boilerplate,
                                              std::string_view base_url) {
    Finder finder(boilerplate, base_url);
    for (const auto* card : boilerplate.cards)
        finder.inside(card);
    finder.inside(root);
    return finder.take();
}

} // namespace cdtd::article
