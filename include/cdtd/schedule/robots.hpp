// The Robots Exclusion Protocol (RFC 9309): may we fetch this of that host? Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::schedule {

/// The product token by which we are addressed; our User-Agent begins with it.
inline constexpr std::string_view robots_token = "cdtd";

class Robots {
  public:
    /// Of any bytes: what is no rule is passed over. The first 512 KiB and 10,000 rules count.
    explicit Robots(std::string_view text);

    /// The rule that forbids it, as written ("Disallow: /x"); nullopt: it is allowed. `url`: absolute.
    [[nodiscard]] std::optional<std::string> forbids(std::string_view url) const;

  private:
    struct Rule {
        bool allow;
        std::string pattern; ///< normalised; "*" any characters, "$" at its end the end
        std::string written;
    };
    std::vector<Rule> rules_; ///< of the groups that speak to us
};

} // namespace cdtd::schedule
