#include <cdtd/base/digest.hpp>
#include <cdtd/base/secret.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace cdtd::base {
namespace {

TEST(Digest, known_answers) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha1_base32(""), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
    EXPECT_EQ(sha1_base32("abc"), "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
    // RFC 4231, cases 2 and 6
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xAA'),
                                 "Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    EXPECT_EQ(hmac_sha256("", "").size(), 32U);
}

TEST(Coding, rfc_4648) {
    const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                        {"f", "Zg=="},
                                                        {"fo", "Zm8="},
                                                        {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg=="},
                                                        {"fooba", "Zm9vYmE="},
                                                        {"foobar", "Zm9vYmFy"},
                                                        {"\xFF\xFE\xFD", "//79"}};
    for (const auto& [plain, coded] : rows) {
        EXPECT_EQ(to_base64(plain), coded);
        EXPECT_EQ(from_base64(coded), plain);
    }
    for (const char* text :
         {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zm9v=", "Z===", "Zm 9v", "Zm9-", "====", "Zg==Zg=="})
        EXPECT_FALSE(from_base64(text)) << text;
    EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
    EXPECT_EQ(to_hex("\xFF\x01z"), "ff017a");
}

TEST(EqualSecret, table) {
    EXPECT_TRUE(equal_secret("", ""));
    EXPECT_TRUE(equal_secret("token", "token"));
    EXPECT_FALSE(equal_secret("token", "tokem"));
    EXPECT_FALSE(equal_secret("token", ""));
    EXPECT_FALSE(equal_secret("", "token"));
    EXPECT_FALSE(equal_secret("abab", "ab"));
}

TEST(Random, differs_and_has_its_form) {
    EXPECT_EQ(random_bytes(0), "");
    EXPECT_EQ(random_bytes(33).size(), 33U);
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const std::string urn = random_urn_uuid();
        ASSERT_EQ(urn.size(), 45U);
        EXPECT_TRUE(urn.starts_with("urn:uuid:"));
        EXPECT_EQ(urn[9 + 8], '-');
        EXPECT_EQ(urn[9 + 14], '4');
        EXPECT_NE(std::string("89ab").find(urn[9 + 19]), std::string::npos);
        EXPECT_TRUE(seen.insert(urn).second);
    }
}

class SecretFile : public testing::Test {
  protected:
    SecretFile() : path_(testing::TempDir() + "secret_file_test." + to_hex(random_bytes(4))) {}
    ~SecretFile() override { std::filesystem::remove(path_); }
    void write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }
    std::string path_;
};

TEST_F(SecretFile, first_line_trimmed) {
    write("  whsec_abc \r\nsecond line\n");
    EXPECT_EQ(read_secret_file(path_).value().reveal(), "whsec_abc");
}

TEST_F(SecretFile, faults_name_the_file) {
    const auto code_of = [this] {
        const auto read = read_secret_file(path_);
        EXPECT_FALSE(read);
        EXPECT_NE(read.error().message.find(path_), std::string::npos);
        return read.error().code;
    };
    EXPECT_EQ(code_of(), Errc::not_found);
    write("");
    EXPECT_EQ(code_of(), Errc::usage);
    write("\nsecret on the second line");
    EXPECT_EQ(code_of(), Errc::usage);
    write("x" + std::string(65536, '\n'));
    EXPECT_EQ(code_of(), Errc::usage);
    std::filesystem::remove(path_);
    std::filesystem::create_directory(path_);
    EXPECT_EQ(code_of(), Errc::io);
}

} // namespace
} // namespace cdtd::base
