#include "unit/store/fixture.hpp"

#include <sqlite3.h>

#include <fstream>
#include <sys/stat.h>

namespace cdtd::store {
namespace {

std::string message_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const DatabaseError& error) {
        return error.what();
    }
    return "";
}

TEST_F(StoreTest, AFreshDatabaseIsMigratedAndGuarded) {
    EXPECT_EQ(schema_of(db), newest_schema());
    EXPECT_GE(newest_schema(), 1);
    const std::pair<const char*, std::string> settings[] = {{"PRAGMA journal_mode", "wal"},
                                                            {"PRAGMA synchronous", "2"},
                                                            {"PRAGMA foreign_keys", "1"},
                                                            {"PRAGMA trusted_schema", "0"},
                                                            {"PRAGMA application_id", "1128551492"},
                                                            {"PRAGMA integrity_check", "ok"}};
    for (const auto& [sql, value] : settings) {
        auto row = db.prepare(sql);
        ASSERT_TRUE(row.step());
        EXPECT_EQ(row.text(0), value) << sql;
    }
    struct stat status{};
    ASSERT_EQ(::stat(db.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0137U, 0U);
    EXPECT_THROW(db.exec("UPDATE sqlite_schema SET sql = ''"), DatabaseError);
    EXPECT_THROW(db.exec("INSERT INTO article_feeds VALUES (1, 1, 1)"), DatabaseError); // foreign keys
    EXPECT_THROW(db.exec("INSERT INTO facts VALUES ('a', x'00')"), DatabaseError);      // STRICT
    EXPECT_NO_THROW(require_current(db));
    EXPECT_NO_THROW(migrate(db));
}

TEST_F(StoreTest, ANewerDatabaseIsRefusedWithBothNumbers) {
    db.exec("PRAGMA user_version = 4711");
    const auto said = message_of([this] { migrate(db); });
    EXPECT_NE(said.find("4711"), std::string::npos) << said;
    EXPECT_NE(said.find("schema " + std::to_string(newest_schema())), std::string::npos) << said;
    EXPECT_FALSE(message_of([this] { require_current(db); }).empty());
}

TEST(Schema, AnOlderOneIsBackedUpFirst) {
    const TemporaryDirectory directory;
    Connection db(directory.file("cdtd.db"), Mode::create);
    db.exec("CREATE TABLE old (a); INSERT INTO old VALUES (1); PRAGMA application_id = 1128551492");
    EXPECT_NE(message_of([&] { require_current(db); }).find("cdtd run"), std::string::npos);
    migrate(db);
    EXPECT_EQ(schema_of(db), newest_schema());
    const auto backup = directory.file("cdtd.db.before-schema-" + std::to_string(newest_schema()));
    Connection before(backup, Mode::read_only);
    EXPECT_EQ(schema_of(before), 0);
    EXPECT_TRUE(before.prepare("SELECT a FROM old").step());
}

TEST(Schema, AForeignDatabaseStaysAsItIs) {
    const TemporaryDirectory directory;
    const auto path = directory.file("other.db");
    sqlite3* foreign = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &foreign), SQLITE_OK);
    sqlite3_exec(foreign, "CREATE TABLE theirs (a)", nullptr, nullptr, nullptr);
    sqlite3_close(foreign);
    Connection db(path, Mode::create);
    EXPECT_NE(message_of([&] { migrate(db); }).find("another program"), std::string::npos);
    auto row = db.prepare("PRAGMA journal_mode");
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.text(0), "delete");
}

TEST(Schema, AFileThatIsNoDatabaseIsNamed) {
    const TemporaryDirectory directory;
    const auto path = directory.file("cdtd.db");
    std::ofstream(path) << std::string(4096, 'x');
    for (const auto mode : {Mode::create, Mode::read_only}) {
        const auto said = message_of([&] { Connection db(path, mode); });
        EXPECT_NE(said.find(path), std::string::npos) << said;
    }
}

TEST(Connection, ReadOnlyNeverMakesAFile) {
    const TemporaryDirectory directory;
    const auto path = directory.file("cdtd.db");
    EXPECT_NE(message_of([&] { Connection db(path, Mode::read_only); }).find(path), std::string::npos);
    EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
    {
        Connection db(path, Mode::create);
        migrate(db);
    }
    std::filesystem::create_directory(directory.file("copy"));
    std::filesystem::copy_file(path, directory.file("copy/c ?#%.db"));
    {
        Connection copy(directory.file("copy/c ?#%.db"), Mode::read_only);
        EXPECT_NO_THROW(require_current(copy));
        EXPECT_THROW(copy.exec("INSERT INTO facts VALUES ('a', 'b')"), DatabaseError);
        Transaction reading(copy);
        EXPECT_TRUE(copy.prepare("SELECT count(*) FROM facts").step());
    }
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory.file("copy")))
        ++files;
    EXPECT_EQ(files, 1U);
}

TEST_F(StoreTest, AReaderSeesWhatWasCommittedWhileTheWriterIsOpen) {
    Connection reader(db.path(), Mode::read_only);
    db.exec("INSERT INTO facts VALUES ('a', 'b')");
    auto row = reader.prepare("SELECT value FROM facts");
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.text(0), "b");
}

TEST_F(StoreTest, AStatementPastItsTimeIsInterrupted) {
    db.set_time_limit(std::chrono::milliseconds(20));
    auto endless = db.prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                              "SELECT count(*) FROM n");
    try {
        endless.step();
        FAIL();
    } catch (const DatabaseError& error) {
        EXPECT_EQ(error.code() & 0xff, SQLITE_INTERRUPT);
    }
    db.set_time_limit(std::nullopt);
    EXPECT_EQ(count("facts"), 0);
}

TEST_F(StoreTest, TheSameStatementCanRunInsideItself) {
    db.exec("INSERT INTO facts VALUES ('a', '1'), ('b', '2')");
    const char* sql = "SELECT key FROM facts ORDER BY key";
    auto outer = db.prepare(sql);
    ASSERT_TRUE(outer.step());
    {
        auto inner = db.prepare(sql);
        ASSERT_TRUE(inner.step());
        EXPECT_EQ(inner.text(0), "a");
    }
    ASSERT_TRUE(outer.step());
    EXPECT_EQ(outer.text(0), "b");
}

TEST_F(StoreTest, ATransactionIsUndoneUnlessCommitted) {
    {
        Transaction outer(db);
        db.exec("INSERT INTO facts VALUES ('kept', '')");
        {
            Transaction inner(db);
            db.exec("INSERT INTO facts VALUES ('undone', '')");
        }
        outer.commit();
    }
    {
        Transaction lost(db);
        db.exec("INSERT INTO facts VALUES ('lost', '')");
    }
    EXPECT_EQ(count("facts"), 1);
}

TEST_F(StoreTest, EmptyTextIsNotNull) {
    (db.prepare("INSERT INTO facts VALUES (?, ?)") << "k" << std::string_view()).run();
    EXPECT_EQ(count("facts"), 1);
}

} // namespace
} // namespace cdtd::store
