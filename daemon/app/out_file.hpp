// Where an export goes: a file that appears whole or not at all, standard output, or a device.
#pragma once

#include <cdtd/base/file.hpp>

#include <string>
#include <string_view>

namespace cdtd::app {

class OutFile {
  public:
    /// "-": standard output. A file is written under another name beside it ("NAME.unfinished") until
    /// finish(); what is no regular file (a pipe, /dev/null) is written to as it is.
    static base::Result<OutFile> open(const std::string& path);
    OutFile(OutFile&&) noexcept = default;
    OutFile& operator=(OutFile&&) = delete;
    ~OutFile(); ///< what is not finished goes

    base::Result<void> write(std::string_view bytes); ///< gathers a little
    base::Result<void> finish();                      ///< on disk, under its name

  private:
    OutFile() = default;
    base::Result<void> flush();
    std::string path_;
    std::string unfinished_; ///< "" = written to directly
    base::Descriptor file_;
    std::string gathered_;
};

} // namespace cdtd::app
