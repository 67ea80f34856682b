// Any bytes at all as a query: a tree, or a fault with its place; and SQLite takes whatever is made of the
// tree.
#include <cdtd/store/connection.hpp>
#include <cdtd/store/schema.hpp>
#include <cdtd/store/search.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

cdtd::store::Connection& database() {
    static cdtd::store::Connection db = [] {
        char name[] = "/tmp/cdtd-fuzz-XXXXXX";
        const int file = ::mkstemp(name);
        if (file < 0)
            std::abort();
        cdtd::store::Connection made(name, cdtd::store::Mode::create);
        cdtd::store::migrate(made);
        std::remove(name);
        return made;
    }();
    return db;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    const auto query = cdtd::store::parse_query(bytes);
    if (!query) {
        if (!query.error().message.starts_with("column "))
            std::abort();
        return 0;
    }
    cdtd::store::matches(database(), 1, *query); // throws where FTS5 does not understand it
    return 0;
}
