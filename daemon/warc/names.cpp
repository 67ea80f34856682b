#include "warc/names.hpp"

#include <cdtd/base/time.hpp>
#include <cdtd/warc/file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace cdtd::warc {
namespace {

constexpr std::string_view prefix = "cdtd-";
constexpr std::string_view suffix = ".warc.gz";
constexpr std::size_t max_host = 64;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_host_character(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-';
}

/// Takes a run of digits and the hyphen behind it off the front.
std::optional<std::string_view> take_digits(std::string_view& text, std::size_t least, std::size_t most) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    if (count < least || count > most || end == text.end() || *end != '-')
        return std::nullopt;
    const auto digits = text.substr(0, count);
    text.remove_prefix(count + 1);
    return digits;
}

} // namespace

std::string file_name(base::Time at, std::uint32_t serial, std::string_view host) {
    return fmt::format("{}{}-{:05}-{}{}", prefix, base::format_timestamp14(at), serial, host, suffix);
}

std::optional<FileName> parse_file_name(std::string_view name) {
    FileName parsed;
    parsed.text = name;
    if (!name.starts_with(prefix) || !name.ends_with(suffix) || name.size() < prefix.size() + suffix.size())
        return std::nullopt;
    name.remove_prefix(prefix.size());
    name.remove_suffix(suffix.size());
    const auto timestamp = take_digits(name, 14, 14);
    if (!timestamp)
        return std::nullopt;
    const auto serial = take_digits(name, 5, 9);
    if (!serial || name.empty() || !std::all_of(name.begin(), name.end(), is_host_character))
        return std::nullopt;
    parsed.timestamp = *timestamp;
    std::from_chars(serial->data(), serial->data() + serial->size(), parsed.serial);
    parsed.host = name;
    return parsed;
}

base::Result<std::vector<FileName>> list_files(const std::string& folder) {
    std::vector<FileName> files;
    std::error_code error;
    std::filesystem::directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        if (auto name = parse_file_name(entry->path().filename().string()))
            files.push_back(std::move(*name));
    }
    if (error && error != std::errc::no_such_file_or_directory)
        return base::fail(base::Errc::io,
                          fmt::format("cannot read the folder {}: {}", folder, error.message()));
    std::sort(files.begin(), files.end());
    return files;
}

base::Result<Listing> files_in(const std::string& folder) {
    Listing listing;
    const auto ours = list_files(folder);
    if (!ours)
        return std::unexpected(ours.error());
    for (const auto& file : *ours)
        listing.ours.push_back(file.text);
    std::error_code error;
    std::filesystem::directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if ((name.ends_with(".warc") || name.ends_with(".warc.gz")) && !parse_file_name(name))
            listing.others.push_back(name);
    }
    std::sort(listing.others.begin(), listing.others.end());
    return listing;
}

std::string own_host() {
    std::array<char, 256> buffer{};
    if (::gethostname(buffer.data(), buffer.size() - 1) != 0)
        return "localhost";
    std::string host(buffer.data());
    host.resize(std::min(host.size(), max_host));
    std::replace_if(host.begin(), host.end(), [](char c) { return !is_host_character(c); }, '-');
    return host.empty() ? "localhost" : host;
}

} // namespace cdtd::warc
