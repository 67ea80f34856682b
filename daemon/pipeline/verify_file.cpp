#include "pipeline/verify_file.hpp"

#include <cdtd/pipeline/manifest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace cdtd::pipeline {

namespace {

constexpr int places_at_once = 500;
constexpr std::size_t most_unknown = 10'000;
/// What a running daemon has just written is in its database in an instant.
constexpr int looks_again = 4;
constexpr auto between_looks = std::chrono::milliseconds(500);

std::string name_of(const warc::Record& record) {
    return fmt::format("{} {}", record.type, record.header("WARC-Target-URI"));
}

bool is_capture(const std::string& type) {
    return type == "response" || type == "revisit";
}

/// What was noted of its members must lead from its beginning to its end.
bool leads_through(const store::Place& place) {
    std::int64_t end = place.begin;
    for (const warc::Member& member : warc::members_of(place.members))
        end += member.length;
    return end == place.offset + place.length;
}

bool is_manifest(const warc::Record& record) {
    return record.type == "resource" && record.header("WARC-Target-URI").starts_with(manifest_uri);
}

} // namespace

void FileCheck::fault(std::int64_t offset, std::string record, std::string message) {
    report_.fault({file_.name, offset, std::move(record), std::move(message)});
}

void FileCheck::run(std::int64_t from, std::int64_t to) {
    if (const auto first = reader_.read(0); first && first->record.type == "warcinfo")
        warcinfo_id_ = first->record.header("WARC-Record-ID");
    asked_ = from;
    for (std::int64_t at = from; at < to;) {
        pass(at);
        const auto written = written_at(at);
        const auto located = reader_.read(at);
        std::int64_t next = 0;
        if (located) {
            if (auto wrong = check(*located, written))
                fault(at, name_of(located->record), std::move(*wrong));
            next = at + (written ? written->length : located->length);
        } else {
            next = skip_damaged(at, located.error());
        }
        ++report_.found.records;
        next = std::min(next, to);
        report_.did(next - at);
        at = next;
    }
    drop_waiting("no response follows it");
    pass(to);
    settle_unknown();
}

/// Behind a member that can't be read goes on where the database knows the next one to begin.
std::int64_t FileCheck::skip_damaged(std::int64_t at, const base::Error& error) {
    const store::Place* place = next_place();
    const bool its_place = place != nullptr && place->begin <= at;
    fault(at, its_place ? name_of_place(*place, at) : at == 0 ? "warcinfo" : "", error.message);
    const auto next = next_start(at);
    if (its_place && place->offset == at)
        ahead_.pop_front(); // its record is told of
    waiting_.clear();
    return next;
}

std::optional<std::string> FileCheck::check(const warc::Located& located,
                                            std::optional<warc::Member> written) {
    const auto& record = located.record;
    auto wrong = check_place(located); // whatever else is wrong, its row was found
    auto apart = check_group(located);
    if (located.offset == 0 && !written)
        return "the database does not tell its length and checksum";
    if (written) {
        const auto crc = reader_.checksum(located.offset, written->length);
        if (located.length != written->length || !crc || *crc != written->crc)
            return "its compressed bytes are not those that were written";
    }
    if (record.header("WARC-Block-Digest").empty())
        return "it has no WARC-Block-Digest";
    if (located.offset > 0 && record.header("WARC-Warcinfo-ID") != warcinfo_id_ && !warcinfo_id_.empty())
        return "its WARC-Warcinfo-ID is not that of the file's warcinfo";
    if ((record.type == "warcinfo") != (located.offset == 0))
        return "a warcinfo must be the file's first record, and nothing else may";
    return wrong ? wrong : apart;
}

std::optional<std::string> FileCheck::check_place(const warc::Located& located) {
    const store::Place* place = next_place();
    const bool known = place != nullptr && place->offset == located.offset;
    if (!known) {
        if ((is_capture(located.record.type) || is_manifest(located.record)) &&
            unknown_.size() < most_unknown)
            unknown_.push_back({located.offset, name_of(located.record)});
        return std::nullopt;
    }
    const store::Place here = *place;
    ahead_.pop_front();
    if (!leads_through(here))
        return "the lengths of its members in the database do not lead from its beginning to its end";
    if (here.manifest) // held against its row where the chain is checked
        return is_manifest(located.record) ? std::nullopt
                                           : std::optional<std::string>("the database has a manifest here");
    const auto capture = store::get_capture(db_, here.id);
    if (!capture)
        return std::nullopt; // an instant ago it was there: the database's own checks tell
    ++report_.found.captures;
    return disagreement(db_, *capture, located);
}

std::optional<std::string> FileCheck::check_group(const warc::Located& located) {
    const auto& record = located.record;
    if (record.type == "request" || record.type == "metadata") {
        const std::string response_id(record.header("WARC-Concurrent-To"));
        if (!waiting_.empty() && waiting_.back().response_id != response_id)
            drop_waiting("its WARC-Concurrent-To names no record that follows it");
        waiting_.push_back({located.offset, record.type, name_of(record), response_id});
        return response_id.empty() ? std::optional<std::string>("it has no WARC-Concurrent-To")
                                   : std::nullopt;
    }
    if (is_capture(record.type))
        std::erase_if(waiting_, [&record](const Waiting& before) {
            return before.response_id == record.header("WARC-Record-ID");
        });
    drop_waiting("its WARC-Concurrent-To names no record that follows it");
    return std::nullopt;
}

void FileCheck::drop_waiting(const std::string& why) {
    for (const Waiting& before : waiting_)
        fault(before.offset, before.url, why);
    waiting_.clear();
}

const store::Place* FileCheck::next_place() {
    if (ahead_.empty() && !all_asked_) {
        for (auto& place : store::places(db_, file_.id, asked_, places_at_once)) {
            asked_ = place.offset + 1;
            ahead_.push_back(std::move(place));
        }
        all_asked_ = ahead_.size() < places_at_once;
    }
    return ahead_.empty() ? nullptr : &ahead_.front();
}

/// Rows whose place lies behind us were not met.
void FileCheck::pass(std::int64_t at) {
    for (const store::Place* place = next_place(); place != nullptr && place->offset < at;
         place = next_place()) {
        fault(place->offset, name_of_place(*place, place->offset),
              "the database knows a record here, but none begins at this place");
        ahead_.pop_front();
    }
}

std::optional<warc::Member> FileCheck::written_at(std::int64_t at) {
    if (at == 0) {
        const auto members = warc::members_of(file_.warcinfo);
        return members.empty() ? std::nullopt : std::optional(members.front());
    }
    const store::Place* place = next_place();
    if (place == nullptr || place->begin > at)
        return std::nullopt;
    std::int64_t start = place->begin;
    for (const warc::Member& member : warc::members_of(place->members)) {
        if (start == at)
            return member;
        start += member.length;
    }
    return std::nullopt;
}

std::int64_t FileCheck::next_start(std::int64_t at) {
    if (const auto written = written_at(at))
        return at + written->length;
    const store::Place* place = next_place();
    if (place == nullptr)
        return file_.end;
    std::vector<std::int64_t> starts{place->begin, place->offset, place->offset + place->length};
    std::int64_t start = place->begin;
    for (const warc::Member& member : warc::members_of(place->members))
        starts.push_back(start += member.length);
    std::erase_if(starts, [at](std::int64_t one) { return one <= at; });
    return starts.empty() ? file_.end : *std::min_element(starts.begin(), starts.end());
}

std::string FileCheck::name_of_place(const store::Place& place, std::int64_t at) {
    if (place.manifest)
        return fmt::format("resource {}", manifest_uri);
    const auto capture = store::get_capture(db_, place.id);
    const std::string url = capture ? capture->url : "";
    if (at != place.offset)
        return fmt::format("{} {}", at == place.begin ? "request" : "metadata", url);
    return fmt::format("{} {}", capture && capture->original ? "revisit" : "response", url);
}

/// Between the moment at which the file was read and this one their rows may have come.
void FileCheck::settle_unknown() {
    for (int look = 0; !unknown_.empty() && look < (running_ ? looks_again : 1); ++look) {
        if (look > 0)
            std::this_thread::sleep_for(between_looks);
        std::erase_if(unknown_, [this](const Unknown& one) {
            const auto there = store::places(db_, file_.id, one.offset, 1);
            return !there.empty() && there.front().offset == one.offset;
        });
    }
    for (Unknown& one : unknown_)
        fault(one.offset, std::move(one.record), "the database knows nothing of it");
}

} // namespace cdtd::pipeline
