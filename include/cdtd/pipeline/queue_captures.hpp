// Jobs for what an article shows: its page, its images. Run inside a transaction of the caller.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/model/article.hpp>
#include <cdtd/pipeline/settings.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <set>
#include <string>

namespace cdtd::pipeline {

/// `link` as the publisher wrote it: the canonical URL is for comparing (it may be https where the site is
/// not).
void queue_page(store::Connection& db, std::int64_t article, const std::string& link, base::Time now);

/// Images that are not `known`: those of the revision before are captured, waiting or settled. What is over
/// max_images is settled as missing.
void queue_images(store::Connection& db, const ArchiveSettings& archive, std::int64_t article,
                  const model::Content& content, const std::set<std::string>& known, base::Time now);

} // namespace cdtd::pipeline
