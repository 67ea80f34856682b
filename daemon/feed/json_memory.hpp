// What a JSON tree may cost. "[[],[],…" is sixteen times its text.
#pragma once

#include <boost/json/memory_resource.hpp>

#include <cstddef>
#include <new>

namespace cdtd::feed::detail {

/// Throws std::bad_alloc where a tree needs more than three times its document and 16 MiB, which are enough
/// for as many small items as we read.
class JsonMemory final : public boost::json::memory_resource {
  public:
    explicit JsonMemory(std::size_t document) : left_(3 * document + 16UL * 1024 * 1024) {}

  private:
    // What the library says of alignment differs between allocating and deallocating, and is never more than
    // new's.
    void* do_allocate(std::size_t bytes, std::size_t /*align*/) override {
        if (bytes > left_)
            throw std::bad_alloc();
        void* const memory = ::operator new(bytes);
        left_ -= bytes;
        return memory;
    }
    void do_deallocate(void* memory, std::size_t bytes, std::size_t /*align*/) override {
        left_ += bytes;
        ::operator delete(memory);
    }
    bool do_is_equal(const boost::json::memory_resource& other) const noexcept override {
        return this == &other;
    }

    std::size_t left_;
};

} // namespace cdtd::feed::detail
