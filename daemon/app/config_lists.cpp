// The sections that stand any number of times: [[feed]] and [[webhook]].
#include "app/config_reader.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/notify/signature.hpp>
#include <cdtd/store/search_query.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace cdtd::app {
namespace {

void read_name(Section& section, std::string& out) {
    if (!section.has("name")) {
        section.take("name");
        section.fault("", "has no name; write name = \"…\"");
    } else if (section.text("name", out)) {
        if (std::string wrong = wrong_name(out); !wrong.empty())
            section.fault("name", std::move(wrong));
    }
}

/// The value in the file that `key` names; false: not given, or a fault.
bool read_secret(Section& section, std::string_view key, base::Secret& out) {
    std::string file;
    if (!section.path(key, file))
        return false;
    auto secret = base::read_secret_file(file);
    if (!secret) {
        section.fault(key, secret.error().message);
        return false;
    }
    out = std::move(*secret);
    return true;
}

/// Is the key there with more than ""? Another type counts too: its fault is told elsewhere.
bool given(Section& section, std::string_view key) {
    const toml::node* node = section.take(key);
    return node != nullptr && !(node->is_string() && node->as_string()->get().empty());
}

void read_webhook_url(Section& section, std::string& out) {
    const bool plain = given(section, "url");
    const bool file = given(section, "url_file");
    if (plain && file)
        return section.fault("url_file", "stands beside url; keep one of them");
    if (!plain && !file)
        section.fault("", "has no url; write url = \"https://…\", or url_file where the URL is a secret");
    section.url("url", out);
    base::Secret secret;
    if (!read_secret(section, "url_file", secret))
        return;
    // Never shown: the file's URL is a secret, so only the rule that it breaks is said.
    if (std::string wrong = wrong_url(secret.reveal()); !wrong.empty())
        section.fault("url_file", "the first line of the file " + wrong);
    else
        out = base::normalize_url(secret.reveal()).value_or(secret.reveal());
}

void read_webhook_secret(Section& section, base::Secret& out) {
    const bool plain = given(section, "secret");
    const bool file = given(section, "secret_file");
    if (plain && file)
        return section.fault("secret_file", "stands beside secret; keep one of them");
    if (!plain && !file)
        section.fault("", "has no secret; write secret_file = \"/…\" or secret = \"whsec_…\" (make one with: "
                          "echo whsec_$(openssl rand -base64 32))");
    const auto check = [&](std::string_view key, base::Secret secret) {
        if (const auto good = notify::key_of(secret); !good)
            section.fault(key, good.error().message);
        else
            out = std::move(secret);
    };
    if (std::string text; section.text("secret", text) && !text.empty())
        check("secret", base::Secret(std::move(text)));
    if (base::Secret secret; read_secret(section, "secret_file", secret))
        check("secret_file", std::move(secret));
}

void read_events(Section& section, std::vector<std::string>& out) {
    if (!section.texts("events", out))
        return;
    if (out.empty())
        section.fault("events", "is empty: nothing would be told; name events, or set enabled = false");
    for (std::size_t i = 0; i < out.size(); ++i)
        if (std::string wrong = wrong_event(out[i]); !wrong.empty())
            section.fault_in("events", i, std::move(wrong));
}

} // namespace

void read_feed(Section& section, pipeline::FeedSettings& out) {
    read_name(section, out.name);
    if (!given(section, "url"))
        section.fault(section.has("url") ? "url" : "", "has no url; write url = \"https://…\"");
    section.url("url", out.url);
    section.duration("interval", out.interval, from_second);
    section.share("jitter", out.jitter);
    section.number_of("announce", out.announce, 0, 100'000);
    section.boolean("fetch_articles", out.fetch_articles);
    if (std::string proxy; section.proxy("proxy", proxy))
        out.proxy = std::move(proxy);
    section.headers("headers", out.headers);
    section.boolean("enabled", out.enabled);
    section.finish();
}

void read_webhook(Section& section, notify::Endpoint& out, const std::vector<std::string>& feeds) {
    read_name(section, out.name);
    read_webhook_url(section, out.url);
    section.choice("format", out.format, {"standard"});
    read_webhook_secret(section, out.secret);
    read_events(section, out.events);
    if (section.texts("feeds", out.feeds))
        for (std::size_t i = 0; i < out.feeds.size(); ++i)
            if (std::ranges::find(feeds, out.feeds[i]) == feeds.end())
                section.fault_in("feeds", i,
                                 fmt::format("there is no feed \"{}\"; the feeds are: {}", out.feeds[i],
                                             fmt::join(feeds, ", ")));
    if (std::string typed; section.text("match", typed) && !base::trim(typed).empty()) {
        if (auto query = store::parse_query(typed))
            out.match = std::move(*query);
        else
            section.fault("match", "is no search: " + query.error().message);
    }
    section.duration("timeout", out.timeout, a_timeout);
    section.headers("headers", out.headers);
    section.boolean("enabled", out.enabled);
    section.finish();
}

} // namespace cdtd::app
