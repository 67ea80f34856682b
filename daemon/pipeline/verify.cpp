#include "pipeline/verify_chain.hpp"
#include "pipeline/verify_file.hpp"
#include "pipeline/verify_report.hpp"

#include <cdtd/store/consistency.hpp>
#include <cdtd/warc/file.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cdtd::pipeline {

namespace {

/// What is to be read of a file.
struct Part {
    store::WarcFile file;
    std::int64_t from = 0, to = 0;
};

bool is_wanted(const VerifyOrder& order, const std::string& name) {
    return order.files.empty() || std::ranges::find(order.files, name) != order.files.end();
}

/// All that is known of them; with times, from the first exchange that was captured then to the last.
std::vector<Part> parts_of(store::Connection& db, const VerifyOrder& order) {
    std::vector<Part> parts;
    for (const auto& file : store::warc_files(db))
        if (is_wanted(order, file.name))
            parts.push_back({file, 0, file.end});
    std::ranges::sort(parts, {}, [](const Part& part) { return part.file.id; });
    if (!order.since && !order.until)
        return parts;
    for (Part& part : parts) {
        auto row =
            db.prepare("SELECT min(coalesce(group_offset, offset)), max(offset + length) FROM captures "
                       "WHERE warc = ? AND at >= ? AND at < ?");
        row << part.file.id << order.since.value_or(base::Time::min())
            << order.until.value_or(base::Time::max());
        row.step();
        part.from = row.optional_integer(0).value_or(0);
        part.to = row.optional_integer(1).value_or(0);
    }
    std::erase_if(parts, [](const Part& part) { return part.to == 0; });
    return parts;
}

/// SQLite's own look at its pages, and every reference of a row to another one.
void check_database(store::Connection& db, Report& report) {
    const auto fault = [&report](std::string message) { report.fault({"", {}, "", std::move(message)}); };
    {
        auto row = db.prepare("PRAGMA integrity_check(100)");
        while (row.step())
            if (const auto said = row.text(0); said != "ok")
                fault("the database is damaged: " + said);
    }
    {
        auto row = db.prepare("PRAGMA foreign_key_check");
        while (row.step())
            fault(fmt::format("row {} of {} refers to a row of {} that is not there", row.text(1),
                              row.text(0), row.text(2)));
    }
    auto row = db.prepare("SELECT c.id, w.name FROM captures c JOIN warc_files w ON w.id = c.warc WHERE "
                          "c.offset + c.length > w.end LIMIT 100");
    while (row.step())
        fault(fmt::format("capture {} lies behind the known end of {}", row.integer(0), row.text(1)));
    store::find_contradictions(db, fault);
}

/// Files of which nothing is known. One that is newer than all known ones was begun a moment ago.
void check_names(const std::vector<store::WarcFile>& known, const VerifyOrder& order, Report& report) {
    const auto listing = warc::files_in(order.warc_folder);
    if (!listing)
        return report.fault({"", {}, "", listing.error().message});
    const auto is_known = [&known](const std::string& name) {
        return std::ranges::find(known, name, &store::WarcFile::name) != known.end();
    };
    for (const auto& name : listing->others)
        report.note(fmt::format("{} is none of ours: not looked at", name));
    bool newer = true;
    for (auto name = listing->ours.rbegin(); name != listing->ours.rend(); ++name) {
        if (is_known(*name))
            newer = false;
        else if (newer)
            report.note(fmt::format("{} was begun and holds nothing yet that the database knows of", *name));
        else
            report.fault({*name, {}, "", "the database knows nothing of this file"});
    }
}

void check_part(store::Connection& db, const Part& part, const VerifyOrder& order, Report& report) {
    auto reader = warc::Reader::open(order.warc_folder + "/" + part.file.name);
    if (!reader)
        return report.fault({part.file.name, 0, "", reader.error().message});
    const auto size = reader->size();
    const auto to = std::min(part.to, size);
    if (size < part.file.end)
        report.fault({part.file.name, size, "",
                      fmt::format("the file ends here, but the database knows it up to {}", part.file.end)});
    else if (size > part.file.end)
        report.note(fmt::format("{} has {} bytes behind its last known record{}", part.file.name,
                                size - part.file.end,
                                order.running ? ""
                                              : ": the next start takes whole records in and cuts an "
                                                "unfinished tail off"));
    ++report.found.files;
    report.found.bytes += to - part.from;
    FileCheck(db, report, std::move(*reader), part.file, order.running).run(part.from, to);
}

} // namespace

base::Result<Verified> verify(store::Connection& db, const VerifyOrder& order,
                              const VerifyProgress& progress) {
    Report report(progress);
    try {
        const auto head = store::newest_manifest(db); // before the files: what comes later is not looked at
        const auto known = store::warc_files(db);
        for (const auto& name : order.files)
            if (std::ranges::find(known, name, &store::WarcFile::name) == known.end())
                return base::fail(base::Errc::not_found,
                                  fmt::format("the database knows no WARC file {}", name));
        const auto parts = parts_of(db, order);
        for (const Part& part : parts)
            report.bytes_to_do += part.to - part.from;
        report.bytes_to_do += bytes_of_chain(db, order);
        for (const Part& part : parts)
            check_part(db, part, order, report);
        if (order.everything())
            check_names(known, order, report);
        ChainCheck(db, report, order).run(head ? head->seq : 0);
        if (order.everything())
            check_database(db, report);
    } catch (const store::DatabaseError& error) {
        report.fault({"", {}, "", error.what()});
    }
    return std::move(report.found);
}

} // namespace cdtd::pipeline
