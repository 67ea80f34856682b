// Between what the database knows of a source and what is asked and answered of it. Pure.
#pragma once

#include <cdtd/model/source.hpp>
#include <cdtd/store/wayback.hpp>
#include <cdtd/wayback/resolve.hpp>

#include <map>
#include <string>
#include <string_view>

namespace cdtd::pipeline {

/// web/<time>/U in an article is a claim to be checked; web/*/U says nothing. The forms in which the original
/// was published are asked for beside the canonical one, where the index tells them apart.
wayback::Question question_of(const store::Sought& sought);

/// What is known now; `checked_at` and `capture` are the caller's. Of an answer that is not "archived" no
/// snapshot is named.
model::Wayback wayback_of(const wayback::Answer& answer, std::string_view replay_url);

store::Verdict verdict_of(const wayback::Judgement& judgement);
wayback::Judgement judgement_of(const store::Verdict& verdict);

} // namespace cdtd::pipeline
