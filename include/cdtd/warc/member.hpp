// Gzip members as the database remembers them: how long, and a checksum of their bytes as written. A flipped
// bit that gzip itself does not notice (its header, the padding behind the last block) is found by it, and
// where the next member begins is known though this one can't be read. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::warc {

struct Member {
    std::int64_t length = 0;
    std::uint32_t crc = 0; ///< CRC-32 of the compressed bytes
    bool operator==(const Member&) const = default;
};

std::uint32_t crc32(std::uint32_t before, std::string_view bytes); ///< begins with 0
Member member_of(std::string_view bytes);

/// "812:9f0c11aa 93:00ab12cd"
std::string to_text(const std::vector<Member>& members);
/// Empty where `text` is none of ours.
std::vector<Member> members_of(std::string_view text);

} // namespace cdtd::warc
