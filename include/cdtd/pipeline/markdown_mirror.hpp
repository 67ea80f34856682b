// Keeps every article as a Markdown file too (archive.markdown_dir). The database is the queue: what changed
// since the files were right is written, after it was committed, on a thread of its own; a folder that was
// named later, emptied, or left behind by a crash is caught up with. What can't be written is said in the log
// and in the status, and tried again. Loop thread only.
#pragma once

#include <cdtd/base/log.hpp>
#include <cdtd/net/wake.hpp>
#include <cdtd/pipeline/markdown_folder.hpp>
#include <cdtd/store/writer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::pipeline {

struct MirrorRound {
    std::size_t written = 0;
    std::optional<std::string> error; ///< why it stopped before the end, for people
};

class MarkdownMirror {
  public:
    MarkdownMirror(boost::asio::any_io_executor loop, store::Writer& writer, std::string database,
                   const base::Clock& clock, base::Log& log);
    ~MarkdownMirror();

    /// "" = nothing is kept as Markdown. Also when the configuration was read again.
    void configure(std::string folder);
    /// Until stop.
    boost::asio::awaitable<void> run();
    /// Until every file is right, or one can't be written.
    boost::asio::awaitable<MirrorRound> once();
    /// Something changed. While writing fails its own wait holds.
    void wake() {
        if (failures_ == 0)
            bell_.ring();
    }
    void stop();

  private:
    struct Batch;
    boost::asio::awaitable<MirrorRound> pass();
    boost::asio::awaitable<void> begin();
    boost::asio::awaitable<void> restore(MirrorRound& round);
    boost::asio::awaitable<void> follow(MirrorRound& round);
    boost::asio::awaitable<void> note(Batch& batch, MirrorRound& round);
    boost::asio::awaitable<void> say(const MirrorRound& round);

    store::Writer& writer_;
    std::string database_;
    const base::Clock& clock_;
    base::Log& log_;
    net::Bell bell_;
    std::string folder_;
    std::optional<std::string> begun_;      ///< the folder that the database knows of
    std::unique_ptr<store::Reader> reader_; ///< its thread does the files too
    std::optional<base::Time> looked_at_;   ///< when all files were last seen to be there
    std::optional<std::string> error_;      ///< that the database knows of
    int failures_ = 0;                      ///< in a row
    bool stopping_ = false;
};

} // namespace cdtd::pipeline
