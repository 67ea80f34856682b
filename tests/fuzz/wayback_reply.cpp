// Any bytes as an answer of archive.org's servers: read or not, never more than is asked for, in words that
// are safe to show.
#include <cdtd/base/text.hpp>
#include <cdtd/wayback/availability.hpp>
#include <cdtd/wayback/cdx.hpp>
#include <cdtd/wayback/replay.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace cdtd;

void must(bool holds) {
    if (!holds)
        std::abort();
}

template <class T>
void check(const wayback::Heard<T>& heard) {
    if (!heard)
        must(!heard.error().reason.empty() && heard.error().reason.size() < 2000 &&
             base::terminal_safe(heard.error().reason) == heard.error().reason);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    wayback::Reply reply;
    reply.status = 200;
    reply.body = text;
    const auto rows = wayback::read_cdx(reply);
    check(rows);
    if (rows)
        for (const auto& row : *rows)
            must(row.timestamp.size() == 14 && base::is_valid_utf8(row.original) &&
                 base::is_valid_utf8(row.digest));
    const auto closest = wayback::read_availability(reply);
    check(closest);
    if (closest && *closest)
        must((*closest)->timestamp.size() == 14 && base::is_valid_utf8((*closest)->original));
    reply.status = 302;
    reply.headers = {{"Location", text}};
    check(wayback::read_replay(reply));
    reply.headers = {{"X-Archive-Wayback-Runtime-Error", text}};
    reply.status = 503;
    check(wayback::read_replay(reply));
    return 0;
}
