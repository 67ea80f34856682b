#include <cdtd/base/digest.hpp>
#include <cdtd/pipeline/manifest.hpp>

#include <algorithm>
#include <utility>

namespace cdtd::pipeline {

namespace {

constexpr int rows_at_once = 200;

} // namespace

model::RowRange rows_now(store::Connection& db, store::Rows rows, const model::RowRange& range) {
    model::RowRange now{range.after, range.upto, 0, {}};
    base::Sha256 digest;
    for (std::optional<std::int64_t> at = range.after; at;)
        at = store::hash_rows(db, rows, *at, now, rows_at_once, digest);
    now.sha256 = digest.hex();
    return now;
}

bool speaks_of_rows(store::Connection& db, const model::ManifestContent& content) {
    return std::ranges::all_of(store::covered(content.version), [&](const store::Covered& part) {
        const model::RowRange& said = content.*part.range;
        const auto now = rows_now(db, part.rows, said);
        return now.count == said.count && now.sha256 == said.sha256;
    });
}

model::Manifest manifest_row(std::string text, const model::ManifestContent& content, base::Time at) {
    model::Manifest manifest;
    manifest.day = content.day;
    manifest.made_at = at;
    manifest.sha256 = base::sha256_hex(text);
    manifest.text = std::move(text);
    return manifest;
}

} // namespace cdtd::pipeline
