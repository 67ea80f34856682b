#include "api/router.hpp"
#include "api/session.hpp"

#include <exception>
#include <utility>

namespace cdtd::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

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

Answer take_order(Shared& shared, const Request& request, const Found& found, Query& query) {
    if (!query.done())
        return problem(400, query.fault());
    const Order order{shared.control, found.name, request.body(), shared.clock.now()};
    auto accepted = found.route->order(order);
    if (!accepted)
        return problem(status_of(accepted.error().code), accepted.error().message);
    (*accepted)["state"] = "accepted";
    return json_answer(*accepted, 202);
}

asio::awaitable<Answer> read_answer(Shared& shared, const Request& request) {
    const std::string target(request.target().data(), request.target().size());
    const Context context{shared.clock.now(), shared.state_dir, shared.control.started_at(), true};
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

// What can be said without the database: a refusal, the loop's health, an order. nullopt: ask the database.
std::optional<Answer> answer_at_once(Shared& shared, const Request& request, const std::string& local) {
    if (auto foreign = shared.guard.check_host(request, local))
        return foreign;
    auto target = read_target({request.target().data(), request.target().size()});
    const auto found = target ? find_route(*target) : std::nullopt;
    const auto action = found ? found->route->action : Action::read;
    if (action != Action::healthz && action != Action::readyz)
        if (auto stranger = shared.guard.check_token(request))
            return stranger;
    if (!target)
        return problem(400, target.error().message);
    if (!found)
        return not_found("such page here");
    const auto method = request.method();
    const bool reads = method == http::verb::get || method == http::verb::head;
    if (action == Action::order ? method != http::verb::post : !reads)
        return wrong_method(*found->route);
    if (action == Action::order) {
        if (auto cross = shared.guard.check_post(request, local))
            return cross;
        return take_order(shared, request, *found, target->query);
    }
    if (action == Action::healthz)
        return target->query.done() ? json_answer({{"status", "ok"}}) : problem(400, target->query.fault());
    if (action == Action::readyz)
        if (const auto reason = shared.control.not_ready())
            return problem(503, *reason);
    return std::nullopt;
}

} // namespace

asio::awaitable<Answer> respond(Shared& shared, const Request& request, const std::string& local) {
    std::optional<Answer> ready;
    try {
        ready = answer_at_once(shared, request, local);
    } catch (const std::exception& error) {
        shared.log.error("the API could not answer", {{"error", error.what()}});
        ready = problem(500, "the program could not answer this; its log says why");
    }
    if (ready)
        co_return std::move(*ready);
    co_return co_await read_answer(shared, request);
}

} // namespace cdtd::api
