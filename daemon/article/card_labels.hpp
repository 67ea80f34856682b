// The labels of an archive card's lines. Private.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace cdtd::article {

enum class Field {
    none,
    title,
    author,
    published,
    source,
    topics,
    collections,
    license,
    submitter,
    censored
};

/// The label a line begins with, and where its value begins.
std::pair<Field, std::size_t> label_of(std::string_view line);
/// Behind the colon at `at`, and behind those that were typed twice.
std::size_t past_colons(std::string_view line, std::size_t at);

} // namespace cdtd::article
