// Is this URL in the Wayback Machine? What is to be asked next, and what follows from what was heard, as a
// value without sockets or clocks. "Not archived" is said only where every opinion that was asked for came
// and said so; whatever is missing makes it "unknown", with the reason.
#pragma once

#include <cdtd/wayback/availability.hpp>
#include <cdtd/wayback/cdx.hpp>
#include <cdtd/wayback/judge.hpp>
#include <cdtd/wayback/replay.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cdtd::wayback {

/// web/<timestamp>/<url>: somebody says that this capture exists. (web/*/<url> says nothing.)
struct Claim {
    std::string timestamp;
    std::string url;

    friend bool operator==(const Claim&, const Claim&) = default;
};

struct Question {
    std::string url;                         ///< canonical
    std::vector<std::string> forms;          ///< the same as published, where that is another form
    std::optional<base::Time> published;     ///< the capture nearest to it is the one wanted
    std::vector<Claim> claims;               ///< to be checked
    std::map<std::string, Judgement> judged; ///< by digest (else timestamp): read at an earlier look
};

struct Answer {
    enum class State { archived, not_archived, unknown };
    State state = State::unknown;
    std::string reason;                     ///< "" = nothing to add
    std::optional<Snapshot> nearest;        ///< to the publication, of those that hold what was published
    std::optional<Snapshot> newest, oldest; ///< of those not known to hold something else
    int count = 0;                          ///< captures listed; most_snapshots or more: that many at least
    /// A 429: nothing was concluded, ask again when the host's pause is over.
    bool throttled = false;
};

struct Step {
    enum class Ask { cdx, availability, replay };
    Ask ask = Ask::cdx;
    std::string url;
    Part part = Part::oldest;
    std::string timestamp;
    std::string digest; ///< of the capture that is to be read, "" where it is not known

    friend bool operator==(const Step&, const Step&) = default;
};

class Resolver {
  public:
    explicit Resolver(Question question);

    /// nullopt: nothing more is to be asked.
    std::optional<Step> next() const;
    void hear(const Step& step, const Heard<std::vector<Snapshot>>& rows);
    void hear(const Step& step, const Heard<std::optional<Snapshot>>& closest);
    /// `judgement` is of the memento's page; not looked at otherwise.
    void hear(const Step& step, const Heard<Replay>& replay, const Judgement& judgement);

    Answer answer() const;
    /// What was read now, by digest (else timestamp): not to be read again.
    const std::map<std::string, Judgement>& judged() const { return judged_now_; }

  private:
    struct Opinion { ///< of one form of the URL
        bool cdx_asked = false, cdx_empty = false;
        bool newest_wanted = false, nearest_wanted = false;
        bool second_asked = false;                     ///< availability: a hint that may be missing
        bool third_asked = false, third_empty = false; ///< replay: the archive's own 404
        std::string url;
    };
    Opinion* opinion_of(const std::string& url);
    void add_rows(const std::vector<Snapshot>& rows);
    bool is_ours(const Snapshot& snapshot) const;
    bool is_listed(const std::string& timestamp) const;
    void note(const Problem& problem);
    std::optional<Step> next_index() const;
    std::optional<Step> next_reading() const;
    std::optional<Step> next_second_opinion() const;
    std::optional<Step> next_claim() const;
    std::optional<Judgement> judgement_of(const Snapshot& snapshot) const;
    std::vector<Snapshot> wanted_first() const;
    bool found() const;
    void read(const Step& step, const Memento& memento, const Judgement& judgement);
    Answer conclude() const;
    void choose(Answer& answer) const;
    std::string why_unknown() const;
    std::string why_not() const;

    Question question_;
    std::vector<Opinion> opinions_;
    std::vector<Snapshot> snapshots_; ///< by time
    std::map<std::string, Judgement> judged_now_;
    std::set<std::string> unread_; ///< keys of captures that could not be read
    std::set<std::size_t> claims_asked_;
    bool claims_open_ = false; ///< one of them could not be checked
    bool truncated_ = false;
    std::optional<Problem> stop_; ///< throttled, excluded: nothing more is asked
    std::string problem_;         ///< the first failure
    int steps_ = 0, readings_ = 0;
};

} // namespace cdtd::wayback
