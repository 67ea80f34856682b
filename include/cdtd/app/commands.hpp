// The command line: subcommands, their options and exit statuses (interface, section 1).
#pragma once

namespace cdtd::app {

enum ExitStatus : int {
    exit_done = 0,
    exit_failed = 1,         ///< failed, or not found
    exit_usage = 2,          ///< wrong usage
    exit_configuration = 78, ///< wrong configuration: EX_CONFIG of sysexits.h
};

/// The whole program. Never throws.
int main_command(int argc, char** argv);

} // namespace cdtd::app
