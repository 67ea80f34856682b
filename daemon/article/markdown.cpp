#include "article/entities.hpp"

#include <cdtd/article/markdown.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace cdtd::article {
namespace {

using std::chrono::milliseconds;
constexpr auto npos = std::string_view::npos;
constexpr std::string_view rule = "------", line_feed = "&#10;", carriage_return = "&#13;";
/// Years 1 to 9999: what dates can be written for.
constexpr std::int64_t earliest_ms = -62'135'596'800'000, latest_ms = 253'402'300'799'999;

bool is_entity_start(std::string_view text, std::size_t after) {
    if (after >= text.size())
        return false;
    const char c = text[after];
    return c == '#' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string escape_title(std::string_view title) {
    std::string out;
    out.reserve(title.size() + 16);
    for (std::size_t i = 0; i < title.size(); ++i) {
        const char c = title[i];
        const char next = i + 1 < title.size() ? title[i + 1] : ']';
        const bool misread = c == '\\' && std::string_view("\\[]&\r\n").contains(next);
        if (c == '[' || c == ']' || misread || (c == '&' && is_entity_start(title, i + 1)))
            out += '\\';
        if (c == '\n')
            out += line_feed;
        else if (c == '\r')
            out += carriage_return;
        else
            out += c;
    }
    return out;
}

/// Entities in titles of old archives, doubly encoded ones too.
std::string decode(std::string text) {
    constexpr int most_rounds = 3;
    for (int round = 0; round < most_rounds; ++round) {
        std::size_t at = text.find('&');
        while (at != npos && !is_entity_start(text, at + 1))
            at = text.find('&', at + 1);
        if (at == npos)
            return text;
        text = decode_entities(text);
    }
    return text;
}

/// `escapable`: what a backslash before it takes for itself. `entities`: others than line ends count too.
std::string unescape(std::string_view raw, std::string_view escapable, bool entities) {
    std::string out, plain;
    const auto flush = [&] {
        out += entities ? decode(std::move(plain)) : std::move(plain);
        plain.clear();
    };
    for (std::size_t i = 0; i < raw.size();) {
        const std::string_view rest = raw.substr(i);
        if (rest[0] == '\\' && rest.size() > 1 && escapable.contains(rest[1])) {
            flush();
            out += rest[1];
            i += 2;
        } else if (rest.starts_with(line_feed) || rest.starts_with(carriage_return)) {
            flush();
            out += rest.starts_with(line_feed) ? '\n' : '\r';
            i += line_feed.size();
        } else {
            plain += rest[0];
            ++i;
        }
    }
    flush();
    return out;
}

bool is_plain_url(std::string_view url) {
    int open = 0;
    for (const char c : url) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte == 0x7f || c == '<' || c == '>' || c == '\\')
            return false;
        open += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (open < 0)
            return false;
    }
    return open == 0 && !url.contains("](") && base::trim(url).size() == url.size();
}

std::string write_url(std::string_view url) {
    if (is_plain_url(url))
        return std::string(url);
    std::string out = "<";
    for (std::size_t i = 0; i < url.size(); ++i) {
        const char c = url[i];
        const std::string_view rest = url.substr(i);
        if (std::string_view("\\<>]").contains(c) || rest.starts_with(line_feed) ||
            rest.starts_with(carriage_return))
            out += '\\';
        if (c == '\n')
            out += line_feed;
        else if (c == '\r')
            out += carriage_return;
        else
            out += c;
    }
    return out + ">";
}

std::string read_url(std::string_view raw) {
    if (raw.size() >= 2 && raw.starts_with('<') && raw.ends_with('>'))
        return unescape(raw.substr(1, raw.size() - 2), "\\<>]&", false);
    return std::string(base::trim(raw));
}

/// Where "](" parts title and URL: the last one that is not escaped; in titles of old archives, the last.
std::size_t find_middle(std::string_view line) {
    for (std::size_t at = line.rfind("]("); at != npos && at > 0; at = line.rfind("](", at - 1)) {
        std::size_t slashes = 0;
        while (slashes < at && line[at - 1 - slashes] == '\\')
            ++slashes;
        if (slashes % 2 == 0)
            return at;
    }
    return line.rfind("](");
}

/// Reads `text` line by line.
class Lines {
  public:
    explicit Lines(std::string_view text) : rest_(text) {}
    bool ended() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }
    std::string_view peek() const { return rest_.substr(0, std::min(rest_.find('\n'), rest_.size())); }
    std::string_view next() {
        const std::string_view line = peek();
        rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
        return line;
    }

  private:
    std::string_view rest_;
};

bool is_rule(std::string_view line) {
    line = base::trim(line);
    return line.size() >= 3 && line.find_first_not_of('-') == npos;
}

base::Result<bool> read_date(std::string_view line, Markdown& file) {
    constexpr std::string_view open = "<!--", close = "-->";
    line = base::trim(line);
    if (!line.starts_with(open) || !line.ends_with(close) || line.size() < open.size() + close.size())
        return false;
    const std::string_view digits =
        base::trim(line.substr(open.size(), line.size() - open.size() - close.size()));
    std::int64_t count = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, count);
    if (error != std::errc() || stop != end || count < earliest_ms || count > latest_ms)
        return base::fail(base::Errc::bad_data,
                          "its first line is no time of publication, as <!--1737546740000-->");
    file.published_at = base::Time(milliseconds(count));
    return true;
}

/// "[title](URL)"; in old archives a title may go over several lines. False where that is not what stands
/// there.
bool read_head(Lines& lines, Markdown& file, bool& crlf) {
    std::string head;
    while (!lines.ended() && !is_rule(lines.peek())) {
        const std::string_view line = lines.next();
        crlf = crlf || line.ends_with('\r');
        if (base::trim(line).empty())
            continue;
        if (!head.empty())
            head += ' ';
        head += base::trim(line);
    }
    const std::size_t middle = find_middle(head);
    if (lines.ended() || !head.starts_with('[') || !head.ends_with(')') || middle == npos)
        return false;
    lines.next();
    const std::string_view all = head;
    file.title = unescape(all.substr(1, middle - 1), "\\[]&", true);
    file.url = read_url(all.substr(middle + 2, all.size() - middle - 3));
    return true;
}

/// "日期：Sat, 13 Jun 2020 00:48:41 +0000", in archives of 2020.
bool read_old_date(std::string_view line, Markdown& file) {
    for (const std::string_view label : {"日期：", "日期:"}) {
        if (!line.starts_with(label))
            continue;
        if (!file.published_at)
            file.published_at = base::parse_feed_date(base::trim(line.substr(label.size())));
        return true;
    }
    return false;
}

std::string with_line_feeds(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n')
            out += text[i];
    return out;
}

} // namespace

std::string write_markdown(const Markdown& file) {
    std::string out;
    if (file.published_at) {
        const auto count = std::chrono::floor<milliseconds>(*file.published_at).time_since_epoch().count();
        if (count >= earliest_ms && count <= latest_ms)
            out = fmt::format("<!--{}-->\n", count);
    }
    return out.append(fmt::format("[{}]({})\n{}\n\n", escape_title(file.title), write_url(file.url), rule))
        .append(file.html)
        .append("\n");
}

base::Result<Markdown> parse_markdown(std::string_view bytes) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (!base::is_valid_utf8(bytes))
        return base::fail(base::Errc::bad_data, "it is not UTF-8");
    if (bytes.starts_with(byte_order_mark))
        bytes.remove_prefix(byte_order_mark.size());
    Markdown file;
    Lines lines(bytes);
    while (!lines.ended() && base::trim(lines.peek()).empty())
        lines.next();
    const auto dated = read_date(lines.peek(), file);
    if (!dated)
        return std::unexpected(dated.error());
    bool crlf = *dated && lines.peek().ends_with('\r');
    if (*dated)
        lines.next();
    if (!read_head(lines, file, crlf))
        return base::fail(base::Errc::bad_data, "it does not begin with [title](URL) over a line ------");
    if (read_old_date(lines.peek(), file))
        lines.next();
    if (base::trim(lines.peek()).empty())
        lines.next();
    file.html = crlf ? with_line_feeds(lines.rest()) : std::string(lines.rest());
    if (file.html.ends_with('\n'))
        file.html.pop_back();
    return file;
}

} // namespace cdtd::article
