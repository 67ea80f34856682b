// Colours, where the style has them.
#pragma once

#include <cdtd/app/print.hpp>

#include <string>
#include <string_view>

namespace cdtd::app {

enum class Paint { bold, dim, green, yellow, red };

std::string paint(std::string_view text, Paint colour, const Style& style);
/// By what the word means: "ok" green, "failing" red. Blanks around it stay.
std::string paint_state(std::string_view padded, const Style& style);

} // namespace cdtd::app
