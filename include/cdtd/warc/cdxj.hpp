// The index of a WARC file: one CDXJ line a record that can be replayed (webrecorder/specs cdxj/0.1.0), as
// npm warcio's `cdx-index` writes it. Pure; any thread.
#pragma once

#include <cdtd/warc/record.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cdtd::warc {

/// Sort-friendly form: "https://www.Example.org/a?b=2&a=1" is "org,example)/a?a=1&b=2". What is no URL of
/// http or https stays as it is.
std::string surt(std::string_view url);

/// "SURT timestamp {json}" and a line end. nullopt: nothing to replay (warcinfo, request, metadata in
/// fields). Beside warcio: a response without a type has the mime "unk" (the specification demands one), and
/// a mime never has parameters.
std::optional<std::string> cdxj_line(const Record& record, std::string_view filename, std::int64_t offset,
                                     std::int64_t length);

} // namespace cdtd::warc
