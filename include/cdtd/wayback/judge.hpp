// Does a page show what was published, or a notice in its place (deleted, verify that you are human, gone)?
// A port: whoever knows the platforms' pages plugs his judgement in.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace cdtd::wayback {

struct Page {
    std::string_view url;
    std::string_view platform; ///< of model::Source
    int status = 200;
    std::string_view content_type;
    std::string_view body;
};

struct Judgement {
    enum class Kind {
        content,
        notice, ///< `reason` says which
        unclear ///< nothing speaks against it
    };
    Kind kind = Kind::unclear;
    std::string reason;

    friend bool operator==(const Judgement&, const Judgement&) = default;
};

using Judge = std::function<Judgement(const Page&)>;

/// By article::judge, as originals are judged that are looked at now.
Judgement judge_page(const Page& page);

} // namespace cdtd::wayback
