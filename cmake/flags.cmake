# Compiler and linker flags, in one interface target that every target of ours links.
add_library(cdtd_flags INTERFACE)
target_compile_options(cdtd_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Wunused
  -Woverloaded-virtual -Wnull-dereference -Wimplicit-fallthrough)
if(CDTD_WERROR)
  target_compile_options(cdtd_flags INTERFACE -Werror)
endif()

# Asio, Beast and Boost.JSON: compiled once (daemon/net/asio.cpp, daemon/api/beast.cpp; JSON is a Debian library).
target_compile_definitions(cdtd_flags INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_SEPARATE_COMPILATION
  CDTD_VERSION="${PROJECT_VERSION}")

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_link_options(cdtd_flags INTERFACE -fuse-ld=lld)
endif()
target_link_options(cdtd_flags INTERFACE -Wl,--gc-sections)
target_compile_options(cdtd_flags INTERFACE -ffunction-sections -fdata-sections)

if(CDTD_SANITIZE)
  target_compile_options(cdtd_flags INTERFACE -fsanitize=${CDTD_SANITIZE} -fno-sanitize-recover=all
                                              -fno-omit-frame-pointer -O1)
  target_link_options(cdtd_flags INTERFACE -fsanitize=${CDTD_SANITIZE})
endif()

if(CDTD_FUZZ)
  target_compile_options(cdtd_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(cdtd_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(CDTD_HARDEN)
  target_compile_options(cdtd_flags INTERFACE -O2 -fstack-protector-strong -fstack-clash-protection
                                              -fcf-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  target_compile_definitions(cdtd_flags INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(cdtd_flags INTERFACE -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()
