// Lines in bytewise order, however many: what memory does not hold lies sorted in a spool, and is merged.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/warc/spool.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cdtd::warc {

class LineSorter {
  public:
    using Take = std::function<base::Result<void>(std::string_view)>;
    explicit LineSorter(std::string folder, std::size_t memory = std::size_t{8} << 20U)
        : folder_(std::move(folder)), memory_(memory) {}

    base::Result<void> add(std::string line); ///< with its line end
    /// Every line, once, in order.
    base::Result<void> each(const Take& take);

  private:
    struct Run {
        std::int64_t at, end;
        std::string window;
        std::size_t read; ///< of the window
    };
    base::Result<void> store_run();
    base::Result<void> merge(const Take& take);
    base::Result<std::optional<std::string>> next_of(Run& run);

    std::string folder_;
    std::size_t memory_, held_ = 0;
    std::vector<std::string> lines_;
    std::optional<Spool> spool_;
    std::vector<Run> runs_;
};

} // namespace cdtd::warc
