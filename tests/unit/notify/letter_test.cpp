// Mail: what a mail reader must find whatever the title is.
#include "notify/letter.hpp"
#include "unit/notify/events.hpp"

#include <cdtd/notify/mailbox.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

namespace cdtd::notify {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string letter(const model::Event& event) {
    return letter_text(sample::mail(), note_of(event, sample::public_url), event);
}

/// RFC 2047 undone, for base64 words in UTF-8.
std::string decoded(std::string header) {
    std::string text;
    const std::regex word(R"(=\?utf-8\?B\?([A-Za-z0-9+/=]*)\?=)");
    for (std::sregex_iterator at(header.begin(), header.end(), word), end; at != end; ++at)
        text += base::from_base64((*at)[1].str()).value();
    return text;
}

std::string header_of(const std::string& text, const std::string& name) {
    const auto at = text.find("\r\n" + name + ": ");
    if (at == std::string::npos)
        return "";
    const auto begin = at + name.size() + 4;
    auto end = text.find("\r\n", begin);
    while (text[end + 2] == ' ')
        end = text.find("\r\n", end + 2);
    return text.substr(begin, end - begin);
}

TEST(Letter, EveryLineIsShortAsciiWithCrlf) {
    for (const auto& [name, event] : sample::events()) {
        const std::string text = letter(event);
        std::size_t begin = 0;
        while (begin < text.size()) {
            const auto end = text.find('\n', begin);
            ASSERT_NE(end, std::string::npos) << name;
            ASSERT_EQ(text[end - 1], '\r') << name;
            const std::string line = text.substr(begin, end - 1 - begin);
            EXPECT_LE(line.size(), 78u) << name << ": " << line;
            for (const char c : line)
                EXPECT_TRUE(c >= 0x20 && c < 0x7f) << name;
            begin = end + 1;
        }
    }
}

TEST(Letter, AChineseTitleComesBackWhole) {
    const std::string subject = header_of(letter(sample::events().at("article")), "Subject");
    EXPECT_EQ(decoded(subject), "New article: 【404文库】河边日报｜渡船为什么停了");
    EXPECT_EQ(decoded(header_of("\r\n" + letter(sample::events().at("article")), "From")), "渡口档案");
}

TEST(Letter, ATitleAddsNoHeader) {
    const std::string text = letter(sample::hostile());
    EXPECT_EQ(header_of(text, "Bcc"), "");
    EXPECT_THAT(text.substr(0, text.find("\r\n\r\n")), Not(HasSubstr("y.example")));
}

TEST(Letter, WhatIsToldOfOneArticleIsOneThread) {
    const auto all = sample::events();
    const std::string first = letter(all.at("article")), later = letter(all.at("source"));
    const std::string root = header_of(first, "Message-ID");
    EXPECT_TRUE(std::regex_match(root, std::regex("<article\\.[0-9a-f]{24}@paper\\.example>"))) << root;
    EXPECT_EQ(header_of(first, "References"), "");
    EXPECT_EQ(header_of(later, "References"), root);
    EXPECT_EQ(header_of(later, "In-Reply-To"), root);
    EXPECT_EQ(header_of(later, "Message-ID"), "<evt_abcdefghijklmnopqrstuvwxyz@paper.example>");
    EXPECT_EQ(header_of(letter(all.at("feed")), "References"), "");
    EXPECT_EQ(header_of(first, "List-Id"), "cdtd <cdtd.paper.example>");
    EXPECT_EQ(header_of(first, "Date"), "Wed, 22 Jan 2025 12:00:00 +0000");
}

TEST(Letter, SeveralRecipientsDoNotSeeEachOther) {
    auto endpoint = sample::mail();
    endpoint.mail_to = {"a@x.example", "b@y.example"};
    const auto event = sample::events().at("ping");
    const std::string text = letter_text(endpoint, note_of(event, ""), event);
    EXPECT_EQ(header_of(text, "To"), "undisclosed-recipients:;");
    EXPECT_THAT(text, Not(HasSubstr("x.example")));
}

TEST(Mailbox, TakesAddressesAndNamesAndNothingElse) {
    const auto whole = read_mailbox(" 渡口 \"x\" <a.b+c@d-e.example> ");
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->address, "a.b+c@d-e.example");
    EXPECT_EQ(whole->domain(), "d-e.example");
    EXPECT_EQ(read_mailbox("\"Desk, the\" <a@b>")->name, "Desk, the");
    for (const char* bad :
         {"", "a", "@b", "a@", "a b@c", "a@b c", "a@b\r\nBcc: x@y", "<a@b", "a@b>", "x <a@b> y",
          "n\r\nX: y <a@b>", ".a@b", "a..b@c", "a@b..c", "a@渡口.example", "\"a b\"@c"})
        EXPECT_FALSE(read_mailbox(bad)) << bad;
}

} // namespace
} // namespace cdtd::notify
