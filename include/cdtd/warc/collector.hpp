// A WARC file made of records of others: their gzip members are copied as they are. One thread at a time.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/warc/record.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cdtd::warc {

class Collector {
  public:
    using Sink = std::function<base::Result<void>(std::string_view)>;
    /// `lines`: takes the index of what comes in, unsorted; may be empty. `filename`: as the index names this
    /// file.
    Collector(Sink sink, std::string filename, std::function<base::Result<void>(std::string)> lines = {});

    /// A record of our own.
    base::Result<void> add(Record record);
    /// The records of the file at `path` from the gzip member at `first` up to the one at `last`, which must
    /// be the record `id` ("" = any). Each is read and held against its digests before it is copied.
    /// Errc::bad_data and Errc::io name file and offset; what came before the fault is in the sink then.
    base::Result<void> copy(const std::string& path, std::int64_t first, std::int64_t last,
                            std::string_view id);

    std::int64_t size() const { return size_; }

  private:
    base::Result<void> index(const Record& record, std::int64_t length);
    base::Result<void> pass(int fd, const std::string& path, std::int64_t offset, std::int64_t length);

    Sink sink_;
    std::string filename_;
    std::function<base::Result<void>(std::string)> lines_;
    std::int64_t size_ = 0;
};

} // namespace cdtd::warc
