#include "store/cursor.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace cdtd::store {

std::string write_cursor(char whose, std::initializer_list<std::int64_t> numbers) {
    return fmt::format("{}{}", whose, fmt::join(numbers, "."));
}

void refuse_cursor(const char* giver) {
    throw std::invalid_argument(fmt::format("this cursor is not one that {} gave", giver));
}

void read_cursor(char whose, std::string_view cursor, const char* giver, std::span<std::int64_t> into) {
    const char* at = cursor.data();
    const char* const end = at + cursor.size();
    char before = whose;
    for (std::int64_t& number : into) {
        if (at == end || *at != before)
            refuse_cursor(giver);
        const auto [stop, error] = std::from_chars(at + 1, end, number);
        if (error != std::errc())
            refuse_cursor(giver);
        at = stop;
        before = '.';
    }
    if (at != end)
        refuse_cursor(giver);
}

} // namespace cdtd::store
