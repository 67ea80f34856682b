// Events stay small whatever a publisher writes: a receiver of webhooks may refuse a body over 20 KB. Pure.
#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace cdtd::pipeline {

/// As JSON text under 20 KB: as it is where it fits, else with long texts cut at a character, long lists cut
/// short, and addresses that are too long null (half of one would be another).
std::string bounded(boost::json::object data);

} // namespace cdtd::pipeline
