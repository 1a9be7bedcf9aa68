package dev.sojourn.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What was measured of one thing, one number for each run. */
final class Samples {
    private final List<Double> values = new ArrayList<>();

    void add(double value) { values.add(value); }

    boolean isEmpty() { return values.isEmpty(); }

    List<Double> values() { return Collections.unmodifiableList(values); }

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double least() { return Collections.min(values); }

    double most() { return Collections.max(values); }
}
