// A folder of Markdown files, one an article: <year>/<number>_<title>.md. Files appear whole or not at all,
// what is right already is not touched, an article that has another title gets its file renamed, and no
// article's file is ever written over by another's. Blocks: any one thread but the loop's.
#pragma once

#include <cdtd/base/result.hpp>
#include <cdtd/store/markdown.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::pipeline {

enum class Durable {
    each,  ///< every file is on disk before it has its name
    at_end ///< sync() sees to it: many files at a time
};

/// What the database knows about whose file a file is.
struct MarkdownOwners {
    /// Of a URL that stands in a file.
    std::function<std::optional<std::int64_t>(const std::string& url)> of_url;
    /// Of a path that was noted before, whether the file is there or not; may be empty.
    std::function<std::optional<std::int64_t>(const std::string& path)> of_path;
};

class MarkdownFolder {
  public:
    /// Makes the folder where it is not there. Errc::conflict where another process writes into it; Errc::io
    /// says what can't be done and what helps.
    static base::Result<MarkdownFolder> open(const std::string& path, Durable durable);
    MarkdownFolder(MarkdownFolder&&) noexcept;
    MarkdownFolder& operator=(MarkdownFolder&&) noexcept;
    ~MarkdownFolder();

    struct Filed {
        std::string path;     ///< below the folder
        bool written = false; ///< else it was there as it should be
    };
    /// `before`: where its file was put last, as far as that is known.
    base::Result<Filed> file(const store::MarkdownSource& article, const std::optional<std::string>& before,
                             const MarkdownOwners& owners);
    bool has(const std::string& path) const;
    /// What was written is on disk when it returns.
    base::Result<void> sync();

  private:
    struct Impl;
    explicit MarkdownFolder(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace cdtd::pipeline
