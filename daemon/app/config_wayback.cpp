// [wayback]: whom to ask, how often, and the keys for saving, which come from files or from systemd.
#include "app/config_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

namespace cdtd::app {
namespace {

using Save = pipeline::WaybackSettings::Save;

/// systemd.exec(5), LoadCredential=: "" where there is none of this name.
std::string credential(const std::string& name) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr || folder[0] != '/')
        return {};
    const std::string path = std::string(folder) + "/" + name;
    return access(path.c_str(), F_OK) == 0 ? path : std::string();
}

void read_key(Section& section, std::string_view key, const std::string& credential_name, base::Secret& out) {
    std::string file;
    if (!section.path(key, file))
        file = credential(credential_name);
    if (file.empty())
        return;
    auto secret = base::read_secret_file(file);
    if (!secret)
        return section.fault(key, secret.error().message);
    const auto bad = [](unsigned char c) { return c <= 0x20 || c >= 0x7f || c == ':'; };
    if (std::ranges::any_of(secret->reveal(), bad))
        return section.fault(key,
                             fmt::format("the first line of {} is no key of archive.org: letters and digits, "
                                         "from https://archive.org/account/s3.php",
                                         file));
    out = std::move(*secret);
}

void read_keys(Section& section, pipeline::WaybackSettings& out) {
    const std::size_t before = section.faults().faults.size();
    read_key(section, "access_key_file", "wayback-access-key", out.access_key);
    read_key(section, "secret_key_file", "wayback-secret-key", out.secret_key);
    if (out.save != Save::never && section.faults().faults.size() == before &&
        (out.access_key.empty() || out.secret_key.empty()))
        section.fault("save", "needs access_key_file and secret_key_file (or the systemd credentials "
                              "wayback-access-key and wayback-secret-key): make them at "
                              "https://archive.org/account/s3.php");
}

void read_address(Section& section, std::string_view key, std::string& out) {
    section.url(key, out);
    while (out.ends_with('/'))
        out.pop_back();
}

} // namespace

void read_wayback(Section& section, pipeline::WaybackSettings& out) {
    section.boolean("enabled", out.enabled);
    read_address(section, "cdx_url", out.cdx_url);
    read_address(section, "availability_url", out.availability_url);
    read_address(section, "replay_url", out.replay_url);
    read_address(section, "save_url", out.save_url);
    section.number_of("cdx_per_minute", out.cdx_per_minute, 1, 6000);
    std::string save;
    if (section.choice("save", save, {"never", "missing", "always"}))
        out.save = save == "never" ? Save::never : save == "missing" ? Save::missing : Save::always;
    read_keys(section, out);
    section.number_of("save_per_minute", out.save_per_minute, 1, 6000);
    section.number_of("save_concurrent", out.save_concurrent, 1, 100);
    section.duration("save_poll", out.save_poll, from_second);
    section.duration("pause", out.pause, from_second);
    section.duration("circuit", out.circuit, from_second);
    // Without end, so never at once: the last wait repeats.
    section.durations("recheck", out.recheck, from_second);
    section.finish();
}

} // namespace cdtd::app
