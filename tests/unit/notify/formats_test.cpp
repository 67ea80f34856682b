// Messages of each service beside golden files, and the rules that hold for any event. To write the golden
// files anew: CDTD_WRITE_GOLDEN=1 unit_notify, then read the difference.
#include "notify/letter.hpp"
#include "notify/note.hpp"
#include "unit/notify/events.hpp"

#include <cdtd/base/text.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>

namespace cdtd::notify {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

const base::Time now = base::parse_rfc3339("2025-01-22T12:00:01Z").value();

/// Indented, so that a difference is a line.
void pretty(const json::value& value, const std::string& indent, std::string& out) {
    const std::string inner = indent + "  ";
    std::size_t left = value.is_object()  ? value.get_object().size()
                       : value.is_array() ? value.get_array().size()
                                          : 0;
    if (left == 0) {
        out += json::serialize(value);
        return;
    }
    const auto item = [&](const std::string& key, const json::value& part) {
        out += inner + key;
        pretty(part, inner, out);
        out += --left > 0 ? ",\n" : "\n";
    };
    out += value.is_object() ? "{\n" : "[\n";
    if (value.is_object())
        for (const auto& [key, part] : value.get_object())
            item(json::serialize(json::string(key)) + ": ", part);
    else
        for (const auto& part : value.get_array())
            item("", part);
    out += indent + (value.is_object() ? "}" : "]");
}

std::string shown(const http::Request& request) {
    std::string text = request.method + " " + request.url + "\n";
    for (const auto& [name, value] : request.headers)
        text += name + ": " + value + "\n";
    text += "\n";
    pretty(json::parse(request.body), "", text);
    return text + "\n";
}

void hold_against_golden(const std::string& name, const std::string& text) {
    const std::string path = std::string(CDTD_SOURCE_DIR "/tests/unit/notify/golden/") + name;
    if (std::getenv("CDTD_WRITE_GOLDEN") != nullptr)
        std::ofstream(path, std::ios::binary) << text;
    std::ifstream file(path, std::ios::binary);
    ASSERT_TRUE(file) << path;
    EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(file), {})) << name;
}

TEST(Formats, AreTheGoldenOnes) {
    for (const auto& [format, endpoint] : sample::endpoints())
        for (const auto& [name, event] : sample::events())
            hold_against_golden(format + "_" + name + ".txt", shown(make_request(endpoint, event, now)));
    for (const auto& [name, event] : sample::events())
        hold_against_golden("email_" + name + ".eml",
                            letter_text(sample::mail(), note_of(event, sample::public_url), event));
}

json::object body_of(const std::string& format, const model::Event& event) {
    return json::parse(make_request(sample::endpoints().at(format), event, now).body).as_object();
}

/// Every string anywhere in it.
void each_text(const json::value& value, const std::function<void(const std::string&)>& see) {
    if (value.is_string())
        see(std::string(value.get_string()));
    else if (value.is_array())
        for (const auto& part : value.get_array())
            each_text(part, see);
    else if (value.is_object())
        for (const auto& [key, part] : value.get_object())
            each_text(part, see);
}

TEST(Formats, NothingSteersAScreenAndNoLinkIsAnythingButWeb) {
    for (const auto& [format, endpoint] : sample::endpoints()) {
        const auto request = make_request(endpoint, sample::hostile(), now);
        each_text(json::parse(request.body), [&](const std::string& text) {
            EXPECT_EQ(base::terminal_safe(text, true), text) << format;
            EXPECT_TRUE(base::is_valid_utf8(text)) << format;
        });
        EXPECT_THAT(request.body, Not(HasSubstr("\"url\":\"javascript"))) << format;
        EXPECT_THAT(request.body, Not(HasSubstr("href=\\\"javascript"))) << format;
        EXPECT_THAT(request.body, Not(HasSubstr("data:text"))) << format;
        EXPECT_LT(request.body.size(), 20'000u) << format;
    }
}

TEST(Formats, SlackReadsNoMarkupInAnyOfIt) {
    for (const auto& [name, event] : sample::events()) {
        const auto body = body_of("slack", event);
        const std::string text(body.at("text").as_string());
        EXPECT_EQ(text.find_first_of("<>"), std::string::npos) << text;
        EXPECT_EQ(body.at("mrkdwn"), false);
        std::size_t units = 0;
        for (const auto& part : body.at("blocks").at(0).at("elements").at(0).at("elements").as_array()) {
            EXPECT_TRUE(part.at("type") == "text" || part.at("type") == "link");
            units += utf16_units(std::string(part.at("text").as_string()));
            EXPECT_FALSE(part.at("text").as_string().empty());
        }
        EXPECT_LT(units, 4000u) << name;
    }
}

TEST(Formats, DiscordStaysWithinItsLimitsAndMentionsNobody) {
    std::vector<model::Event> all{sample::digest(20, 1000)};
    for (const auto& [name, event] : sample::events())
        all.push_back(event);
    for (const auto& event : all) {
        const auto body = body_of("discord", event);
        EXPECT_TRUE(body.at("allowed_mentions").at("parse").as_array().empty());
        const auto& embed = body.at("embeds").at(0).as_object();
        const std::string title(embed.at("title").as_string()), text(embed.at("description").as_string());
        EXPECT_LE(utf16_units(title), 256u);
        EXPECT_LE(utf16_units(text), 4096u);
        EXPECT_FALSE(title.empty());
        // Nothing of a title is markup: what is no escape is no sign.
        EXPECT_TRUE(std::regex_match(title, std::regex(R"(([^\\*_~`|<>@\[\]()#]|\\.)*)"))) << title;
    }
    EXPECT_THAT(
        std::string(
            body_of("discord", sample::digest(20, 1000)).at("embeds").at(0).at("description").as_string()),
        HasSubstr("and 1000 more"));
}

TEST(Formats, TelegramTakesItAsHtml) {
    std::vector<model::Event> all{sample::digest(20, 1000)};
    for (const auto& [name, event] : sample::events())
        all.push_back(event);
    for (const auto& event : all) {
        const std::string text(body_of("telegram", event).at("text").as_string());
        // Only b and a, closed in order; every other < and & is an entity.
        const std::regex tag(R"(<b>([^<]*)</b>|<a href="[^"<>]*">([^<]*)</a>)");
        const std::string rest = std::regex_replace(text, tag, "$1$2");
        EXPECT_EQ(rest.find_first_of("<>"), std::string::npos) << rest;
        EXPECT_TRUE(std::regex_match(rest, std::regex(R"(([^&]|&(amp|lt|gt|quot);)*)"))) << rest;
        EXPECT_LE(utf16_units(rest), 4096u);
    }
}

TEST(Formats, NtfyGetsAMessageAndNoAttachment) {
    for (const auto& event : {sample::hostile(), sample::digest(20, 1000)}) {
        const auto body = body_of("ntfy", event);
        EXPECT_LE(body.at("message").as_string().size(), 4096u);
        EXPECT_EQ(body.at("topic"), "töpic");
    }
}

TEST(Formats, MatrixPutsUnderTheEventsIdAndTelegramsTokenIsOnlyInTheUrl) {
    const auto request = make_request(sample::endpoints().at("matrix"), sample::hostile(), now);
    EXPECT_EQ(request.method, "PUT");
    EXPECT_EQ(request.url, "https://matrix.example/_matrix/client/v3/rooms/%21room%3Amatrix.example/send/"
                           "m.room.message/evt_abcdefghijklmnopqrstuvwxyz");
    const auto telegram = sample::endpoints().at("telegram");
    const auto sent = make_request(telegram, sample::hostile(), now);
    EXPECT_EQ(sent.url, "https://api.telegram.org/bot12345:zzzz-ZZZZ_zzzz/sendMessage");
    EXPECT_EQ(without_secrets(telegram, sent.url + ": no answer"),
              "https://api.telegram.org/bot…/sendMessage: no answer");
}

TEST(Note, CutsWholeCharacters) {
    EXPECT_EQ(shorten("渡船", 2), "渡船");
    EXPECT_EQ(shorten("渡船停了", 3), "渡船…");
    EXPECT_EQ(utf16_units("a渡😀"), 4u);
    EXPECT_EQ(shorten("a😀b", 3), "a…");                 // half of a pair is none
    EXPECT_EQ(shorten("a👩‍👩‍👧b", 7), "a…"); // nor half of a family
}

TEST(Note, UnknownEventsAreTold) {
    const Note note = note_of(sample::event("article.liked\x1b", {{"article", 3}}), "");
    EXPECT_EQ(note.kind, "article.liked");
    EXPECT_TRUE(note.title.empty());
    model::Event broken = sample::event("article.new", {});
    broken.data = "{";
    EXPECT_EQ(note_of(broken, "").kind, "New article");
}

} // namespace
} // namespace cdtd::notify
