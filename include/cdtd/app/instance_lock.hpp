// One daemon a state directory: flock(2) on <state_dir>/cdtd.lock, which holds the daemon's process id. The
// kernel drops the lock with the process, however that ends.
#pragma once

#include <cdtd/base/result.hpp>

#include <optional>
#include <string>
#include <sys/types.h>
#include <system_error>

namespace cdtd::app {

/// Makes the state directory where it is missing, for its owner and group only: who reads what is nobody
/// else's business.
std::error_code make_state_dir(const std::string& state_dir);

class InstanceLock {
  public:
    /// Errc::conflict names the process that holds it; Errc::io says why the file can't be made. The
    /// directory must be there.
    static base::Result<InstanceLock> take(const std::string& state_dir);

    InstanceLock(InstanceLock&& other) noexcept;
    InstanceLock& operator=(InstanceLock&& other) noexcept;
    InstanceLock(const InstanceLock&) = delete;
    InstanceLock& operator=(const InstanceLock&) = delete;
    ~InstanceLock();

  private:
    explicit InstanceLock(int fd) : fd_(fd) {}
    int fd_ = -1;
};

struct LockHolder {
    pid_t pid = 0; ///< 0: held, but by whom can't be read
};
/// Who holds the lock now; nullopt: nobody. Makes and changes nothing.
std::optional<LockHolder> lock_holder(const std::string& state_dir);

} // namespace cdtd::app
