package dev.sojourn.cpu.operation.x87;

/**
 * One instruction with all that goes into it, written as a line of hexadecimal words:
 *
 * <pre>opcode modrm control status tags exponent:st0 exponent:st1 high:memory eflags</pre>
 *
 * <p>A ModRM byte below C0 is a memory form. ST(2) to ST(7) hold the numbers 2 to 7.
 */
record X87Case(int opcode, int modrm, int control, int status, int tags, int exponent0, long significand0,
        int exponent1, long significand1, int high, long low, int eflags) {

    static X87Case parse(String line) {
        String[] words = line.strip().split("[ :]");
        return new X87Case(word(words[0]), word(words[1]), word(words[2]), word(words[3]), word(words[4]),
                word(words[5]), longWord(words[6]), word(words[7]), longWord(words[8]), word(words[9]),
                longWord(words[10]), word(words[11]));
    }

    @Override public String toString() {
        return "%02x %02x %04x %04x %04x %04x:%016x %04x:%016x %04x:%016x %02x".formatted(opcode, modrm, control,
                status, tags, exponent0, significand0, exponent1, significand1, high, low, eflags);
    }

    boolean memory() { return modrm < 0xc0; }

    /** Whether the result may differ in its last bit: the functions of angles and logarithms. */
    boolean approximate() {
        return opcode == 0xd9 && (modrm >= 0xf0 && modrm <= 0xf3 || modrm == 0xf9 || modrm == 0xfb || modrm >= 0xfe);
    }

    long significand(int i) {
        return i == 0 ? significand0 : i == 1 ? significand1 : Float80Conversion.significandOfInteger(i);
    }

    int exponent(int i) {
        return i == 0 ? exponent0 : i == 1 ? exponent1 : Float80Conversion.exponentOfInteger(i);
    }

    /** What the operations of this package make of it. */
    X87Outcome run() {
        X87 fpu = new X87();
        fpu.control(control);
        fpu.status(status);
        fpu.tags(tags);
        for (int i = 0; i < 8; i++) {
            fpu.restore(i, significand(i), exponent(i));
        }
        return memory() ? runMemory(fpu) : outcome(fpu, runRegister(fpu), low, high);
    }

    private int runRegister(X87 fpu) {
        boolean moves = (opcode == 0xda || opcode == 0xdb) && modrm < 0xe0;
        boolean compares = (opcode == 0xdb || opcode == 0xdf) && modrm >= 0xe8;
        if (compares) {
            return X87Instructions.compareToFlags(fpu, opcode, modrm);
        }
        if (moves) {
            int mask = switch (modrm >> 3 & 3) {
                case 0 -> X87Instructions.CARRY;
                case 1 -> X87Instructions.ZERO;
                case 2 -> X87Instructions.CARRY | X87Instructions.ZERO;
                default -> X87Instructions.PARITY;
            };
            X87Instructions.moveIf(fpu, (eflags & mask) != 0 == (opcode == 0xda), modrm & 7);
        } else {
            X87Instructions.register(fpu, opcode, modrm);
        }
        return eflags;
    }

    private X87Outcome runMemory(X87 fpu) {
        int bytes = X87Memory.bytes(opcode, modrm);
        long mask = bytes >= 8 ? -1L : (1L << 8 * bytes) - 1;
        if (!X87Memory.stores(opcode, modrm)) {
            X87Memory.load(fpu, opcode, modrm, low & mask, high);
            return outcome(fpu, eflags, low, high);
        }
        long stored = X87Memory.store(fpu, opcode, modrm);
        if (fpu.storeAbandoned()) {
            return outcome(fpu, eflags, low, high);
        }
        return outcome(fpu, eflags, low & ~mask | stored & mask, bytes == 10 ? fpu.storedHigh() : high);
    }

    private static X87Outcome outcome(X87 fpu, int eflags, long low, int high) {
        return new X87Outcome(fpu.control(), fpu.status(), fpu.tags(),
                fpu.empty(0) ? 0 : fpu.exponent(0), fpu.empty(0) ? 0 : fpu.significand(0),
                fpu.empty(1) ? 0 : fpu.exponent(1), fpu.empty(1) ? 0 : fpu.significand(1), high, low, eflags);
    }

    private static int word(String text) { return Integer.parseInt(text, 16); }

    private static long longWord(String text) { return Long.parseUnsignedLong(text, 16); }
}
