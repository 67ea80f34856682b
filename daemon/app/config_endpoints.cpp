// The sections of who is told: [[webhook]], [[exec]] and [email].
#include "app/config_reader.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/notify/mailbox.hpp>
#include <cdtd/notify/signature.hpp>
#include <cdtd/store/search_query.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

namespace cdtd::app {
namespace {

constexpr std::int64_t most_per_hour = 100'000;

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

void read_webhook_url(Section& section, notify::Endpoint& out) {
    const bool plain = given(section, "url");
    const bool file = given(section, "url_file");
    if (plain && file)
        return section.fault("url_file", "stands beside url; keep one of them");
    if (!plain && !file && out.format != "telegram")
        section.fault("", "has no url; write url = \"https://…\", or url_file where the URL is a secret");
    section.url("url", out.url);
    base::Secret secret;
    if (!read_secret(section, "url_file", secret))
        return;
    // Never shown: the file's URL is a secret, so only the rule that it breaks is said.
    if (std::string wrong = wrong_url(secret.reveal()); !wrong.empty())
        section.fault("url_file", "the first line of the file " + wrong);
    else
        out.url = base::normalize_url(secret.reveal()).value_or(secret.reveal());
}

/// "" or what is wrong with it, never with a part of it.
std::string wrong_secret(const std::string& format, const base::Secret& secret) {
    if (format == "standard") {
        const auto good = notify::key_of(secret);
        return good ? "" : good.error().message;
    }
    const std::string& text = secret.reveal();
    if (!std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c < 0x7f; }))
        return "is no token: only ASCII without spaces can be sent";
    const auto colon = text.find(':');
    const bool number = colon != 0 && colon != std::string::npos &&
                        std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon),
                                    [](char c) { return c >= '0' && c <= '9'; });
    const bool word = std::ranges::all_of(text.substr(std::min(colon, text.size())), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '_' || c == '-';
    });
    if (format == "telegram" && !(number && word))
        return "is no bot token as BotFather gives it: a number, a colon and letters";
    return {};
}

/// One secret, written plainly or in a file; true where either is given.
bool read_one_secret(Section& section, const std::string& format, std::string_view plain_key,
                     std::string_view file_key, base::Secret& out) {
    const bool plain = given(section, plain_key);
    const bool file = given(section, file_key);
    if (plain && file) {
        section.fault(file_key, fmt::format("stands beside {}; keep one of them", plain_key));
        return true;
    }
    const auto check = [&](std::string_view key, base::Secret secret) {
        if (std::string wrong = wrong_secret(format, secret); !wrong.empty())
            section.fault(key, std::move(wrong));
        else
            out = std::move(secret);
    };
    if (std::string text; section.text(plain_key, text) && !text.empty())
        check(plain_key, base::Secret(std::move(text)));
    if (base::Secret secret; read_secret(section, file_key, secret))
        check(file_key, std::move(secret));
    return plain || file;
}

void read_webhook_secret(Section& section, notify::Endpoint& out) {
    const bool has = read_one_secret(section, out.format, "secret", "secret_file", out.secret);
    const bool had = read_one_secret(section, out.format, "secret_old", "secret_file_old", out.old_secret);
    const bool useless = out.format == "slack" || out.format == "discord";
    if (has && useless)
        section.fault(
            section.has("secret") ? "secret" : "secret_file",
            fmt::format("has no use with format \"{}\", whose URL is the secret: see url_file", out.format));
    if (had && out.format != "standard")
        section.fault(section.has("secret_old") ? "secret_old" : "secret_file_old",
                      "goes with format \"standard\" only, where two secrets sign while they are changed");
    if (has || useless || out.format == "ntfy")
        return;
    if (out.format == "standard")
        section.fault("", "has no secret; write secret_file = \"/…\" or secret = \"whsec_…\" (make one with: "
                          "echo whsec_$(openssl rand -base64 32))");
    else
        section.fault("", fmt::format("has no secret; write secret_file = \"/…\": the {}",
                                      out.format == "telegram" ? "bot's token" : "access token"));
}

void read_to(Section& section, notify::Endpoint& out) {
    section.text("to", out.to);
    if (out.format == "telegram" && out.to.empty())
        section.fault(section.has("to") ? "to" : "",
                      "has no to; write to = \"…\": the chat's id, or @channel");
    else if (out.format == "matrix" && !out.to.starts_with('!'))
        section.fault(section.has("to") ? "to" : "",
                      "write to = \"!…:server\": the room's id, not its alias");
    else if (!out.to.empty() && out.format != "telegram" && out.format != "matrix")
        section.fault("to", fmt::format("has no use with format \"{}\"", out.format));
    if (out.format != "ntfy" || out.url.empty())
        return;
    const auto parts = base::split_url(out.url);
    if (!parts || parts->path.ends_with('/') || parts->has_query)
        section.fault("url", "must end with the topic: \"https://ntfy.sh/my-topic\"");
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

/// What all of them have.
void read_wishes(Section& section, notify::Endpoint& out, const std::vector<std::string>& feeds) {
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
    section.number_of("max_per_hour", out.max_per_hour, 0, most_per_hour);
    section.boolean("enabled", out.enabled);
}

void read_command(Section& section, std::vector<std::string>& out) {
    if (!section.has("command")) {
        section.take("command");
        return section.fault("", "has no command; write command = [\"/path/to/program\", \"argument\"]");
    }
    if (!section.texts("command", out))
        return;
    if (out.empty() || !out.front().starts_with('/'))
        section.fault("command",
                      "must begin with the program's absolute path: [\"/usr/local/bin/on-article\"]");
    else if (access(out.front().c_str(), X_OK) != 0)
        section.warn("command", out.front() + " is not there, or can't be run by this user");
}

/// "smtps://user@host:465" taken apart.
void read_smtp_url(Section& section, http::MailAccount& out) {
    std::string url;
    section.text("smtp_url", url);
    const auto mark = url.find("://");
    const std::string scheme = base::ascii_lower(url.substr(0, std::min(mark, url.size())));
    if (mark == std::string::npos || (scheme != "smtp" && scheme != "smtps"))
        return section.fault("smtp_url", "must be \"smtps://user@host:465\" or \"smtp://user@host:587\"");
    std::string host = url.substr(mark + 3);
    if (const auto at = host.rfind('@'); at != std::string::npos) {
        const std::string user = host.substr(0, at);
        host.erase(0, at + 1);
        if (user.contains(':'))
            return section.fault("smtp_url", "holds a password; put it into a file and write password_file");
        out.user = base::percent_decode(user);
    }
    if (host.ends_with('/'))
        host.pop_back();
    // Read as a web address, which has the same form, so that the same rules hold.
    const auto parts = base::split_url("http://" + host);
    if (host.empty() || !parts || parts->path != "/" || parts->has_query)
        return section.fault("smtp_url", "has no host, or more than a host and a port");
    out.url = scheme + "://" + host;
}

/// From its file, or from systemd's credential smtp-password (systemd.exec(5), LoadCredential=).
void read_password(Section& section, http::MailAccount& out) {
    const bool named = given(section, "password_file");
    read_secret(section, "password_file", out.password);
    const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
    if (!named && credentials != nullptr && *credentials == '/')
        if (auto secret = base::read_secret_file(std::string(credentials) + "/smtp-password"))
            out.password = std::move(*secret);
    if (!out.user.empty() && out.password.empty() && !named)
        section.fault("smtp_url", "names a user but there is no password; write password_file = \"/…\"");
    if (out.user.empty() && named)
        section.fault("password_file", "has no use without a user in smtp_url: \"smtps://user@host:465\"");
}

void read_mailboxes(Section& section, notify::Endpoint& out) {
    if (!section.text("from", out.mail.from) || out.mail.from.empty())
        section.fault(section.has("from") ? "from" : "", "has no from; write from = \"cdtd@example.org\"");
    else if (!notify::read_mailbox(out.mail.from))
        section.fault("from", "is no address; write \"a@example.org\" or \"Name <a@example.org>\"");
    if (!section.texts("to", out.mail_to) || out.mail_to.empty())
        section.fault(section.has("to") ? "to" : "", "names nobody; write to = [\"you@example.org\"]");
    for (std::size_t i = 0; i < out.mail_to.size(); ++i)
        if (!notify::read_mailbox(out.mail_to[i]))
            section.fault_in("to", i, "is no address; write \"a@example.org\" or \"Name <a@example.org>\"");
}

} // namespace

void read_webhook(Section& section, notify::Endpoint& out, const std::vector<std::string>& feeds) {
    read_name(section, out.name);
    section.choice("format", out.format, {"standard", "slack", "discord", "telegram", "ntfy", "matrix"});
    read_webhook_url(section, out);
    read_webhook_secret(section, out);
    read_to(section, out);
    read_wishes(section, out, feeds);
    section.headers("headers", out.headers);
    section.finish();
}

void read_exec(Section& section, notify::Endpoint& out, const std::vector<std::string>& feeds) {
    out.format = "exec";
    out.timeout = std::chrono::seconds(30);
    out.max_per_hour = 0; // a program reads each of them
    read_name(section, out.name);
    read_command(section, out.command);
    read_wishes(section, out, feeds);
    section.finish();
}

bool read_email(Section& section, notify::Endpoint& out, const std::vector<std::string>& feeds) {
    out.name = out.format = "email";
    out.events = {"feed.failing", "endpoint.disabled"};
    out.timeout = std::chrono::seconds(30);
    const bool on = given(section, "smtp_url");
    if (on) {
        read_smtp_url(section, out.mail);
        read_mailboxes(section, out);
        read_password(section, out.mail);
    } else {
        for (const char* key : {"from", "to", "password_file"})
            section.take(key);
    }
    if (std::string tls; section.choice("tls", tls, {"required", "optional"}))
        out.mail.tls_required = tls == "required";
    read_wishes(section, out, feeds);
    section.finish();
    return on;
}

} // namespace cdtd::app
