// One WARC file: every record of it, and every row that speaks of it.
#pragma once

#include "pipeline/verify_report.hpp"

#include <cdtd/model/capture.hpp>
#include <cdtd/store/captures.hpp>
#include <cdtd/store/manifests.hpp>
#include <cdtd/warc/member.hpp>
#include <cdtd/warc/reader.hpp>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::pipeline {

/// What does not agree between a row and its record, in words; nullopt: all does.
std::optional<std::string> disagreement(store::Connection& db, const model::Capture& capture,
                                        const warc::Located& located);

class FileCheck {
  public:
    FileCheck(store::Connection& db, Report& report, warc::Reader reader, const store::WarcFile& file,
              bool running)
        : db_(db), report_(report), reader_(std::move(reader)), file_(file), running_(running) {}

    /// From the beginning of an exchange to the end of one.
    void run(std::int64_t from, std::int64_t to);

  private:
    /// A request or what was said of it, until its response comes.
    struct Waiting {
        std::int64_t offset;
        std::string type, url, response_id;
    };
    struct Unknown {
        std::int64_t offset;
        std::string record;
    };

    std::optional<std::string> check(const warc::Located& located, std::optional<warc::Member> written);
    std::optional<std::string> check_place(const warc::Located& located);
    std::optional<std::string> check_group(const warc::Located& located);
    void drop_waiting(const std::string& why);
    std::int64_t skip_damaged(std::int64_t at, const base::Error& error);
    void pass(std::int64_t at);
    const store::Place* next_place();
    std::optional<warc::Member> written_at(std::int64_t at);
    std::int64_t next_start(std::int64_t at);
    std::string name_of_place(const store::Place& place, std::int64_t at);
    void settle_unknown();
    void fault(std::int64_t offset, std::string record, std::string message);

    store::Connection& db_;
    Report& report_;
    warc::Reader reader_;
    const store::WarcFile& file_;
    bool running_;
    std::deque<store::Place> ahead_; ///< in order; the first is the one that is being read
    std::int64_t asked_ = 0;         ///< places are asked for from here on
    bool all_asked_ = false;
    std::vector<Waiting> waiting_;
    std::vector<Unknown> unknown_;
    std::string warcinfo_id_;
};

} // namespace cdtd::pipeline
