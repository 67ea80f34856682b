#include "article/tame.hpp"

#include "article/attributes.hpp"
#include "article/escape.hpp"
#include "article/open_elements.hpp"
#include "article/tags.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace cdtd::article {

namespace {

constexpr auto npos = std::string_view::npos;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr Tag kIcon{"i", "em", TagKind::icon};

class Tamer {
  public:
    Tamer(std::string_view html, Detail detail) : in_(html), icons_(detail == Detail::icons) {
        out_.reserve(std::min(html.size(), kMaxTamed));
    }

    std::string all() {
        run();
        mend_numbers(out_);
        return std::move(out_);
    }

    Tamed page() {
        run();
        const auto part = open_.article();
        Tamed tamed =
            part ? Tamed{.html = std::string(*part), .is_article = true} : Tamed{.html = std::move(out_)};
        mend_numbers(tamed.html);
        return tamed;
    }

  private:
    void run() {
        while (at_ < in_.size() && out_.size() < kMaxTamed) {
            const auto open = in_.find('<', at_);
            text(in_.substr(at_, open == npos ? npos : open - at_));
            if (open == npos) {
                break;
            }
            at_ = open;
            markup();
        }
        open_.close_all();
    }

    void text(std::string_view part) {
        if (in_noscript_) {
            return;
        }
        part = base::cut_bytes(part, kMaxTamed - std::min(kMaxTamed, out_.size()));
        append_tamed(out_, part);
        open_.count_text(part);
    }

    void markup() { // at_ is on '<'
        const char next = at_ + 1 < in_.size() ? in_[at_ + 1] : '\0';
        const bool end = next == '/' && at_ + 2 < in_.size() && is_letter(in_[at_ + 2]);
        if (is_letter(next) || end) {
            tag(end);
        } else if (next == '!' || next == '?' || next == '/') {
            comment();
        } else {
            if (!in_noscript_) {
                out_ += "&lt;";
            }
            ++at_;
        }
    }

    void comment() {
        auto end = npos;
        if (in_.compare(at_, 4, "<!--") == 0 && !comments_endless_) {
            end = in_.find("-->", at_ + 2);
            comments_endless_ = end == npos;
            if (end != npos) {
                at_ = end + 3;
                return;
            }
        }
        end = in_.find('>', at_);
        at_ = end == npos ? in_.size() : end + 1;
    }

    void tag(bool end) {
        auto name_end = at_ + (end ? 2 : 1);
        const auto name_start = name_end;
        while (name_end < in_.size() && !is_space(in_[name_end]) && in_[name_end] != '>' &&
               in_[name_end] != '/') {
            ++name_end;
        }
        const Tag* known = find_tag(in_.substr(name_start, name_end - name_start));
        if (icons_ && known != nullptr && known->name == "i") {
            known = &kIcon;
        }
        at_ = name_end;
        attributes_.clear();
        read_attributes(in_, at_, end ? nullptr : known, attributes_);
        if (known == nullptr || ++tokens_ > kMaxTokens) {
            return;
        }
        if (end) {
            end_tag(*known);
        } else {
            start_tag(*known);
        }
    }

    void start_tag(const Tag& tag) {
        if (tag.kind == TagKind::raw || tag.kind == TagKind::skip) {
            skip_content(tag);
        } else if (tag.kind == TagKind::noscript) {
            // Without an end it would swallow the article. Looked for once where there is none.
            in_noscript_ = in_noscript_ || (!noscript_endless_ && find_end("noscript") != npos);
            noscript_endless_ = !in_noscript_;
        } else if (open_.written() >= kMaxTags || (in_noscript_ && tag.emit != "img")) {
            return;
        } else if (tag.kind == TagKind::void_) {
            void_tag(tag);
        } else if (tag.kind == TagKind::embed) {
            open_.write(tag, attributes_);
            out_ += "</iframe>";
            if (tag.name == "iframe") {
                skip_content(tag);
            }
        } else {
            open_.start(tag, attributes_);
        }
    }

    void void_tag(const Tag& tag) {
        static const std::string kTwinMark = " " + std::string(kTwin) + "=\"1\"";
        if (tag.emit == "hr") {
            open_.close("p");
        }
        open_.write(tag, attributes_, in_noscript_ ? std::string_view(kTwinMark) : std::string_view());
    }

    void end_tag(const Tag& tag) {
        if (tag.kind == TagKind::noscript) {
            in_noscript_ = false;
        } else if (in_noscript_ || tag.emit.empty()) {
            return;
        } else if (tag.emit == "br") {
            out_ += "<br>";
        } else {
            open_.close(tag.emit);
        }
    }

    void skip_content(const Tag& tag) {
        if (endless_.contains(tag.name)) {
            return;
        }
        const auto end = find_end(tag.name);
        if (end != npos) {
            at_ = end;
            return;
        }
        endless_.insert(tag.name); // looked for once: no second search over the whole rest
        if (tag.kind == TagKind::raw) {
            at_ = in_.size();
        }
    }

    /// Where the next "</name" starts.
    std::size_t find_end(std::string_view name) const {
        for (auto at = in_.find("</", at_); at != npos; at = in_.find("</", at + 2)) {
            if (base::iequals(in_.substr(at + 2, name.size()), name)) {
                return at;
            }
        }
        return npos;
    }

    std::string_view in_;
    bool icons_;
    std::size_t at_ = 0;
    std::string out_;
    OpenElements open_{out_};
    std::string attributes_; ///< of the tag that is being read
    std::set<std::string_view> endless_;
    std::size_t tokens_ = 0;
    bool comments_endless_ = false;
    bool noscript_endless_ = false;
    bool in_noscript_ = false;
};

} // namespace

std::string tame(std::string_view html, Detail detail) {
    html = base::cut_bytes(html, kMaxInput);
    return base::is_valid_utf8(html) ? Tamer(html, detail).all()
                                     : Tamer(base::to_valid_utf8(html), detail).all();
}

Tamed tame_page(std::string_view page) {
    page = base::cut_bytes(page, kMaxInput);
    constexpr auto kDetail = Detail::content;
    return base::is_valid_utf8(page) ? Tamer(page, kDetail).page()
                                     : Tamer(base::to_valid_utf8(page), kDetail).page();
}

} // namespace cdtd::article
