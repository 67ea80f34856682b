#include "article/attributes.hpp"

#include "article/escape.hpp"

#include <cdtd/base/text.hpp>

#include <span>

namespace cdtd::article {

namespace {

constexpr std::size_t kMaxUrl = 8192;
constexpr std::size_t kMaxSrcset = 65536;
constexpr auto npos = std::string_view::npos;

class Scanner {
  public:
    Scanner(std::string_view in, std::size_t& at) : in_(in), at_(at) {}

    void read(const Tag* tag, std::string& kept) {
        const auto wanted = tag == nullptr ? std::span<const std::string_view>() : kept_attributes(*tag);
        unsigned seen = 0;
        while (at_ < in_.size()) {
            const char c = in_[at_];
            if (c == '>') {
                ++at_;
                return;
            }
            if (is_space(c) || c == '/') {
                ++at_;
                continue;
            }
            const auto name = attribute_name();
            const auto value = attribute_value();
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                if (name.size() == wanted[i].size() && base::iequals(name, wanted[i])) {
                    if ((seen & (1U << i)) == 0) { // the first of its name counts
                        keep_attribute(wanted[i], value, kept);
                    }
                    seen |= 1U << i;
                    break;
                }
            }
        }
    }

  private:
    std::string_view attribute_name() {
        const auto start = at_++; // a leading '=' is part of the name
        while (at_ < in_.size() && !is_space(in_[at_]) && in_[at_] != '/' && in_[at_] != '>' &&
               in_[at_] != '=') {
            ++at_;
        }
        return in_.substr(start, at_ - start);
    }

    std::string_view attribute_value() {
        skip_spaces();
        if (at_ >= in_.size() || in_[at_] != '=') {
            return {};
        }
        ++at_;
        skip_spaces();
        if (at_ >= in_.size()) {
            return {};
        }
        const char quote = in_[at_];
        if (quote == '"' || quote == '\'') {
            const auto start = ++at_;
            const auto end = in_.find(quote, start);
            at_ = end == npos ? in_.size() : end + 1;
            return in_.substr(start, end == npos ? npos : end - start);
        }
        const auto start = at_;
        while (at_ < in_.size() && !is_space(in_[at_]) && in_[at_] != '>') {
            ++at_;
        }
        return in_.substr(start, at_ - start);
    }

    void skip_spaces() {
        while (at_ < in_.size() && is_space(in_[at_])) {
            ++at_;
        }
    }

    static void keep_attribute(std::string_view name, std::string_view value, std::string& kept) {
        if (value.size() > (name.ends_with("srcset") ? kMaxSrcset : kMaxUrl)) {
            return; // an inlined picture, or an attack
        }
        kept.append(" ").append(name).append("=\"");
        for (auto end = value.find('"'); end != npos; end = value.find('"')) {
            append_tamed(kept, value.substr(0, end));
            kept += "&quot;";
            value.remove_prefix(end + 1);
        }
        append_tamed(kept, value);
        kept += '"';
    }

    std::string_view in_;
    std::size_t& at_;
};

} // namespace

void read_attributes(std::string_view in, std::size_t& at, const Tag* tag, std::string& kept) {
    Scanner(in, at).read(tag, kept);
}

} // namespace cdtd::article
