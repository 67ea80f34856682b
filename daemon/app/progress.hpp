// One line on a terminal's standard error that says how far long work is; nothing anywhere else.
#pragma once

#include <chrono>
#include <string_view>

namespace cdtd::app {

class Progress {
  public:
    Progress();
    ~Progress() { clear(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(std::string_view text); ///< in the place of the line before; a few times a second at most
    void clear();                     ///< before anything else is written to the terminal

  private:
    bool terminal_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point last_;
};

} // namespace cdtd::app
