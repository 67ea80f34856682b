# cdtd_embed(TARGET out.cpp NAMESPACE::NAME files…): the files as an array of {name, text}, in the order given.
function(cdtd_embed target output symbol)
  set(body "")
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME)
    file(READ ${file} text)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    string(APPEND body "    {\"${name}\", R\"cdtd_embed(${text})cdtd_embed\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${output} @ONLY CONTENT
"// Made by cmake/embed.cmake.
#include <cdtd/base/embedded.hpp>
namespace cdtd::embedded {
extern const std::span<const base::EmbeddedFile> ${symbol};
static constexpr base::EmbeddedFile ${symbol}_files[] = {
${body}};
const std::span<const base::EmbeddedFile> ${symbol}{${symbol}_files};
} // namespace cdtd::embedded
")
  target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${output})
endfunction()
