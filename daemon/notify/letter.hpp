// A note as a mail: RFC 5322 with RFC 2047 words and two MIME parts (RFC 2046), List-Id (RFC 2919), threads
// by article. Pure; any thread.
#pragma once

#include "notify/note.hpp"

#include <cdtd/notify/endpoint.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cdtd::notify {

/// The whole message with CRLF. Nothing in it is what a publisher wrote but coded words and coded bodies.
std::string letter_text(const Endpoint& endpoint, const Note& note, const model::Event& event);
/// A header's text: as it is where it is short ASCII, else RFC 2047 words of at most 75 characters, folded.
/// `used`: columns that the header's name takes.
std::string coded_words(std::string_view text, std::size_t used);

} // namespace cdtd::notify
