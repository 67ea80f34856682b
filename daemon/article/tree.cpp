#include "article/tree.hpp"

#include <limits>

namespace cdtd::article {

namespace {

GumboOptions parse_options() {
    auto wanted = kGumboDefaultOptions;
    wanted.max_errors = 0; // nobody reads them, and there may be as many as bytes
    return wanted;
}

void gather(const GumboNode* node, std::size_t limit, std::string& out) {
    if (out.size() >= limit) {
        return;
    }
    if (is_text(node)) {
        const std::string_view text = node->v.text.text;
        out += text.substr(0, limit - out.size() + 4);
        return;
    }
    for_each_child(node, [&](const GumboNode* child) { gather(child, limit, out); });
}

} // namespace

Tree::Tree(std::string_view html, Detail detail) : Tree(Tamed{.html = tame(html, detail)}) {}

Tree Tree::of_page(std::string_view page) {
    return Tree(tame_page(page));
}

Tree::Tree(const Tamed& tamed)
    : source_("<!DOCTYPE html><body>" + tamed.html), is_article_(tamed.is_article) {
    static_assert(kMaxTamed * 2 < std::numeric_limits<unsigned>::max());
    const auto wanted = parse_options();
    output_.reset(gumbo_parse_with_options(&wanted, source_.data(), source_.size()));
    for_each_child(output_->root, [this](const GumboNode* child) {
        if (is_element(child, GUMBO_TAG_BODY)) {
            body_ = child;
        }
    });
    if (body_ == nullptr) {
        body_ = output_->root;
    }
}

void Tree::Free::operator()(GumboOutput* output) const {
    const auto wanted = parse_options();
    gumbo_destroy_output(&wanted, output);
}

bool is_element(const GumboNode* node) {
    return node->type == GUMBO_NODE_ELEMENT;
}

bool is_element(const GumboNode* node, GumboTag tag) {
    return node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == tag;
}

bool is_text(const GumboNode* node) {
    return node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
           node->type == GUMBO_NODE_CDATA;
}

bool is_heading(const GumboNode* node) {
    return is_element(node) && node->v.element.tag >= GUMBO_TAG_H1 && node->v.element.tag <= GUMBO_TAG_H6;
}

bool is_block(const GumboNode* node) {
    if (!is_element(node)) {
        return false;
    }
    switch (node->v.element.tag) {
    case GUMBO_TAG_P:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_TR:
        return true;
    default:
        return is_heading(node);
    }
}

unsigned child_count(const GumboNode* node) {
    return is_element(node) ? node->v.element.children.length : 0;
}

const GumboNode* child_at(const GumboNode* node, unsigned index) {
    return static_cast<const GumboNode*>(node->v.element.children.data[index]);
}

const GumboNode* sibling(const GumboNode* node, int step) {
    if (node->parent == nullptr || !is_element(node->parent)) {
        return nullptr;
    }
    const auto count = static_cast<long>(child_count(node->parent));
    for (auto at = static_cast<long>(node->index_within_parent) + step; at >= 0 && at < count; at += step) {
        const auto* other = child_at(node->parent, static_cast<unsigned>(at));
        if (other->type != GUMBO_NODE_WHITESPACE) {
            return other;
        }
    }
    return nullptr;
}

bool has_attribute(const GumboNode* node, const char* name) {
    return is_element(node) && gumbo_get_attribute(&node->v.element.attributes, name) != nullptr;
}

std::string_view attribute(const GumboNode* node, const char* name) {
    const auto* found = is_element(node) ? gumbo_get_attribute(&node->v.element.attributes, name) : nullptr;
    return found == nullptr ? std::string_view() : std::string_view(found->value);
}

bool has_class(const GumboNode* node, std::string_view name) {
    const auto classes = attribute(node, "class");
    for (auto at = classes.find(name); at != std::string_view::npos; at = classes.find(name, at + 1)) {
        const auto end = at + name.size();
        const auto parts = [](char c) { return c == ' ' || c == '\n' || c == '\t'; };
        if ((at == 0 || parts(classes[at - 1])) && (end == classes.size() || parts(classes[end]))) {
            return true;
        }
    }
    return false;
}

std::string plain_text(const GumboNode* node, std::size_t limit) {
    std::string out;
    gather(node, limit, out);
    return out;
}

} // namespace cdtd::article
