// Answers that take long: made once, kept for a while, and gone when that is over.
#include "api/makers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <utility>

namespace cdtd::api {
namespace {

TEST(Makers, WhatNobodyAsksForAnyMoreGoesByItself) {
    boost::asio::io_context loop;
    Makers makers(loop.get_executor(), std::chrono::milliseconds(100));
    int made = 0;
    std::weak_ptr<const FileBody> file;
    const auto ask = [&](const char* key) {
        Answer order;
        order.key = key;
        order.make = [&made](const std::function<bool()>&) {
            ++made;
            Answer answer;
            answer.file = std::make_shared<const FileBody>();
            return answer;
        };
        boost::asio::co_spawn(loop, makers.make(std::move(order)),
                              [&file](std::exception_ptr, Answer answer) { file = answer.file; });
        while (file.expired())
            loop.run_one();
    };
    ask("a");
    ask("a");
    EXPECT_EQ(made, 1);
    EXPECT_FALSE(file.expired());
    while (!file.expired() && loop.run_one_for(std::chrono::seconds(10)) > 0) {
    }
    EXPECT_TRUE(file.expired()) << "its disk space was kept";
}

} // namespace
} // namespace cdtd::api
