// Where log lines go: the journal with structured fields, text for people, or JSON, one object a line.
#pragma once

#include <cdtd/base/log.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace cdtd::app {

/// `format`: "auto" (the journal when $JOURNAL_STREAM names standard error, else text) | "journal" | "text" |
/// "json". Text and JSON go to standard error; text is coloured only on a terminal and never with NO_COLOR.
/// Every value passes base::terminal_safe. Any thread.
std::unique_ptr<base::Log> make_log(const std::string& format, base::Level level);
/// The same into an open file, for "text" and "json": tests and pipes. `file` stays the caller's.
std::unique_ptr<base::Log> make_file_log(const std::string& format, base::Level level, std::FILE* file);

/// Is standard error the stream that $JOURNAL_STREAM names (systemd.exec(5))?
bool stderr_is_journal();

} // namespace cdtd::app
