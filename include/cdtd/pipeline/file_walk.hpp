// The Markdown files of an archive: files and folders as a user names them, folders through and through.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cdtd::pipeline {

class FileWalk {
  public:
    struct Item {
        std::string path;
        std::optional<std::string> fault; ///< it can't be read, and why
    };

    /// What is named is taken whatever its name is, also through a symbolic link. In folders: files *.md, in
    /// the order of their names, but no README and nothing hidden (.git); symbolic links are never followed.
    explicit FileWalk(std::vector<std::string> named);
    /// nullopt: there is nothing more. At any time the names of one branch are in memory.
    std::optional<Item> next();
    std::size_t links() const { return links_; } ///< symbolic links that were left alone

  private:
    struct Entry {
        std::string path;
        bool folder = false;
        bool named = false;
    };
    std::optional<Item> open(const Entry& entry);
    std::optional<std::string> list(const std::string& folder);
    std::vector<Entry> line_; ///< the next one last
    std::size_t links_ = 0;
};

} // namespace cdtd::pipeline
