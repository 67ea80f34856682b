// Tables, colours and the terminal.
#include "app/paint.hpp"

#include <cdtd/app/print.hpp>
#include <cdtd/base/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cdtd::app {
namespace {

constexpr std::size_t between_columns = 2;
constexpr std::size_t narrowest = 12; // a stretching column keeps this much

std::string cell_of(const std::vector<std::string>& row, std::size_t column) {
    const std::string text = column < row.size() ? base::terminal_safe(row[column]) : std::string{};
    return text.empty() ? "-" : text;
}

std::vector<std::size_t> widths_of(const std::vector<Column>& columns,
                                   const std::vector<std::vector<std::string>>& cells, std::size_t width) {
    std::vector<std::size_t> widths;
    std::size_t fixed = 0;
    std::size_t stretching = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        std::size_t widest = base::display_width(columns[i].head);
        for (const auto& row : cells)
            widest = std::max(widest, base::display_width(row[i]));
        widths.push_back(columns[i].most > 0 ? std::min(widest, columns[i].most) : widest);
        if (columns[i].stretches)
            stretching = i;
        else
            fixed += widths.back();
    }
    fixed += between_columns * (columns.empty() ? 0 : columns.size() - 1);
    if (stretching < columns.size())
        widths[stretching] =
            std::min(widths[stretching], std::max(narrowest, width > fixed ? width - fixed : std::size_t{0}));
    return widths;
}

std::string place(const std::string& text, std::size_t width, const Column& column, bool last) {
    if (column.right) {
        const std::string fitted = base::fit(text, width);
        return std::string(width - std::min(width, base::display_width(fitted)), ' ') + fitted;
    }
    return last ? base::fit(text, width) : base::pad(text, width);
}

} // namespace

Style terminal() {
    Style style;
    const bool tty = isatty(STDOUT_FILENO) != 0;
    const char* no_colour = std::getenv("NO_COLOR");
    const char* kind = std::getenv("TERM");
    style.colour = tty && (no_colour == nullptr || *no_colour == '\0') &&
                   (kind == nullptr || std::string_view(kind) != "dumb");
    winsize window{};
    if (tty && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col >= 40)
        style.width = window.ws_col;
    else if (!tty)
        style.width = 100'000; // what reads a pipe wants the whole
    return style;
}

std::string paint(std::string_view text, Paint colour, const Style& style) {
    static constexpr std::array<const char*, 5> codes = {"1", "2", "32", "33", "31"};
    if (!style.colour || text.empty())
        return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<std::size_t>(colour)], text);
}

std::string paint_state(std::string_view padded, const Style& style) {
    const std::string_view word = base::trim(padded);
    static constexpr std::array<std::string_view, 7> good = {"ok",        "archived", "alive", "captured",
                                                             "delivered", "running",  "stored"};
    static constexpr std::array<std::string_view, 7> bad = {"failing",  "failed",  "gone",   "disabled",
                                                            "censored", "deleted", "refused"};
    if (std::ranges::find(good, word) != good.end())
        return paint(padded, Paint::green, style);
    if (std::ranges::find(bad, word) != bad.end())
        return paint(padded, Paint::red, style);
    return std::string(padded);
}

std::string table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                  const Style& style) {
    std::vector<std::vector<std::string>> cells;
    for (const auto& row : rows) {
        cells.emplace_back();
        for (std::size_t i = 0; i < columns.size(); ++i)
            cells.back().push_back(cell_of(row, i));
    }
    const std::vector<std::size_t> widths = widths_of(columns, cells, style.width);
    std::string text;
    for (std::size_t row = 0; row <= cells.size(); ++row) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const bool last = i + 1 == columns.size();
            const std::string& raw = row == 0 ? columns[i].head : cells[row - 1][i];
            const std::string placed = place(raw, widths[i], columns[i], last);
            text += row == 0                     ? paint(placed, Paint::bold, style)
                    : columns[i].head == "STATE" ? paint_state(placed, style)
                                                 : placed;
            text += last ? "\n" : std::string(between_columns, ' ');
        }
    }
    return text;
}

std::string human_bytes(std::int64_t bytes) {
    static constexpr std::array<const char*, 5> units = {"kB", "MB", "GB", "TB", "PB"};
    if (bytes < 1000)
        return fmt::format("{} B", bytes);
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    // 999.95 would be written 1000.0.
    while (value >= 999.95 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return fmt::format("{:.1f} {}", value, units[unit]);
}

} // namespace cdtd::app
