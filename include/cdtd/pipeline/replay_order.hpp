// Telling an endpoint again what happened since then. Plain value.
#pragma once

#include <cdtd/base/clock.hpp>

#include <string>

namespace cdtd::pipeline {

struct ReplayOrder {
    std::string endpoint;
    base::Time since;
    std::string type = "*"; ///< "article.new", "article.*"
};

} // namespace cdtd::pipeline
