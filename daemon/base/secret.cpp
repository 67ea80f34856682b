#include <cdtd/base/secret.hpp>
#include <cdtd/base/text.hpp>

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace cdtd::base {
namespace {

constexpr std::size_t largest_secret_file = std::size_t{64} * 1024;

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    int get() const { return fd_; }

  private:
    int fd_;
};

std::string reason_of(int error) {
    return std::error_code(error, std::generic_category()).message();
}

// Capacity, not size: a string that was moved from or shortened still has the old bytes behind its end.
void wipe(std::string& text) {
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
}

// Read whole into a buffer that never grows, so that no copy is left behind by a reallocation.
Result<std::size_t> read_into(int fd, std::string& buffer, const std::string& path) {
    std::size_t length = 0;
    while (length < buffer.size()) {
        const ssize_t got = ::read(fd, buffer.data() + length, buffer.size() - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(Errc::io,
                        fmt::format("The secret file {} can't be read: {}.", path, reason_of(errno)));
        if (got == 0)
            break;
        length += static_cast<std::size_t>(got);
    }
    return length;
}

} // namespace

Secret::~Secret() {
    wipe(value_);
}

Result<Secret> read_secret_file(const std::string& path) {
    // A pipe without a writer must not hang the start; for a plain file O_NONBLOCK means nothing.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) {
        const int error = errno;
        const bool absent = error == ENOENT || error == ENOTDIR;
        return fail(absent ? Errc::not_found : Errc::io,
                    absent ? fmt::format("The secret file {} does not exist.", path)
                           : fmt::format("The secret file {} can't be opened: {}.", path, reason_of(error)));
    }
    std::string buffer(largest_secret_file + 1, '\0');
    const auto length = read_into(file.get(), buffer, path);
    if (!length) {
        wipe(buffer);
        return std::unexpected(length.error());
    }
    const std::string_view whole(buffer.data(), *length);
    Secret secret(std::string(trim(whole.substr(0, whole.find_first_of("\r\n")))));
    wipe(buffer);
    if (*length > largest_secret_file)
        return fail(Errc::usage,
                    fmt::format("The secret file {} is over 64 KiB; a secret is one line.", path));
    if (secret.empty())
        return fail(Errc::usage,
                    fmt::format("The secret file {} is empty: its first line must be the secret.", path));
    return secret;
}

} // namespace cdtd::base
