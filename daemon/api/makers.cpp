#include "api/makers.hpp"

#include <algorithm>
#include <utility>

namespace cdtd::api {

namespace asio = boost::asio;
using std::chrono::steady_clock;

void Makers::drop_expired() {
    const auto now = steady_clock::now();
    kept_.remove_if([now](const Kept& kept) { return kept.until <= now; });
    if (kept_.empty())
        return;
    expiry_.expires_at(std::ranges::min(kept_, {}, &Kept::until).until);
    expiry_.async_wait([this](boost::system::error_code error) {
        if (!error)
            drop_expired();
    });
}

const Answer* Makers::find(const std::string& key) {
    const auto now = steady_clock::now();
    kept_.remove_if([now](const Kept& kept) { return kept.until <= now; });
    for (auto kept = kept_.begin(); kept != kept_.end(); ++kept)
        if (kept->key == key) {
            kept_.splice(kept_.begin(), kept_, kept);
            return &kept_.front().answer;
        }
    return nullptr;
}

/// The newest is kept however large it is: it is what is being read.
void Makers::keep(std::string key, const Answer& answer) {
    kept_.push_front({std::move(key), answer, steady_clock::now() + kept_for_});
    std::int64_t bytes = 0;
    std::size_t count = 0;
    kept_.remove_if([&](const Kept& kept) {
        bytes += kept.answer.file->size;
        return ++count > 1 && (count > most_kept || bytes > most_bytes);
    });
    drop_expired();
}

asio::awaitable<Answer> Makers::make(Answer order) {
    if (const Answer* known = find(order.key))
        co_return *known;
    if (waiting_ >= most_waiting)
        co_return problem(503, "too many such files are being made; ask again in a moment");
    ++waiting_;
    const auto stop = [this] { return stopping_.load(); };
    auto work = [&order, &stop] { return order.make(stop); };
    std::exception_ptr failure;
    Answer answer;
    try {
        answer = co_await threads_.run(work);
    } catch (...) {
        failure = std::current_exception();
    }
    --waiting_;
    if (failure)
        std::rethrow_exception(failure);
    if (answer.status == 200 && answer.file && find(order.key) == nullptr)
        keep(std::move(order.key), answer);
    co_return answer;
}

} // namespace cdtd::api
