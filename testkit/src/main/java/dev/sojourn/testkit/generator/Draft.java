package dev.sojourn.testkit.generator;

import dev.sojourn.testkit.oracle.Case;
import dev.sojourn.testkit.oracle.Layout;
import dev.sojourn.testkit.oracle.ProcessorState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A case while it is made: the state with its values, the code, and what has been decided about it. */
final class Draft {
    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final int RBX = 3;
    static final int RSP = 4;
    static final int RBP = 5;
    static final int RSI = 6;
    static final int RDI = 7;

    final Chance chance;
    final Row row;
    final boolean bits32;
    final long[] general = new long[ProcessorState.GENERAL];
    final byte[] fx = new byte[ProcessorState.FX_BYTES];
    final byte[] windows = new byte[Layout.WINDOWS_BYTES];
    final ByteBuffer fxBuffer = ByteBuffer.wrap(fx).order(ByteOrder.LITTLE_ENDIAN);
    final ByteBuffer code = ByteBuffer.allocate(Case.CODE_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    long rflags;

    boolean prefix66;
    boolean prefix67;
    boolean wide;
    int rexExtra;
    int segment;
    int lock;
    int repeat;

    int mod;
    int reg;
    int rm;
    /** The address of the memory operand, segment base included. */
    long target;
    int targetBytes;
    /** Registers whose values are decided, as bits. */
    int decided;
    /** Where a displacement relative to RIP is to be filled in, and for which address; -1 for none. */
    int ripFieldAt = -1;
    long ripTarget;
    int immediate;
    /** How long the instruction is, without what may follow it. */
    int instructionBytes;

    Draft(Chance chance, Row row, boolean bits32) {
        this.chance = chance;
        this.row = row;
        this.bits32 = bits32;
    }

    void decide(int register, long value) {
        general[register] = value;
        decided |= 1 << register;
    }

    boolean isDecided(int register) { return (decided >> register & 1) != 0; }

    /** Operand size in bytes (volume 1, section 3.6). */
    int operandBytes() {
        boolean deep = !bits32 && (row.is(Trait.STACK64) || row.is(Trait.BRANCH));
        if (wide || deep && !prefix66) {
            return 8;
        }
        return prefix66 ? 2 : 4;
    }

    /** Address size in bytes. */
    int addressBytes() { return bits32 ? prefix67 ? 2 : 4 : prefix67 ? 4 : 8; }

    long segmentBase() {
        return bits32 ? 0 : segment == 0x64 ? Layout.FS_BASE : segment == 0x65 ? Layout.GS_BASE : 0;
    }

    boolean isMemory() { return row.hasModrm() && mod != 3; }

    void poke(long address, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            int offset = Layout.windowOffset(address + i);
            if (offset >= 0) {
                windows[offset] = (byte) (value >> 8 * i);
            }
        }
    }

    void poke(long address, byte[] value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            int offset = Layout.windowOffset(address + i);
            if (offset >= 0) {
                windows[offset] = value[i];
            }
        }
    }

    long peek(long address, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            int offset = Layout.windowOffset(address + i);
            int b = offset >= 0 ? windows[offset] : Layout.fill(address + i);
            value |= (b & 0xffL) << 8 * i;
        }
        return value;
    }

    /** Size in bytes of an operand by what follows its letter. */
    int bytesOf(String operand) {
        return switch (operand.substring(1)) {
            case "b", "db" -> 1;
            case "w", "dw", "iw" -> 2;
            case "d", "ss", "fs", "id" -> 4;
            case "q", "sd", "fd", "iq", "ps2", "d2" -> 8;
            case "v" -> operandBytes();
            case "z" -> Math.min(operandBytes(), 4);
            case "y" -> wide ? 8 : 4;
            case "x", "ps", "pd" -> 16;
            case "b2" -> 2 * operandBytes();
            case "cx" -> wide ? 16 : 8;
            case "p" -> 2 + operandBytes();
            case "ft", "bt" -> 10;
            case "en" -> prefix66 ? 14 : 28;
            case "st" -> prefix66 ? 94 : 108;
            case "fx" -> 512;
            case "n" -> 1;
            default -> 8;
        };
    }
}
