// What an export makes of the articles that it walks over.
#pragma once

#include "app/command_line.hpp"
#include "app/out_file.hpp"

#include <cdtd/model/article.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace cdtd::app {

/// What is done with each article, and at the end.
class Exporter {
  public:
    virtual ~Exporter() = default;
    virtual base::Result<void> put(store::Connection& db, const model::Article& article) = 0;
    virtual base::Result<void> finish() = 0;
    virtual std::string summary(std::int64_t articles) const = 0;
    virtual std::string progress(std::int64_t articles) const;
    /// Of one that was interrupted nothing is to be seen; else what is written is whole.
    virtual bool all_or_nothing() const { return true; }
    /// Articles read at one moment of the database.
    virtual int at_once() const { return 200; }
};

/// export_package.cpp: --format warc and wacz. `stop`: asked between records.
base::Result<std::unique_ptr<Exporter>> package_exporter(const Options& options, const Config& config,
                                                         OutFile file, std::function<bool()> stop);

} // namespace cdtd::app
