#include <cdtd/base/text.hpp>
#include <cdtd/notify/mailbox.hpp>

#include <algorithm>

namespace cdtd::notify {
namespace {

bool is_atom_character(char c) { // RFC 5322 3.2.3, and the dot between atoms
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-/=?^_`{|}~.").contains(c);
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool is_dotted(std::string_view text) {
    return !text.empty() && !text.starts_with('.') && !text.ends_with('.') && !text.contains("..");
}

bool is_address(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || text.size() > 254) // RFC 5321 4.5.3.1
        return false;
    const auto local = text.substr(0, at), domain = text.substr(at + 1);
    return is_dotted(local) && local.size() <= 64 && std::ranges::all_of(local, is_atom_character) &&
           is_dotted(domain) && std::ranges::all_of(domain, is_host_character);
}

} // namespace

std::optional<Mailbox> read_mailbox(std::string_view text) {
    text = base::trim(text);
    Mailbox box;
    if (text.ends_with('>')) {
        const auto open = text.rfind('<');
        if (open == std::string_view::npos)
            return std::nullopt;
        std::string_view name = base::trim(text.substr(0, open));
        if (name.size() > 1 && name.starts_with('"') && name.ends_with('"'))
            name = name.substr(1, name.size() - 2);
        if (name.size() > 100 || base::terminal_safe(name) != name)
            return std::nullopt;
        box.name = name;
        text = text.substr(open + 1, text.size() - open - 2);
    }
    if (!is_address(text))
        return std::nullopt;
    box.address = text;
    return box;
}

} // namespace cdtd::notify
