package dev.sojourn.cpu.operation.vector;

/** The inputs and the outcome of one vector instruction: the generator of truth.c, written a second time. */
final class VectorCase {
    final Mxcsr mxcsr = new Mxcsr();
    long aLow;
    long aHigh;
    long bLow;
    long bHigh;
    long cLow;
    long cHigh;
    int immediate;

    /** What an instruction leaves: two longs, and flags where the instruction defines them. */
    long r0;
    long r1;
    int flags;

    private long state;

    VectorCase(String name) {
        long hash = 0;
        for (int i = 0; i < name.length(); i++) hash = hash * 31 + name.charAt(i);
        state = hash;
    }

    void generate(String kind) {
        boolean isText = kind.indexOf('t') >= 0;
        long r = next();
        int sticky = (int) (r >>> 8) & 0x3f;
        int masks = (r & 3) != 0 ? 0x3f : (int) (r >>> 16) & 0x3f;
        int zeros = (r >>> 24 & 3) != 0 ? 0 : (int) (r >>> 26) & 3;
        int rounding = (r >>> 28 & 1) != 0 ? (int) (r >>> 29) & 3 : 0;
        immediate = (int) (r >>> 32) & 0xff;
        mxcsr.load(sticky | (zeros & 1) << 6 | masks << 7 | rounding << 13 | zeros >> 1 << 15);
        aLow = value(kind, 0, 0);
        aHigh = value(kind, aLow, aLow);
        bLow = value(kind, aLow, aLow);
        bHigh = value(kind, aHigh, aHigh);
        cLow = value(kind, bLow, bLow);
        cHigh = value(kind, bHigh, bHigh);
        if (kind.indexOf('n') >= 0) counts();
        if (isText) lengths((r >>> 40 & 1) != 0);
        r0 = 0;
        r1 = 0;
        flags = 0;
    }

    private void counts() {
        long n = next();
        if ((n & 3) != 0) bLow = (n >>> 8) % 72;
        if ((n & 4) != 0) aLow >>= (int) ((n >>> 16) % 64);
        if ((n & 8) != 0) immediate = (int) ((n >>> 32) % 36);
    }

    private void lengths(boolean isWide) {
        if (isWide) {
            long n = next();
            cLow = (n & 63) - 31;
            cHigh = (n >>> 8 & 63) - 31;
        } else {
            cLow = 8 + (next() & 15);
            cHigh = 8 + (next() & 15);
        }
    }

    private long value(String kind, long before, long similarTo) {
        if (kind.indexOf('s') >= 0) return singles(before);
        if (kind.indexOf('d') >= 0) return real(52, 11, before);
        if (kind.indexOf('t') >= 0) return text();
        return similar(similarTo);
    }

    private long next() {
        long z = state += 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private long lanes(int bits) {
        long value = 0;
        long ones = bits == 64 ? -1 : (1L << bits) - 1;
        for (int at = 0; at < 64; at += bits) {
            long r = next();
            long lane = switch ((int) (r >>> 60)) {
                case 0, 1 -> 0;
                case 2 -> 1;
                case 3, 4 -> ones;
                case 5, 6 -> ones >>> 1;
                case 7, 8 -> (ones >>> 1) + 1;
                default -> r & ones;
            };
            value |= lane << at;
        }
        return value;
    }

    private long integer() {
        return switch ((int) next() & 7) {
            case 0 -> lanes(8);
            case 1 -> lanes(16);
            case 2 -> lanes(32);
            case 3 -> lanes(64);
            default -> next();
        };
    }

    private long similar(long other) {
        long r = next();
        long fresh = integer();
        return (r & 3) == 0 ? other ^ fresh & 0xff00 : fresh;
    }

    private long singles(long before) {
        long low = real(23, 8, before & 0xffff_ffffL);
        return low | real(23, 8, before >>> 32) << 32;
    }

    private long real(int fractionBits, int exponentBits, long before) {
        long r = next();
        long m = next();
        long all = (1L << fractionBits) - 1;
        long fraction = m & all;
        long sign = (r >>> 8 & 1) << fractionBits + exponentBits;
        long top = (1L << exponentBits) - 1;
        long bias = top >> 1;
        boolean nine = (r >>> 9 & 1) != 0;
        boolean ten = (r >>> 10 & 1) != 0;
        boolean eleven = (r >>> 11 & 1) != 0;
        long pick = r >>> 16;
        long exponent = 0;
        switch ((int) r & 15) {
            case 0 -> {
                exponent = nine ? top : ten ? 0 : bias + pick % 66;
                if (eleven) fraction = 0;
            }
            case 1 -> {
                exponent = new int[] {0, 0, 0, 1, 1, 2}[(int) (pick % 6)];
                if (eleven) fraction = (r >>> 12 & 1) != 0 ? 1 : all;
            }
            case 2 -> {
                exponent = top - 1 - pick % 3;
                if (eleven) fraction = all;
            }
            case 3 -> fraction >>>= (int) (pick % fractionBits);
            case 4 -> exponent = bias / 2 - 2 + pick % 5;
            case 5 -> exponent = bias + bias / 2 - 2 + pick % 5;
            case 6 -> {
                exponent = bias + pick % 35;
                fraction &= -1L << fractionBits - 4;
            }
            case 7 -> {
                exponent = bias - 2 + pick % 5;
                fraction &= -1L << fractionBits - 3;
            }
            case 8 -> fraction = 0;
            case 9 -> {
                return before ^ (r >>> 9 & 1) << fractionBits + exponentBits ^ r >>> 10 & 1;
            }
            case 10 -> exponent = bias / 2 - fractionBits + pick % (2 * fractionBits);
            case 11 -> exponent = m >>> 53 & top;
            case 12 -> {
                exponent = bias - 1 - pick % 3;
                if (eleven) fraction = all;
            }
            case 13 -> exponent = bias + fractionBits - 2 + pick % 4;
            default -> exponent = bias - 2 + pick % 5;
        }
        return sign | exponent << fractionBits | fraction;
    }

    private long text() {
        long r = next();
        long value = 0;
        long most = (r & 1) != 0 ? 4 : 255;
        int bits = (r & 2) != 0 ? 8 : 16;
        for (int at = 0; at < 64; at += bits) value |= (next() >>> 32) % (most + 1) << at;
        return (r >>> 8 & 3) != 0 ? value : value | 0x0101_0101_0101_0101L;
    }
}
