// Cursors of lists: a letter that says whose it is, then numbers with a dot between, "n1500000.17". Private.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace cdtd::store {

std::string write_cursor(char whose, std::initializer_list<std::int64_t> numbers);

/// Throws std::invalid_argument: the cursor is not one that `giver` gave.
[[noreturn]] void refuse_cursor(const char* giver);
/// Throws likewise where it has not just so many numbers.
void read_cursor(char whose, std::string_view cursor, const char* giver, std::span<std::int64_t> into);
template <std::size_t Count>
std::array<std::int64_t, Count> read_cursor(char whose, std::string_view cursor, const char* giver) {
    std::array<std::int64_t, Count> numbers{};
    read_cursor(whose, cursor, giver, numbers);
    return numbers;
}

} // namespace cdtd::store
