// [[feed]], and what every section with a name has in common.
#include "app/config_reader.hpp"

namespace cdtd::app {

void read_name(Section& section, std::string& out) {
    if (!section.has("name")) {
        section.take("name");
        section.fault("", "has no name; write name = \"…\"");
    } else if (section.text("name", out)) {
        if (std::string wrong = wrong_name(out); !wrong.empty())
            section.fault("name", std::move(wrong));
    }
}

bool given(Section& section, std::string_view key) {
    const toml::node* node = section.take(key);
    return node != nullptr && !(node->is_string() && node->as_string()->get().empty());
}

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

} // namespace cdtd::app
