#include "feed/json_mend.hpp"

namespace cdtd::feed::detail {
namespace {

class Mender {
  public:
    explicit Mender(std::string_view text) : in_(text) { out_.reserve(text.size() + 2); }

    base::Result<MendedJson> run() {
        std::size_t at = 0;
        while (at < in_.size() && !ended_) {
            if (in_[at] == '"')
                at = string(at);
            else
                mark(in_[at++]);
        }
        if (!ended_)
            return cut_off();
        if (at < in_.size())
            notes_.add("text behind the document");
        return MendedJson{std::move(out_), false, std::move(notes_).take()};
    }

  private:
    /// From one quote behind the other, or to the end.
    std::size_t string(std::size_t at) {
        const auto start = out_.size() + 1;
        out_ += in_[at++];
        for (; at < in_.size() && in_[at] != '"'; ++at) {
            const char c = in_[at];
            if (static_cast<unsigned char>(c) < 0x20) {
                notes_.add("line breaks inside JSON strings");
                out_ += c == '\n' ? "\\n" : c == '\t' ? "\\t" : " ";
                continue;
            }
            if (c == '\\' && half_pair(at)) {
                notes_.add("halves of characters in JSON");
                out_ += "\\ufffd";
                at += 5;
                continue;
            }
            out_ += c;
            if (c == '\\' && at + 1 < in_.size())
                out_ += in_[++at];
        }
        if (at >= in_.size())
            return at;
        if (depth_ == 1 && !list_)
            last_ = out_.substr(start, 16);
        out_ += '"';
        return at + 1;
    }

    /// "\uD8xx" at `at` without the "\uDCxx" that belongs behind it, or that one alone. A whole pair is
    /// passed over by its first half: the second one is then known.
    bool half_pair(std::size_t at) {
        const auto unit = [&](std::size_t from, std::string_view third) {
            const auto escape = in_.substr(from, 6);
            return escape.size() == 6 && escape.starts_with("\\u") &&
                   (escape[2] == 'd' || escape[2] == 'D') && third.contains(escape[3]) &&
                   escape.find_first_not_of("0123456789abcdefABCDEF", 4) == escape.npos;
        };
        if (at == second_)
            return false;
        if (unit(at, "cdefCDEF"))
            return true;
        if (!unit(at, "89abAB"))
            return false;
        if (!unit(at + 6, "cdefCDEF"))
            return true;
        second_ = at + 6;
        return false;
    }

    void mark(char c) {
        out_ += c;
        if (c == '{' || c == '[') {
            if (depth_ == 1)
                list_ = c == '[' && last_ == "items";
            ++depth_;
        } else if (c == '}' || c == ']') {
            --depth_;
            if (depth_ == 2 && list_ && c == '}')
                whole_ = out_.size();
            if (depth_ == 1)
                list_ = false;
            ended_ = depth_ <= 0;
        }
    }

    base::Result<MendedJson> cut_off() {
        if (whole_ == 0)
            return base::fail(base::Errc::bad_data,
                              "the JSON document is cut off before the end of its first item, or broken");
        // Behind the list of items all may be whole but the last member; what stands there is seldom needed.
        out_.resize(whole_);
        out_ += "]}";
        notes_.add("the document is cut off: only the whole entries before count");
        return MendedJson{std::move(out_), true, std::move(notes_).take()};
    }

    std::string_view in_;
    std::string out_, last_; ///< the last string of the outermost object: its key, where a list follows
    std::size_t second_ = 0; ///< where the second half of a pair begins
    std::size_t whole_ = 0;  ///< behind the last whole item
    long depth_ = 0;
    bool list_ = false; ///< inside the list of items
    bool ended_ = false;
    Notes notes_;
};

} // namespace

base::Result<MendedJson> mend_json(std::string_view text) {
    return Mender(text).run();
}

} // namespace cdtd::feed::detail
