#include <cdtd/schedule/circuit.hpp>

namespace cdtd::schedule {

std::optional<base::Time> hold_back(Circuit& circuit, base::Time now) {
    if (!circuit.open_until)
        return std::nullopt;
    if (*circuit.open_until > now)
        return circuit.open_until;
    circuit.open_until = now + probe_every;
    return std::nullopt;
}

Circuit refused(Circuit circuit, base::Time now) {
    ++circuit.refusals;
    if (circuit.refusals >= refusals_that_open)
        circuit.open_until = now + probe_every;
    return circuit;
}

} // namespace cdtd::schedule
