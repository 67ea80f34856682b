#include "api/router.hpp"
#include "api/session.hpp"

#include <cdtd/base/text.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace cdtd::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using std::chrono::steady_clock;

int status_of(base::Errc code) {
    switch (code) {
    case base::Errc::not_found:
        return 404;
    case base::Errc::usage:
        return 400;
    case base::Errc::conflict:
    case base::Errc::forbidden:
    case base::Errc::refused:
        return 409;
    default:
        return 503;
    }
}

asio::awaitable<Answer> take_order(Shared& shared, const Request& request, const Found& found, Query& query) {
    if (!query.done())
        co_return problem(400, query.fault());
    const Order order{shared.control, found.name, request.body(), shared.clock.now()};
    auto accepted = co_await found.route->order(order);
    if (!accepted)
        co_return problem(status_of(accepted.error().code), accepted.error().message);
    (*accepted)["state"] = "accepted";
    co_return json_answer(*accepted, 202);
}

Manner manner_of(const Request& request) {
    const std::string_view accepted(request[http::field::accept].data(), request[http::field::accept].size());
    const auto last = request["Last-Event-ID"];
    return {base::ascii_lower(accepted).contains("text/event-stream"), {last.data(), last.size()}};
}

// What is not there yet is waited for, and asked again at each commit.
asio::awaitable<Answer> read_patiently(Shared& shared, const std::string& target, const Manner& manner) {
    const auto began = steady_clock::now();
    auto seen = shared.waiters.commits();
    Answer answer = co_await read_answer(shared, target, manner);
    if (!answer.sequel)
        co_return answer;
    if (shared.waiters.full())
        co_return problem(503, "too many wait for events already; ask again in a moment");
    if (answer.sequel->stream)
        co_return answer;
    const Waiters::Place place(shared.waiters);
    const auto end = began + answer.sequel->at_most;
    for (auto now = began; answer.sequel && now < end && !shared.stopping; now = steady_clock::now()) {
        co_await shared.waiters.wait(seen, std::chrono::duration_cast<base::Duration>(end - now));
        seen = shared.waiters.commits();
        const std::string next = answer.sequel->target;
        answer = co_await read_answer(shared, next, Manner{});
    }
    co_return answer;
}

// What can be said without the database: a refusal, the loop's health, an order. nullopt: ask the database.
asio::awaitable<std::optional<Answer>> answer_at_once(Shared& shared, const Request& request,
                                                      const std::string& local) {
    if (auto foreign = shared.guard.check_host(request, local))
        co_return foreign;
    auto target = read_target({request.target().data(), request.target().size()});
    const auto found = target ? find_route(*target) : std::nullopt;
    const auto action = found ? found->route->action : Action::read;
    if (action != Action::healthz && action != Action::readyz)
        if (auto stranger = shared.guard.check_token(request))
            co_return stranger;
    if (!target)
        co_return problem(400, target.error().message);
    if (!found)
        co_return not_found("such page here");
    const auto method = request.method();
    const bool reads = method == http::verb::get || method == http::verb::head;
    if (action == Action::order ? method != http::verb::post : !reads)
        co_return wrong_method(*found->route);
    if (action == Action::order) {
        if (auto cross = shared.guard.check_post(request, local))
            co_return cross;
        co_return co_await take_order(shared, request, *found, target->query);
    }
    if (action == Action::healthz)
        co_return target->query.done() ? json_answer({{"status", "ok"}})
                                       : problem(400, target->query.fault());
    if (action == Action::readyz)
        if (const auto reason = shared.control.not_ready())
            co_return problem(503, *reason);
    co_return std::nullopt;
}

} // namespace

asio::awaitable<Answer> read_answer(Shared& shared, const std::string& target, const Manner& manner) {
    Context context{shared.clock.now(), shared.state_dir, shared.control.started_at(), true};
    context.stream = manner.stream;
    context.last_event_id = manner.last_event_id;
    const auto job = [&target, &context](store::Connection& db) { return answer(db, target, context); };
    std::string failure;
    try {
        Answer read = co_await shared.reader.run(job);
        if (!read.make)
            co_return read;
        Answer made = co_await shared.makers.make(std::move(read));
        if (made.status >= 500) // a damaged record, no room: someone should look
            shared.log.error("the API could not make a file", {{"target", target}, {"error", made.body}});
        co_return made;
    } catch (const std::exception& error) {
        failure = error.what();
    }
    shared.log.error("the API could not answer", {{"target", target}, {"error", failure}});
    co_return problem(500, "the program could not answer this; its log says why");
}

asio::awaitable<Answer> respond(Shared& shared, const Request& request, const std::string& local) {
    std::optional<Answer> ready;
    try {
        ready = co_await answer_at_once(shared, request, local);
    } catch (const std::exception& error) {
        shared.log.error("the API could not answer", {{"error", error.what()}});
        ready = problem(500, "the program could not answer this; its log says why");
    }
    if (ready)
        co_return std::move(*ready);
    const std::string target(request.target().data(), request.target().size());
    const Manner manner = manner_of(request);
    co_return co_await read_patiently(shared, target, manner);
}

} // namespace cdtd::api
