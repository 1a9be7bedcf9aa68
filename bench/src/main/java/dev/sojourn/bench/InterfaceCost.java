package dev.sojourn.bench;

import java.util.HashMap;
import java.util.Map;

/** What one program costs on each interface. */
final class InterfaceCost {
    final String program;
    private final Map<String, Samples> seconds = new HashMap<>();
    private final Map<String, Long> instructions = new HashMap<>();

    InterfaceCost(String program) { this.program = program; }

    /** One time for each round. */
    Samples seconds(String name) { return seconds.computeIfAbsent(name, _ -> new Samples()); }

    void instructions(String name, long count) { instructions.put(name, count); }

    /** In terms of native's in the same round. */
    Samples ratios(String name) {
        Samples ratios = new Samples();
        for (int round = 0; round < seconds(name).values().size(); round++) {
            ratios.add(seconds(name).values().get(round) / seconds("native").values().get(round));
        }
        return ratios;
    }

    long instructions(String name) { return instructions.getOrDefault(name, 0L); }

    double instructionRatio(String name) { return (double) instructions(name) / instructions("native"); }
}
