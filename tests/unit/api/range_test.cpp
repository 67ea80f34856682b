#include "api/range.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace cdtd::api {
namespace {

struct RangeCase {
    const char* range;
    const char* if_range;
    Part part;
};

TEST(Range, OfAFileOfHundredBytes) {
    const Part all{200, 0, 100}, none{416, 0, 0};
    const std::vector<RangeCase> cases = {
        {"", "", all},
        {"bytes=0-9", "", {206, 0, 10}},
        {"Bytes=90-", "", {206, 90, 10}},
        {"bytes=90-200", "", {206, 90, 10}},
        {"bytes=-5", "", {206, 95, 5}},
        {"bytes=-500", "", {206, 0, 100}},
        {"bytes=99-99", "", {206, 99, 1}},
        {"bytes=100-", "", none},
        {"bytes=-0", "", none},
        {"bytes=99999999999999999999-", "", none},
        {"bytes=5-99999999999999999999", "", {206, 5, 95}},
        {"bytes=5-4", "", all},
        {"bytes=-", "", all},
        {"bytes=a-b", "", all},
        {"bytes=+1-2", "", all},
        {"bytes=1-2,4-5", "", all},
        {"lines=1-2", "", all},
        {"bytes", "", all},
        {"bytes=0-9", "\"e\"", {206, 0, 10}},
        {"bytes=0-9", "\"other\"", all},
        {"bytes=0-9", "W/\"e\"", all},
        {"bytes=0-9", "Sat, 01 Feb 2025 00:00:00 GMT", all},
    };
    for (const auto& [range, if_range, part] : cases) {
        const auto got = part_of(range, if_range, 100, "\"e\"");
        EXPECT_EQ(got.status, part.status) << range;
        EXPECT_EQ(got.begin, part.begin) << range;
        EXPECT_EQ(got.size, part.size) << range;
    }
    EXPECT_EQ(part_of("bytes=0-", "", 0, "\"e\"").status, 416);
    EXPECT_EQ(part_of("bytes=-1", "", 0, "\"e\"").status, 416);
    EXPECT_EQ(part_of("bytes=0-1", "", 100, "").status, 200);
}

} // namespace
} // namespace cdtd::api
