// gzip (RFC 1952) undone a piece at a time, with limits on what comes out: bytes, and their ratio to what
// went in. Pure but for memory.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace cdtd::http {

class Inflate {
  public:
    enum class State {
        more,      ///< a member has begun, or none yet: its end is missing
        whole,     ///< every member that began has ended
        broken,    ///< not gzip, or a wrong checksum
        too_large, ///< over the limit, or growing like nothing that people write
    };

    /// `limit` in decoded bytes.
    explicit Inflate(std::uint64_t limit);
    ~Inflate();
    Inflate(const Inflate&) = delete;
    Inflate& operator=(const Inflate&) = delete;

    /// Appends to `out`, never past the limit. Once broken or too_large it stays so.
    State feed(std::string_view coded, std::string& out);
    State state() const { return state_; }

  private:
    void begin_member();
    void inflate_member(std::string& out);
    void take(std::string_view decoded, std::string& out);

    z_stream stream_{};
    std::uint64_t limit_;
    std::uint64_t in_ = 0;
    std::uint64_t out_ = 0;
    State state_ = State::more;
    bool trailing_ = false; ///< something else than a member follows: ignored, as browsers do
};

} // namespace cdtd::http
