// [[feed]] blocks of the configuration, made from somebody's list. Pure.
#pragma once

#include <cdtd/feed/opml.hpp>

#include <set>
#include <string>
#include <string_view>

namespace cdtd::app {

/// [a-z0-9-]: our own name of it where the list has one, else of the title, or of the address where the title
/// is mostly in another script. One that is in `taken` gets a number; `taken` gets the new one.
std::string feed_name(const feed::Subscription& feed, std::set<std::string>& taken);

/// A basic string of TOML 1.0, with its quotes.
std::string toml_string(std::string_view text);

/// With the title as a comment before it, and a line end.
std::string feed_block(const feed::Subscription& feed, const std::string& name);

} // namespace cdtd::app
