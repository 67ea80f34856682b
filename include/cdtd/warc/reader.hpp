// Reading WARC files back, record by record, from any offset. One thread at a time.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/warc/record.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace cdtd::warc {

struct Located {
    Record record;
    std::int64_t offset = 0; ///< of the gzip member
    std::int64_t length = 0;
};

/// One record from one gzip member at `offset`. Errc::bad_data names file, offset and what is wrong (digest,
/// length). Block and payload digests are checked.
base::Result<Located> read_at(const std::string& path, std::int64_t offset);
/// Every record in order; stops at the first fault, naming its offset.
base::Result<std::int64_t> read_all(const std::string& path, const std::function<void(const Located&)>& each);

/// The payload of a response record (behind the HTTP head), still content-coded; and its head.
struct HttpParts {
    std::string_view head;
    std::string_view payload;
};
HttpParts split_http(std::string_view block);

} // namespace cdtd::warc
