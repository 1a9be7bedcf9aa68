package dev.sojourn.cpu.operation.x87;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random cases for every encoding, rich in what is special: borders of formats, rounding, stack and masks. */
final class X87Cases {
    private final Random random;
    private int exponent;
    private long significand;

    X87Cases(long seed) { random = new Random(seed); }

    /** A ModRM byte for each instruction after an opcode; memory forms first. */
    static List<int[]> encodings() {
        List<int[]> encodings = new ArrayList<>();
        for (int opcode = 0xd8; opcode <= 0xdf; opcode++) {
            for (int group = 0; group < 8; group++) {
                if (X87Memory.bytes(opcode, group << 3) != 0) {
                    encodings.add(new int[] {opcode, group << 3});
                }
                boolean each = opcode == 0xd9 && group >= 4 || opcode == 0xdb && group == 4;
                for (int low = each ? 0 : 1; low < (each ? 8 : 2); low++) {
                    if (X87Instructions.exists(opcode, 0xc0 | group << 3 | low)) {
                        encodings.add(new int[] {opcode, 0xc0 | group << 3 | low});
                    }
                }
            }
        }
        return encodings;
    }

    X87Case next(int opcode, int modrm) {
        int control = 0x40 | pick(3, 3, 3, 2, 0, 1) << 8 | random.nextInt(4) << 10
                | (random.nextInt(10) < 7 ? 0x3f : random.nextInt(64));
        int top = random.nextInt(8);
        int status = top << 11 | random.nextInt(0x10000) & 0x4700
                | (random.nextInt(5) == 0 ? random.nextInt(128) & (control & 0x3f | 0x40) : 0);
        int tags = 0;
        for (int i = 0; i < 8; i++) {
            boolean empty = random.nextInt(50) == 0 ? random.nextBoolean() : i >= 4;
            tags |= empty ? 3 << 2 * (top + i & 7) : 0;
        }
        value();
        int exponent0 = exponent;
        long significand0 = significand;
        value();
        if (random.nextInt(6) == 0) {
            exponent = exponent0 ^ random.nextInt(2) << 15;
            significand = significand0 + random.nextInt(5) - 2;
        } else if (opcode == 0xd9 && modrm == 0xfd && random.nextBoolean()) {
            integer(random.nextInt(70_000) - 35_000);
        }
        int exponent1 = exponent;
        long significand1 = significand;
        memory(opcode, modrm, status);
        return new X87Case(opcode, modrm, control, status, tags, exponent0, significand0, exponent1, significand1,
                exponent, significand, random.nextInt(256) & 0x45);
    }

    /** Sets exponent and significand to ten bytes of memory. */
    private void memory(int opcode, int modrm, int status) {
        value();
        boolean single = opcode == 0xd8 || opcode == 0xd9;
        boolean loadsDecimal = opcode == 0xdf && modrm >> 3 == 4;
        if (opcode == 0xd9 && modrm >> 3 == 5) {
            significand = random.nextInt(0x10000) | status & 0x3f;
        } else if (loadsDecimal) {
            significand = random.nextLong() & 0x7777_7777_7777_7777L;
            exponent = random.nextInt(2) << 15 | random.nextInt(8) << 4 | random.nextInt(10);
        } else if (single || opcode == 0xdc || opcode == 0xdd) {
            X87 fpu = new X87();
            fpu.initialize();
            significand = single ? Float80Conversion.toFloat32(fpu, significand, exponent)
                    : Float80Conversion.toFloat64(fpu, significand, exponent);
            if (random.nextInt(20) == 0) {
                significand = single ? random.nextInt() >>> random.nextInt(32)
                        : random.nextLong() >>> random.nextInt(64);
            } else if (random.nextInt(20) == 0) {
                significand = single ? significand & 0x803f_ffffL | 0x7f80_0000 : significand | 0x7ff0_0000_0000_0000L;
            }
        }
    }

    private void value() {
        int sign = random.nextInt(2) << 15;
        significand = pattern();
        int kind = random.nextInt(100);
        if (kind < 35) {
            exponent = sign | 0x3fff + random.nextInt(9) - 4;
        } else if (kind < 50) {
            exponent = sign | 0x3fff + random.nextInt(140) - 70;
        } else if (kind < 58) {
            exponent = sign | 1 + random.nextInt(0x7ffe);
        } else if (kind < 62) {
            exponent = sign | 1 + random.nextInt(80);
        } else if (kind < 66) {
            exponent = sign | 0x7ffe - random.nextInt(80);
        } else if (kind < 69) {
            exponent = sign | 0x3fff + pick(-0x1fff, 0x1fff) + random.nextInt(140) - 70;
        } else if (kind < 76) {
            exponent = sign | pick(0x3f80, 0x3c00, 0x407e, 0x43fe) + random.nextInt(30) - 15;
        } else {
            special(sign, kind);
        }
    }

    private void special(int sign, int kind) {
        exponent = sign | 0x7fff;
        if (kind < 80) {
            exponent = sign;
            significand = 0;
        } else if (kind < 84) {
            exponent = sign;
            significand = random.nextInt(4) == 0 ? pattern() : pattern() >>> 1 + random.nextInt(63);
        } else if (kind < 88) {
            significand = Float80.INTEGER_BIT;
        } else if (kind < 91) {
            significand |= Float80.QUIET_BIT;
        } else if (kind < 93) {
            significand = significand & ~Float80.QUIET_BIT | 1;
        } else if (kind < 95) {
            significand &= Long.MAX_VALUE;
            exponent = kind == 93 ? exponent : sign | 1 + random.nextInt(0x7ffe);
        } else {
            integer(random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(200) - 100);
        }
    }

    private void integer(long value) {
        significand = Float80Conversion.significandOfInteger(value);
        exponent = Float80Conversion.exponentOfInteger(value);
    }

    /** A significand with the integer bit, often with long runs of equal bits. */
    private long pattern() {
        return Float80.INTEGER_BIT | switch (random.nextInt(7)) {
            case 0 -> 1L << random.nextInt(64);
            case 1 -> -1L << random.nextInt(64);
            case 2 -> random.nextLong() << random.nextInt(64);
            case 3 -> ~(1L << random.nextInt(63));
            case 4 -> random.nextLong() >>> random.nextInt(64);
            case 5 -> random.nextLong() << 40 | random.nextInt(5) - 2 & 0xff_ffff_ffffL;
            default -> random.nextLong();
        };
    }

    private int pick(int... values) { return values[random.nextInt(values.length)]; }
}
