// What a manifest's row holds beside its place, and whether it speaks the truth.
#pragma once

#include <cdtd/model/manifest.hpp>
#include <cdtd/store/manifests.hpp>

#include <string>
#include <string_view>

namespace cdtd::pipeline {

inline constexpr std::string_view manifest_uri = "urn:cdtd:manifest:"; ///< and the day
inline constexpr std::string_view manifest_type = "application/json";

/// The rows that `range` speaks of, as they are now.
model::RowRange rows_now(store::Connection& db, store::Rows rows, const model::RowRange& range);
/// All rows that it speaks of are there as they were.
bool speaks_of_rows(store::Connection& db, const model::ManifestContent& content);

model::Manifest manifest_row(std::string text, const model::ManifestContent& content, base::Time at);

} // namespace cdtd::pipeline
