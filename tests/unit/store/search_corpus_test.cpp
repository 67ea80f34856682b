// Search against a plain scan: random pieces of real articles, where they are at hand.
#include "unit/store/fixture.hpp"

#include <cdtd/base/search_text.hpp>
#include <cdtd/store/search.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <random>
#include <set>
#include <sstream>

namespace cdtd::store {
namespace {

const std::filesystem::path kCorpus = CDTD_SOURCE_DIR "/../shared/corpus/cdt";

/// The texts without their tags, in pieces, so that the pieces differ in what they contain.
std::vector<std::string> pieces_of_corpus() {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(kCorpus))
        if (file.path().extension() == ".md")
            files.push_back(file.path());
    std::ranges::sort(files);
    std::vector<std::string> pieces;
    for (const auto& path : files) {
        std::ifstream in(path, std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        std::string piece;
        bool tag = false;
        for (const char c : text.str()) {
            tag = c == '<' || (tag && c != '>');
            if (!tag && c != '>')
                piece += c;
            const bool whole_character = (static_cast<unsigned char>(c) & 0x80U) == 0;
            if (piece.size() > 700 && whole_character)
                pieces.push_back(std::exchange(piece, ""));
        }
        pieces.push_back(piece);
    }
    return pieces;
}

/// Not by the index's means: folded text in which whatever is no unit is one bar, and beside a word none is
/// needed; words have bars around them, so that a part of one is not found.
std::string flat(std::string_view text, bool edges) {
    const std::string folded = base::fold_for_search(text);
    std::string out = edges ? "|" : "";
    const auto units = base::units_of(folded);
    for (std::size_t i = 0; i < units.size(); ++i) {
        const bool pair = i > 0 && units[i].character && units[i - 1].character;
        if (i > 0 && (!pair || units[i].apart))
            out += '|';
        out += units[i].text;
    }
    return edges ? out + "|" : out;
}

bool contains(const std::string& flat_text, const std::string& flat_query, bool word_first, bool word_last) {
    return flat_text.contains((word_first ? "|" : "") + flat_query + (word_last ? "|" : ""));
}

class SearchCorpusTest : public StoreTest {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(kCorpus))
            GTEST_SKIP() << "the corpus is not here";
        Transaction all(db);
        for (const auto& piece : pieces_of_corpus()) {
            auto article = sample(static_cast<int>(pieces.size()) + 1);
            article.title = {"", {}, std::nullopt, ""};
            article.editor.reset();
            article.categories = {};
            auto revision = reading(article, piece);
            revision.content.card.reset();
            revision.content.sources = {};
            add_revision(db, insert_article(db, article), revision);
            pieces.push_back(piece);
            flats.push_back(flat(piece, true));
            folds.push_back(base::fold_for_search(piece));
        }
        all.commit();
    }

    std::set<std::size_t> scanned(const std::string& piece) const {
        const std::string folded = base::fold_for_search(piece);
        const auto units = base::units_of(folded);
        const auto query = flat(piece, false);
        std::set<std::size_t> found;
        for (std::size_t i = 0; i < flats.size(); ++i)
            if (contains(flats[i], query, !units.front().character, !units.back().character))
                found.insert(i + 1);
        return found;
    }

    std::vector<std::string> pieces, flats, folds;
};

std::vector<std::string> characters_of(const std::string& text) {
    std::vector<std::string> out;
    for (const char c : text)
        if ((static_cast<unsigned char>(c) & 0xC0U) == 0x80U && !out.empty())
            out.back() += c;
        else
            out.emplace_back(1, c);
    return out;
}

bool is_plain(const std::string& piece) {
    const std::string folded = base::fold_for_search(piece);
    std::string units;
    for (const auto& unit : base::units_of(folded))
        units += unit.character ? unit.text : "";
    return units == folded;
}

TEST_F(SearchCorpusTest, ThousandsOfRandomPiecesAreFoundWhereAScanFindsThem) {
    std::mt19937 random(20201113); // the same every time
    int asked = 0, none = 0;
    while (asked < 5000) {
        const auto characters = characters_of(pieces[random() % pieces.size()]);
        const std::size_t length = 1 + random() % 8;
        if (characters.size() <= length)
            continue;
        const std::size_t start = random() % (characters.size() - length);
        std::string piece;
        for (std::size_t i = 0; i < length; ++i)
            if (characters[start + i] != "\"" && characters[start + i] != "“" && characters[start + i] != "”")
                piece += characters[start + i];
        const auto query = parse_query("\"" + piece + "\"");
        if (!query) {
            EXPECT_TRUE(base::units_of(base::fold_for_search(piece)).empty()) << piece;
            continue;
        }
        ++asked;
        ArticleFilter filter;
        filter.limit = 500;
        filter.query = *query;
        std::set<std::size_t> found;
        do {
            auto page = list_articles(db, filter);
            for (const auto& article : page.items)
                found.insert(static_cast<std::size_t>(article.id));
            filter.cursor = page.next.value_or("");
        } while (!filter.cursor.empty());
        const auto expected = scanned(piece);
        ASSERT_EQ(found, expected) << "[" << piece << "]";
        if (is_plain(piece)) // nothing but characters: no rule of ours between the text and the piece
            for (std::size_t i = 0; i < pieces.size(); ++i)
                ASSERT_EQ(expected.contains(i + 1), folds[i].contains(base::fold_for_search(piece))) << piece;
        none += expected.empty() ? 1 : 0;
        if (asked % 50 == 0 && !found.empty()) {
            const auto passage = search(db, *query, "", 1).items.at(0).passage;
            bool marked = false;
            for (const auto& part : passage.parts)
                marked = marked || part.match;
            EXPECT_TRUE(marked) << piece;
        }
    }
    std::cout << pieces.size() << " texts, " << asked << " pieces asked for, " << none << " in none\n";
    EXPECT_GT(pieces.size(), 100U);
    EXPECT_LT(none, asked / 4) << "mostly parts of Latin words";
}

TEST_F(SearchCorpusTest, FoldingWithPlacesFoldsTheSame) {
    for (const auto& piece : pieces) {
        const auto folded = base::fold_with_origin(piece);
        EXPECT_EQ(folded.text, base::fold_for_search(piece));
        EXPECT_EQ(folded.origin.size(), folded.text.size() + 1);
    }
}

} // namespace
} // namespace cdtd::store
