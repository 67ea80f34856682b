#include "notify/event_json.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/notify/digest.hpp>

#include <boost/json/array.hpp>

namespace cdtd::notify {

namespace json = boost::json;

json::object digest_data(const std::vector<model::Event>& events, std::int64_t total) {
    constexpr std::size_t longest_title = 300, longest_url = 400; // bytes: 20 of them stay under 20 KB
    json::array list;
    for (const model::Event& event : events) {
        if (list.size() == static_cast<std::size_t>(most_in_digest))
            break;
        const Subject subject = subject_of(data_of(event));
        json::object item{{"id", event.id},
                          {"type", event.type},
                          {"title", base::cut_graphemes(subject.title, longest_title)},
                          {"url", nullptr}};
        if (!subject.url.empty() && subject.url.size() <= longest_url)
            item["url"] = subject.url;
        list.emplace_back(std::move(item));
    }
    const std::int64_t more = total - static_cast<std::int64_t>(list.size());
    return {{"events", std::move(list)}, {"more", more}};
}

} // namespace cdtd::notify
