// Mail addresses as a configuration writes them. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cdtd::notify {

struct Mailbox {
    std::string name;    ///< "" = none
    std::string address; ///< local@domain, ASCII
    std::string domain() const { return address.substr(address.rfind('@') + 1); }
};
/// "a@example.org" or "Name <a@example.org>" (RFC 5322 3.4, without quoted local parts and comments).
/// nullopt: it is none.
std::optional<Mailbox> read_mailbox(std::string_view text);

} // namespace cdtd::notify
