// What `check` has found.
#pragma once

#include <cdtd/app/config.hpp>

#include <string>
#include <vector>

namespace cdtd::app {

struct Findings {
    std::vector<std::string> faults; ///< of the machine or of a feed's address: exit status 1
    std::vector<std::string> notes;
};

/// check_online.cpp: asks the server of each enabled feed once. A 404 is a fault, and so is a page in place
/// of a feed, told with the feeds that it offers. A server that does not want to answer, or can't, has said
/// nothing about the feed: a note.
void check_online(const Config& config, Findings& findings);

} // namespace cdtd::app
