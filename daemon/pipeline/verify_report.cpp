#include "pipeline/verify_report.hpp"

#include <utility>

namespace cdtd::pipeline {

namespace {

constexpr std::size_t most_listed = 100;
constexpr std::size_t most_remembered = 100'000; ///< of one file: some megabytes

} // namespace

void Report::fault(VerifyFault fault) {
    ++found.faults;
    if (fault.offset && offsets_[fault.file].size() < most_remembered)
        offsets_[fault.file].insert(*fault.offset);
    auto& first = found.first;
    const bool earlier =
        first && first->offset && fault.offset && first->file == fault.file && *fault.offset < *first->offset;
    if (!first || earlier || (!first->offset && fault.offset))
        first = fault;
    if (found.listed.size() < most_listed)
        found.listed.push_back(std::move(fault));
}

bool Report::has_fault_in(const std::string& file, std::int64_t from, std::int64_t to) const {
    const auto known = offsets_.find(file);
    if (known == offsets_.end())
        return false;
    const auto next = known->second.lower_bound(from);
    return next != known->second.end() && *next < to;
}

void Report::did(std::int64_t bytes) {
    bytes_done_ += bytes;
    if (progress_)
        progress_(bytes_done_, bytes_to_do);
}

} // namespace cdtd::pipeline
