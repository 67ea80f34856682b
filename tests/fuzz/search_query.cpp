// Any bytes at all as a query: a tree, or a fault with its place; and SQLite takes whatever is made of the
// tree.
#include "temporary_directory.hpp"

#include <cdtd/store/connection.hpp>
#include <cdtd/store/schema.hpp>
#include <cdtd/store/search.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

struct Database {
    Database() : connection(directory.file("cdtd.db"), cdtd::store::Mode::create) {
        cdtd::store::migrate(connection);
    }

    cdtd::TemporaryDirectory directory;
    cdtd::store::Connection connection;
};

cdtd::store::Connection& database() {
    static Database made;
    return made.connection;
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
