// Events that messages are made of: in our own words, some of them by somebody who means harm.
#pragma once

#include <cdtd/base/digest.hpp>
#include <cdtd/base/time.hpp>
#include <cdtd/model/event.hpp>
#include <cdtd/notify/endpoint.hpp>

#include <boost/json.hpp>

#include <map>
#include <string>

namespace cdtd::notify::sample {

inline const std::string public_url = "https://archive.example/";

inline boost::json::object article() {
    return boost::json::parse(R"({"id":17,"url":"https://paper.example/chinese/715.html",
        "guid":"https://paper.example/?p=715","title":"【404文库】河边日报｜渡船为什么停了","columns":["404文库"],
        "outlet":"河边日报","headline":"渡船为什么停了","published_at":"2025-01-22T11:52:20.000Z",
        "excerpt":"早上七点，渡口已经没有人。第二天，文章也没有了。","feeds":["paper"],"sources":[
        {"id":9,"url":"https://mp.weixin.qq.com/s/abc","name":"渡口观察","platform":"weixin",
         "wayback":{"state":"archived","snapshot_url":"https://web.archive.org/web/20250122000000/https://mp.weixin.qq.com/s/abc"},
         "liveness":{"state":"deleted","reason":"deleted_by_author","since":"2025-01-22T10:00:00.000Z"}}]})")
        .as_object();
}

inline model::Event event(const std::string& type, const boost::json::object& data) {
    model::Event made;
    made.id = "evt_abcdefghijklmnopqrstuvwxyz";
    made.type = type;
    made.timestamp = base::parse_rfc3339("2025-01-22T12:00:00Z").value();
    made.data = boost::json::serialize(data);
    return made;
}

/// Everything that any of the services reads as more than text, at any length.
inline model::Event hostile() {
    auto object = article();
    const std::string evil =
        "<!channel> <b>&amp; @everyone <@1> *a* _b_ ~c~ `d` ||e|| [x](javascript:alert(1)) > q "
        "\x1b[31m \xe2\x80\xae\xe2\x80\x8b \"quote\" \\ <script> # h :smile: \r\nBcc: x@y.example ";
    std::string title = evil;
    for (int i = 0; i < 40; ++i)
        title += "很长的标题👩‍👩‍👧‍👦é";
    object["title"] = title;
    object["outlet"] = evil + evil + evil;
    object["excerpt"] = title + title;
    object["url"] = "https://paper.example/a_(b)_|c>\"<d?x=[1]&y='2'";
    object["guid"] = evil;
    auto& source = object["sources"].as_array()[0].as_object();
    source["name"] = evil;
    source["url"] = "javascript:alert(1)";
    source["wayback"].as_object()["snapshot_url"] = "data:text/html,x";
    return event("article.new", {{"article", object}});
}

inline model::Event digest(int named, std::int64_t more) {
    boost::json::array events;
    for (int i = 1; i <= named; ++i)
        events.emplace_back(boost::json::object{{"id", "evt_" + std::to_string(i)},
                                                {"type", "article.new"},
                                                {"title", "河边日报｜第" + std::to_string(i) + "篇 <b>"},
                                                {"url", "https://paper.example/" + std::to_string(i)}});
    events.emplace_back(
        boost::json::object{{"id", "evt_0"}, {"type", "feed.failing"}, {"title", ""}, {"url", nullptr}});
    return event("digest", {{"events", events}, {"more", more}});
}

/// By the names that the golden files have.
inline std::map<std::string, model::Event> events() {
    const auto cited = article();
    return {{"article", event("article.new", {{"article", cited}})},
            {"censored",
             event("article.censored", {{"article", cited}, {"previous_title", "河边日报｜渡船为什么停了"}})},
            {"source",
             event("source.deleted", {{"article", cited}, {"source", cited.at("sources").as_array()[0]}})},
            {"feed", event("feed.failing",
                           {{"feed", boost::json::object{{"name", "paper"},
                                                         {"url", "https://paper.example/feed"},
                                                         {"state", "failing"},
                                                         {"last_error", "no answer in 60s"},
                                                         {"next_poll_at", "2025-01-22T13:00:00.000Z"}}}})},
            {"endpoint",
             event("endpoint.disabled", {{"endpoint", boost::json::object{{"name", "newsroom"},
                                                                          {"state", "disabled"},
                                                                          {"waiting", 12},
                                                                          {"last_error", "410 Gone"}}}})},
            {"digest", digest(3, 41)},
            {"ping", event("test.ping", {})},
            {"hostile", hostile()}};
}

inline std::map<std::string, Endpoint> endpoints() {
    std::map<std::string, Endpoint> made;
    for (const char* format : {"slack", "discord", "telegram", "ntfy", "matrix"}) {
        Endpoint& endpoint = made[format];
        endpoint.name = endpoint.format = format;
        endpoint.public_url = public_url;
    }
    made["slack"].url = "https://hooks.slack.example/services/T0/B0/xxxxxxxx";
    made["discord"].url = "https://discord.example/api/webhooks/1/yyyyyyyy";
    made["telegram"].secret = base::Secret("12345:zzzz-ZZZZ_zzzz");
    made["telegram"].to = "-100123";
    made["ntfy"].url = "https://ntfy.example/t%C3%B6pic";
    made["ntfy"].secret = base::Secret("tk_secret");
    made["matrix"].url = "https://matrix.example";
    made["matrix"].secret = base::Secret("syt_secret");
    made["matrix"].to = "!room:matrix.example";
    return made;
}

inline Endpoint mail() {
    Endpoint made;
    made.name = made.format = "email";
    made.public_url = public_url;
    made.mail.from = "渡口档案 <cdtd@paper.example>";
    made.mail_to = {"desk@paper.example"};
    return made;
}

} // namespace cdtd::notify::sample
