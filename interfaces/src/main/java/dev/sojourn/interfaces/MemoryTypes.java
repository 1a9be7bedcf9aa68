package dev.sojourn.interfaces;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * The memory type range registers (SDM volume 3, 11.11). They hold what is written and have no effect: all memory is coherent.
 */
final class MemoryTypes {
    private static final int CAPABILITIES = 0xfe;
    private static final int DEFAULT_TYPE = 0x2ff;
    private static final int VARIABLE = 0x200;
    private static final int VARIABLE_COUNT = 8;
    private static final int[] FIXED = {0x250, 0x258, 0x259, 0x268, 0x269, 0x26a, 0x26b, 0x26c, 0x26d, 0x26e, 0x26f};

    private final long[] variable = new long[2 * VARIABLE_COUNT];
    private final long[] fixed = new long[FIXED.length];
    /** Enabled, fixed ranges enabled, write-back. */
    private long defaultType = 0xc06;

    MemoryTypes() {
        for (int i = 0; i < fixed.length; i++) {
            fixed[i] = FIXED[i] == 0x259 ? 0 : 0x0606_0606_0606_0606L;
        }
    }

    static boolean has(int index) {
        return index == CAPABILITIES || index == DEFAULT_TYPE || isVariable(index) || fixedIndex(index) >= 0;
    }

    long read(int index) {
        if (index == CAPABILITIES) {
            return 0x500 | VARIABLE_COUNT;
        }
        if (index == DEFAULT_TYPE) {
            return defaultType;
        }
        return isVariable(index) ? variable[index - VARIABLE] : fixed[fixedIndex(index)];
    }

    /** @return false if the value is not allowed: #GP(0) */
    boolean write(int index, long value) {
        if (index == CAPABILITIES) {
            return false;
        }
        if (index == DEFAULT_TYPE) {
            defaultType = value & 0xcff;
        } else if (isVariable(index)) {
            variable[index - VARIABLE] = value;
        } else {
            fixed[fixedIndex(index)] = value;
        }
        return true;
    }

    void save(StateWriter out) {
        out.numbers("variable", variable).numbers("fixed", fixed).number("default-type", defaultType);
    }

    void restore(StateReader in) throws BadState {
        System.arraycopy(in.numbersOf("variable", variable.length), 0, variable, 0, variable.length);
        System.arraycopy(in.numbersOf("fixed", fixed.length), 0, fixed, 0, fixed.length);
        defaultType = in.number("default-type");
    }

    private static boolean isVariable(int index) { return index >= VARIABLE && index < VARIABLE + 2 * VARIABLE_COUNT; }

    private static int fixedIndex(int index) {
        for (int i = 0; i < FIXED.length; i++) {
            if (FIXED[i] == index) {
                return i;
            }
        }
        return -1;
    }
}
