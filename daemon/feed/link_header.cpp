#include "feed/link_header.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <algorithm>

namespace cdtd::feed::detail {
namespace {

constexpr std::size_t max_links = 200;
constexpr auto npos = std::string_view::npos;

/// RFC 8288, appendix B.2.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    std::vector<HeaderLink> run() {
        std::vector<HeaderLink> links;
        while (links.size() < max_links) {
            skip(" \t,");
            if (!next_is('<'))
                break; // no link, and no way to know where the next one begins
            const auto end = text_.find('>', at_);
            if (end == npos)
                break;
            HeaderLink link;
            link.target = base::trim(text_.substr(at_ + 1, end - at_ - 1));
            at_ = end + 1;
            if (parameters(link))
                links.push_back(std::move(link));
        }
        return links;
    }

  private:
    bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }
    void skip(std::string_view what) { at_ = std::min(text_.find_first_not_of(what, at_), text_.size()); }

    /// Up to the comma; false where the link is not one of this page.
    bool parameters(HeaderLink& link) {
        bool ours = true;
        bool extended = false;
        for (skip(" \t"); next_is(';'); skip(" \t")) {
            ++at_;
            skip(" \t");
            const auto end = std::min(text_.find_first_of(" \t=;,", at_), text_.size());
            const auto name = base::ascii_lower(text_.substr(at_, end - at_));
            at_ = end;
            const auto value = parameter_value();
            if (name == "anchor")
                ours = false;
            else if (name == "rel" && link.rel.empty()) // later ones are ignored: 3.3
                link.rel = value;
            else if (name == "type" && link.type.empty())
                link.type = value;
            else if (name == "title" && link.title.empty() && !extended)
                link.title = value;
            else if (name == "title*" && !extended)
                extended = extended_value(value, link.title);
        }
        at_ = std::min(text_.find(',', at_), text_.size()); // behind what can't be read
        return ours;
    }

    std::string parameter_value() {
        skip(" \t");
        if (!next_is('='))
            return {};
        ++at_;
        skip(" \t");
        if (next_is('"'))
            return quoted();
        const auto end = std::min(text_.find_first_of(" \t;,", at_), text_.size());
        const std::string value(text_.substr(at_, end - at_));
        at_ = end;
        return value;
    }

    std::string quoted() {
        std::string value;
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size())
                ++at_;
            value += text_[at_];
        }
        at_ = std::min(at_ + 1, text_.size());
        return value;
    }

    /// charset'language'percent-encoded; UTF-8 is the one that must be known (RFC 8187 3.2).
    static bool extended_value(std::string_view value, std::string& out) {
        const auto first = value.find('\'');
        const auto second = first == npos ? npos : value.find('\'', first + 1);
        if (second == npos || !base::iequals(value.substr(0, first), "utf-8"))
            return false;
        out = base::percent_decode(value.substr(second + 1));
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace

std::vector<HeaderLink> read_link_header(std::string_view value) {
    return Reader(value).run();
}

} // namespace cdtd::feed::detail
