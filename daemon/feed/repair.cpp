#include "feed/repair.hpp"

#include "feed/edit.hpp"
#include "feed/open_elements.hpp"
#include "feed/readers.hpp"
#include "feed/tag.hpp"

#include <cdtd/base/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace cdtd::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;

class Repairer {
  public:
    Repairer(std::string_view in, std::size_t begin) : in_(in), at_(begin), edit_(in, begin) {}

    std::optional<base::Error> run() {
        while (at_ < in_.size() && !finished_ && !error_) {
            if (in_[at_] == '<')
                markup();
            else
                text();
        }
        if (!error_ && !finished_ && !open_.empty())
            cut_off(in_.size());
        return error_;
    }
    Edit& edit() { return edit_; }
    bool is_cut_off() const { return cut_off_; }
    std::vector<std::string> repairs() && { return std::move(notes_).take(); }

  private:
    void fail(base::Errc code, std::string message) { error_ = base::Error{code, std::move(message)}; }
    bool next_is(std::string_view text) const { return in_.substr(at_).starts_with(text); }

    void replace_to(std::size_t to, std::string_view with) {
        edit_.replace(at_, to, with);
        at_ = to;
        bound_growth();
    }

    void bound_growth() {
        if (edit_.is_bloated())
            fail(base::Errc::bad_data, "broken XML: nearly all of it would have to be mended");
    }

    void markup() {
        const char next = at_ + 1 < in_.size() ? in_[at_ + 1] : '\0';
        if (next_is("<![CDATA["))
            skip_whole("]]>");
        else if (next_is("<!--"))
            skip_whole("-->");
        else if (next == '?')
            instruction();
        else if (next == '!')
            declaration();
        else if (next == '/')
            end_tag();
        else
            start_tag();
    }

    /// The document ends at `at`, in the middle. Entries before count; the one around does not.
    void cut_off(std::size_t at) {
        if (whole_ == 0)
            return fail(base::Errc::bad_data, "the document is cut off before the end of its first entry");
        auto place = open_.drop_unfinished();
        if (place == npos)
            place = edit_.place_of(at);
        edit_.finish_at(place, open_.end_all());
        notes_.add("the document is cut off: only the whole entries before count");
        cut_off_ = finished_ = true;
    }

    void text() {
        count_nodes(1);
        const auto end = std::min(in_.find('<', at_), in_.size());
        while (at_ < end && !error_) {
            const auto ampersand = in_.substr(0, end).find('&', at_);
            if (ampersand == npos)
                break;
            at_ = ampersand;
            const auto reference = read_reference(in_.substr(at_, end - at_));
            notes_.add(reference.note);
            if (reference.sound)
                at_ += reference.length;
            else
                replace_to(at_ + reference.length, reference.text);
        }
        if (!error_)
            at_ = end;
    }

    /// A comment or CDATA section, which the parser reads as they are.
    void skip_whole(std::string_view close) {
        count_nodes(1);
        const auto end = in_.find(close, at_ + 4);
        if (end == npos)
            return cut_off(at_);
        if (open_.empty()) // before the root nothing of it is needed
            return replace_to(end + close.size(), "");
        at_ = end + close.size();
    }

    /// "<?xml …>" ends at the first bracket, whatever stands before it; another one may hold brackets.
    void instruction() {
        const bool declares = base::iequals(in_.substr(at_, 5), "<?xml");
        const auto proper = declares ? npos : in_.find("?>", at_);
        const auto bracket = in_.find('>', at_);
        if (bracket == npos)
            return cut_off(at_);
        replace_to(proper == npos ? bracket + 1 : proper + 2, "");
    }

    /// A DOCTYPE with what it holds: nothing of it is needed, and entities declared in it are not expanded.
    void declaration() {
        int brackets = 0;
        char quote = '\0';
        for (auto i = at_; i < in_.size(); ++i) {
            const char c = in_[i];
            if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c == '"' || c == '\'')
                quote = c;
            else if (in_.substr(i, 4) == "<!--")
                i = std::min(in_.find("-->", i), in_.size());
            else if (c == '[')
                ++brackets;
            else if (c == ']')
                --brackets;
            else if (c == '>' && brackets <= 0)
                return replace_to(i + 1, "");
        }
        const auto bracket = in_.find('>', at_); // a quote or bracket too many
        if (bracket == npos)
            return cut_off(at_);
        replace_to(bracket + 1, "");
    }

    void start_tag() {
        const auto tag = read_tag(in_.substr(at_), notes_);
        if (tag.kind == Tag::Kind::cut)
            return cut_off(at_);
        if (tag.kind == Tag::Kind::no_tag) {
            notes_.add("a bare '<' in text");
            return replace_to(at_ + 1, "&lt;");
        }
        count_nodes(1 + tag.attributes);
        if (const auto ends = open_.end_before(tag.name); !ends.empty()) {
            notes_.add("elements that do not end");
            edit_.replace(at_, at_, ends);
        }
        if (open_.is_entry(tag.name) && ++entries_ > max_entries)
            return enough();
        const auto place = edit_.place_of(at_);
        const auto end = at_ + tag.length;
        const bool never_ends = tag.kind == Tag::Kind::start && is_void(tag.name);
        if (tag.mended)
            edit_.replace(at_, end,
                          never_ends ? tag.mended->substr(0, tag.mended->size() - 1) + "/>" : *tag.mended);
        else if (never_ends)
            edit_.replace(end - 1, end, "/>");
        at_ = end;
        if (tag.kind == Tag::Kind::empty && open_.is_entry(tag.name))
            ++whole_;
        if (tag.kind == Tag::Kind::start && !never_ends)
            open_.begin(tag.name, place);
        bound_growth();
        if (open_.depth() > static_cast<std::size_t>(max_depth))
            fail(base::Errc::too_large, fmt::format("elements are nested more than {} deep", max_depth));
    }

    void end_tag() {
        auto end = at_ + 2;
        while (end < in_.size() && is_space(in_[end]))
            ++end;
        const auto start = end;
        while (end < in_.size() && is_name(in_[end]))
            ++end;
        const auto name = in_.substr(start, end - start);
        const bool clean = start == at_ + 2;
        const auto close = in_.find_first_of("<>", end);
        if (close == npos)
            return cut_off(at_);
        const bool sound = clean && in_[close] == '>' && close == end;
        finish_element(name, close + (in_[close] == '>' ? 1 : 0), sound);
    }

    void finish_element(std::string_view name, std::size_t behind, bool sound) {
        if (is_void(name)) // it was ended where it began
            return replace_to(behind, "");
        const auto end = open_.end(name);
        whole_ += end.entry ? 1 : 0;
        if (!end.known) {
            notes_.add("end tags of nothing");
            return replace_to(behind, "");
        }
        if (!end.exact)
            notes_.add("elements that do not end");
        if (!end.exact || !sound)
            replace_to(behind, end.exact ? fmt::format("</{}>", name) : end.tags);
        at_ = behind;
        if (open_.empty())
            finish_root();
    }

    /// What stands behind the root is not the feed's.
    void finish_root() {
        finished_ = true;
        if (base::trim(in_.substr(at_)).empty())
            return;
        if (!base::trim(in_.substr(at_)).starts_with("<!--"))
            notes_.add("text behind the document");
        edit_.finish_at(edit_.place_of(at_), "");
    }

    void enough() {
        notes_.add(too_many_entries());
        edit_.finish_at(edit_.place_of(at_), open_.end_all());
        finished_ = true;
    }

    void count_nodes(std::size_t more) {
        nodes_ += more;
        if (nodes_ > max_nodes)
            fail(base::Errc::too_large,
                 fmt::format("the document has more than {} elements, attributes and texts", max_nodes));
    }

    std::string_view in_;
    std::size_t at_;
    Edit edit_;
    OpenElements open_;
    Notes notes_;
    std::optional<base::Error> error_;
    bool finished_ = false, cut_off_ = false;
    std::size_t nodes_ = 0, entries_ = 0, whole_ = 0;
};

} // namespace

void Notes::add(std::string_view what) {
    if (!what.empty() && std::ranges::find(lines_, what) == lines_.end())
        lines_.emplace_back(what);
}

base::Result<Repaired> repair(std::string text, std::size_t begin) {
    const bool controls = strip_controls(text);
    Repairer repairer(text, std::min(begin, text.size()));
    if (auto error = repairer.run())
        return std::unexpected(std::move(*error));
    Edit& edit = repairer.edit();
    const bool moved = edit.changed();
    const auto start = moved ? 0 : edit.begin();
    const bool cut_off = repairer.is_cut_off();
    std::string mended = moved ? std::move(edit).result() : std::string();
    auto repairs = std::move(repairer).repairs();
    if (controls)
        repairs.insert(repairs.begin(), "control characters that XML forbids");
    return Repaired{moved ? std::move(mended) : std::move(text), start, cut_off, std::move(repairs)};
}

bool strip_controls(std::string& text) {
    const auto is_control = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
    };
    constexpr std::size_t block = 4096; // without a branch inside, the compiler makes vector code of it
    for (std::size_t at = 0; at < text.size(); at += block) {
        unsigned char found = 0;
        for (const char c : std::string_view(text).substr(at, block))
            found |= static_cast<unsigned char>(is_control(c));
        if (found != 0) {
            std::erase_if(text, is_control);
            return true;
        }
    }
    return false;
}

} // namespace cdtd::feed::detail
