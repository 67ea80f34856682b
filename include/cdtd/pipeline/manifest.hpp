// What a manifest's row holds beside its place. Pure.
#pragma once

#include <cdtd/model/manifest.hpp>

#include <string>
#include <string_view>

namespace cdtd::pipeline {

inline constexpr std::string_view manifest_uri = "urn:cdtd:manifest:"; ///< and the day
inline constexpr std::string_view manifest_type = "application/json";

model::Manifest manifest_row(std::string text, const model::ManifestContent& content, base::Time at);

} // namespace cdtd::pipeline
