#include "article/judge_page.hpp"
#include "article/judge_rules.hpp"

#include <cdtd/article/judge.hpp>
#include <cdtd/article/links.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace cdtd::article {

namespace {

constexpr std::size_t kWords = 300;
/// Bytes of prose: a page with more of it says something itself, whatever its title is.
constexpr std::size_t kMuchProse = 3000;
/// A page with less says nothing unless its scripts run.
constexpr std::size_t kLittleProse = 150;

bool is_good(int status) {
    return status >= 200 && status < 300;
}

Judgement judgement(std::string_view state, std::string_view reason, std::string words) {
    words = base::tidy(base::terminal_safe(words));
    return {std::string(state), std::string(reason), std::string(base::cut_bytes(words, kWords))};
}

/// A host, or a domain above it.
bool is_host(std::string_view host, std::string_view domain) {
    return host.ends_with(domain) &&
           (domain.empty() || host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.');
}

/// "/login" holds "/login" and "/login/x", not "/loginless-future".
bool begins(std::string_view path, std::string_view with) {
    return path.starts_with(with) && (with.empty() || with.ends_with('/') || path.size() == with.size() ||
                                      path[with.size()] == '/' || path[with.size()] == '.');
}

bool is_home(const base::UrlParts& url) {
    return !url.has_query && (url.path == "/" || url.path == "/index.html" || url.path == "/index.htm" ||
                              url.path == "/index.php");
}

class Judge {
  public:
    explicit Judge(const Answer& answer)
        : answer_(answer), platform_(platform_of(answer.url)),
          final_(answer.final_url.empty() ? answer.url : answer.final_url),
          asked_parts_(base::split_url(answer.url)), final_parts_(base::split_url(final_)) {}

    Judgement run() {
        if (auto found = by_place())
            return *found;
        if (is_html()) {
            const Page page(answer_.body);
            if (is_good(answer_.status) && shows_content(page))
                return judgement("alive", "", title_or_status(page));
            if (auto found = by_notice(page))
                return *found;
            return by_status().value_or(by_rest(page));
        }
        if (auto found = by_status())
            return *found;
        return is_good(answer_.status) && !answer_.body.empty()
                   ? judgement("alive", "", status_words())
                   : judgement("unknown", "unclear", status_words());
    }

  private:
    [[nodiscard]] std::string status_words() const {
        return fmt::format("the server answered {}", answer_.status);
    }

    [[nodiscard]] std::string title_or_status(const Page& page) const {
        return page.title().empty() ? status_words() : page.title();
    }

    [[nodiscard]] bool is_html() const {
        const auto type = base::ascii_lower(answer_.type);
        if (!type.empty())
            return type.find("html") != std::string::npos;
        return base::trim(answer_.body.substr(0, 512)).starts_with('<');
    }

    /// Where it led to instead of the page.
    [[nodiscard]] std::optional<Judgement> by_place() const {
        if (!asked_parts_ || !final_parts_ || base::canonical_url(answer_.url) == base::canonical_url(final_))
            return std::nullopt;
        for (const auto& rule : place_rules())
            if ((rule.platform.empty() || rule.platform == platform_) && leads_to(rule) &&
                (rule.state == "challenged" || may_say_gone()))
                return judgement(rule.state, rule.reason, fmt::format("led to {}", final_));
        return std::nullopt;
    }

    [[nodiscard]] bool leads_to(const PlaceRule& rule) const {
        const bool was_there = !rule.path.empty() && begins(asked_parts_->path, rule.path);
        return !was_there && is_host(final_parts_->host, rule.host) &&
               begins(final_parts_->path, rule.path) && final_parts_->query.starts_with(rule.query);
    }

    /// Only a notice's own answer is one: a server that fails shows what it has at hand.
    [[nodiscard]] bool may_say_gone() const {
        return is_good(answer_.status) || answer_.status == 404 || answer_.status == 410 ||
               answer_.status == 451;
    }

    [[nodiscard]] bool shows_content(const Page& page) const {
        return std::ranges::any_of(content_marks(), [&](const ContentMark& mark) {
            return mark.platform == platform_ && page.has(mark.element);
        });
    }

    [[nodiscard]] std::optional<Judgement> by_notice(const Page& page) const {
        for (const auto& rule : notice_rules()) {
            if (!rule.platform.empty() && rule.platform != platform_)
                continue;
            if (rule.state != "challenged" && !may_say_gone())
                continue;
            if (auto words = said(page, rule))
                return judgement(rule.state, rule.reason, std::move(*words));
        }
        return std::nullopt;
    }

    /// The words by which the page says what the rule is about.
    static std::optional<std::string> said(const Page& page, const NoticeRule& rule) {
        const auto wanted = squeezed(rule.text);
        const auto holds = [&wanted](const std::string& text) {
            return squeezed(text).find(wanted) != std::string::npos;
        };
        switch (rule.where) {
        case Where::warning:
            return page.warns() && holds(page.message()) ? std::optional(page.message()) : std::nullopt;
        case Where::message:
            return holds(page.message()) ? std::optional(page.message()) : std::nullopt;
        case Where::element:
            for (const auto& text : page.texts_of(rule.element))
                if (holds(text))
                    return text;
            return std::nullopt;
        case Where::title:
            return page.prose() < kMuchProse && page.titled(rule.text) ? std::optional(page.title())
                                                                       : std::nullopt;
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<Judgement> by_status() const {
        for (const auto& rule : status_rules())
            if (rule.status == answer_.status && (rule.platform.empty() || rule.platform == platform_))
                return judgement(rule.state, rule.reason, status_words());
        if (answer_.status >= 500)
            return judgement("unreachable", "", status_words());
        return is_good(answer_.status) ? std::nullopt
                                       : std::optional(judgement("unknown", "unclear", status_words()));
    }

    /// A good answer without any notice that we know.
    [[nodiscard]] Judgement by_rest(const Page& page) const {
        if (asked_parts_ && final_parts_ && is_home(*final_parts_) && !is_home(*asked_parts_))
            return led_home();
        if (needs_content_mark(platform_)) {
            const auto& words = page.message().empty() ? page.title() : page.message();
            return judgement("unknown", "unclear",
                             words.empty() ? "neither the article nor a notice that is known" : words);
        }
        if (page.prose() < kLittleProse)
            return judgement("unknown", "unclear", "the page says nothing unless its scripts run");
        return judgement("alive", "", title_or_status(page));
    }

    /// To the home page of the same site: the page is gone. To another's: the site has moved, or somebody
    /// else has its name now.
    [[nodiscard]] Judgement led_home() const {
        const auto bare = [](std::string host) {
            for (const std::string_view prefix : {"www.", "m."})
                if (host.starts_with(prefix))
                    host.erase(0, prefix.size());
            return host;
        };
        auto words = fmt::format("led to the home page, {}", final_);
        return bare(asked_parts_->host) == bare(final_parts_->host)
                   ? judgement("deleted", "not_found", std::move(words))
                   : judgement("unknown", "migrated", std::move(words));
    }

    const Answer& answer_;
    std::string platform_;
    std::string_view final_;
    std::optional<base::UrlParts> asked_parts_, final_parts_;
};

} // namespace

Judgement judge(const Answer& answer) {
    return Judge(answer).run();
}

} // namespace cdtd::article
