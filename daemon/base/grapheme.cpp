#include <cdtd/base/text.hpp>

#include <unicode/brkiter.h>
#include <unicode/localpointer.h>
#include <unicode/locid.h>
#include <unicode/utext.h>

#include <memory>

namespace cdtd::base {

std::string_view cut_graphemes(std::string_view text, std::size_t bytes) {
    const std::string_view cut = cut_bytes(text, bytes);
    if (cut.size() == text.size())
        return cut;
    constexpr std::size_t look_ahead = 64; // whether a character ends here is told by what comes next
    const std::string_view window = cut_bytes(text, bytes + look_ahead);
    UErrorCode status = U_ZERO_ERROR;
    const icu::LocalUTextPointer units(
        utext_openUTF8(nullptr, window.data(), static_cast<std::int64_t>(window.size()), &status));
    const std::unique_ptr<icu::BreakIterator> breaks(
        icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status) != 0 || !breaks)
        return cut;
    breaks->setText(units.getAlias(), status);
    const auto end = static_cast<std::int32_t>(cut.size());
    if (U_FAILURE(status) != 0 || breaks->isBoundary(end) != 0)
        return cut;
    const std::int32_t before = breaks->preceding(end);
    return before > 0 ? cut.substr(0, static_cast<std::size_t>(before)) : cut;
}

} // namespace cdtd::base
