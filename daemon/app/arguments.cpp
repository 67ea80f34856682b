#include "app/command_line.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cdtd::app {

std::vector<std::string> arguments(int argc, const char* const* argv) {
    std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    const bool configured = words.size() > 1 && (words[0] == "-c" || words[0] == "--config");
    const std::size_t first = configured ? 2 : 0;
    if (words.size() <= first || words[first] != "search")
        return words;
    constexpr auto ours =
        std::to_array<std::string_view>({"--limit", "--json", "--help", "-h", "-c", "--config", "--version"});
    for (std::size_t i = first + 1; i < words.size() && words[i] != "--"; ++i)
        if (words[i].starts_with('-') &&
            std::ranges::find(ours, words[i].substr(0, words[i].find('='))) == ours.end())
            words[i].insert(0, 1, ' ');
    return words;
}

} // namespace cdtd::app
