// The few places of a page where a platform says what became of it. Private.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cdtd::article {

/// Without white space, punctuation, case and width: what is compared of notices.
std::string squeezed(std::string_view text);

class Page {
  public:
    /// Reads the elements that the rules name, and no others.
    explicit Page(std::string_view html);

    /// Decoded, on one line; "" = none.
    [[nodiscard]] const std::string& title() const { return title_; }
    /// Whether the title, or its part before the site's name, is this text.
    [[nodiscard]] bool titled(std::string_view text) const;
    /// The texts of the elements of this name (".h5-4con", "#error").
    [[nodiscard]] const std::vector<std::string>& texts_of(std::string_view element) const;
    [[nodiscard]] bool has(std::string_view element) const;
    /// The message of WeChat's interstitial; "" = none.
    [[nodiscard]] const std::string& message() const { return message_; }
    /// Beside it stands the sign of a warning.
    [[nodiscard]] bool warns() const { return warns_; }
    /// Bytes of text outside of links, white space not counted.
    [[nodiscard]] std::size_t prose() const { return prose_; }

  private:
    friend class PageReader;
    void add_message(std::string_view element);

    std::string title_;
    std::vector<std::string> title_parts_; ///< squeezed
    std::map<std::string, std::vector<std::string>, std::less<>> texts_;
    std::string message_;
    bool warns_ = false;
    std::size_t prose_ = 0;
};

} // namespace cdtd::article
