// The chain of manifests against itself, its copies in the files, and what it speaks of.
#pragma once

#include "pipeline/verify_report.hpp"

#include <cdtd/model/manifest.hpp>
#include <cdtd/store/manifests.hpp>

#include <map>
#include <optional>
#include <string>

namespace cdtd::pipeline {

class ChainCheck {
  public:
    ChainCheck(store::Connection& db, Report& report, const VerifyOrder& order)
        : db_(db), report_(report), order_(order) {}

    /// Up to the newest one that was there at the start.
    void run(std::int64_t last_seq);

  private:
    void check(const model::Manifest& manifest);
    std::optional<model::ManifestContent> content_of(const model::Manifest& manifest);
    std::optional<std::string> check_copy(const model::Manifest& manifest);
    void check_links(const model::Manifest& manifest, const model::ManifestContent& content);
    void check_range(const model::ByteRange& range);
    void check_rows(store::Rows rows, std::string_view what, const model::RowRange& range);
    void check_sealed(std::int64_t last_seq);
    void check_stamp(const model::Manifest& manifest);
    bool in_order(const model::ManifestContent& content) const;
    void fault(std::string message, std::string file = {}, std::optional<std::int64_t> offset = {});

    store::Connection& db_;
    Report& report_;
    const VerifyOrder& order_;
    std::string name_;                           ///< of the one that is being checked
    std::optional<model::Manifest> before_;      ///< the one before it
    std::optional<model::ManifestContent> said_; ///< by that
    std::map<std::string, std::int64_t> ends_;   ///< of files, as far as manifests have spoken of them
};

/// Bytes that the chain's digests are made of: for the progress.
std::int64_t bytes_of_chain(store::Connection& db, const VerifyOrder& order);

} // namespace cdtd::pipeline
