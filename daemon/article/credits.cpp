#include "article/boilerplate.hpp"

#include <cdtd/base/text.hpp>

#include <string_view>

namespace cdtd::article {

namespace {

constexpr std::size_t kMaxTags = 100;
constexpr auto npos = std::string_view::npos;

class Reader {
  public:
    void visit(const GumboNode* node) {
        if (is_text(node)) {
            text(node->v.text.text);
        } else if (is_element(node, GUMBO_TAG_BR)) {
            in_tags_ = false;
        } else if (is_element(node, GUMBO_TAG_A) && in_tags_) {
            auto tag = base::to_nfc(base::tidy(plain_text(node, 256)));
            if (!tag.empty() && credits_.tags.size() < kMaxTags) {
                credits_.tags.push_back(std::move(tag));
            }
        } else {
            for_each_child(node, [this](const GumboNode* child) { visit(child); });
        }
    }

    Credits take() { return std::move(credits_); }

  private:
    void text(std::string_view part) {
        static constexpr std::string_view kSign = "©";
        const auto sign = part.find(kSign);
        const auto site = part.rfind(" for ");
        if (!credits_.editor && sign != npos && site != npos && site > sign) {
            const auto start = sign + kSign.size();
            auto name = base::to_nfc(base::tidy(base::cut_bytes(part.substr(start, site - start), 256)));
            if (!name.empty()) {
                credits_.editor = std::move(name);
            }
        }
        in_tags_ = in_tags_ || part.find("Post tags:") != npos;
    }

    Credits credits_;
    bool in_tags_ = false;
};

} // namespace

Credits read_credits(const GumboNode* line) {
    Reader reader;
    reader.visit(line);
    return reader.take();
}

} // namespace cdtd::article
