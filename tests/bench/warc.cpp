// bench_warc [ROUNDS]: megabytes a CPU second of keeping page-sized captures (warc::Files::append: heads, the
// digests, the records, the gzip members) beside the bytes of the same records through zlib level 6 and one
// SHA-1 alone, in one run, and the size of both. Generated pages of 100 KB, Chinese text in the markup of a
// blog. The files lie in /dev/shm, where fdatasync costs nothing. Medians.
#include <cdtd/base/digest.hpp>
#include <cdtd/warc/file.hpp>

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr std::size_t page_bytes = 100'000;
constexpr int pages_per_round = 100;

std::string utf8(unsigned code) {
    return {static_cast<char>(0xe0 | (code >> 12)), static_cast<char>(0x80 | ((code >> 6) & 0x3f)),
            static_cast<char>(0x80 | (code & 0x3f))};
}

/// Words of one to four characters; common ones come often, as in any text.
class Words {
  public:
    Words() {
        std::uniform_int_distribution<unsigned> character(0x4e00, 0x5fff);
        for (int i = 0; i < 4000; ++i) {
            std::string word;
            for (int length = 1 + i % 4; length > 0; --length)
                word += utf8(character(dice_));
            words_.push_back(word);
        }
    }
    const std::string& next() {
        const double share = std::uniform_real_distribution<double>(0, 1)(dice_);
        return words_[static_cast<std::size_t>(share * share * share * 3999)];
    }
    std::string sentence() {
        std::string text;
        for (int i = 0; i < 12; ++i)
            text += next() + (i == 6 ? "，" : "");
        return text + "。";
    }

  private:
    std::mt19937 dice_{20261128};
    std::vector<std::string> words_;
};

std::string page(Words& words, int number) {
    std::string html = "<!DOCTYPE html><html lang=\"zh-Hans\"><head><meta charset=\"utf-8\"><title>" +
                       words.sentence() + "</title></head><body class=\"single single-post\">\n";
    for (int i = 0; html.size() < page_bytes; ++i)
        html +=
            fmt::format("<div class=\"entry-content wp-block\"><p style=\"text-align: justify;\">{}{}</p>\n"
                        "<p><a href=\"https://example.org/chinese/{}-{}.html\" rel=\"noopener\">{}</a></p>"
                        "</div>\n",
                        words.sentence(), words.sentence(), number, i, words.next());
    return html + "</body></html>\n";
}

double cpu_of(auto work) {
    const auto before = std::clock();
    work();
    return static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
}

cdtd::warc::Exchange exchange_of(const std::string& page, std::size_t number) {
    cdtd::warc::Exchange exchange;
    exchange.url = fmt::format("https://example.org/chinese/{}.html", number);
    exchange.at = cdtd::base::system_clock().now();
    exchange.request_head = fmt::format("GET /chinese/{}.html HTTP/1.1\r\nHost: example.org\r\n\r\n", number);
    exchange.response_head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n";
    exchange.body = page;
    exchange.metadata = {{"via", "https://example.org/feed/"}, {"cdtd-kind", "page"}};
    return exchange;
}

/// The records of all pages as they stand in a file, not compressed.
std::vector<std::string> records_of(const std::vector<std::string>& pages) {
    std::vector<std::string> records;
    for (std::size_t i = 0; i < pages.size(); ++i) {
        auto made = cdtd::warc::make_records(exchange_of(pages[i], i),
                                             "<urn:uuid:00000000-0000-4000-8000-000000000000>");
        records.push_back(serialize(std::move(made.request)));
        records.push_back(serialize(std::move(*made.metadata)));
        records.push_back(serialize(std::move(made.response)));
    }
    return records;
}

std::size_t floor_of(const std::vector<std::string>& records) {
    std::size_t written = 0;
    for (const auto& record : records) {
        z_stream z{};
        deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
        std::string out(deflateBound(&z, record.size()), '\0');
        z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(record.data()));
        z.avail_in = static_cast<uInt>(record.size());
        z.next_out = reinterpret_cast<Bytef*>(out.data());
        z.avail_out = static_cast<uInt>(out.size());
        deflate(&z, Z_FINISH);
        written += z.total_out;
        deflateEnd(&z);
        if (cdtd::base::sha1_base32(record).empty())
            std::abort();
    }
    return written;
}

std::size_t ours_of(const std::vector<std::string>& pages, const std::string& folder) {
    cdtd::warc::FileSettings settings;
    settings.folder = folder;
    cdtd::warc::Files files(settings);
    std::size_t begin = 0, end = 0;
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const auto stored = files.append({exchange_of(pages[i], i)});
        if (!stored)
            std::abort();
        if (i == 0)
            begin = static_cast<std::size_t>(stored->front().group_offset);
        end = static_cast<std::size_t>(stored->front().offset + stored->front().length);
    }
    return end - begin;
}

double median(std::vector<double> numbers) {
    std::ranges::sort(numbers);
    return numbers[numbers.size() / 2];
}

} // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 9;
    Words words;
    std::vector<std::string> pages;
    std::size_t bytes = 0, ours = 0, theirs = 0;
    for (int i = 0; i < pages_per_round; ++i)
        bytes += pages.emplace_back(page(words, i)).size();
    const auto records = records_of(pages);
    const std::string folder = fmt::format("/dev/shm/cdtd-bench-{}", std::random_device{}());
    std::vector<double> ratios, speed, floor;
    for (int round = 0; round < rounds; ++round) {
        const double slow = cpu_of([&] { theirs = floor_of(records); });
        const double fast = cpu_of([&] { ours = ours_of(pages, folder); });
        std::filesystem::remove_all(folder);
        ratios.push_back(slow / fast);
        speed.push_back(static_cast<double>(bytes) / fast / 1e6);
        floor.push_back(static_cast<double>(bytes) / slow / 1e6);
    }
    fmt::print("keeping pages of 100 KB in WARC files: {:.0f} MB/s; zlib 6 and SHA-1 alone {:.0f} MB/s; "
               "{:.2f} times as "
               "fast, {:.3f} of the size\n",
               median(speed), median(floor), median(ratios),
               static_cast<double>(ours) / static_cast<double>(theirs));
}
