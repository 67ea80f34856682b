// A program that is told: posix_spawn in a process group of its own, the event on standard input, no shell, a
// time limit, and nothing of ours but three descriptors. Loop thread only.
#pragma once

#include <cdtd/base/clock.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cdtd::notify {

struct ProgramOrder {
    std::vector<std::string> command;     ///< an absolute path first
    std::string input;                    ///< its standard input, a file
    std::vector<std::string> environment; ///< "NAME=value": nothing else is in it
    base::Duration timeout = std::chrono::seconds(30);
};

struct ProgramEnd {
    std::optional<int> status; ///< of exit; null: a signal ended it, or it never began
    std::string output;        ///< the first kilobyte of standard output and error, as they came
    std::string error;         ///< "" where it exited with 0
    bool cancelled = false;
};

class Programs {
  public:
    explicit Programs(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}

    /// At the time limit the whole process group is killed. What a program left running behind itself is
    /// left alone.
    boost::asio::awaitable<ProgramEnd> run(ProgramOrder order);
    void stop(); ///< kills what runs

  private:
    struct Child;
    boost::asio::any_io_executor loop_;
    std::set<Child*> children_;
    bool stopping_ = false;
};

} // namespace cdtd::notify
