// The chain of manifests, and what they cover. Functions run inside a transaction of the caller.
#pragma once

#include <cdtd/base/digest.hpp>
#include <cdtd/model/manifest.hpp>
#include <cdtd/store/connection.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cdtd::store {

/// What no manifest covers yet.
struct Additions {
    std::vector<model::ByteRange> files; ///< without digests, in the order in which they were begun
    model::RowRange captures, revisions, events, articles, looks; ///< likewise
    std::optional<base::Time> first_at, last_at;                  ///< of the rows; absent: nothing was added
};
/// `after`: what the newest manifest says that it covers.
Additions additions(Connection& db, const std::optional<model::ManifestContent>& after);

enum class Rows { captures, revisions_1, revisions, events, articles, looks };
/// What a manifest of this version covers: rows, where it says so, and their name there.
struct Covered {
    Rows rows;
    model::RowRange model::ManifestContent::* range;
    const char* name;
};
std::span<const Covered> covered(int version);

/// Adds to `into` the rows behind `range.after + …` in their canonical form, `limit` of them at most: their
/// columns in the order below, each as "<bytes>:<text>," (NULL: "-,"), then a line end. Gives the id of the
/// last one, nullopt where none is left; `range.count` grows.
///   captures: id url at kind status type bytes sha256 payload_sha1 file offset length record_id original
///             group_offset truncated members
///   revisions: id article number seen_at title url original_html capture changed columns outlet headline
///              language characters excerpt card text html (version 1: up to capture; sha256 and reader
///              follow the program that reads)
///   events: seq id type timestamp data
///   articles: id guid first_seen_at published_at silent
///   looks: id source at state reason words status capture
std::optional<std::int64_t> hash_rows(Connection& db, Rows rows, std::int64_t after, model::RowRange& range,
                                      int limit, base::Sha256& into);

/// Gives its seq. What it covers counts as covered from now on.
std::int64_t insert_manifest(Connection& db, const model::Manifest& manifest,
                             const model::ManifestContent& content);
std::optional<model::Manifest> newest_manifest(Connection& db);
std::optional<model::Manifest> next_manifest(Connection& db, std::int64_t after_seq);
std::optional<model::Manifest> find_manifest(Connection& db, std::int64_t seq);

/// Asks for the newest one's stamp where none was asked for: it speaks for all before it.
void want_stamp(Connection& db, base::Time now);
/// The oldest one whose stamp is due.
std::optional<model::Manifest> due_stamp(Connection& db, base::Time now);
std::optional<base::Time> next_stamp_at(Connection& db);
void set_stamp(Connection& db, std::int64_t seq, const std::string& token, base::Time at);
void postpone_stamp(Connection& db, std::int64_t seq, base::Time due, const std::string& error);

/// What the database knows to lie in a file: an exchange or a manifest.
struct Place {
    bool manifest = false;
    std::int64_t id = 0;    ///< of the capture; seq of the manifest
    std::int64_t begin = 0; ///< of its first member, as far as it is known
    std::int64_t offset = 0, length = 0;
    std::string members;
};
/// Those at `offset` or behind it, in order, `limit` at most.
std::vector<Place> places(Connection& db, std::int64_t file, std::int64_t offset, int limit);

} // namespace cdtd::store
