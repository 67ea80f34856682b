// Sanitised HTML as it was stored, made fit to be shown from the archive. Pure; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cdtd::article {

/// Where an image is to be loaded from instead of `url`; nullopt: nowhere, it is left out.
using ImageSource = std::function<std::optional<std::string>(const std::string& url)>;

/// `html`: what the sanitiser wrote, in its own form and no other. Every image gets its new source.
std::string show_images(std::string_view html, const ImageSource& source);

/// & < > " ' as references.
std::string escape_html(std::string_view text);

} // namespace cdtd::article
