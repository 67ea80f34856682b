// Feeds in the shape of CDT's, in our own words.
#pragma once

#include <string>

namespace cdtd::feed::fixtures {

inline constexpr const char* url = "https://example.org/chinese/feed/";

inline const std::string wordpress = R"(<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:atom="http://www.w3.org/2005/Atom"
	xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
	xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
	>
<channel>
	<title>样本时报</title>
	<atom:link href="https://example.org/chinese/feed/" rel="self" type="application/rss+xml" />
	<atom:link href="https://example.org/chinese/feed/?paged=2" rel="next" />
	<link>https://example.org/chinese/</link>
	<description>只为测试</description>
	<lastBuildDate>Wed, 22 Jan 2025 12:00:00 +0000</lastBuildDate>
	<language>zh-CN</language>
	<ttl>90</ttl>
	<sy:updatePeriod>
	hourly	</sy:updatePeriod>
	<sy:updateFrequency>
	2	</sy:updateFrequency>
	<skipHours><hour>3</hour><hour>24</hour><hour>99</hour></skipHours>
	<skipDays><day>Sunday</day><day>saturday</day><day>Noday</day></skipDays>
	<item>
		<title>【404文库】样本周刊｜河水与堤岸 &#038; 其他</title>
		<link>https://example.org/chinese/900001.html</link>
		<dc:creator><![CDATA[编辑甲]]></dc:creator>
		<pubDate>Wed, 22 Jan 2025 11:52:20 +0000</pubDate>
		<category><![CDATA[水利]]></category>
		<category><![CDATA[Level 2 Article]]></category>
		<category><![CDATA[水利]]></category>
		<guid isPermaLink="false">https://example.org/chinese/?p=900001</guid>
		<description><![CDATA[堤岸上的人在等。 [&#8230;]]]></description>
		<content:encoded><![CDATA[<p>堤岸上的人在等。</p><pre>a]]]]><![CDATA[>b</pre>]]></content:encoded>
		<slash:comments>0</slash:comments>
	</item>
	<item>
		<title></title>
		<link>https://example.org/chinese/2020/06/河水/</link>
		<pubDate>不是日期</pubDate>
		<guid>https://example.org/chinese/?p=900002</guid>
	</item>
</channel>
</rss>
)";

inline const std::string atom = R"(<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-Hans" xml:base="https://example.org/base/">
  <title type="html">样本 &amp;amp; 时报</title>
  <link rel="self" href="/atom.xml"/>
  <link href="https://example.org/"/>
  <author><name>编辑部</name></author>
  <entry>
    <id>urn:sample:1</id>
    <title type="text">第一篇</title>
    <link rel="enclosure" href="/a.mp3"/>
    <link rel="alternate" type="application/json" href="1.json"/>
    <link rel="alternate" type="text/html" href="1.html"/>
    <published>2025-01-22T11:52:20Z</published>
    <updated>2025-01-23T00:00:00+08:00</updated>
    <category term="river" label="河"/><category term="bank"/>
    <summary>一 &lt; 二</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>甲 <b>乙</b> <i>丙</i></p><br/><a href="x?a=1&amp;b=2"></a></div></content>
  </entry>
  <entry>
    <id>urn:sample:2</id>
    <title>第二篇</title>
    <author><name>记者乙</name></author>
    <updated>2025-01-23T00:00:00Z</updated>
    <content type="html">&lt;p&gt;正文&lt;/p&gt;</content>
  </entry>
</feed>
)";

inline const std::string json = R"({
  "version": "https://jsonfeed.org/version/1.1",
  "title": "样本时报",
  "home_page_url": "https://example.org/",
  "feed_url": "https://example.org/feed.json",
  "next_url": "/feed.json?page=2",
  "language": "zh-Hans",
  "description": "只为测试",
  "authors": [{"url": "https://example.org/who"}, {"name": "编辑部"}],
  "hubs": [{"type": "WebSub", "url": "https://example.org/hub"}],
  "items": [
    {"id": 17, "url": "1.html", "title": "第一篇 & 其他", "content_html": "<p>甲 \"乙\"</p>", "content_text": "甲",
     "summary": "一 < 二", "date_published": "2025-01-22T11:52:20Z", "date_modified": "2025-01-23T00:00:00+08:00",
     "tags": ["河", "堤", "河", 3], "author": {"name": "记者乙"},
     "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 1200}, {"url": "javascript:x"}]},
    {"external_url": "https://example.org/2", "content_text": "一行\n又一行 <b>", "date_published": "昨天"}
  ]
}
)";

inline std::string rss(const std::string& channel) {
    return "<rss version=\"2.0\"><channel><title>t</title>" + channel + "</channel></rss>";
}
inline std::string item(const std::string& inside) {
    return rss("<item>" + inside + "</item>");
}

} // namespace cdtd::feed::fixtures
