package dev.sojourn.machine;

import dev.sojourn.device.virtio.entropy.EntropySource;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;

/** Bytes that look random and follow from a seed: a counter, stirred (SplitMix64). */
final class SeededEntropy implements EntropySource, Stateful {
    private static final long STEP = 0x9e37_79b9_7f4a_7c15L;

    private long counter;
    private long word;
    private int left;

    SeededEntropy(long seed) { counter = seed; }

    @Override
    public void fill(byte[] target, int offset, int length) {
        for (int i = 0; i < length; i++) {
            if (left == 0) {
                word = next();
                left = 8;
            }
            target[offset + i] = (byte) word;
            word >>>= 8;
            left--;
        }
    }

    @Override
    public void save(StateWriter out) { out.number("counter", counter).number("word", word).number("left", left); }

    @Override
    public void restore(StateReader in) throws BadState {
        counter = in.number("counter");
        word = in.number("word");
        left = in.number("left", 0, 8);
    }

    private long next() {
        counter += STEP;
        long value = (counter ^ counter >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        value = (value ^ value >>> 27) * 0x94d0_49bb_1331_11ebL;
        return value ^ value >>> 31;
    }
}
