#include <cdtd/warc/member.hpp>

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <charconv>

namespace cdtd::warc {

namespace {

template <class T>
bool take(std::string_view& text, T& value, int numerals) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, numerals);
    if (error != std::errc())
        return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

} // namespace

std::uint32_t crc32(std::uint32_t before, std::string_view bytes) {
    return libdeflate_crc32(before, bytes.data(), bytes.size());
}

Member member_of(std::string_view bytes) {
    return {static_cast<std::int64_t>(bytes.size()), crc32(0, bytes)};
}

std::string to_text(const std::vector<Member>& members) {
    std::string text;
    for (const Member& member : members)
        text += fmt::format("{}{}:{:08x}", text.empty() ? "" : " ", member.length, member.crc);
    return text;
}

std::vector<Member> members_of(std::string_view text) {
    std::vector<Member> members;
    while (!text.empty()) {
        Member member;
        if (!take(text, member.length, 10) || member.length <= 0 || !text.starts_with(':'))
            return {};
        text.remove_prefix(1);
        if (!take(text, member.crc, 16) || (!text.empty() && text.front() != ' '))
            return {};
        text.remove_prefix(std::min<std::size_t>(1, text.size()));
        members.push_back(member);
    }
    return members;
}

} // namespace cdtd::warc
