// Durations, sizes, lists and headers.
#include "app/config_reader.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <fmt/format.h>

namespace cdtd::app {
namespace {

/// "" or what is wrong with it.
std::string read_duration(const toml::node& node, base::Duration& out, DurationRange range) {
    const auto* text = node.as_string();
    if (text == nullptr)
        return fmt::format("must be a duration in quotes (\"90s\", \"15m\", \"12h\", \"7d\"), not {}",
                           type_name(node));
    const auto value = base::parse_duration(text->get());
    if (!value)
        return value.error().message;
    if (*value < range.least || *value > range.most)
        return fmt::format("\"{}\" is out of range: \"{}\" to \"{}\"", text->get(),
                           base::format_duration(range.least), base::format_duration(range.most));
    out = *value;
    return {};
}

} // namespace

bool Section::duration(std::string_view key, base::Duration& out, DurationRange range) {
    const toml::node* node = take(key);
    if (node == nullptr)
        return false;
    std::string wrong = read_duration(*node, out, range);
    if (!wrong.empty())
        fault(key, std::move(wrong));
    return wrong.empty();
}

const toml::array* Section::array_of(std::string_view key, std::string_view wanted) {
    const toml::node* node = take(key);
    if (node == nullptr)
        return nullptr;
    if (!node->is_array())
        wrong_type(*node, key, wanted);
    return node->as_array();
}

bool Section::durations(std::string_view key, std::vector<base::Duration>& out, DurationRange range) {
    const toml::array* list = array_of(key, "a list of durations, as [\"5m\", \"1h\"]");
    if (list == nullptr)
        return false;
    if (list->empty() || list->size() > 100) {
        fault(key, list->empty() ? "is empty; write one wait at least, as [\"5m\", \"1h\"]"
                                 : "has more than 100 waits; write fewer");
        return false;
    }
    std::vector<base::Duration> read(list->size());
    bool good = true;
    for (std::size_t i = 0; i < list->size(); ++i) {
        std::string wrong = read_duration((*list)[i], read[i], range);
        good = good && wrong.empty();
        if (!wrong.empty())
            fault_in(key, i, std::move(wrong));
    }
    if (good)
        out = std::move(read);
    return good;
}

bool Section::size(std::string_view key, std::uint64_t& out, std::uint64_t least, std::uint64_t most) {
    const toml::node* node = take(key);
    if (node == nullptr)
        return false;
    const auto* written = node->as_string();
    if (written == nullptr)
        return wrong_type(*node, key, "a size in quotes (\"16MiB\", \"1GB\")");
    const auto value = base::parse_size(written->get());
    if (!value) {
        fault(key, value.error().message);
        return false;
    }
    if (*value < least || *value > most) {
        fault(key, fmt::format("\"{}\" is out of range: {} to {} bytes", written->get(), least, most));
        return false;
    }
    out = *value;
    return true;
}

bool Section::texts(std::string_view key, std::vector<std::string>& out) {
    const toml::array* list = array_of(key, "a list of strings, as [\"a\", \"b\"]");
    if (list == nullptr)
        return false;
    std::vector<std::string> read;
    bool good = true;
    for (std::size_t i = 0; i < list->size(); ++i) {
        if (const auto* item = (*list)[i].as_string())
            read.emplace_back(base::trim(item->get()));
        else
            fault_in(key, i, fmt::format("must be a string, not {}", type_name((*list)[i])));
        good = good && (*list)[i].is_string();
    }
    if (good)
        out = std::move(read);
    return good;
}

bool Section::headers(std::string_view key, http::Headers& out) {
    const toml::node* node = take(key);
    if (node == nullptr)
        return false;
    const toml::table* table = node->as_table();
    if (table == nullptr)
        return wrong_type(*node, key, "a table, as { \"X-Name\" = \"value\" }");
    http::Headers read;
    bool good = true;
    for (const auto& [name, value] : *table) {
        const auto* text = value.as_string();
        const std::string wrong = text != nullptr ? wrong_header(name.str(), text->get())
                                                  : fmt::format("must be a string, not {}", type_name(value));
        if (wrong.empty())
            read.emplace_back(name.str(), text->get());
        else
            faults_.add(text != nullptr ? name.source() : value.source(),
                        fmt::format("{}.{}", name_of(key), name.str()), wrong);
        good = good && wrong.empty();
    }
    if (good)
        out = std::move(read);
    return good;
}

} // namespace cdtd::app
