// `verify`: everything that is stored, read again.
#include "app/command_line.hpp"
#include "app/paint.hpp"
#include "app/progress.hpp"

#include <cdtd/app/commands.hpp>
#include <cdtd/app/instance_lock.hpp>
#include <cdtd/app/print.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/verify.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace cdtd::app {
namespace {

namespace json = boost::json;
using pipeline::Verified;
using pipeline::VerifyFault;

json::object json_of(const VerifyFault& fault) {
    return {{"file", fault.file.empty() ? json::value() : json::value(fault.file)},
            {"offset", fault.offset ? json::value(*fault.offset) : json::value()},
            {"record", fault.record.empty() ? json::value() : json::value(fault.record)},
            {"message", base::to_valid_utf8(fault.message)}};
}

std::string line_of(const VerifyFault& fault) {
    std::string line;
    if (!fault.file.empty())
        line = fault.file;
    if (fault.offset)
        line += fmt::format(" at offset {}", *fault.offset);
    if (!fault.record.empty())
        line += fmt::format("{}{}", line.empty() ? "" : ", ", fault.record);
    return base::terminal_safe(fmt::format("{}{}{}", line, line.empty() ? "" : ": ", fault.message));
}

json::value stamps_json(const Verified& found) {
    json::object stamps{{"stamped", found.stamps}, {"waiting", found.stamps_waiting}, {"newest", nullptr}};
    if (const auto& newest = found.newest_stamp)
        stamps["newest"] = json::object{{"day", newest->day},
                                        {"at", base::format_rfc3339(newest->at)},
                                        {"signer", newest->signer},
                                        {"anchored", newest->anchored}};
    return stamps;
}

std::string to_json(const Verified& found) {
    json::array faults, notes;
    for (const auto& fault : found.listed)
        faults.emplace_back(json_of(fault));
    for (const auto& note : found.notes)
        notes.emplace_back(note);
    json::value head;
    if (!found.head_sha256.empty())
        head = json::object{{"day", found.head_day}, {"sha256", found.head_sha256}};
    return json::serialize(json::object{
        {"ok", found.faults == 0},
        {"files", found.files},
        {"records", found.records},
        {"bytes", found.bytes},
        {"captures", found.captures},
        {"manifests",
         json::object{{"total", found.manifests}, {"head", head}, {"stamps", stamps_json(found)}}},
        {"faults", found.faults},
        {"first", found.first ? json::value(json_of(*found.first)) : json::value()},
        {"listed", std::move(faults)},
        {"notes", std::move(notes)}});
}

std::string chain_text(const Verified& found) {
    if (found.manifests == 0)
        return "no manifest yet: the first is made when the first day is over\n";
    std::string text =
        fmt::format("newest manifest: {}, sha256 {}\n"
                    "  keep this elsewhere: that the newest manifests were dropped shows only from outside\n",
                    base::terminal_safe(found.head_day), base::terminal_safe(found.head_sha256));
    if (const auto& stamp = found.newest_stamp)
        text += fmt::format(
            "time stamps: {} of {}; the newest is of {}, at {} by {}: signature valid, {}\n", found.stamps,
            found.manifests, stamp->day, base::format_rfc3339(stamp->at), base::terminal_safe(stamp->signer),
            stamp->anchored ? "signer known by [http] ca_file" : "signer not checked against a root");
    if (found.stamps_waiting > 0)
        text += fmt::format("time stamps still asked for: {}\n", found.stamps_waiting);
    return text;
}

std::string to_lines(const Verified& found, const Style& style) {
    std::string text = fmt::format("read: {} files, {} records, {}; {} captures, {} manifests\n", found.files,
                                   found.records, human_bytes(found.bytes), found.captures, found.manifests);
    text += chain_text(found);
    for (const auto& note : found.notes)
        text += fmt::format("note: {}\n", base::terminal_safe(note));
    if (found.faults == 0)
        return text + paint("all as it was written", Paint::green, style) + "\n";
    text += fmt::format("{} {}\n",
                        paint(found.first->offset ? "first bad record:" : "first fault:", Paint::red, style),
                        line_of(*found.first));
    text += fmt::format("{} fault{} in all{}\n", found.faults, found.faults == 1 ? "" : "s",
                        found.faults > 1 ? ":" : "");
    for (const auto& fault : found.listed)
        if (found.faults > 1)
            text += fmt::format("  {}\n", line_of(fault));
    if (const auto more = found.faults - static_cast<std::int64_t>(found.listed.size()); more > 0)
        text += fmt::format("  and {} more\n", more);
    return text;
}

/// A time as typed; nullopt: wrong, and said so.
bool read_time(const std::string& typed, const char* flag, std::optional<base::Time>& out) {
    if (typed.empty())
        return true;
    out = base::parse_user_time(typed, base::system_clock().now());
    if (!out)
        complain(
            fmt::format("{}: \"{}\" is no time; write 2026-11-28, RFC 3339, or 7d, 12h (ago)", flag, typed),
            exit_usage);
    return out.has_value();
}

} // namespace

int command_verify(const Options& options) {
    pipeline::VerifyOrder order;
    if (!read_time(options.since, "--since", order.since) ||
        !read_time(options.until, "--until", order.until))
        return exit_usage;
    return with_database(options, [&](store::Connection& db, const Config& config) {
        order.warc_folder = config.warc_dir();
        order.ca_file = config.http.ca_file;
        order.files = options.files;
        order.running = lock_holder(config.state_dir).has_value();
        Progress line;
        const auto progress = [&line](std::int64_t done, std::int64_t all) {
            line.show(fmt::format("{} of {} read", human_bytes(done), human_bytes(all)));
        };
        const auto found = pipeline::verify(db, order, progress);
        line.clear();
        if (!found)
            return complain(found.error().message, exit_failed);
        const int status = found->faults == 0 ? exit_done : exit_failed;
        return options.json ? put_json(to_json(*found), status) : put(to_lines(*found, terminal()), status);
    });
}

} // namespace cdtd::app
