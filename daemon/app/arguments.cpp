#include "app/command_line.hpp"

#include <algorithm>

namespace cdtd::app {

std::vector<std::string> arguments(int argc, const char* const* argv) {
    std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    const bool configured = words.size() > 1 && (words[0] == "-c" || words[0] == "--config");
    const std::size_t first = configured ? 2 : 0;
    if (words.size() <= first || words[first] != "search")
        return words;
    for (std::size_t i = first + 1; i < words.size() && words[i] != "--"; ++i) {
        const bool option = words[i].starts_with("--") || words[i] == "-h" || words[i] == "-c";
        if (words[i].starts_with('-') && !option)
            words[i].insert(0, 1, ' ');
    }
    return words;
}

} // namespace cdtd::app
