// What the sanitised HTML of an article may be, said a second time and more strictly than by the code that
// writes it: shared by the unit tests and the fuzzer.
#pragma once

#include <string>
#include <string_view>

namespace cdtd::tests {

/// Empty where every byte of `html` is allowed: the elements of the allow-list, each tag in the one form it
/// is written in and closed in order, links http(s), text escaped, no control characters. Else a line about
/// the first that is not.
std::string fault_in(std::string_view html);

/// `html` parsed as the body of a page and written out again. What another parser makes of sanitised HTML
/// must be what was written: the same string.
std::string written_again(std::string_view html);

/// Whether reading sanitised HTML once more may drop something: texts by which boilerplate is known, which
/// may become a paragraph of their own only in the output.
bool may_be_boilerplate(std::string_view html);

} // namespace cdtd::tests
