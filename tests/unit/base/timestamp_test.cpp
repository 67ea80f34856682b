// Time stamps: what is asked, and that nothing but an answer to it is taken. Real ones: tests/integration.
#include <cdtd/base/digest.hpp>
#include <cdtd/base/timestamp.hpp>

#include <gtest/gtest.h>

namespace cdtd::base {
namespace {

TEST(Timestamp, AQueryHoldsTheHashAndIsNewEachTime) {
    const auto hash = sha256_hex("x");
    const auto one = timestamp_query(hash), two = timestamp_query(hash);
    ASSERT_TRUE(one && two);
    EXPECT_NE(*one, *two);
    EXPECT_NE(to_hex(*one).find(hash), std::string::npos);
    EXPECT_FALSE(timestamp_query("abcd").has_value());
}

TEST(Timestamp, RubbishIsNoAnswerAndNoToken) {
    const auto query = timestamp_query(sha256_hex("x")).value();
    for (const std::string reply : {"", "<html>", "\x30\x80", "\x30\x03\x02\x01\x02"}) {
        EXPECT_FALSE(timestamp_token(reply, query).has_value());
        EXPECT_FALSE(check_timestamp(reply, sha256_hex("x"), "").has_value());
    }
    EXPECT_FALSE(timestamp_token(query, query).has_value());
    // PKIStatusInfo: rejection (2), "no".
    const std::string refusal("\x30\x0b\x30\x09\x02\x01\x02\x30\x04\x0c\x02no", 13);
    const auto said = timestamp_token(refusal, query);
    ASSERT_FALSE(said.has_value());
    EXPECT_EQ(said.error().code, Errc::refused);
    EXPECT_NE(said.error().message.find("status 2: no"), std::string::npos) << said.error().message;
}

TEST(Sha256, InPiecesIsTheSame) {
    Sha256 digest;
    for (const char* piece : {"a", "", "bc"})
        digest.add(piece);
    EXPECT_EQ(digest.hex(), sha256_hex("abc"));
    EXPECT_EQ(Sha256().hex(), sha256_hex(""));
}

} // namespace
} // namespace cdtd::base
