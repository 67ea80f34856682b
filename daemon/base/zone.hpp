// Time zones by name, as feeds write them. Pure; any thread. ICU behind it.
#pragma once

#include "base/civil.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cdtd::base {

class Zone {
  public:
    /// RFC 822 names, their short American forms, European ones and IANA names; anything else is UTC, as
    /// RFC 2822 4.3 has it.
    static Zone named(std::string_view name);
    /// `civil` on this zone's clock; its own offset does not count.
    std::optional<Time> at(Civil civil) const;

  private:
    std::chrono::minutes offset_{0};
    std::string iana_;
};

} // namespace cdtd::base
