// The filters of /api/v1/articles, for who asks the database without the API.
#pragma once

#include <cdtd/base/clock.hpp>
#include <cdtd/base/result.hpp>
#include <cdtd/store/articles.hpp>

#include <string>
#include <utility>
#include <vector>

namespace cdtd::api {

/// By their names in the API, values as typed. Errc::usage says what is wrong, in the API's words.
base::Result<store::ArticleFilter> read_filters(const std::vector<std::pair<std::string, std::string>>& typed,
                                                base::Time now);

} // namespace cdtd::api
