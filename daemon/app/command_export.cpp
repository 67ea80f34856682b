// Articles out of the database into files that others can work with, a page of the list at a time.
#include "app/exporter.hpp"
#include "app/interrupt.hpp"
#include "app/progress.hpp"

#include <cdtd/api/filters.hpp>
#include <cdtd/app/commands.hpp>
#include <cdtd/change/identity.hpp>
#include <cdtd/model/json.hpp>
#include <cdtd/pipeline/markdown_folder.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/markdown.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <unistd.h>

namespace cdtd::app {
namespace {

/// Exactly what /api/v1/articles/{id} gives, and the content: "text", "html", null where none is held.
class Lines final : public Exporter {
  public:
    Lines(OutFile file, bool terminal) : file_(std::move(file)), terminal_(terminal) {}

    base::Result<void> put(store::Connection& db, const model::Article& listed) override {
        const auto article = store::get_article(db, listed.id, true);
        if (!article)
            return {};
        boost::json::object object = model::to_json(*article, true);
        object["text"] = nullptr;
        object["html"] = nullptr;
        if (article->revision > 0)
            if (const auto revision = store::get_revision(db, article->id, 0)) {
                object["text"] = revision->content.text;
                object["html"] = revision->content.html;
            }
        const std::string line = boost::json::serialize(object);
        return file_.write((terminal_ ? json_for_terminal(line) : line) + "\n");
    }
    base::Result<void> finish() override { return file_.finish(); }
    std::string summary(std::int64_t articles) const override {
        return fmt::format("{} articles\n", articles);
    }

  private:
    OutFile file_;
    bool terminal_;
};

class Files final : public Exporter {
  public:
    explicit Files(pipeline::MarkdownFolder folder) : folder_(std::move(folder)) {}

    base::Result<void> put(store::Connection& db, const model::Article& article) override {
        const auto source = store::markdown_source(db, article.id);
        if (!source)
            return {};
        const pipeline::MarkdownOwners owners{
            [&db](const std::string& url) { return store::find_article(db, change::keys_of_reference(url)); },
            {}};
        const auto filed = folder_.file(*source, std::nullopt, owners);
        if (!filed &&
            filed.error().code == base::Errc::conflict) { // the others have their files all the same
            if (conflicts_++ == 0)
                first_conflict_ = filed.error().message;
            return {};
        }
        if (!filed)
            return std::unexpected(filed.error());
        written_ += filed->written;
        return {};
    }
    base::Result<void> finish() override {
        if (auto synced = folder_.sync(); !synced || conflicts_ == 0)
            return synced;
        return base::fail(base::Errc::conflict,
                          conflicts_ == 1
                              ? first_conflict_
                              : fmt::format("{}; so it is with {} others", first_conflict_, conflicts_ - 1));
    }
    std::string summary(std::int64_t articles) const override {
        return fmt::format("{} articles: {} files written, {} were right already\n", articles, written_,
                           articles - written_);
    }
    bool all_or_nothing() const override { return false; }

  private:
    pipeline::MarkdownFolder folder_;
    std::int64_t written_ = 0;
    std::int64_t conflicts_ = 0;
    std::string first_conflict_;
};

/// Articles as they stood at one moment: title and content belong together.
class Snapshot {
  public:
    explicit Snapshot(store::Connection& db) : db_(db) { db_.exec("BEGIN"); }
    ~Snapshot() {
        try {
            db_.exec("COMMIT");
        } catch (const store::DatabaseError&) {
            // Nothing was written: there is nothing to lose.
        }
    }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

  private:
    store::Connection& db_;
};

struct Walked {
    std::int64_t articles = 0;
    bool interrupted = false;
};

base::Result<Walked> walk(store::Connection& db, store::ArticleFilter filter, std::int64_t most,
                          Exporter& exporter, const std::atomic<bool>& interrupted) {
    Progress progress;
    Walked walked;
    filter.limit = exporter.at_once();
    for (bool more = true; more && (most == 0 || walked.articles < most);) {
        const Snapshot snapshot(db);
        const store::ArticlePage page = store::list_articles(db, filter);
        for (const model::Article& article : page.items) {
            walked.interrupted = interrupted;
            if (walked.interrupted || (most > 0 && walked.articles >= most))
                return walked;
            if (auto put = exporter.put(db, article); !put) {
                walked.interrupted = put.error().code == base::Errc::cancelled;
                return walked.interrupted ? base::Result<Walked>(walked) : std::unexpected(put.error());
            }
            progress.show(exporter.progress(++walked.articles));
        }
        more = page.next.has_value();
        filter.cursor = page.next.value_or("");
    }
    return walked;
}

/// Nothing of one that was interrupted is left, but for Markdown files that are whole.
int carry_out(store::Connection& db, const store::ArticleFilter& filter, const Options& options,
              Exporter& exporter, const std::atomic<bool>& interrupted) {
    const auto walked = walk(db, filter, options.most, exporter, interrupted);
    if (!walked)
        return complain(walked.error().message, exit_failed);
    if (walked->interrupted && exporter.all_or_nothing())
        return complain("interrupted: nothing was written", exit_failed);
    if (auto finished = exporter.finish(); !finished)
        return complain(finished.error().message, exit_failed);
    if (walked->interrupted)
        return complain(fmt::format("interrupted after {} articles; run it again to go on", walked->articles),
                        exit_failed);
    // Standard output belongs to the export itself.
    const std::string summary = exporter.summary(walked->articles);
    if (options.output == "-") {
        fmt::print(stderr, "{}", summary);
        return exit_done;
    }
    return put(summary, exit_done);
}

base::Result<std::unique_ptr<Exporter>> exporter_of(const Options& options, const Config& config,
                                                    const std::atomic<bool>& interrupted) {
    if (options.format == "markdown") {
        auto folder = pipeline::MarkdownFolder::open(options.output, pipeline::Durable::at_end);
        if (!folder)
            return std::unexpected(folder.error());
        return std::make_unique<Files>(std::move(*folder));
    }
    auto file = OutFile::open(options.output);
    if (!file)
        return std::unexpected(file.error());
    const bool terminal = options.output == "-" && isatty(STDOUT_FILENO) != 0;
    if (options.format == "jsonl")
        return std::make_unique<Lines>(std::move(*file), terminal);
    if (terminal)
        return base::fail(base::Errc::usage,
                          fmt::format("--format {} is no text: name a file with -o, or pipe it "
                                      "somewhere",
                                      options.format));
    return package_exporter(options, config, std::move(*file), [&interrupted] { return interrupted.load(); });
}

} // namespace

int command_export(const Options& options) {
    if (options.format == "markdown" && options.output == "-")
        return complain("--format markdown writes a file an article: name a folder with -o", exit_usage);
    const auto filter = api::read_filters(options.filters, base::system_clock().now());
    if (!filter)
        return complain(filter.error().message, exit_usage);
    return with_database(options, [&](store::Connection& db, const Config& config) {
        if (filter->query)
            say_unindexed(db);
        const Interrupt interrupt;
        auto exporter = exporter_of(options, config, interrupt.asked());
        if (!exporter)
            return complain(exporter.error().message,
                            exporter.error().code == base::Errc::usage ? exit_usage : exit_failed);
        return carry_out(db, *filter, options, **exporter, interrupt.asked());
    });
}

} // namespace cdtd::app
