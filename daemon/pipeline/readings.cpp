// The entries of a document, with what is read out of them.
#include <cdtd/article/read.hpp>
#include <cdtd/base/digest.hpp>
#include <cdtd/pipeline/take_in.hpp>

#include <utility>

namespace cdtd::pipeline {

namespace {

/// Over all that is taken from an entry.
std::string digest_of(const Reading& reading) {
    const model::Entry& entry = reading.entry;
    std::string whole = entry.title + "\n" + entry.link + "\n" + entry.author;
    for (const std::string& category : entry.categories)
        whole += "\n#" + category;
    return base::sha256_hex(whole + "\n" + reading.html);
}

} // namespace

std::vector<Reading> list_entries(model::Feed& feed, const std::string& feed_url) {
    std::vector<change::Identity> identities = change::identify(feed, feed_url);
    std::vector<Reading> readings;
    readings.reserve(feed.entries.size());
    for (std::size_t i = 0; i < feed.entries.size(); ++i) {
        Reading reading;
        reading.entry = std::move(feed.entries[i]);
        reading.identity = std::move(identities[i]);
        reading.title = article::read_title(reading.entry.title);
        std::string& content = reading.entry.content;
        reading.html = std::move(content.empty() ? reading.entry.summary : content);
        reading.digest = digest_of(reading);
        readings.push_back(std::move(reading));
    }
    feed.entries.clear();
    return readings;
}

void read_contents(std::vector<Reading>& readings, const std::string& feed_url) {
    for (Reading& reading : readings)
        if (!reading.unchanged && !reading.html.empty())
            reading.content =
                article::read(reading.html, reading.entry.link.empty() ? feed_url : reading.entry.link);
}

} // namespace cdtd::pipeline
