#include <cdtd/base/text.hpp>
#include <cdtd/pipeline/file_walk.hpp>

#include <algorithm>
#include <filesystem>
#include <ranges>
#include <string_view>
#include <system_error>
#include <utility>

namespace cdtd::pipeline {

namespace fs = std::filesystem;

namespace {

bool is_wanted(std::string_view name) {
    const std::string lower = base::ascii_lower(name);
    return lower.ends_with(".md") && lower != "readme.md";
}

} // namespace

FileWalk::FileWalk(std::vector<std::string> named) {
    for (std::string& path : std::views::reverse(named))
        line_.push_back({std::move(path), false, true});
}

/// nullopt: nothing is wrong.
std::optional<std::string> FileWalk::list(const std::string& folder) {
    std::vector<Entry> found;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().filename().string();
        std::error_code gone; // between two looks: then there is nothing to say
        const fs::file_type type = at->symlink_status(gone).type();
        if (name.starts_with('.'))
            continue;
        if (type == fs::file_type::symlink)
            ++links_;
        else if (type == fs::file_type::directory || (type == fs::file_type::regular && is_wanted(name)))
            found.push_back({at->path().string(), type == fs::file_type::directory});
    }
    if (error)
        return error.message();
    std::ranges::sort(found, std::ranges::greater(), &Entry::path);
    std::ranges::move(found, std::back_inserter(line_));
    return std::nullopt;
}

/// nullopt: a folder, whose files are in the line now.
std::optional<FileWalk::Item> FileWalk::open(const Entry& entry) {
    if (!entry.folder && !entry.named)
        return Item{entry.path, std::nullopt};
    std::error_code error;
    const fs::file_status status = entry.named ? fs::status(entry.path, error) : fs::file_status();
    if (status.type() == fs::file_type::not_found)
        return Item{entry.path, "there is no such file or folder"};
    if (entry.named && error)
        return Item{entry.path, error.message()};
    if (entry.named && status.type() != fs::file_type::directory) {
        const fs::path real = fs::canonical(entry.path, error);
        return Item{fs::is_symlink(fs::symlink_status(entry.path, error)) ? real.string() : entry.path,
                    std::nullopt};
    }
    if (auto fault = list(entry.path))
        return Item{entry.path, std::move(fault)};
    return std::nullopt;
}

std::optional<FileWalk::Item> FileWalk::next() {
    while (!line_.empty()) {
        const Entry entry = std::move(line_.back());
        line_.pop_back();
        if (auto item = open(entry))
            return item;
    }
    return std::nullopt;
}

} // namespace cdtd::pipeline
