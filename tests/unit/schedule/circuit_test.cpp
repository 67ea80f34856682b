#include <cdtd/schedule/circuit.hpp>

#include <gtest/gtest.h>

namespace cdtd::schedule {
namespace {

using namespace std::chrono_literals;

TEST(Circuit, OpensAfterSeveralRefusalsAndLetsOneProbeADayIn) {
    base::Time now{100h};
    Circuit circuit;
    for (int i = 1; i < refusals_that_open; ++i) {
        circuit = refused(circuit, now);
        EXPECT_EQ(hold_back(circuit, now), std::nullopt) << i;
    }
    circuit = refused(circuit, now);
    EXPECT_EQ(hold_back(circuit, now), now + 24h);
    now += 23h;
    EXPECT_EQ(hold_back(circuit, now), now + 1h);
    now += 1h;
    EXPECT_EQ(hold_back(circuit, now), std::nullopt); // the probe
    EXPECT_EQ(hold_back(circuit, now), now + 24h);    // and nobody beside it
    now += 1min;
    circuit = refused(circuit, now);
    EXPECT_EQ(hold_back(circuit, now), now + 24h);
}

} // namespace
} // namespace cdtd::schedule
