// The log as a port: a message for people and fields for machines. app/ writes it to the journal, as text or
// as JSON.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace cdtd::base {

enum class Level { trace, debug, info, warn, error };

/// `key` in snake_case: "feed", "url", "error"; the journal gets it as CDTD_FEED.
struct Field {
    std::string_view key;
    std::string value;
};

class Log {
  public:
    virtual ~Log() = default;
    virtual bool enabled(Level level) const = 0;
    /// Any thread. Text from outside is made safe by the writer.
    virtual void write(Level level, std::string_view message, std::span<const Field> fields) = 0;

    void debug(std::string_view message, std::initializer_list<Field> fields = {}) {
        put(Level::debug, message, fields);
    }
    void info(std::string_view message, std::initializer_list<Field> fields = {}) {
        put(Level::info, message, fields);
    }
    void warn(std::string_view message, std::initializer_list<Field> fields = {}) {
        put(Level::warn, message, fields);
    }
    void error(std::string_view message, std::initializer_list<Field> fields = {}) {
        put(Level::error, message, fields);
    }

  private:
    void put(Level level, std::string_view message, std::initializer_list<Field> fields) {
        if (enabled(level))
            write(level, message, std::span<const Field>(fields.begin(), fields.size()));
    }
};

/// Says nothing: for tests and reading commands.
Log& null_log();

} // namespace cdtd::base
