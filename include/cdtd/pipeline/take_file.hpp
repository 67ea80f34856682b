// Taking in a file of a Markdown archive. It stands in no feed; what is new is stored without being told,
// what is known already stays as it is. Functions with a database run inside a transaction of the caller.
#pragma once

#include <cdtd/article/markdown.hpp>
#include <cdtd/pipeline/take_in.hpp>
#include <cdtd/store/connection.hpp>

#include <optional>

namespace cdtd::pipeline {

/// Everything but the content. Errc::bad_data: its URL is none of an article.
base::Result<Reading> read_file(article::Markdown file);
/// 1 ms and more: on a worker thread.
void read_file_content(Reading& reading);

/// nullopt: only its content can tell (it was not read yet).
std::optional<bool> knows_file(store::Connection& db, const Reading& reading);
/// True where it was stored; `how.state` counts for nothing. The content must have been read.
bool take_file(store::Connection& db, const TakeIn& how, Reading reading);

} // namespace cdtd::pipeline
