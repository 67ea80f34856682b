// What other readers' tests expect of feeds, where their corpus lies beside the repository. Compared are the
// fields that model::Feed and model::Entry have; what they leave out on purpose (a feed's subtitle, its
// dates, images, rights) is not.
#include "unit/feed/fixtures.hpp"

#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/feed/parse.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace cdtd::feed {
namespace {

namespace json = boost::json;

const std::filesystem::path folder = std::filesystem::path(CDTD_SOURCE_DIR) / "../shared/corpus/feeds";

struct Settled {
    bool met;           ///< we do as the case expects, whatever the other reader does
    const char* reason; ///< what we do, and why
};

/// Where two readers disagree, or one was not asked. Every other case must be met.
const std::map<std::string, Settled> settled{
    {"gofeed:feed_description_-_rdf_channel_description",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_description_-_rss_channel_description",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_image_-_rss_channel_description",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_item_author_-_rss_channel_item_author_atom",
     {true, "the name alone: an address is nobody's name"}},
    {"gofeed:feed_item_author_-_rss_channel_item_author_emailAndName",
     {true, "the name alone: an address is nobody's name"}},
    {"gofeed:feed_item_author_-_rss_channel_item_author_nameAndEmail",
     {true, "the name alone: an address is nobody's name"}},
    {"gofeed:feed_item_description_-_rdf_item_description",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_item_description_-_rss_channel_item_description",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_item_fallbacks_-_rss_channel_item_extensions",
     {false,
      "dc:date is the day of publication; nothing says that the item was changed, so `updated` stays empty"}},
    {"gofeed:feed_item_image_-_rss_channel_item_content",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_item_image_-_rss_channel_item_description",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_language_-_rss_channel_language",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_link_-_rss_channel_atom_link_alternate",
     {true, "atom:link counts where the channel has no link of its own"}},
    {"gofeed:feed_published_-_rss_channel_pubDate",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_updated_-_rss_channel_lastBuildDate",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_categories_-_atom_feed_categories",
     {true, "RFC 4287, 4.2.2.3: the label is the one for people"}},
    {"gofeed:feed_description_-_atom03_feed_tagline",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_description_-_atom10_feed_subtitle",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_item_content_-_atom03_feed_entry_content_value",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_item_content_-_atom10_feed_entry_content",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_item_description_-_atom03_feed_entry_summary",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_item_description_-_atom10_feed_entry_summary",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_item_updated_-_atom03_feed_entry_modified",
     {false, "what was changed at a time was not published then: `published` stays empty"}},
    {"gofeed:feed_language_-_atom03_feed_xml_lang",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_language_-_atom10_feed_xml_lang",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:feed_updated_-_atom03_feed_modified",
     {true, "the second reader was not asked; what the document says"}},
    {"gofeed:json10_full",
     {true, "the second reader was not asked about JSON Feed; as its specification has it"}},
    {"gofeed:json10_simple",
     {true, "the second reader was not asked about JSON Feed; as its specification has it"}},
    {"gofeed:json11_full",
     {true, "the second reader was not asked about JSON Feed; as its specification has it"}},
    {"rss-parser:craigslist",
     {true, "what XML says; entities that are written twice are for those who read titles"}},
    {"rss-parser:customfields", {true, "what XML says"}},
    {"rss-parser:giantbomb-podcast", {true, "what XML says"}},
    {"rss-parser:heise", {true, "what XML says"}},
    {"rss-parser:incomplete-fields", {true, "the second reader was not asked; what the document says"}},
    {"rss-parser:itunes-category",
     {false, "itunes:keywords are categories too, as the other two readers have it"}},
    {"rss-parser:itunes-href",
     {true, "as the second reader has it: white space around is not part of a value"}},
    {"rss-parser:itunes-keywords",
     {false, "itunes:keywords are categories too, as the other two readers have it"}},
    {"rss-parser:reddit-home", {true, "an id is what is written, never resolved"}},
    {"rss-parser:uolNoticias",
     {false, "the charset that is declared is Latin 1; the expectation has lost its letters"}},
};

std::string slurp(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Addresses are kept in one written form, so that is what both sides are brought into.
std::string address(std::string_view url) {
    return base::resolve_url(fixtures::url, base::trim(url)).value_or(std::string(url));
}

/// Titles differ in the white space that XML readers keep, and in entities that are decoded once more; we
/// compare what XML says.
std::string title(std::string_view written) {
    return base::tidy(written);
}

std::string moment(const std::optional<base::Time>& time) {
    return time ? base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(*time)) : "none";
}

std::string moment(std::string_view written) {
    return moment(base::parse_rfc3339(written));
}

class Comparison {
  public:
    void feed(const json::object& expected, const model::Feed& feed) {
        for (const auto& [key, value] : expected) {
            if (key == "title")
                same("feed.title", title(value.as_string()), title(feed.title));
            else if (key == "link")
                same("feed.link", address(value.as_string()), feed.link);
            else if (key == "language")
                same("feed.language", std::string(value.as_string()), feed.language);
            else if (key != "subtitle" && key != "published" && key != "updated")
                differences += "unknown field feed." + std::string(key) + "\n";
        }
    }

    void entry(const json::object& expected, const model::Entry& entry, std::size_t number) {
        const std::string place = "entries." + std::to_string(number) + ".";
        for (const auto& [key, value] : expected)
            field(place + std::string(key), key, value, entry);
    }

    void same(const std::string& place, const std::string& expected, const std::string& read) {
        if (expected != read)
            differences += place + ": expected “" + expected + "”, read “" + read + "”\n";
    }

    std::string differences;

  private:
    void field(const std::string& place, std::string_view key, const json::value& value,
               const model::Entry& entry) {
        if (key == "categories")
            return same(place, json::serialize(value), list(entry.categories));
        if (key == "enclosures")
            return enclosures(place, value.as_array(), entry);
        const std::string text(value.as_string());
        if (key == "title")
            same(place, title(text), title(entry.title));
        else if (key == "link")
            same(place, address(text), entry.link);
        else if (key == "id")
            same(place, std::string(base::trim(text)), entry.guid);
        else if (key == "author")
            same(place, text, entry.author);
        else if (key == "summary" || key == "content")
            same(place, text, key == "summary" ? entry.summary : entry.content);
        else if (key == "published" || key == "updated")
            same(place, moment(text), moment(key == "published" ? entry.published : entry.updated));
        else if (key == "date_any") // whichever the reader took
            same(place, moment(text),
                 moment(moment(text) == moment(entry.updated) ? entry.updated : entry.published));
        else
            differences += "unknown field " + place + "\n";
    }

    static std::string list(const std::vector<std::string>& words) {
        json::array array;
        for (const auto& word : words)
            array.emplace_back(word);
        return json::serialize(array);
    }

    void enclosures(const std::string& place, const json::array& expected, const model::Entry& entry) {
        json::array read, wanted;
        for (const auto& url : expected)
            wanted.emplace_back(address(url.as_string()));
        for (const auto& enclosure : entry.enclosures)
            read.emplace_back(enclosure.url);
        same(place, json::serialize(wanted), json::serialize(read));
    }
};

std::string compare(const json::object& row) {
    const auto bytes = slurp(folder / std::string(row.at("file").as_string()));
    if (bytes.empty())
        return "no such file\n";
    const auto feed = parse(bytes, fixtures::url, "");
    if (!feed)
        return "not read: " + feed.error().message + "\n";
    Comparison comparison;
    const auto& expected = row.at("expected").as_object();
    comparison.feed(expected.at("feed").as_object(), *feed);
    const auto& entries = expected.at("entries").as_array();
    // An expectation without entries is one of the feed alone.
    if (!entries.empty())
        comparison.same("entries", std::to_string(entries.size()), std::to_string(feed->entries.size()));
    for (std::size_t i = 0; i < std::min(entries.size(), feed->entries.size()); ++i)
        comparison.entry(entries[i].as_object(), feed->entries[i], i);
    return comparison.differences;
}

/// Both readers gave the same answer to everything that is expected, and there is something.
bool is_agreed(const json::object& row) {
    if (!row.contains("feedparser_agrees")) // JSON Feed, which the second reader was not asked
        return false;
    const std::string figures(row.at("feedparser_agrees").as_string());
    const auto slash = figures.find('/');
    return figures.substr(0, slash) == figures.substr(slash + 1) && figures != "0/0";
}

TEST(Cases, AreMetOrSettled) {
    std::ifstream in(folder / "cases.jsonl");
    if (!in)
        GTEST_SKIP() << "no corpus at " << folder;
    int cases = 0, agreed = 0;
    std::set<std::string> unused;
    for (const auto& [id, how] : settled)
        unused.insert(id);
    for (std::string line; std::getline(in, line);) {
        const auto row = json::parse(line).as_object();
        const std::string id(row.at("id").as_string());
        ++cases;
        const auto differences = compare(row);
        if (is_agreed(row)) {
            ++agreed;
            EXPECT_TRUE(differences.empty()) << id << "\n" << differences;
            continue;
        }
        unused.erase(id);
        const auto how = settled.find(id);
        ASSERT_TRUE(how != settled.end()) << id << " is not settled\n" << differences;
        EXPECT_EQ(differences.empty(), how->second.met) << id << ": " << how->second.reason << "\n"
                                                        << differences;
    }
    EXPECT_EQ(cases, 93);
    EXPECT_EQ(agreed, 54);
    EXPECT_TRUE(unused.empty()) << "settled, but no case that has to be: " << *unused.begin();
}

} // namespace
} // namespace cdtd::feed
