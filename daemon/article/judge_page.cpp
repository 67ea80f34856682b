#include "article/judge_page.hpp"

#include "article/entities.hpp"
#include "article/judge_rules.hpp"
#include "article/tree.hpp"

#include <cdtd/base/text.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace cdtd::article {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t kHead = 256U << 10; ///< where a title stands
constexpr std::size_t kTitle = 1024;
constexpr std::size_t kNotice = 600; ///< a notice is a line or two: what is longer is an article
constexpr std::size_t kElements = 8; ///< of one name

/// WeChat's message: of the present layout, and of the one before.
constexpr std::array<std::string_view, 4> kMessages{".weui-msg__title", ".weui-msg__desc",
                                                    ".global_error_msg", ".tips__gray"};

/// Around it, where it has no name of its own.
constexpr std::array<std::string_view, 2> kMessageAreas{".weui-msg__text-area", ".text_area"};

std::set<std::string_view> named_elements() {
    std::set<std::string_view> names(kMessages.begin(), kMessages.end());
    names.insert(kMessageAreas.begin(), kMessageAreas.end());
    for (const auto& rule : notice_rules())
        if (rule.where == Where::element)
            names.insert(rule.element);
    for (const auto& mark : content_marks())
        names.insert(mark.element);
    return names;
}

/// The page's own: the first that stands before the body.
std::string title_of(std::string_view html) {
    html = html.substr(0, kHead);
    for (auto at = html.find('<'); at != npos; at = html.find('<', at + 1)) {
        const auto rest = html.substr(at + 1);
        if (base::iequals(rest.substr(0, 4), "body"))
            break;
        if (!base::iequals(rest.substr(0, 5), "title"))
            continue;
        const auto start = rest.find('>');
        if (start == npos)
            break;
        const auto text = rest.substr(start + 1);
        return base::tidy(
            decode_entities(base::to_valid_utf8(base::cut_bytes(text.substr(0, text.find('<')), kTitle))));
    }
    return {};
}

/// "Title - Site", "Title_Site", "Title|Site": the whole, and what stands before each parting.
std::vector<std::string> parts_of(const std::string& title) {
    std::vector<std::string> parts{squeezed(title)};
    for (const std::string_view bar : {" - ", "-", "_", "|", "｜", " – ", " — ", "·"})
        if (const auto at = title.find(bar); at != npos && at > 0)
            parts.push_back(squeezed(std::string_view(title).substr(0, at)));
    return parts;
}

} // namespace

std::string squeezed(std::string_view text) {
    const auto folded = base::fold(text);
    std::string out;
    for (std::size_t i = 0; i < folded.size(); ++i) {
        const auto byte = static_cast<unsigned char>(folded[i]);
        const auto next = i + 1 < folded.size() ? static_cast<unsigned char>(folded[i + 1]) : 0U;
        // U+2000–U+207F and U+3000–U+303F: spaces, dashes, quotes, 、。「」.
        if ((byte == 0xE2 && (next == 0x80 || next == 0x81)) || (byte == 0xE3 && next == 0x80))
            i += 2;
        else if (byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z'))
            out += folded[i];
    }
    return out;
}

/// One walk over the tree.
class PageReader {
  public:
    explicit PageReader(Page& page) : page_(page), names_(named_elements()) {}

    void read(const GumboNode* node, bool in_link) {
        if (is_text(node)) {
            if (!in_link)
                page_.prose_ += static_cast<std::size_t>(
                    std::ranges::count_if(std::string_view(node->v.text.text),
                                          [](char c) { return static_cast<unsigned char>(c) > 0x20; }));
            return;
        }
        if (is_element(node))
            note(node);
        const bool link = in_link || is_element(node, GUMBO_TAG_A);
        for_each_child(node, [&](const GumboNode* child) { read(child, link); });
    }

  private:
    void note(const GumboNode* node) {
        if (const auto id = attribute(node, "id"); !id.empty())
            note(node, "#" + std::string(id));
        auto classes = attribute(node, "class");
        while (!classes.empty()) {
            const auto end = classes.find_first_of(" \t\n\r\f");
            const auto name = classes.substr(0, end);
            if (!name.empty())
                note(node, "." + std::string(name));
            // weui-icon-warn, weui-icon-warn-gray; icon_msg warn.
            page_.warns_ = page_.warns_ || name.starts_with("weui-icon-warn") ||
                           (name == "icon_msg" && has_class(node, "warn"));
            classes = end == npos ? std::string_view() : classes.substr(end + 1);
        }
    }

    void note(const GumboNode* node, const std::string& name) {
        if (!names_.contains(name))
            return;
        auto& texts = page_.texts_[name];
        if (texts.size() >= kElements)
            return;
        auto text = plain_text(node, kNotice + 1);
        texts.push_back(text.size() > kNotice ? std::string() : base::tidy(text));
    }

    Page& page_;
    std::set<std::string_view> names_;
};

Page::Page(std::string_view html) : title_(title_of(html)), title_parts_(parts_of(title_)) {
    const Tree tree(html, Detail::icons);
    PageReader(*this).read(tree.body(), false);
    for (const auto name : kMessages)
        add_message(name);
    for (const auto name : kMessageAreas)
        if (message_.empty())
            add_message(name);
    for (const auto& mark : content_marks()) // "$render_data" is a script's
        if (mark.element.starts_with('$') && html.find(mark.element) != npos)
            texts_[std::string(mark.element)].emplace_back();
}

void Page::add_message(std::string_view element) {
    for (const auto& text : texts_of(element))
        if (!text.empty())
            message_ += (message_.empty() ? "" : " ") + text;
}

bool Page::titled(std::string_view text) const {
    return std::ranges::find(title_parts_, squeezed(text)) != title_parts_.end();
}

const std::vector<std::string>& Page::texts_of(std::string_view element) const {
    static const std::vector<std::string> kNone;
    const auto found = texts_.find(element);
    return found == texts_.end() ? kNone : found->second;
}

bool Page::has(std::string_view element) const {
    return texts_.find(element) != texts_.end();
}

} // namespace cdtd::article
