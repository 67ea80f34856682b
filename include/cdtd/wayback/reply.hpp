// What one of archive.org's servers said, and what kept it from saying it. Plain values, the same for every
// interface of theirs.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/http/client.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace cdtd::wayback {

/// One answer, without the machinery of how it came.
struct Reply {
    int status = 0; ///< 0: no answer came
    http::Headers headers;
    std::string body;     ///< decoded
    std::string problem;  ///< why no whole answer came, for people
    bool refused = false; ///< the connection was refused: how archive.org blocks who asks too often

    std::optional<std::string> header(std::string_view name) const; ///< first value that says something
};

/// Why an answer says nothing about the archive.
enum class Trouble {
    throttled, ///< 429: nobody is to ask this host for a while
    excluded,  ///< the site is kept out of the Wayback Machine: nobody can tell what it holds
    failed     ///< 5xx, a page in place of data, cut off, no answer
};
struct Problem {
    Trouble trouble = Trouble::failed;
    std::string reason; ///< one line for people, bounded
};
template <class T>
using Heard = std::expected<T, Problem>;

/// Of an answer that was longer than we read the beginning. Decodes a body that the server coded without a
/// usable Content-Encoding (archived pages carry two of them).
Reply reply_of(const http::Outcome& outcome, bool connection_refused, std::size_t most_bytes);

/// What is true of every interface: no answer, 429, exclusion, 5xx. nullopt: the interface's own matter.
std::optional<Problem> common_problem(const Reply& reply, std::string_view what);
/// A body's beginning as one line for people.
std::string first_words(std::string_view body);

} // namespace cdtd::wayback
