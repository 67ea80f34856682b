#include <cdtd/base/digest.hpp>
#include <cdtd/pipeline/manifest.hpp>

#include <utility>

namespace cdtd::pipeline {

model::Manifest manifest_row(std::string text, const model::ManifestContent& content, base::Time at) {
    model::Manifest manifest;
    manifest.day = content.day;
    manifest.made_at = at;
    manifest.sha256 = base::sha256_hex(text);
    manifest.text = std::move(text);
    return manifest;
}

} // namespace cdtd::pipeline
