// The sections that stand once.
#include "app/config_reader.hpp"

#include <cdtd/net/address_policy.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace cdtd::app {
namespace {

bool is_header_text(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

void read_networks(Section& section, std::vector<std::string>& out) {
    std::vector<std::string> networks;
    if (!section.texts("allow_private", networks))
        return;
    for (std::size_t i = 0; i < networks.size(); ++i)
        if (const auto network = net::parse_network(networks[i]); !network)
            section.fault_in("allow_private", i, network.error().message);
    out = std::move(networks);
}

} // namespace

void read_http(Section& section, http::Settings& out) {
    constexpr std::uint64_t gibibyte = 1ull << 30;
    std::string agent;
    if (section.text("user_agent", agent) && !agent.empty()) {
        if (!is_header_text(agent))
            section.fault("user_agent", "must be plain ASCII: it is sent as a header");
        out.user_agent = agent;
    }
    section.proxy("proxy", out.proxy);
    section.duration("connect_timeout", out.connect_timeout, a_timeout);
    section.duration("timeout", out.timeout, a_timeout);
    section.size("max_body", out.max_body, 1, gibibyte);
    section.number_of("max_redirects", out.max_redirects, 0, 50);
    section.number_of("connections", out.connections, 1, 1000);
    section.number_of("connections_per_host", out.connections_per_host, 1, 100);
    section.duration("host_delay", out.host_delay, {base::Duration{0}, std::chrono::hours(24)});
    read_networks(section, out.allow_private);
    if (section.path("ca_file", out.ca_file) && access(out.ca_file.c_str(), R_OK) != 0)
        section.fault("ca_file", fmt::format("{} can't be read: {}", out.ca_file, std::strerror(errno)));
    section.finish();
}

void read_archive(Section& section, pipeline::ArchiveSettings& out) {
    section.boolean("images", out.images);
    section.number_of("max_images", out.max_images, 0, 100'000);
    section.size("warc_size", out.warc_size, 1, 1ull << 40);
    section.path("markdown_dir", out.markdown_dir);
    while (out.markdown_dir.size() > 1 && out.markdown_dir.ends_with('/'))
        out.markdown_dir.pop_back();
    // Without end, so never at once: the last wait repeats.
    section.durations("retry", out.retry, from_second);
    section.url("timestamp_url", out.timestamp_url);
    section.finish();
}

void read_schedule(Section& section, pipeline::ScheduleSettings& out) {
    section.number_of("failing_after", out.failing_after, 1, 1000);
    section.duration("backoff_max", out.backoff_max, from_second);
    section.duration("moved_after", out.moved_after, from_zero);
    section.share("mass_change", out.mass_change);
    section.finish();
}

void read_watch(Section& section, pipeline::WatchSettings& out) {
    section.boolean("enabled", out.enabled);
    section.durations("recheck", out.recheck, from_second);
    section.number_of("confirm", out.confirm, 1, 100);
    section.finish();
}

void read_delivery(Section& section, pipeline::DeliverySettings& out) {
    section.durations("retry", out.retry, from_zero);
    section.duration("disable_after", out.disable_after, from_second);
    section.duration("order_wait", out.order_wait, from_zero);
    section.finish();
}

void read_api(Section& section, ApiConfig& out) {
    ListenFacts listen;
    if (section.text("listen", out.listen)) {
        listen = judge_listen(out.listen);
        if (!listen.wrong.empty())
            section.fault("listen", fmt::format("\"{}\" {}", out.listen, listen.wrong));
    }
    std::string file;
    const bool named = section.has("token_file");
    if (section.path("token_file", file)) {
        auto token = base::read_secret_file(file);
        if (!token)
            section.fault("token_file", token.error().message);
        else if (!is_header_text(token->reveal()) || token->reveal().find(' ') != std::string::npos)
            section.fault("token_file", "its first line is no token: only ASCII without spaces can be sent; "
                                        "make one with: openssl rand -hex 32");
        else
            out.token = std::move(*token);
    }
    if (listen.wrong.empty() && !listen.local && out.token.empty() && (!named || file.empty()))
        section.fault("listen",
                      fmt::format("\"{}\" can be reached from outside: set token_file too, or listen on "
                                  "127.0.0.1 or unix:/path",
                                  out.listen));
    section.url("public_url", out.public_url);
    section.finish();
}

} // namespace cdtd::app
