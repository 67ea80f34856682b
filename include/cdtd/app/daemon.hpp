// The composition root of `cdtd run`: makes every part, joins them, runs the loop, takes it all down in
// order.
#pragma once

#include <cdtd/app/config.hpp>
#include <cdtd/base/log.hpp>

#include <string>

namespace cdtd::app {

/// Runs until SIGTERM or SIGINT (`once`: until the work is done, with a summary on standard output). SIGHUP
/// reads `config_path` again. Returns the exit status: 0 done; 1 where the machine or another daemon forbids
/// it, or (once) where a poll failed.
int run_daemon(const Config& config, const std::string& config_path, bool once, base::Log& log);

} // namespace cdtd::app
