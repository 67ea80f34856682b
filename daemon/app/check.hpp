// What `check` has found.
#pragma once

#include <cdtd/app/config.hpp>
#include <cdtd/store/connection.hpp>

#include <string>
#include <vector>

namespace cdtd::app {

struct Findings {
    std::vector<std::string> faults; ///< of the machine or of a feed's address: exit status 1
    std::vector<std::string> notes;
};

/// check_online.cpp: asks the server of each of these feeds once. A 404 is a fault, and so is a page in place
/// of a feed, told with the feeds that it offers. A server that does not want to answer, or can't, has said
/// nothing about the feed: a note.
void check_online(const Config& config, const std::vector<pipeline::FeedSettings>& feeds, Findings& findings);

/// check_archive.cpp: the WARC files against what the database knows of them, by names and sizes. What keeps
/// the daemon from starting is a fault.
void check_archive(store::Connection& db, const std::string& folder, bool running, Findings& findings);

/// The address of a page rather than of a feed, by its looks: nothing in it says feed, rss, xml or the like.
bool looks_like_a_page(const std::string& url);

} // namespace cdtd::app
