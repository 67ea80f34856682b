#include <cdtd/app/logging.hpp>
#include <cdtd/base/clock.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/time.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <systemd/sd-journal.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace cdtd::app {
namespace {

constexpr std::size_t longest_value = 4000; // bytes; one line can't fill a disk

std::string safe(std::string_view text) {
    return base::terminal_safe(base::cut_bytes(text, longest_value));
}

std::string safe_key(std::string_view key) {
    std::string result(key.substr(0, 50)); // journald takes names of at most 64 bytes
    std::ranges::replace_if(
        result, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')); }, '_');
    return result;
}

/// key=value; a value with blanks or quotes stands in quotes, so that a line can be taken apart again.
std::string in_line(const base::Field& field) {
    std::string value = safe(field.value);
    if (value.empty() || value.find_first_of(" \"=") != std::string::npos) {
        std::string quoted = "\"";
        for (const char c : value) {
            if (c == '"' || c == '\\')
                quoted += '\\';
            quoted += c;
        }
        value = quoted + '"';
    }
    return fmt::format(" {}={}", safe_key(field.key), value);
}

std::string line_of(std::string_view message, std::span<const base::Field> fields) {
    std::string line = safe(message);
    for (const base::Field& field : fields)
        line += in_line(field);
    return line;
}

spdlog::level::level_enum spdlog_level(base::Level level) {
    switch (level) {
    case base::Level::trace:
        return spdlog::level::trace;
    case base::Level::debug:
        return spdlog::level::debug;
    case base::Level::info:
        return spdlog::level::info;
    case base::Level::warn:
        return spdlog::level::warn;
    case base::Level::error:
        break;
    }
    return spdlog::level::err;
}

std::string_view name_of(base::Level level) {
    constexpr std::string_view names[] = {"trace", "debug", "info", "warn", "error"};
    return names[static_cast<std::size_t>(level)];
}

class LeveledLog : public base::Log {
  public:
    explicit LeveledLog(base::Level level) : level_(level) {}
    bool enabled(base::Level level) const override { return level >= level_; }

  private:
    base::Level level_;
};

std::shared_ptr<spdlog::logger> stream_logger(std::FILE* file, spdlog::color_mode colour,
                                              const char* pattern) {
    using Sink = spdlog::sinks::ansicolor_sink<spdlog::details::console_mutex>;
    struct FileSink : Sink {
        using Sink::Sink;
    };
    auto logger = std::make_shared<spdlog::logger>("cdtd", std::make_shared<FileSink>(file, colour));
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    logger->set_formatter(
        std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
    return logger;
}

class TextLog final : public LeveledLog {
  public:
    TextLog(base::Level level, std::FILE* file, spdlog::color_mode colour)
        : LeveledLog(level), logger_(stream_logger(file, colour, "%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v")) {}

    void write(base::Level level, std::string_view message, std::span<const base::Field> fields) override {
        logger_->log(spdlog_level(level), spdlog::string_view_t(line_of(message, fields)));
    }

  private:
    std::shared_ptr<spdlog::logger> logger_;
};

class JsonLog final : public LeveledLog {
  public:
    JsonLog(base::Level level, std::FILE* file)
        : LeveledLog(level), logger_(stream_logger(file, spdlog::color_mode::never, "%v")) {}

    void write(base::Level level, std::string_view message, std::span<const base::Field> fields) override {
        boost::json::object line;
        line["time"] = base::format_rfc3339(base::system_clock().now());
        line["level"] = name_of(level);
        line["message"] = safe(message);
        for (const base::Field& field : fields)
            line.emplace(safe_key(field.key), safe(field.value)); // the three above stay what they are
        logger_->log(spdlog_level(level), spdlog::string_view_t(boost::json::serialize(line)));
    }

  private:
    std::shared_ptr<spdlog::logger> logger_;
};

class JournalLog final : public LeveledLog {
  public:
    using LeveledLog::LeveledLog;

    void write(base::Level level, std::string_view message, std::span<const base::Field> fields) override {
        std::vector<std::string> parts = {"MESSAGE=" + line_of(message, fields),
                                          fmt::format("PRIORITY={}", priority(level)),
                                          "SYSLOG_IDENTIFIER=cdtd"};
        for (const base::Field& field : fields) {
            std::string key = safe_key(field.key);
            std::ranges::transform(key, key.begin(), [](char c) {
                return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
            });
            parts.push_back(fmt::format("CDTD_{}={}", key, safe(field.value)));
        }
        std::vector<iovec> vectors;
        for (std::string& part : parts)
            vectors.push_back({part.data(), part.size()});
        sd_journal_sendv(vectors.data(), static_cast<int>(vectors.size()));
    }

  private:
    static int priority(base::Level level) {
        constexpr int priorities[] = {LOG_DEBUG, LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERR};
        return priorities[static_cast<std::size_t>(level)];
    }
};

} // namespace

bool stderr_is_journal() {
    const char* given = std::getenv("JOURNAL_STREAM");
    struct stat facts{};
    if (given == nullptr || fstat(STDERR_FILENO, &facts) != 0)
        return false;
    return given == fmt::format("{}:{}", facts.st_dev, facts.st_ino);
}

std::unique_ptr<base::Log> make_file_log(const std::string& format, base::Level level, std::FILE* file) {
    if (format == "json")
        return std::make_unique<JsonLog>(level, file);
    const char* no_colour = std::getenv("NO_COLOR");
    const bool colour = isatty(fileno(file)) != 0 && (no_colour == nullptr || *no_colour == '\0');
    return std::make_unique<TextLog>(level, file,
                                     colour ? spdlog::color_mode::always : spdlog::color_mode::never);
}

std::unique_ptr<base::Log> make_log(const std::string& format, base::Level level) {
    if (format == "journal" || (format == "auto" && stderr_is_journal()))
        return std::make_unique<JournalLog>(level);
    return make_file_log(format, level, stderr);
}

} // namespace cdtd::app
