// A document that is changed in few places: nothing is copied before the first change, and then in bulk.
// Sound feeds, nearly all, are parsed where they lie.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cdtd::feed::detail {

class Edit {
  public:
    /// `in` must outlive it; what stands before `begin` is no part of the result.
    Edit(std::string_view in, std::size_t begin) : in_(in), begin_(begin), taken_(begin) {}

    /// [from, to) of the input becomes `with`. Changes come in the order of the input.
    void replace(std::size_t from, std::size_t to, std::string_view with) {
        const auto between = in_.substr(taken_, from - taken_);
        if (with.empty() && out_.empty() && between.find_first_not_of(" \t\r\n") == between.npos) {
            // Before the root nothing has to move.
            begin_ = taken_ = to;
            return;
        }
        if (out_.empty())
            out_.reserve(in_.size() + most_more(in_.size())); // what is not used of it is no memory yet
        out_ += between;
        out_ += with;
        taken_ = to;
    }
    /// Where the input's `at`, which lies behind the last change, stands in the result.
    std::size_t place_of(std::size_t at) const { return out_.size() + at - taken_; }
    /// The result ends at `place`, and then comes `end`; the rest of the input is left out.
    void finish_at(std::size_t place, std::string_view end) {
        if (place <= out_.size())
            out_.resize(place);
        else
            replace(taken_ + place - out_.size(), in_.size(), "");
        out_ += end;
        taken_ = in_.size();
    }

    /// Far more was put in than mending needs.
    bool is_bloated() const { return out_.size() > in_.size() + most_more(in_.size()); }

    bool changed() const { return !out_.empty() || taken_ != begin_; }
    /// Of an unchanged one: where in the input it begins.
    std::size_t begin() const { return begin_; }
    std::string result() && {
        out_ += in_.substr(taken_);
        return std::move(out_);
    }

  private:
    static std::size_t most_more(std::size_t size) { return size / 2 + 16UL * 1024; }

    std::string_view in_;
    std::size_t begin_;
    std::size_t taken_; ///< what of the input is in `out_`, or was left out
    std::string out_;
};

} // namespace cdtd::feed::detail
