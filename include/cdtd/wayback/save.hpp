// Save Page Now 2: what its servers answer, and the way of one save from waiting to verified, as values.
// Pure. Rules: the SPN2 API document of the Internet Archive, and what other clients met (errors with status
// 200, a job_id of null, a capture that is not listed for hours).
#pragma once

#include <cdtd/model/wayback.hpp>
#include <cdtd/wayback/reply.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cdtd::wayback {

/// What an error of theirs is worth.
enum class SaveClass {
    transient, ///< their machines or the way there: again soon
    tomorrow,  ///< a quota of the day
    source,    ///< the page itself: gone, forbidden, no such host
    permanent  ///< everything else, and every word that we do not know: only by the long schedule
};
SaveClass class_of(std::string_view status_ext); ///< with or without "error:"

struct SaveError {
    SaveClass kind = SaveClass::permanent;
    std::string reason;
};
struct Accepted {
    std::string job_id; ///< opaque
};
struct AlreadyThere { ///< a capture within if_not_archived_within
    std::string message;
};
using Submission = std::variant<Accepted, AlreadyThere, SaveError>;
struct Pending {};
struct Saved {
    std::string timestamp;
    std::string url; ///< after redirects
};
using JobAnswer = std::variant<Pending, Saved, SaveError>;
struct Quota {
    int available = 0, processing = 0;
    std::int64_t captures_today = 0, captures_limit = 0;
};

std::string submission_form(std::string_view url, base::Duration if_not_archived_within);
Heard<Submission> read_submission(const Reply& reply);
Heard<JobAnswer> read_job(const Reply& reply);
Heard<Quota> read_quota(const Reply& reply);

/// When the quota of a day is a fresh one.
base::Time next_day(base::Time now);

/// A tenth of the day's captures is kept for what is younger than a day. `ours_today`: that we know of, which
/// may be more than the server counts yet.
bool may_submit(const Quota& quota, bool young, std::int64_t ours_today);

using model::SaveJob;

struct SaveSettings {
    base::Duration poll = std::chrono::seconds(6);
    std::vector<base::Duration> retry; ///< after a submission that came to nothing; the last one repeats
};

SaveJob submitting(SaveJob job, base::Time now);
SaveJob heard_submission(SaveJob job, const Heard<Submission>& heard, bool reached, base::Time now,
                         const SaveSettings& settings);
SaveJob heard_job(SaveJob job, const Heard<JobAnswer>& heard, base::Time now, const SaveSettings& settings);
/// `listed`: the index shows the capture (nullopt: it could not be asked).
SaveJob looked_for(SaveJob job, std::optional<bool> listed, base::Time now, const SaveSettings& settings);
/// The last run ended while the form was on its way: nothing is submitted twice, the index will tell.
SaveJob recovered(SaveJob job, base::Time now);

} // namespace cdtd::wayback
