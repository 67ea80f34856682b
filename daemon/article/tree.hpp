// A parsed tree that frees itself, and the few questions that are asked of its nodes. Private.
#pragma once

#include "article/tame.hpp"

#include <gumbo.h>

#include <memory>
#include <string>
#include <string_view>

namespace cdtd::article {

class Tree {
  public:
    /// Of HTML as it comes.
    explicit Tree(std::string_view html, Detail detail = Detail::content);
    /// Of a whole page; where it names the element that holds its article, of what is in that alone.
    static Tree of_page(std::string_view page);
    [[nodiscard]] bool is_article() const { return is_article_; }
    /// The body element.
    [[nodiscard]] const GumboNode* body() const { return body_; }

  private:
    struct Free {
        void operator()(GumboOutput* output) const;
    };
    explicit Tree(const Tamed& tamed);

    std::string source_; ///< the tree points into it
    std::unique_ptr<GumboOutput, Free> output_;
    const GumboNode* body_ = nullptr;
    bool is_article_ = false;
};

bool is_element(const GumboNode* node);
bool is_element(const GumboNode* node, GumboTag tag);
bool is_text(const GumboNode* node);
bool is_heading(const GumboNode* node);
/// Elements that start a new line of their own.
bool is_block(const GumboNode* node);

unsigned child_count(const GumboNode* node);
const GumboNode* child_at(const GumboNode* node, unsigned index);
template <typename Visit>
void for_each_child(const GumboNode* node, Visit&& visit) {
    for (unsigned i = 0; i < child_count(node); ++i) {
        visit(child_at(node, i));
    }
}
/// The next sibling that is not white space; `step` −1 for the one before. nullptr: none.
const GumboNode* sibling(const GumboNode* node, int step = 1);

/// Empty where the attribute is absent.
std::string_view attribute(const GumboNode* node, const char* name);
bool has_attribute(const GumboNode* node, const char* name);
bool has_class(const GumboNode* node, std::string_view name);

/// The text beneath, entities decoded, at most about `limit` bytes.
std::string plain_text(const GumboNode* node, std::size_t limit = 4096);

} // namespace cdtd::article
