// Exports that meet.
#include "app/out_file.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace cdtd::app {
namespace {

/// The one that waits for nobody gets a conflict; what is there under the name is whole at any time.
TEST(OutFile, NeverWritesOverWhatAnotherOneFinished) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("cdtd-out-" + std::to_string(std::random_device{}()));
    std::filesystem::create_directory(folder);
    const std::string path = folder / "export", text(300, 'x');
    std::atomic<int> torn = 0;
    std::vector<std::string> failures(4);
    const auto export_often = [&](std::string& failure) {
        for (int mine = 0; mine < 60 && failure.empty();) {
            auto out = OutFile::open(path);
            if (!out) {
                if (out.error().code != base::Errc::conflict)
                    failure = out.error().message;
                continue;
            }
            static_cast<void>(out->write(text));
            const auto done = out->finish();
            if (!done)
                failure = done.error().message;
            else
                ++mine;
            std::ifstream file(path, std::ios::binary);
            torn += std::string(std::istreambuf_iterator<char>(file), {}) != text;
        }
    };
    std::vector<std::thread> threads;
    for (auto& failure : failures)
        threads.emplace_back(export_often, std::ref(failure));
    for (auto& thread : threads)
        thread.join();
    for (const auto& failure : failures)
        EXPECT_EQ(failure, "");
    EXPECT_EQ(torn, 0);
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace cdtd::app
