#include <cdtd/base/log.hpp>

namespace cdtd::base {
namespace {

class NullLog final : public Log {
  public:
    bool enabled(Level /*level*/) const override { return false; }
    void write(Level /*level*/, std::string_view /*message*/, std::span<const Field> /*fields*/) override {}
};

} // namespace

Log& null_log() {
    static NullLog log;
    return log;
}

} // namespace cdtd::base
