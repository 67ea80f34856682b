// A capture as its record tells of it. Pure.
#pragma once

#include <cdtd/model/capture.hpp>
#include <cdtd/warc/reader.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cdtd::pipeline {

struct HttpFacts {
    int status = 0;
    std::string type; ///< Content-Type, the first one
};
/// Of the head of a stored response.
HttpFacts http_facts(std::string_view block);

/// Of a metadata record's block: "feed", "page", "image"; "page" where it does not say.
std::string kind_of(std::string_view metadata);

/// Of a response or revisit; without file, group and original. nullopt: a record that is none of ours.
std::optional<model::Capture> capture_of(const warc::Located& located, const std::string& kind);

} // namespace cdtd::pipeline
