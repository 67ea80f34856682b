// Any bytes at all as a query: a tree, or a fault with its place; and SQLite takes whatever is made of the
// tree.
#include <cdtd/store/connection.hpp>
#include <cdtd/store/schema.hpp>
#include <cdtd/store/search.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace {

// Of a name in /tmp that goes with the process.
class Folder {
  public:
    Folder() {
        if (!::mkdtemp(name_))
            std::abort();
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(name_, ignored);
    }
    std::string file() const { return std::string(name_) + "/cdtd.db"; }

  private:
    char name_[32] = "/tmp/cdtd-fuzz-XXXXXX";
};

struct Database {
    Database() : connection(folder.file(), cdtd::store::Mode::create) { cdtd::store::migrate(connection); }

    Folder folder;
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
