// bench_search FILE ARTICLES [QUERIES]: makes an archive of so many generated articles of about 9 KB of
// Chinese in FILE where it is not there yet, then asks it through the API's own code. Prints what indexing
// costs beside the same articles without it, the index's size beside the text, and how long questions take.
#include <cdtd/api/answer.hpp>
#include <cdtd/base/url.hpp>
#include <cdtd/store/articles.hpp>
#include <cdtd/store/feeds.hpp>
#include <cdtd/store/schema.hpp>
#include <cdtd/store/search.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

using namespace cdtd;

namespace {

double cpu_now() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::string utf8(unsigned c) {
    std::string out;
    for (const unsigned byte : {0xE0U | (c >> 12U), 0x80U | ((c >> 6U) & 0x3FU), 0x80U | (c & 0x3FU)})
        out += static_cast<char>(static_cast<unsigned char>(byte));
    return out;
}

/// Words of one to three characters, used as often as words of a language are (Zipf): a few characters in
/// every article, most pairs of characters in few.
class Language {
  public:
    explicit Language(unsigned seed) : random_(seed) {
        std::vector<unsigned> characters;
        for (unsigned c = 0x4E00; c < 0x4E00 + 3500; ++c)
            characters.push_back(c);
        std::mt19937 fixed(7);
        std::shuffle(characters.begin(), characters.end(), fixed);
        for (int i = 0; i < 20'000; ++i) {
            std::string word;
            const unsigned length = i < 60 ? 1 : fixed() % 8 == 0 ? 3 : 2;
            for (unsigned k = 0; k < length; ++k)
                word += utf8(characters[pick(fixed, characters.size(), 0.8)]);
            words_.push_back(word);
        }
    }
    std::string text(std::size_t bytes) {
        std::string out;
        while (out.size() < bytes) {
            const unsigned words = 4 + random_() % 9;
            for (unsigned i = 0; i < words; ++i)
                out += random_() % 60 == 0 ? fmt::format(" w{} ", random_() % 5000) : word();
            out += random_() % 3 == 0 ? "。" : "，";
        }
        return out;
    }
    const std::string& word() { return words_[pick(random_, words_.size(), 1.1)]; }
    unsigned number() { return static_cast<unsigned>(random_()); }

  private:
    /// About as often as 1 / rank^s.
    static std::size_t pick(std::mt19937& random, std::size_t count, double s) {
        const double u = std::generate_canonical<double, 32>(random);
        const double top = std::pow(static_cast<double>(count), 1 - s);
        return std::min(count - 1, static_cast<std::size_t>(std::pow(u * (top - 1) + 1, 1 / (1 - s))) - 1);
    }
    std::mt19937 random_;
    std::vector<std::string> words_;
};

void put(store::Connection& db, Language& language, int number) {
    model::Article article;
    article.url = fmt::format("https://example.org/{}.html", number);
    article.guid = article.url;
    article.title.outlet = fmt::format("outlet{}", number % 200);
    article.title.headline = language.text(40);
    article.title.text = *article.title.outlet + "｜" + article.title.headline;
    article.published_at = base::Time(std::chrono::seconds(1'500'000'000LL + number * 3600LL));
    article.first_seen_at = article.changed_at = *article.published_at;
    const auto id = store::insert_article(db, article);
    store::note_in_feed(db, id, 1 + number % 2, article.first_seen_at);
    model::Revision revision;
    revision.seen_at = article.first_seen_at;
    revision.title = article.title;
    revision.url = article.url;
    revision.content.text = language.text(9000);
    revision.content.excerpt = revision.content.text.substr(0, 60);
    revision.content.characters = 3000;
    revision.content.sha256 = std::to_string(number);
    store::add_revision(db, id, revision);
}

/// CPU of indexing alone, of articles that are stored already, ten a commit.
double index_again(const std::string& file, int articles) {
    store::Connection db(file, store::Mode::create);
    db.exec("UPDATE search_state SET folding = 'another'");
    store::check_search_version(db);
    const double before = cpu_now();
    for (std::int64_t left = 1; left > 0;) {
        store::Transaction ten(db);
        left = store::index_more(db, 10);
        ten.commit();
    }
    return (cpu_now() - before) / articles;
}

double make(const std::string& file, int articles) {
    store::Connection db(file, store::Mode::create);
    store::migrate(db);
    store::check_search_version(db);
    store::sync_feeds(db, {{"one", "https://example.org/1/", true}, {"two", "https://example.org/2/", true}});
    Language language(1);
    const double before = cpu_now();
    for (int number = 0; number < articles;) {
        store::Transaction ten(db); // as many as a feed brings
        for (int i = 0; i < 10; ++i)
            put(db, language, number++);
        ten.commit();
    }
    return cpu_now() - before;
}

std::int64_t number_of(store::Connection& db, const char* sql) {
    auto row = db.prepare(sql);
    row.step();
    return row.integer(0);
}

std::string piece(const std::string& text, unsigned at, std::size_t characters) {
    std::string out;
    for (std::size_t i = at; i < text.size() && characters > 0; ++i) {
        const bool starts = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
        if (out.empty() && !starts)
            continue;
        if (starts && !out.empty() && --characters == 0)
            break;
        out += text[i];
    }
    return out;
}

void ask(store::Connection& db, const api::Context& context, const std::string& what,
         const std::vector<std::string>& targets) {
    std::vector<double> times;
    std::size_t bytes = 0;
    for (const auto& target : targets) {
        const double start = cpu_now(); // others on the machine are not counted
        const auto answer = api::answer(db, target, context);
        times.push_back((cpu_now() - start) * 1000);
        bytes += answer.body.size();
        if (answer.status != 200 && answer.status != 400) // 400: a piece that is only signs
            std::exit((fmt::print(stderr, "{}: {}\n", target, answer.body), 1));
    }
    const auto worst = static_cast<std::size_t>(std::ranges::max_element(times) - times.begin());
    const auto slowest = targets[worst];
    std::ranges::sort(times);
    fmt::print("{:<34} CPU p50 {:6.2f} ms  p99 {:6.2f} ms  most {:6.2f} ms  ({} KB an answer; slowest {})\n",
               what, times[times.size() / 2], times[times.size() * 99 / 100], times.back(),
               bytes / 1024 / times.size(), slowest);
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3)
        return 2;
    const std::string file = argv[1];
    const int articles = std::atoi(argv[2]);
    const int queries = argc > 3 ? std::atoi(argv[3]) : 500;
    if (!std::filesystem::exists(file)) {
        const double seconds = make(file, articles);
        fmt::print("{} articles of 9 KB generated, stored and indexed: {:.2f} ms of CPU each\n", articles,
                   seconds * 1000 / articles);
    }
    if (articles <= 2000)
        fmt::print("indexing alone: {:.2f} ms of CPU an article\n", index_again(file, articles) * 1000);
    store::Connection db(file, store::Mode::read_only);
    const double text =
        static_cast<double>(number_of(db, "SELECT sum(length(CAST(text AS BLOB))) FROM revisions"));
    const double index = static_cast<double>(number_of(
        db, "SELECT (SELECT sum(length(block)) FROM search_data) + (SELECT count(*) * 20 FROM search_idx)"));
    fmt::print("index: {:.2f} MB per MB of text ({:.0f} MB of text)\n", index / text, text / 1e6);
    if (queries == 0)
        return 0;
    const api::Context context{base::Time(std::chrono::seconds(1'900'000'000)), "", {}, false};
    Language language(99);
    for (const char* route : {"/api/v1/articles?limit=50&q=", "/api/v1/search?limit=20&q="}) {
        const bool ranked = std::string_view(route).contains("search");
        for (const std::size_t length : {1UZ, 2UZ, 4UZ}) {
            std::vector<std::string> plain, across; // a comma or a full stop among the characters
            while (plain.size() < static_cast<std::size_t>(queries)) {
                const auto some = piece(language.text(9000), language.number() % 6000, length);
                const bool sign = some.contains("，") || some.contains("。") || some.contains(" ");
                (sign ? across : plain).push_back(route + base::percent_encode(some));
            }
            const char* const how = ranked ? "search" : "list";
            ask(db, context, fmt::format("{}, {} characters", how, length), plain);
            if (length == 4)
                ask(db, context, fmt::format("{}, 4 with a sign or a space", how), across);
        }
        std::vector<std::string> mixed;
        for (int i = 0; i < queries; ++i) {
            const auto a = language.word(), b = language.word();
            const std::string forms[] = {a + " " + b,
                                         a + " OR " + b,
                                         a + " -" + b,
                                         "title:" + a + " " + b,
                                         a + b + " outlet:outlet7",
                                         fmt::format("w{} {}", language.number() % 5000, a)};
            mixed.push_back(route + base::percent_encode(forms[static_cast<std::size_t>(i) % 6]) +
                            (!ranked && i % 3 == 0 ? "&outlet=outlet9" : ""));
        }
        ask(db, context, ranked ? "search, mixed" : "list, mixed", mixed);
    }
    return 0;
}
