#include <cdtd/article/markdown.hpp>
#include <cdtd/base/file.hpp>
#include <cdtd/pipeline/markdown_folder.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cdtd::pipeline {

using base::Descriptor;
using base::Found;
using base::io_error;
using base::load_file;
using base::Loaded;

namespace {

constexpr std::size_t largest_file = 64u << 20;        ///< what is larger was not written by us
constexpr const char* unfinished = ".cdtd-unfinished"; ///< one writer a folder, so one name does

/// The number that a name begins with; nullopt: it is none of our names.
std::optional<std::int64_t> number_of(std::string_view name) {
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool ours = error == std::errc() && number > 0 && name.ends_with(".md");
    return ours ? std::optional(number) : std::nullopt;
}

/// Whether a file of this name with these bytes is the article's, in whatever edit. Its URL says so; where
/// entries have none, or one for all, the number in its name together with address and date.
bool is_of(const store::MarkdownSource& article, std::string_view file_name, std::string_view bytes,
           const MarkdownOwners& owners) {
    const auto parsed = article::parse_markdown(bytes);
    if (!parsed)
        return false;
    if (owners.of_url(parsed->url) == article.article)
        return true;
    const auto millis = [](std::optional<base::Time> at) {
        return at ? std::optional(std::chrono::floor<std::chrono::milliseconds>(*at)) : std::nullopt;
    };
    return number_of(file_name) == article.number && parsed->url == article.url &&
           millis(parsed->published_at) == millis(article.published_at);
}

bool same_file(int folder, const std::string& a, const std::string& b) {
    struct stat first{}, second{};
    return fstatat(folder, a.c_str(), &first, AT_SYMLINK_NOFOLLOW) == 0 &&
           fstatat(folder, b.c_str(), &second, AT_SYMLINK_NOFOLLOW) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

enum class Place { right, free, ours, theirs, too_long, broken };

} // namespace

struct MarkdownFolder::Impl {
    std::string path;
    Descriptor root;
    Durable durable = Durable::each;
    std::string listed; ///< the year whose names are in `names`
    std::multimap<std::int64_t, std::string> names;
    std::set<std::string> touched; ///< years with new names
    int cause = 0;                 ///< errno behind Place::broken

    std::string full(const std::string& name) const { return path + "/" + name; }
    Place look(const std::string& name, std::string_view bytes, const store::MarkdownSource& article,
               bool was_here, const MarkdownOwners& owners);
    base::Result<void> write(const std::string& year, const std::string& name, std::string_view bytes);
    base::Result<std::string> choose(const store::MarkdownSource& article, std::string_view bytes,
                                     const std::optional<std::string>& before, const MarkdownOwners& owners,
                                     bool& right);
    void list(const std::string& year);
    std::vector<std::string> siblings(const store::MarkdownSource& article, const std::string& kept,
                                      const MarkdownOwners& owners);
    base::Result<void> drop(const std::string& name, const std::string& kept);
};

MarkdownFolder::MarkdownFolder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MarkdownFolder::MarkdownFolder(MarkdownFolder&&) noexcept = default;
MarkdownFolder& MarkdownFolder::operator=(MarkdownFolder&&) noexcept = default;
MarkdownFolder::~MarkdownFolder() = default;

base::Result<MarkdownFolder> MarkdownFolder::open(const std::string& path, Durable durable) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error)
        return std::unexpected(io_error(path, "can't be made", error.value()));
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->durable = durable;
    impl->root = Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!impl->root)
        return std::unexpected(io_error(path, "can't be opened", errno));
    // Some network file systems have no locks: then whoever runs two writers must know it.
    if (flock(impl->root.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return base::fail(
            base::Errc::conflict,
            fmt::format("another cdtd writes into {}; wait for it, or take another folder", path));
    return MarkdownFolder(std::move(impl));
}

Place MarkdownFolder::Impl::look(const std::string& name, std::string_view bytes,
                                 const store::MarkdownSource& article, bool was_here,
                                 const MarkdownOwners& owners) {
    if (owners.of_path)
        if (const auto owner = owners.of_path(name); owner && owner != article.article)
            return Place::theirs;
    const Loaded there = load_file(root.get(), name, largest_file);
    switch (there.found) {
    case Found::nothing:
        return Place::free;
    case Found::unreadable:
        cause = there.cause;
        return cause == ENAMETOOLONG ? Place::too_long : Place::broken;
    case Found::other:
    case Found::too_big:
        return Place::theirs;
    case Found::file:
        break;
    }
    if (there.bytes == bytes)
        return Place::right;
    if (was_here || there.bytes.empty()) // empty: a machine lost power after the name was written
        return Place::ours;
    const auto file_name = std::string_view(name).substr(name.find('/') + 1);
    return is_of(article, file_name, there.bytes, owners) ? Place::ours : Place::theirs;
}

base::Result<void> MarkdownFolder::Impl::write(const std::string& year, const std::string& name,
                                               std::string_view bytes) {
    if (mkdirat(root.get(), year.c_str(), 0755) != 0 && errno != EEXIST)
        return std::unexpected(io_error(full(year), "can't be made", errno));
    const std::string part = year + "/" + unfinished;
    Descriptor file(
        openat(root.get(), part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!file)
        return std::unexpected(io_error(full(name), "can't be written", errno));
    int failed = base::write_all(file.get(), bytes);
    if (failed == 0 && durable == Durable::each && fsync(file.get()) != 0)
        failed = errno;
    if (const int late = file.close(); failed == 0)
        failed = late;
    if (failed == 0 && renameat(root.get(), part.c_str(), root.get(), name.c_str()) != 0)
        failed = errno;
    if (failed != 0) {
        unlinkat(root.get(), part.c_str(), 0);
        return std::unexpected(io_error(full(name), "can't be written", failed));
    }
    touched.insert(year);
    if (listed == year)
        if (const auto number = number_of(std::string_view(name).substr(year.size() + 1)))
            names.emplace(*number, name.substr(year.size() + 1));
    return {};
}

/// The first of its possible names that is not another article's. `right`: the file there needs nothing.
base::Result<std::string> MarkdownFolder::Impl::choose(const store::MarkdownSource& article,
                                                       std::string_view bytes,
                                                       const std::optional<std::string>& before,
                                                       const MarkdownOwners& owners, bool& right) {
    const std::string year = article::markdown_folder(article.filed_at);
    // Some file systems take less than 255 bytes (eCryptfs: 143); the number alone always fits.
    for (const std::string& title : {article.title, std::string()})
        for (const auto apart : {std::optional<std::int64_t>(), std::optional(article.article)}) {
            std::string name = year + "/" + article::markdown_name(article.number, title, apart);
            const Place place = look(name, bytes, article, before == name, owners);
            if (place == Place::broken)
                return std::unexpected(io_error(full(name), "can't be read", cause));
            if (place == Place::theirs || place == Place::too_long)
                continue;
            right = place == Place::right;
            return name;
        }
    return base::fail(base::Errc::conflict,
                      fmt::format("article {} has no file in {}: every name of it is taken by files that are "
                                  "not cdtd's; move them away",
                                  article.article, full(year)));
}

void MarkdownFolder::Impl::list(const std::string& year) {
    listed = year;
    names.clear();
    const int fd = openat(root.get(), year.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* folder = fd < 0 ? nullptr : fdopendir(fd);
    if (folder == nullptr) {
        if (fd >= 0)
            ::close(fd);
        return;
    }
    while (const dirent* entry = readdir(folder)) {
        if (const auto number = number_of(entry->d_name))
            names.emplace(*number, entry->d_name);
        else if (std::string_view(entry->d_name) == unfinished) // of a writer that was killed
            unlinkat(fd, unfinished, 0);
    }
    closedir(folder);
}

/// Other files of the same article: under a title that it had.
std::vector<std::string> MarkdownFolder::Impl::siblings(const store::MarkdownSource& article,
                                                        const std::string& kept,
                                                        const MarkdownOwners& owners) {
    const std::string year = article::markdown_folder(article.filed_at);
    if (listed != year)
        list(year);
    std::vector<std::string> found;
    const auto [first, last] = names.equal_range(article.number);
    for (auto at = first; at != last; ++at) {
        const std::string name = year + "/" + at->second;
        if (name == kept)
            continue;
        const Loaded there = load_file(root.get(), name, largest_file);
        if (there.found != Found::file)
            continue;
        if (is_of(article, at->second, there.bytes, owners))
            found.push_back(name);
    }
    return found;
}

base::Result<void> MarkdownFolder::Impl::drop(const std::string& name, const std::string& kept) {
    // Where capitals make no difference, the old name may lead to the new file.
    if (same_file(root.get(), name, kept))
        return {};
    if (unlinkat(root.get(), name.c_str(), 0) != 0 && errno != ENOENT && errno != ENOTDIR)
        return std::unexpected(
            io_error(full(name), "can't be removed (its article has another title now)", errno));
    touched.insert(name.substr(0, name.find('/')));
    return {};
}

base::Result<MarkdownFolder::Filed> MarkdownFolder::file(const store::MarkdownSource& article,
                                                         const std::optional<std::string>& before,
                                                         const MarkdownOwners& owners) {
    const std::string bytes =
        article::write_markdown({article.published_at, article.title, article.url, article.html});
    bool right = false;
    auto name = impl_->choose(article, bytes, before, owners, right);
    if (!name)
        return std::unexpected(name.error());
    if (!right)
        if (auto written = impl_->write(article::markdown_folder(article.filed_at), *name, bytes); !written)
            return std::unexpected(written.error());
    std::vector<std::string> old;
    if (before && before != *name)
        old.push_back(*before);
    else if (!before)
        old = impl_->siblings(article, *name, owners);
    for (const std::string& other : old)
        if (auto dropped = impl_->drop(other, *name); !dropped)
            return std::unexpected(dropped.error());
    return Filed{std::move(*name), !right || !old.empty()};
}

bool MarkdownFolder::has(const std::string& path) const {
    struct stat facts{};
    return fstatat(impl_->root.get(), path.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(facts.st_mode);
}

base::Result<void> MarkdownFolder::sync() {
    if (impl_->durable == Durable::at_end && syncfs(impl_->root.get()) != 0)
        return std::unexpected(io_error(impl_->path, "can't be written to disk", errno));
    auto years = std::exchange(impl_->touched, {});
    if (impl_->durable == Durable::each && !years.empty())
        years.insert(".");
    for (const std::string& year : years) {
        if (impl_->durable == Durable::at_end)
            break;
        const Descriptor folder(openat(impl_->root.get(), year.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!folder || fsync(folder.get()) != 0)
            return std::unexpected(io_error(impl_->full(year), "can't be written to disk", errno));
    }
    return {};
}

} // namespace cdtd::pipeline
