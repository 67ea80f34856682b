// From the words of a query to its tree, by recursive descent.
#include "store/search_lexer.hpp"

#include <cdtd/store/search_query.hpp>

#include <fmt/format.h>

#include <utility>

namespace cdtd::store {
namespace {

constexpr int most_phrases = 64;
constexpr int deepest = 20;

using Kind = Lexeme::Kind;

class Parser {
  public:
    explicit Parser(std::vector<Lexeme> lexemes) : lexemes_(std::move(lexemes)) {}

    base::Result<Query> read() {
        if (here().kind == Kind::end)
            return fault_at(1, "nothing to search for");
        auto query = read_any();
        if (!query)
            return query;
        if (here().kind == Kind::close)
            return fault_at(here().column, "a \")\" without \"(\"");
        return query;
    }

  private:
    const Lexeme& here() const { return lexemes_[at_]; }
    Lexeme take() { return std::move(lexemes_[at_++]); }

    /// Joins `parts`; one alone stays itself.
    static Query joined(Query::Kind kind, std::vector<Query> parts) {
        if (parts.size() == 1)
            return std::move(parts.front());
        Query query;
        query.kind = kind;
        query.parts = std::move(parts);
        return query;
    }

    base::Result<Query> read_any() {
        std::vector<Query> parts;
        while (true) {
            auto part = read_all();
            if (!part)
                return part;
            parts.push_back(std::move(*part));
            if (here().kind != Kind::any)
                return joined(Query::Kind::any, std::move(parts));
            ++at_;
        }
    }

    base::Result<Query> read_all() {
        std::vector<Query> parts;
        while (true) {
            auto part = read_one();
            if (!part)
                return part;
            parts.push_back(std::move(*part));
            if (here().kind == Kind::all)
                ++at_;
            else if (here().kind == Kind::end || here().kind == Kind::close || here().kind == Kind::any)
                return joined(Query::Kind::all, std::move(parts));
        }
    }

    /// A phrase, or something in parentheses, or the opposite of one.
    base::Result<Query> read_one() {
        if (depth_ >= deepest)
            return fault_at(here().column, fmt::format("parentheses and NOTs more than {} deep", deepest));
        ++depth_;
        auto query = read_deeper();
        --depth_;
        return query;
    }

    base::Result<Query> read_deeper() {
        switch (here().kind) {
        case Kind::word:
        case Kind::phrase:
            return read_phrase();
        case Kind::open:
            return read_group();
        case Kind::field:
            return read_field();
        case Kind::none:
        case Kind::minus:
            return read_opposite();
        default:
            return missing();
        }
    }

    base::Result<Query> read_phrase() {
        if (++phrases_ > most_phrases)
            return fault_at(here().column, fmt::format("a query has at most {} words", most_phrases));
        Query query;
        query.field = field_;
        query.text = take().text;
        return query;
    }

    base::Result<Query> read_group() {
        const Lexeme open = take();
        if (here().kind == Kind::close)
            return fault_at(open.column, "nothing between the parentheses");
        auto query = read_any();
        if (!query)
            return query;
        if (here().kind != Kind::close)
            return fault_at(open.column, "a \"(\" without \")\"");
        ++at_;
        return query;
    }

    base::Result<Query> read_field() {
        const Lexeme name = take();
        if (!field_.empty())
            return fault_at(name.column, fmt::format("the field {} inside {}:", name.shown, field_));
        if (here().kind != Kind::word && here().kind != Kind::phrase && here().kind != Kind::open)
            return fault_at(name.column, fmt::format("nothing to search for behind {}", name.shown));
        field_ = name.text;
        auto query = read_one();
        field_.clear();
        return query;
    }

    base::Result<Query> read_opposite() {
        const Lexeme sign = take();
        if (here().kind == Kind::end || here().kind == Kind::close || here().kind == Kind::all ||
            here().kind == Kind::any)
            return fault_at(sign.column, fmt::format("nothing to leave out behind {}", sign.shown));
        auto part = read_one();
        if (!part)
            return part;
        Query query;
        query.kind = Query::Kind::none;
        query.parts.push_back(std::move(*part));
        return query;
    }

    base::Result<Query> missing() const {
        const Lexeme& found = here();
        if (found.kind == Kind::close && depth_ == 1 && at_ == 0)
            return fault_at(found.column, "a \")\" without \"(\"");
        if (found.kind == Kind::all || found.kind == Kind::any)
            return fault_at(found.column,
                            fmt::format("nothing before {0} (in quotes, \"{0}\" is a word)", found.shown));
        const Lexeme& before = lexemes_[at_ - 1]; // never the first: an empty query is refused before
        return fault_at(before.column, fmt::format("nothing behind {}", before.shown));
    }

    std::vector<Lexeme> lexemes_;
    std::size_t at_ = 0;
    int depth_ = 0;
    int phrases_ = 0;
    std::string field_; ///< in force
};

void collect(const Query& query, std::vector<Query>& phrases) {
    if (query.kind == Query::Kind::none)
        return;
    if (query.kind == Query::Kind::phrase)
        phrases.push_back(query);
    for (const auto& part : query.parts)
        collect(part, phrases);
}

} // namespace

base::Result<Query> parse_query(std::string_view typed) {
    auto lexemes = read_lexemes(typed);
    if (!lexemes)
        return std::unexpected(lexemes.error());
    return Parser(std::move(*lexemes)).read();
}

std::vector<Query> wanted_phrases(const Query& query) {
    std::vector<Query> phrases;
    collect(query, phrases);
    return phrases;
}

} // namespace cdtd::store
