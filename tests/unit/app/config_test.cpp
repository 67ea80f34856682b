// The configuration: every fault with its place, and the documented defaults.
#include "temporary_directory.hpp"

#include <cdtd/app/config.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <tuple>
#include <unistd.h>
#include <vector>

namespace cdtd::app {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

const std::string good_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

class ConfigTest : public testing::Test {
  protected:
    void SetUp() override { unsetenv("STATE_DIRECTORY"); }

    std::string file(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
        return folder_ + "/" + name;
    }
    Loaded load(const std::string& text) const { return load_config(file("cdtd.toml", text)); }

    TemporaryDirectory directory_;
    const std::string folder_ = directory_.path();
};

TEST_F(ConfigTest, AnEmptyFileHasTheDocumentedDefaults) {
    const Loaded loaded = load("");
    ASSERT_TRUE(loaded.config) << to_string(loaded.faults.at(0));
    const Config& c = *loaded.config;
    EXPECT_EQ(c.state_dir, "/var/lib/cdtd");
    EXPECT_EQ(c.log_level, base::Level::info);
    EXPECT_EQ(c.log_format, "auto");
    EXPECT_EQ(c.http.user_agent, "cdtd/" CDTD_VERSION);
    EXPECT_EQ(c.http.connect_timeout, seconds(10));
    EXPECT_EQ(c.http.timeout, seconds(60));
    EXPECT_EQ(c.http.max_body, 16u << 20);
    EXPECT_EQ(c.http.max_redirects, 5);
    EXPECT_EQ(c.http.connections, 16u);
    EXPECT_EQ(c.http.connections_per_host, 1u);
    EXPECT_EQ(c.http.host_delay, seconds(2));
    ASSERT_EQ(c.feeds.size(), 2u);
    EXPECT_EQ(c.feeds[0].name, "cdt-chinese");
    EXPECT_EQ(c.feeds[0].url, "https://chinadigitaltimes.net/chinese/feed/");
    EXPECT_EQ(c.feeds[1].name, "cdt-english");
    EXPECT_EQ(c.feeds[1].url, "https://chinadigitaltimes.net/feed/");
    EXPECT_EQ(c.feeds[0].interval, hours(1));
    EXPECT_DOUBLE_EQ(c.feeds[0].jitter, 0.1);
    EXPECT_EQ(c.feeds[0].announce, 0);
    EXPECT_TRUE(c.feeds[0].fetch_articles);
    EXPECT_FALSE(c.feeds[0].proxy);
    EXPECT_EQ(c.archive.max_images, 200);
    EXPECT_EQ(c.archive.warc_size, 1'000'000'000u);
    EXPECT_THAT(c.archive.retry,
                testing::ElementsAre(minutes(5), hours(1), hours(6), hours(24), hours(24 * 7)));
    EXPECT_EQ(c.schedule.failing_after, 3);
    EXPECT_EQ(c.schedule.backoff_max, hours(24));
    EXPECT_EQ(c.schedule.moved_after, hours(24));
    EXPECT_DOUBLE_EQ(c.schedule.mass_change, 0.8);
    EXPECT_TRUE(c.wayback.enabled);
    EXPECT_EQ(c.wayback.save, pipeline::WaybackSettings::Save::never);
    EXPECT_EQ(c.wayback.recheck.size(), 6u);
    EXPECT_TRUE(c.watch.enabled);
    EXPECT_THAT(c.watch.recheck,
                testing::ElementsAre(hours(1), hours(6), hours(24), hours(72), hours(168), hours(720)));
    EXPECT_EQ(c.watch.confirm, 2);
    EXPECT_THAT(c.delivery.retry, testing::ElementsAre(seconds(5), minutes(5), minutes(30), hours(2),
                                                       hours(5), hours(10), hours(14), hours(20), hours(24)));
    EXPECT_EQ(c.delivery.disable_after, hours(120));
    EXPECT_EQ(c.delivery.order_wait, hours(1));
    EXPECT_EQ(c.api.listen, "127.0.0.1:8645");
    EXPECT_TRUE(c.api.token.empty());
    ASSERT_EQ(loaded.warnings.size(), 1u);
    EXPECT_EQ(loaded.warnings[0].key, "contact");
}

TEST_F(ConfigTest, TheExampleIsGoodAsItIsAndWithEveryKeyWrittenOut) {
    std::ifstream in(CDTD_SOURCE_DIR "/config/cdtd.example.toml");
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    ASSERT_FALSE(text.empty());
    const Loaded plain = load(text);
    EXPECT_TRUE(plain.config) << to_string(plain.faults.at(0));

    // Each "#key = …" and "#[[section]]" in force: the example must name only keys that there are.
    std::string written = text;
    for (std::size_t at = 0; at < written.size();) {
        const bool comment = written[at] == '#' && at + 1 < written.size() && written[at + 1] != ' ';
        if (comment)
            written.erase(at, 1);
        const std::size_t end = written.find('\n', at);
        at = end == std::string::npos ? written.size() : end + 1;
    }
    const std::string named = "/etc/cdtd/newsroom-secret";
    const std::string secret = file("secret", good_secret);
    written.replace(written.find(named), named.size(), secret);
    const Loaded full = load(written);
    ASSERT_TRUE(full.config) << to_string(full.faults.at(0));
    EXPECT_EQ(full.config->feeds.size(), 2u);
    ASSERT_EQ(full.config->endpoints.size(), 2u);
    EXPECT_EQ(full.config->endpoints[1].format, "exec");
    EXPECT_EQ(full.config->delivery.retry.size(), 9u);
}

TEST_F(ConfigTest, TheKeysOfTheWaybackMachineComeFromFilesOrFromSystemd) {
    const std::string access = file("wayback-access-key", "abc\n");
    const std::string wanted = "[wayback]\nsave = \"missing\"\n";
    EXPECT_FALSE(load(wanted).config);
    EXPECT_FALSE(load(wanted + "access_key_file = \"" + access + "\"\n").config); // one of two
    file("wayback-secret-key", "def\n");
    const std::string folder = access.substr(0, access.rfind('/'));
    setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
    const Loaded from_systemd = load(wanted);
    unsetenv("CREDENTIALS_DIRECTORY");
    ASSERT_TRUE(from_systemd.config) << to_string(from_systemd.faults.at(0));
    EXPECT_EQ(from_systemd.config->wayback.access_key.reveal(), "abc");
    EXPECT_EQ(from_systemd.config->wayback.secret_key.reveal(), "def");
    const std::string bad = file("bad", "two words\n");
    const Loaded broken =
        load(wanted + "access_key_file = \"" + bad + "\"\nsecret_key_file = \"" + access + "\"\n");
    ASSERT_EQ(broken.faults.size(), 1u);
    EXPECT_EQ(broken.faults[0].key, "wayback.access_key_file");
    EXPECT_EQ(broken.faults[0].message.find("two words"), std::string::npos);
}

TEST_F(ConfigTest, ReadsEveryKey) {
    const std::string token = file("token", "abc123\n");
    const std::string url = file("url", "https://hooks.example/T0/secret\n");
    const Loaded loaded = load(R"(
state_dir = "/srv/cdtd/"
contact = "https://example.org/bot"
log_level = "debug"
log_format = "json"
[http]
proxy = "socks5h://127.0.0.1:9050"
max_body = "100KiB"
host_delay = "0s"
allow_private = ["127.0.0.0/8", "::1"]
[[feed]]
name = "a"
url = "http://127.0.0.1:8080/feed"
interval = "15m"
jitter = 0
announce = 3
fetch_articles = false
proxy = "http://proxy:3128"
headers = { "X-Key" = "v" }
enabled = false
[archive]
images = false
max_images = 0
warc_size = "10MB"
timestamp_url = "https://stamps.example/tsr"
markdown_dir = "/srv/markdown/"
retry = ["1s"]
[schedule]
moved_after = "0s"
mass_change = 0
[wayback]
enabled = false
cdx_url = "http://127.0.0.1:1/cdx/"
cdx_per_minute = 1
pause = "2s"
recheck = ["1m"]
[watch]
enabled = false
recheck = ["10m", "1d"]
confirm = 1
[delivery]
retry = ["0s", "250ms"]
order_wait = "0s"
[[webhook]]
name = "n"
url_file = ")" + url + R"("
secret = ")" + good_secret + R"("
secret_old = ")" + good_secret +
                               R"("
events = ["*", "source.*"]
feeds = ["a"]
max_per_hour = 0
[[webhook]]
name = "slack"
url_file = ")" + url + R"("
format = "slack"
[[webhook]]
name = "telegram"
format = "telegram"
secret = "12345:AAbb-cc_dd"
to = "-100123"
[[webhook]]
name = "ntfy"
format = "ntfy"
url = "https://ntfy.example/topic"
[[webhook]]
name = "matrix"
format = "matrix"
url = "https://matrix.example"
secret = "syt_token"
to = "!room:matrix.example"
[[exec]]
name = "bot"
command = ["/bin/true", "--new"]
[email]
smtp_url = "smtp://me%40example.org@mail.example:587"
password_file = ")" + token + R"("
from = "档案 <cdtd@example.org>"
to = ["a@example.org", "B <b@example.org>"]
tls = "optional"
[api]
listen = "0.0.0.0:8645"
token_file = ")" + token + R"("
public_url = "https://archive.example/"
)");
    ASSERT_TRUE(loaded.config) << to_string(loaded.faults.at(0));
    const Config& c = *loaded.config;
    EXPECT_EQ(c.state_dir, "/srv/cdtd");
    EXPECT_EQ(c.http.user_agent, "cdtd/" CDTD_VERSION " (+https://example.org/bot)");
    EXPECT_EQ(c.http.max_body, 102400u);
    EXPECT_EQ(c.http.host_delay, seconds(0));
    EXPECT_THAT(c.http.allow_private, testing::ElementsAre("127.0.0.0/8", "::1"));
    ASSERT_EQ(c.feeds.size(), 1u);
    EXPECT_EQ(c.feeds[0].announce, 3);
    EXPECT_EQ(c.feeds[0].proxy, "http://proxy:3128");
    EXPECT_THAT(c.feeds[0].headers, testing::ElementsAre(testing::Pair("X-Key", "v")));
    EXPECT_FALSE(c.feeds[0].enabled);
    EXPECT_FALSE(c.feeds[0].fetch_articles);
    EXPECT_EQ(c.archive.warc_size, 10'000'000u);
    EXPECT_EQ(c.archive.timestamp_url, "https://stamps.example/tsr");
    EXPECT_EQ(c.archive.markdown_dir, "/srv/markdown");
    EXPECT_EQ(c.schedule.moved_after, seconds(0));
    EXPECT_DOUBLE_EQ(c.schedule.mass_change, 0);
    EXPECT_FALSE(c.wayback.enabled);
    EXPECT_EQ(c.wayback.cdx_url, "http://127.0.0.1:1/cdx");
    EXPECT_EQ(c.wayback.cdx_per_minute, 1);
    EXPECT_EQ(c.wayback.pause, seconds(2));
    EXPECT_THAT(c.wayback.recheck, testing::ElementsAre(minutes(1)));
    EXPECT_FALSE(c.watch.enabled);
    EXPECT_THAT(c.watch.recheck, testing::ElementsAre(minutes(10), hours(24)));
    EXPECT_EQ(c.watch.confirm, 1);
    EXPECT_THAT(c.delivery.retry, testing::ElementsAre(seconds(0), std::chrono::milliseconds(250)));
    ASSERT_EQ(c.endpoints.size(), 7u);
    EXPECT_EQ(c.endpoints[0].url, "https://hooks.example/T0/secret");
    EXPECT_EQ(c.endpoints[0].secret.reveal(), good_secret);
    EXPECT_EQ(c.endpoints[0].old_secret.reveal(), good_secret);
    EXPECT_EQ(c.endpoints[0].max_per_hour, 0);
    EXPECT_EQ(c.endpoints[1].max_per_hour, 60);
    EXPECT_EQ(c.endpoints[2].to, "-100123");
    EXPECT_EQ(c.endpoints[4].public_url, "https://archive.example/");
    EXPECT_THAT(c.endpoints[5].command, testing::ElementsAre("/bin/true", "--new"));
    EXPECT_EQ(c.endpoints[5].timeout, seconds(30));
    EXPECT_EQ(c.endpoints[5].max_per_hour, 0);
    const notify::Endpoint& mail = c.endpoints[6];
    EXPECT_EQ(mail.name, "email");
    EXPECT_EQ(mail.mail.url, "smtp://mail.example:587");
    EXPECT_EQ(mail.mail.user, "me@example.org");
    EXPECT_EQ(mail.mail.password.reveal(), "abc123");
    EXPECT_FALSE(mail.mail.tls_required);
    EXPECT_THAT(mail.events, testing::ElementsAre("feed.failing", "endpoint.disabled"));
    EXPECT_EQ(c.api.token.reveal(), "abc123");
    EXPECT_TRUE(loaded.warnings.empty());
}

struct FaultCase {
    const char* what;
    std::string text;
    int line;
    int column;
    const char* key;
    const char* says;
};

class FaultTest : public ConfigTest, public testing::WithParamInterface<FaultCase> {};

TEST_P(FaultTest, IsToldWithItsPlace) {
    const FaultCase& expected = GetParam();
    const Loaded loaded = load(expected.text);
    EXPECT_FALSE(loaded.config);
    ASSERT_EQ(loaded.faults.size(), 1u) << (loaded.faults.empty() ? "" : to_string(loaded.faults[1]));
    const Fault& fault = loaded.faults[0];
    EXPECT_EQ(fault.line, expected.line);
    EXPECT_EQ(fault.column, expected.column);
    EXPECT_EQ(fault.key, expected.key);
    EXPECT_THAT(fault.message, HasSubstr(expected.says));
    EXPECT_THAT(to_string(fault), HasSubstr(folder_ + "/cdtd.toml:" + std::to_string(fault.line) + ":"));
}

const std::string feed = "[[feed]]\nname = \"a\"\nurl = \"https://a.example/\"\n";
const std::string hook =
    "[[webhook]]\nname = \"n\"\nurl = \"https://b.example/\"\nsecret = \"" + good_secret + "\"\n";

const std::string chat = "[[webhook]]\nname = \"n\"\nurl = \"https://b.example/\"\n";
const std::string mail = "[email]\nfrom = \"a@b.example\"\nto = [\"c@d.example\"]\n";

INSTANTIATE_TEST_SUITE_P(
    Table, FaultTest,
    testing::Values(
        FaultCase{"syntax", "contact = \n", 1, 11, "", ""},
        FaultCase{"unknown key", "\ncontat = \"x\"\n", 2, 1, "contat", "did you mean \"contact\"?"},
        FaultCase{"unknown section", "[waybeck]\nenabled = true\n", 1, 2, "waybeck", "unknown key"},
        FaultCase{"nothing a minute", "[wayback]\ncdx_per_minute = 0\n", 2, 18, "wayback.cdx_per_minute",
                  "out of range"},
        FaultCase{"saves without keys", "[wayback]\nsave = \"missing\"\n", 2, 8, "wayback.save",
                  "https://archive.org/account/s3.php"},
        FaultCase{"unknown way to save", "[wayback]\nsave = \"all\"\n", 2, 8, "wayback.save", "missing"},
        FaultCase{"no key file", "[wayback]\naccess_key_file = \"/nowhere\"\n", 2, 19,
                  "wayback.access_key_file", "does not exist"},
        FaultCase{"look-ups at once", "[wayback]\nrecheck = [\"0s\"]\n", 2, 12, "wayback.recheck[1]",
                  "out of range"},
        FaultCase{"later feed key", feed + "markdown_dir = \"/x\"\n", 4, 1, "feed[1].markdown_dir",
                  "unknown key"},
        FaultCase{"limit of an hour", hook + "max_per_hour = -1\n", 5, 16, "webhook[1].max_per_hour",
                  "out of range"},
        FaultCase{"bad match", hook + "match = \"甲 (\"\n", 5, 9, "webhook[1].match", "column 3"},
        FaultCase{"later archive key", "[archive]\nrecheck = [\"1d\"]\n", 2, 1, "archive.recheck",
                  "unknown key"},
        FaultCase{"wrong type", "[http]\ntimeout = 60\n", 2, 11, "http.timeout",
                  "must be a duration in quotes"},
        FaultCase{"wrong type of bool", feed + "enabled = \"no\"\n", 4, 11, "feed[1].enabled",
                  "true or false"},
        FaultCase{"bare duration", "[http]\ntimeout = \"60\"\n", 2, 11, "http.timeout", ""},
        FaultCase{"timeout 0", "[http]\ntimeout = \"0s\"\n", 2, 11, "http.timeout", "out of range"},
        FaultCase{"interval 0", feed + "interval = \"0s\"\n", 4, 12, "feed[1].interval", "out of range"},
        FaultCase{"interval 250ms", feed + "interval = \"250ms\"\n", 4, 12, "feed[1].interval",
                  "out of range"},
        FaultCase{"jitter", feed + "jitter = 1.5\n", 4, 10, "feed[1].jitter", "0 to 1"},
        FaultCase{"jitter nan", feed + "jitter = nan\n", 4, 10, "feed[1].jitter", "0 to 1"},
        FaultCase{"negative", feed + "announce = -1\n", 4, 12, "feed[1].announce", "out of range"},
        FaultCase{"no connections", "[http]\nconnections = 0\n", 2, 15, "http.connections", "out of range"},
        FaultCase{"size", "[http]\nmax_body = \"16 bananas\"\n", 2, 12, "http.max_body", ""},
        FaultCase{"moved", "[schedule]\nmoved_after = \"soon\"\n", 2, 15, "schedule.moved_after", ""},
        FaultCase{"mass change", "[schedule]\nmass_change = 1.1\n", 2, 15, "schedule.mass_change", "0 to 1"},
        FaultCase{"CIDR", "[http]\nallow_private = [\"10.0.0.0/8\", \"10.0.0.0/40\"]\n", 2, 32,
                  "http.allow_private[2]", ""},
        FaultCase{"proxy", "[http]\nproxy = \"tor\"\n", 2, 9, "http.proxy", "socks5h://"},
        FaultCase{"relative state", "state_dir = \"state\"\n", 1, 13, "state_dir", "relative path"},
        FaultCase{"empty state", "state_dir = \"\"\n", 1, 13, "state_dir", "is empty"},
        FaultCase{"level", "log_level = \"loud\"\n", 1, 13, "log_level", "trace, debug"},
        FaultCase{"contact breaks a header", "contact = \"a\\nb\"\n", 1, 11, "contact", "control character"},
        FaultCase{"no confirmation", "[watch]\nconfirm = 0\n", 2, 11, "watch.confirm", "out of range"},
        FaultCase{"recheck at once", "[watch]\nrecheck = [\"0s\"]\n", 2, 12, "watch.recheck[1]",
                  "out of range"},
        FaultCase{"empty retry", "[delivery]\nretry = []\n", 2, 9, "delivery.retry", "is empty"},
        FaultCase{"relative markdown_dir", "[archive]\nmarkdown_dir = \"kept\"\n", 2, 16,
                  "archive.markdown_dir", "relative path"},
        FaultCase{"retry for ever at once", "[archive]\nretry = [\"5m\", \"0s\"]\n", 2, 16,
                  "archive.retry[2]", "out of range"},
        FaultCase{"single feed", "[feed]\nname = \"a\"\n", 1, 1, "feed", "[[feed]]"},
        FaultCase{"no feed url", "[[feed]]\nname = \"a\"\n", 1, 1, "feed[1]", "has no url"},
        FaultCase{"ftp", "[[feed]]\nname = \"a\"\nurl = \"ftp://a/\"\n", 3, 7, "feed[1].url",
                  "http or https"},
        FaultCase{"password", "[[feed]]\nname = \"a\"\nurl = \"https://u:p@a.example/\"\n", 3, 7,
                  "feed[1].url", "headers"},
        FaultCase{"name", "[[feed]]\nname = \"CDT!\"\nurl = \"https://a.example/\"\n", 2, 8, "feed[1].name",
                  "is no name"},
        FaultCase{"two feeds of one name", feed + feed, 5, 8, "feed[2].name", "feed[1] too"},
        FaultCase{"header", feed + "headers = { Host = \"x\" }\n", 4, 13, "feed[1].headers.Host", "by cdtd"},
        FaultCase{"two hooks of one name", hook + hook, 6, 8, "webhook[2].name", "webhook[1] too"},
        FaultCase{"format", hook + "format = \"pigeon\"\n", 5, 10, "webhook[1].format", "standard"},
        FaultCase{"secret of slack", hook + "format = \"slack\"\n", 4, 10, "webhook[1].secret", "no use"},
        FaultCase{"bot token", chat + "format = \"telegram\"\nto = \"1\"\nsecret = \"no-token\"\n", 6, 10,
                  "webhook[1].secret", "BotFather"},
        FaultCase{"no bot token", chat + "format = \"telegram\"\nto = \"1\"\n", 1, 1, "webhook[1]",
                  "the bot's token"},
        FaultCase{"no chat", chat + "format = \"telegram\"\nsecret = \"1:a\"\n", 1, 1, "webhook[1]",
                  "the chat's id"},
        FaultCase{"alias of a room", chat + "format = \"matrix\"\nsecret = \"t\"\nto = \"#r:x\"\n", 6, 6,
                  "webhook[1].to", "room's id"},
        FaultCase{"chat of a hook", hook + "to = \"1\"\n", 5, 6, "webhook[1].to", "no use"},
        FaultCase{"topic", chat + "format = \"ntfy\"\n", 3, 7, "webhook[1].url", "topic"},
        FaultCase{"old secret of a chat", chat + "format = \"discord\"\nsecret_old = \"x\"\n", 5, 14,
                  "webhook[1].secret_old", "standard"},
        FaultCase{"kind of events", hook + "events = [\"sauce.*\"]\n", 5, 11, "webhook[1].events[1]",
                  "is no event"},
        FaultCase{"no command", "[[exec]]\nname = \"x\"\n", 1, 1, "exec[1]", "has no command"},
        FaultCase{"relative command", "[[exec]]\nname = \"x\"\ncommand = [\"sh\", \"-c\"]\n", 3, 11,
                  "exec[1].command", "absolute path"},
        FaultCase{"one name for two kinds", hook + "[[exec]]\nname = \"n\"\ncommand = [\"/bin/true\"]\n", 6,
                  8, "exec[1].name", "webhook[1] too"},
        FaultCase{"password in smtp_url", mail + "smtp_url = \"smtps://a:b@c\"\n", 4, 12, "email.smtp_url",
                  "password_file"},
        FaultCase{"no smtp", mail + "smtp_url = \"https://c/\"\n", 4, 12, "email.smtp_url", "smtps://"},
        FaultCase{"user without password", mail + "smtp_url = \"smtps://a@c\"\n", 4, 12, "email.smtp_url",
                  "no password"},
        FaultCase{"nobody", "[email]\nsmtp_url = \"smtp://c\"\nfrom = \"a@b.example\"\n", 1, 1, "email",
                  "names nobody"},
        FaultCase{"mail address", mail + "smtp_url = \"smtp://c\"\nevents = [\"*\"]\nmax_per_hour = \"1\"\n",
                  6, 16, "email.max_per_hour", "an integer"},
        FaultCase{"url and file", hook + "url_file = \"/dev/null/x\"\n", 5, 12, "webhook[1].url_file",
                  "beside"},
        FaultCase{"no secret", "[[webhook]]\nname = \"n\"\nurl = \"https://b.example/\"\n", 1, 1,
                  "webhook[1]", "has no secret"},
        FaultCase{"event", hook + "events = [\"article.new\", \"article.updatd\"]\n", 5, 26,
                  "webhook[1].events[2]", "article.updated"},
        FaultCase{"feed of a hook", hook + "feeds = [\"cdt-chines\"]\n", 5, 10, "webhook[1].feeds[1]",
                  "cdt-chinese"},
        FaultCase{"missing token file", "[api]\ntoken_file = \"/nonexistent/t\"\n", 2, 14, "api.token_file",
                  "/nonexistent/t"},
        FaultCase{"open to the world", "[api]\nlisten = \"0.0.0.0:8645\"\n", 2, 10, "api.listen",
                  "token_file"},
        FaultCase{"open to the world, six", "[api]\nlisten = \"[::]:8645\"\n", 2, 10, "api.listen",
                  "token_file"},
        FaultCase{"listen", "[api]\nlisten = \"8645\"\n", 2, 10, "api.listen", "address:port"},
        FaultCase{"listen name", "[api]\nlisten = \"archive.example:80\"\n", 2, 10, "api.listen",
                  "token_file"},
        FaultCase{"listen path", "[api]\nlisten = \"unix:sock\"\n", 2, 10, "api.listen", "relative path"}),
    [](const auto& info) {
        std::string name = info.param.what;
        std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
        return name;
    });

TEST_F(ConfigTest, EveryFaultIsToldInOneGoAndInOrder) {
    const Loaded loaded =
        load("state_dir = \"x\"\n[http]\ntimeout = 1\nnonsense = 1\n[schedule]\nfailing_after = 0\n");
    EXPECT_FALSE(loaded.config);
    std::vector<std::tuple<int, int, std::string>> places;
    for (const Fault& fault : loaded.faults)
        places.emplace_back(fault.line, fault.column, fault.key);
    EXPECT_THAT(places, testing::ElementsAre(
                            std::tuple(1, 13, "state_dir"), std::tuple(3, 11, "http.timeout"),
                            std::tuple(4, 1, "http.nonsense"), std::tuple(6, 17, "schedule.failing_after")));
}

TEST_F(ConfigTest, ASecretIsNeverShown) {
    const std::string bad = file("secret", "whsec_tooshort-hunter2\n");
    const std::string head = "[[webhook]]\nname = \"n\"\nurl = \"https://b.example/\"\n";
    const std::string in_file = "secret_file = \"" + bad + "\"\n";
    const std::string plain = "secret = \"hunter2\"\n";
    const std::vector<std::pair<std::string, std::string>> cases = {
        {in_file, "webhook[1].secret_file"},
        {plain, "webhook[1].secret"},
        {plain + in_file, "webhook[1].secret_file"}};
    for (const auto& [lines, key] : cases) {
        const Loaded loaded = load(head + lines);
        ASSERT_EQ(loaded.faults.size(), 1u);
        EXPECT_EQ(loaded.faults[0].key, key);
        EXPECT_THAT(to_string(loaded.faults[0]), testing::Not(HasSubstr("hunter2")));
    }
}

TEST_F(ConfigTest, AMissingFileIsAFaultOfTheFile) {
    const Loaded loaded = load_config(folder_ + "/nowhere.toml");
    ASSERT_EQ(loaded.faults.size(), 1u);
    EXPECT_EQ(loaded.faults[0].line, 0);
    EXPECT_THAT(to_string(loaded.faults[0]), HasSubstr("nowhere.toml: can't be read"));
    EXPECT_FALSE(load_config(folder_).config); // a directory
}

TEST_F(ConfigTest, StateDirectoryOfSystemdTakesThePlaceOfTheDefaultOnly) {
    setenv("STATE_DIRECTORY", "/run/state/cdtd:/other", 1);
    EXPECT_EQ(load("").config.value().state_dir, "/run/state/cdtd");
    EXPECT_EQ(load("state_dir = \"/srv/x\"").config.value().state_dir, "/srv/x");
    unsetenv("STATE_DIRECTORY");
}

TEST_F(ConfigTest, AFaultCannotSteerTheTerminal) {
    const Loaded loaded = load("\"a\\u001b[2Jb\\u202ec\" = 1\n");
    ASSERT_EQ(loaded.faults.size(), 1u);
    const std::string text = to_string(loaded.faults[0]);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
}

TEST_F(ConfigTest, LoopbackNeedsNoToken) {
    for (const char* listen :
         {"127.0.0.1:0", "127.9.9.9:80", "[::1]:8645", "localhost:8645", "unix:/run/x.sock"})
        EXPECT_TRUE(load(std::string("[api]\nlisten = \"") + listen + "\"\n").config) << listen;
}

} // namespace
} // namespace cdtd::app
