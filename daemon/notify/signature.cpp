#include <cdtd/base/digest.hpp>
#include <cdtd/notify/signature.hpp>

#include <fmt/format.h>

namespace cdtd::notify {

base::Result<base::Secret> key_of(const base::Secret& secret) {
    constexpr std::string_view prefix = "whsec_";
    std::string_view text = secret.reveal();
    if (!text.starts_with(prefix))
        return base::fail(base::Errc::usage, "a webhook secret begins with whsec_; make one with: "
                                             "echo whsec_$(head -c 32 /dev/urandom | base64)");
    text.remove_prefix(prefix.size());
    auto bytes = base::from_base64(text);
    if (!bytes)
        return base::fail(base::Errc::usage,
                          "a webhook secret is whsec_ and base64; what follows whsec_ is not base64");
    base::Secret key(std::move(*bytes));
    const auto size = key.reveal().size();
    if (size < 24 || size > 64)
        return base::fail(
            base::Errc::usage,
            fmt::format("a webhook secret holds 24 to 64 bytes in base64; this one holds {}", size));
    return key;
}

std::string sign(const base::Secret& key, std::string_view id, std::int64_t timestamp,
                 std::string_view body) {
    std::string content;
    content.reserve(id.size() + body.size() + 24);
    content.append(id).append(".").append(fmt::to_string(timestamp)).append(".").append(body);
    return "v1," + base::to_base64(base::hmac_sha256(key.reveal(), content));
}

} // namespace cdtd::notify
