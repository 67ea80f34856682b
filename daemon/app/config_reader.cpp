#include "app/config_reader.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/url.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace cdtd::app {

std::string_view type_name(const toml::node& node) {
    switch (node.type()) {
    case toml::node_type::table:
        return "a table";
    case toml::node_type::array:
        return "a list";
    case toml::node_type::string:
        return "a string";
    case toml::node_type::integer:
        return "an integer";
    case toml::node_type::floating_point:
        return "a decimal number";
    case toml::node_type::boolean:
        return "true or false";
    default:
        return "a date or time";
    }
}

Fault Faults::make(const toml::source_region& where, std::string key, std::string message) const {
    return {file, static_cast<int>(where.begin.line), static_cast<int>(where.begin.column), std::move(key),
            std::move(message)};
}

void Faults::add(const toml::source_region& where, std::string key, std::string message) {
    faults.push_back(make(where, std::move(key), std::move(message)));
}

void Faults::warn(const toml::source_region& where, std::string key, std::string message) {
    warnings.push_back(make(where, std::move(key), std::move(message)));
}

std::string Section::name_of(std::string_view key) const {
    if (path_.empty() || key.empty())
        return path_.empty() ? std::string(key) : path_;
    return fmt::format("{}.{}", path_, key);
}

const toml::source_region& Section::where(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return node != nullptr ? node->source() : table_.source();
}

const toml::node* Section::take(std::string_view key) {
    if (std::ranges::find(taken_, key) == taken_.end())
        taken_.emplace_back(key);
    return table_.get(key);
}

void Section::fault(std::string_view key, std::string message) {
    faults_.add(where(key), name_of(key), std::move(message));
}

void Section::fault_in(std::string_view key, std::size_t index, std::string message) {
    const toml::node* node = table_.get(key);
    const toml::array* list = node != nullptr ? node->as_array() : nullptr;
    const bool inside = list != nullptr && index < list->size();
    faults_.add(inside ? (*list)[index].source() : where(key), fmt::format("{}[{}]", name_of(key), index + 1),
                std::move(message));
}

void Section::warn(std::string_view key, std::string message) {
    faults_.warn(where(key), name_of(key), std::move(message));
}

bool Section::wrong_type(const toml::node& node, std::string_view key, std::string_view wanted) {
    faults_.add(node.source(), name_of(key), fmt::format("must be {}, not {}", wanted, type_name(node)));
    return false;
}

bool Section::boolean(std::string_view key, bool& out) {
    const toml::node* node = take(key);
    if (node == nullptr)
        return false;
    const auto* value = node->as_boolean();
    if (value == nullptr)
        return wrong_type(*node, key, "true or false");
    out = value->get();
    return true;
}

bool Section::integer(std::string_view key, std::int64_t& out, std::int64_t least, std::int64_t most) {
    const toml::node* node = take(key);
    if (node == nullptr)
        return false;
    const auto* value = node->as_integer();
    if (value == nullptr)
        return wrong_type(*node, key, "an integer");
    if (value->get() < least || value->get() > most) {
        fault(key, fmt::format("{} is out of range: {} to {}", value->get(), least, most));
        return false;
    }
    out = value->get();
    return true;
}

bool Section::share(std::string_view key, double& out) {
    const toml::node* node = take(key);
    if (node == nullptr)
        return false;
    if (!node->is_number())
        return wrong_type(*node, key, "a number");
    const double value = node->value<double>().value_or(std::nan(""));
    // Written so that NaN, which TOML knows, is refused too.
    if (!(value >= 0 && value <= 1)) {
        fault(key, fmt::format("{} is out of range: 0 to 1", value));
        return false;
    }
    out = value;
    return true;
}

bool Section::text(std::string_view key, std::string& out) {
    const toml::node* node = take(key);
    if (node == nullptr)
        return false;
    const auto* value = node->as_string();
    if (value == nullptr)
        return wrong_type(*node, key, "a string");
    const std::string trimmed(base::trim(value->get()));
    if (std::ranges::any_of(trimmed, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
        fault(key, "holds a control character; take it out");
        return false;
    }
    out = trimmed;
    return true;
}

bool Section::choice(std::string_view key, std::string& out, std::initializer_list<std::string_view> known) {
    std::string value;
    if (!text(key, value))
        return false;
    if (std::ranges::find(known, value) == known.end()) {
        fault(key, fmt::format("\"{}\" is not known here; write one of: {}", value, fmt::join(known, ", ")));
        return false;
    }
    out = value;
    return true;
}

bool Section::path(std::string_view key, std::string& out) {
    std::string value;
    if (!text(key, value) || value.empty())
        return false;
    if (!value.starts_with('/')) {
        fault(key, fmt::format("\"{}\" is a relative path; write it from the root: \"/…\"", value));
        return false;
    }
    out = value;
    return true;
}

bool Section::url(std::string_view key, std::string& out) {
    std::string value;
    if (!text(key, value) || value.empty())
        return false;
    std::string wrong = wrong_url(value);
    if (!wrong.empty()) {
        fault(key, std::move(wrong));
        return false;
    }
    out = base::normalize_url(value).value_or(value);
    return true;
}

bool Section::proxy(std::string_view key, std::string& out) {
    std::string value;
    if (!text(key, value) || value.empty())
        return false;
    std::string wrong = wrong_proxy(value);
    if (!wrong.empty()) {
        fault(key, std::move(wrong));
        return false;
    }
    out = value;
    return true;
}

void Section::finish() {
    for (const auto& [key, value] : table_) {
        if (std::ranges::find(taken_, key.str()) != taken_.end())
            continue;
        const std::string_view meant = nearest(key.str(), taken_);
        const std::string fix = meant.empty()
                                    ? fmt::format("take it out; known here: {}", fmt::join(taken_, ", "))
                                    : fmt::format("did you mean \"{}\"?", meant);
        faults_.add(key.source(), name_of(key.str()), "unknown key; " + fix);
    }
}

} // namespace cdtd::app
