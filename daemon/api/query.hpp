// The parameters of a request's target. A fault is kept, not thrown: a handler takes what it knows, then asks
// done().
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::api {

inline constexpr int default_limit = 50;
inline constexpr int max_limit = 500;

class Query {
  public:
    /// What stands behind the "?". Errc::usage: broken percent-encoding, not UTF-8, a parameter twice, too
    /// many.
    static base::Result<Query> parse(std::string_view raw);

    std::optional<std::string> text(std::string_view name);
    /// Parts between commas; an empty part is a fault.
    std::vector<std::string> list(std::string_view name);
    /// The same, and each part must be one of `allowed`.
    std::vector<std::string> list_of(std::string_view name, std::initializer_list<std::string_view> allowed);
    /// Digits only, 0 at least.
    std::optional<std::int64_t> number(std::string_view name);
    std::optional<base::Time> time(std::string_view name, base::Time now);
    std::optional<base::Duration> duration(std::string_view name, base::Duration at_most);
    int limit();

    void fail(std::string detail); ///< the first fault is the one that is told
    /// No fault, and no parameter that nobody asked for.
    bool done();
    const std::string& fault() const { return fault_; }

  private:
    struct Parameter {
        std::string name;
        std::string value;
        bool taken = false;
    };
    std::vector<Parameter> parameters_;
    std::string fault_;
};

/// Percent-decoding that refuses what is broken, what is not UTF-8 and control characters.
base::Result<std::string> decode(std::string_view text, bool plus_is_space);

} // namespace cdtd::api
