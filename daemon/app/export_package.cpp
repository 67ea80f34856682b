// Articles with all that shows them, as one WARC file or one WACZ file.
#include "app/exporter.hpp"

#include <cdtd/base/time.hpp>
#include <cdtd/pipeline/package.hpp>
#include <cdtd/warc/spool.hpp>

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace cdtd::app {
namespace {

using base::Result;

constexpr std::size_t block_bytes = std::size_t{256} << 10U;

class Package : public Exporter {
  public:
    Result<void> put(store::Connection& db, const model::Article& listed) override {
        const auto holdings = pipeline::holdings_of(db, listed.id);
        if (!holdings || holdings->nothing()) {
            ++empty_;
            return {};
        }
        return take(*holdings);
    }
    std::string progress(std::int64_t articles) const override {
        return fmt::format("{} articles, {} MB", articles, records().size() / 1'000'000);
    }
    int at_once() const override { return 20; } // each may be many megabytes: a moment must not last for long

  protected:
    virtual Result<void> take(const pipeline::Holdings& holdings) = 0;
    virtual const warc::Collector& records() const = 0;
    std::int64_t empty() const { return empty_; }

  private:
    std::int64_t empty_ = 0;
};

std::string name_of(const std::string& path) {
    const auto name = path.substr(path.rfind('/') + 1);
    return path == "-" || name.empty() ? "export.warc.gz" : name;
}

/// Only what was captured.
class Warc final : public Package {
  public:
    Warc(OutFile file, std::string folder, std::function<bool()> stop)
        : file_(std::move(file)), records_([this](std::string_view bytes) { return file_.write(bytes); }, ""),
          packer_(records_, std::move(folder), std::move(stop)) {}

    Result<void> begin(const std::string& path, base::Time now) {
        return packer_.begin(name_of(path), now, path);
    }
    Result<void> finish() override { return file_.finish(); }
    std::string summary(std::int64_t articles) const override {
        return fmt::format("{} articles, {} captures, {} bytes\n", articles, packer_.captures(),
                           records_.size());
    }

  private:
    Result<void> take(const pipeline::Holdings& holdings) override { return packer_.put_captures(holdings); }
    const warc::Collector& records() const override { return records_; }

    OutFile file_;
    warc::Collector records_;
    pipeline::Packer packer_;
};

class WaczFile final : public Package {
  public:
    WaczFile(OutFile file, std::optional<warc::Spool> spool, warc::Wacz wacz, std::string folder,
             std::function<bool()> stop)
        : file_(std::move(file)), spool_(std::move(spool)), wacz_(std::move(wacz)),
          packer_(wacz_.records(), std::move(folder), std::move(stop)) {}

    Result<void> begin(const std::string& path, base::Time now) {
        return packer_.begin("data.warc.gz", now, path);
    }
    Result<void> finish() override {
        const auto done = wacz_.finish();
        if (!done)
            return std::unexpected(done.error());
        bytes_ = done->size;
        for (std::int64_t at = 0; spool_ && at < done->size;) {
            const auto block = spool_->read(at, block_bytes);
            if (!block)
                return std::unexpected(block.error());
            if (auto written = file_.write(*block); !written)
                return written;
            at += std::ssize(*block);
        }
        return file_.finish();
    }
    std::string summary(std::int64_t articles) const override {
        return fmt::format(
            "{} articles, {} captures, {} bytes; {} pages made of what the feed gave, {} articles "
            "without content left out\n",
            articles, packer_.captures(), bytes_, packer_.made(), empty());
    }

  private:
    Result<void> take(const pipeline::Holdings& holdings) override {
        if (auto put = packer_.put_captures(holdings); !put)
            return put;
        const auto line = packer_.put_page(holdings);
        if (!line)
            return std::unexpected(line.error());
        return *line ? wacz_.add_page(**line) : Result<void>();
    }
    const warc::Collector& records() const override { return wacz_.records(); }

    OutFile file_;
    std::optional<warc::Spool> spool_; ///< where `file_` can't seek
    warc::Wacz wacz_;
    pipeline::Packer packer_;
    std::int64_t bytes_ = 0;
};

std::string description_of(const Options& options) {
    std::string words;
    for (const auto& [name, value] : options.filters)
        words += fmt::format(" {}={}", name, value);
    return fmt::format(
        "Articles of a cdtd archive, with what shows them. Selection:{}. A page that is not held was "
        "made by cdtd of what the feed gave, and says so.",
        words.empty() ? " all" : words);
}

} // namespace

std::string Exporter::progress(std::int64_t articles) const {
    return fmt::format("{} articles", articles);
}

Result<std::unique_ptr<Exporter>> package_exporter(const Options& options, const Config& config, OutFile file,
                                                   std::function<bool()> stop) {
    const std::string folder = config.state_dir + "/warc";
    const auto now = base::system_clock().now();
    if (options.format == "warc") {
        auto warc = std::make_unique<Warc>(std::move(file), folder, std::move(stop));
        if (auto begun = warc->begin(options.output, now); !begun)
            return std::unexpected(begun.error());
        return warc;
    }
    std::optional<warc::Spool> spool;
    if (!file.seekable()) {
        auto opened = warc::Spool::open(file.folder());
        if (!opened)
            return std::unexpected(opened.error());
        spool.emplace(std::move(*opened));
    }
    warc::WaczSettings settings;
    settings.title = fmt::format("cdtd archive, {}", base::format_rfc3339(now).substr(0, 10));
    settings.description = description_of(options);
    settings.created = now;
    const int fd = spool ? spool->get() : file.descriptor();
    auto wacz = warc::Wacz::begin(fd, spool ? spool->path() : options.output, file.folder(), settings);
    if (!wacz)
        return std::unexpected(wacz.error());
    auto made = std::make_unique<WaczFile>(std::move(file), std::move(spool), std::move(*wacz), folder,
                                           std::move(stop));
    if (auto begun = made->begin(options.output, now); !begun)
        return std::unexpected(begun.error());
    return made;
}

} // namespace cdtd::app
