// Values that must never be printed: tokens, webhook secrets.
#pragma once

#include <cdtd/base/result.hpp>

#include <string>
#include <utility>

namespace cdtd::base {

/// Not printable, not comparable by accident; wiped when destroyed.
class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    Secret(const Secret&) = default;
    Secret(Secret&&) = default;
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&&) = default;
    ~Secret();

    bool empty() const { return value_.empty(); }
    const std::string& reveal() const { return value_; } ///< only where it goes out

  private:
    std::string value_;
};

/// The file's first line, trimmed. Errc::not_found or io names the file; a file over 64 KiB or empty is
/// Errc::usage.
Result<Secret> read_secret_file(const std::string& path);

} // namespace cdtd::base
