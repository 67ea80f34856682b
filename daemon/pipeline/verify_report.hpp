// What verification has found so far.
#pragma once

#include <cdtd/pipeline/verify.hpp>

#include <map>
#include <set>

namespace cdtd::pipeline {

class Report {
  public:
    explicit Report(VerifyProgress progress) : progress_(std::move(progress)) {}

    void fault(VerifyFault fault);
    void note(std::string text) { found.notes.push_back(std::move(text)); }
    /// A record of these bytes is at fault already: their digest says nothing new.
    bool has_fault_in(const std::string& file, std::int64_t from, std::int64_t to) const;
    void did(std::int64_t bytes);

    Verified found;
    std::int64_t bytes_to_do = 0;

  private:
    VerifyProgress progress_;
    std::int64_t bytes_done_ = 0;
    std::map<std::string, std::set<std::int64_t>> offsets_;
};

} // namespace cdtd::pipeline
