package dev.sojourn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void medianOfAnOddNumberIsTheMiddleOne() { assertEquals(2, samples(9, 1, 2).median()); }

    @Test
    void medianOfAnEvenNumberLiesBetweenTheMiddleTwo() { assertEquals(2.5, samples(9, 1, 2, 3).median()); }

    private static Samples samples(double... values) {
        Samples samples = new Samples();
        for (double value : values) samples.add(value);
        return samples;
    }
}
