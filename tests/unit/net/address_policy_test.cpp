#include <cdtd/net/address_policy.hpp>

#include <gtest/gtest.h>

namespace {

using namespace cdtd;

TEST(AddressPolicyTest, WhatIsPublic) {
    const std::pair<const char*, bool> cases[] = {
        {"8.8.8.8", true},
        {"93.184.216.34", true},
        {"172.32.0.1", true},
        {"100.128.0.1", true},
        {"0.0.0.0", false},
        {"0.1.2.3", false},
        {"10.1.2.3", false},
        {"100.64.0.1", false},
        {"127.0.0.1", false},
        {"127.255.255.254", false},
        {"169.254.169.254", false},
        {"172.16.0.1", false},
        {"172.31.255.255", false},
        {"192.0.0.8", false},
        {"192.168.1.1", false},
        {"198.18.0.1", false},
        {"203.0.113.9", false},
        {"224.0.0.251", false},
        {"255.255.255.255", false},
        {"2606:4700::1111", true},
        {"2a00:1450:4001::200e", true},
        {"::", false},
        {"::1", false},
        {"::7f00:1", false},
        {"::ffff:127.0.0.1", false},
        {"::ffff:8.8.8.8", true},
        {"64:ff9b::8.8.8.8", true},
        {"64:ff9b::10.0.0.1", false},
        {"64:ff9b:1::8.8.8.8", false},
        {"2002:808:808::1", true},
        {"2002:a00:1::1", false},
        {"2001:0:808:808:0:0:f7f7:f7f7", true},
        {"2001:0:808:808:0:0:f5ff:fffe", false}, // carries 10.0.0.1
        {"2001:db8::1", false},
        {"2001:10::1", false},
        {"3fff::1", false},
        {"fc00::1", false},
        {"fd12:3456::1", false},
        {"fe80::1", false},
        {"fec0::1", false},
        {"ff02::1", false},
        {"100::1", false},
    };
    for (const auto& [text, expected] : cases) {
        const auto address = net::parse_address(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(net::is_public(*address), expected) << text;
    }
}

TEST(AddressPolicyTest, AllowedNetworks) {
    const net::AddressPolicy policy({*net::parse_network("127.0.0.0/8"), *net::parse_network("10.1.2.128/25"),
                                     *net::parse_network("fd00::/8"), *net::parse_network("::1")});
    const std::pair<const char*, bool> cases[] = {
        {"127.9.9.9", true},  {"::ffff:127.0.0.1", true}, {"10.1.2.128", true},
        {"10.1.2.255", true}, {"10.1.2.127", false},      {"10.1.3.128", false},
        {"fd99::1", true},    {"fc00::1", false},         {"::1", true},
        {"::2", false},       {"8.8.8.8", true},          {"192.168.0.1", false},
    };
    for (const auto& [text, expected] : cases)
        EXPECT_EQ(policy.permits(*net::parse_address(text)), expected) << text;
    EXPECT_FALSE(net::AddressPolicy().permits(*net::parse_address("127.0.0.1")));
}

TEST(AddressPolicyTest, UnreadableNetworks) {
    for (const auto* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8",
                             "::/129", "localhost", "10.0.0.1/8", " 10.0.0.0/8"}) {
        const auto network = net::parse_network(text);
        ASSERT_FALSE(network) << text;
        EXPECT_EQ(network.error().code, base::Errc::usage);
    }
    EXPECT_EQ(net::parse_network("10.0.0.0/8")->prefix, 104);
    EXPECT_EQ(net::parse_network("127.0.0.1")->prefix, 128);
    EXPECT_EQ(net::parse_network("0.0.0.0/0")->prefix, 96);
}

TEST(AddressPolicyTest, UnreadableAddresses) {
    for (const auto* text :
         {"", "1.2.3", "0x7f.0.0.1", "1.2.3.4.5", "example.org", "[::1]", "fe80::1%eth0", "256.1.1.1"})
        EXPECT_FALSE(net::parse_address(text)) << text;
}

} // namespace
