package dev.sojourn.testkit.generator;

import dev.sojourn.testkit.oracle.Layout;
import dev.sojourn.testkit.oracle.ProcessorState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The state before a case, as far as it does not depend on the operands. */
final class StateMaker {
    private static final int CONTROL_DEFAULT = 0x37f;
    private static final int MXCSR_DEFAULT = 0x1f80;
    private static final int EXCEPTIONS = 0x3f;
    private static final int SUMMARY_AND_BUSY = 0x8080;
    private static final int CONDITION_BITS = 0x4700;

    private StateMaker() {}

    static void make(Draft d) {
        Chance chance = d.chance;
        for (int i = 0; i < d.general.length; i++) {
            long value = chance.oneIn(5) ? Targets.plain(chance, 8) : Values.integer(chance);
            d.general[i] = d.bits32 ? value & 0xffff_ffffL : value;
        }
        d.rflags = Flags.ALWAYS | chance.bits() & Flags.STATUS | (chance.oneIn(6) ? Flags.DF : 0)
                | (chance.oneIn(200) ? Flags.TF : 0) | (chance.oneIn(60) ? Flags.NT : 0)
                | (chance.oneIn(250) ? Flags.AC : 0) | (chance.oneIn(30) ? Flags.ID : 0);
        fillWindows(d);
        fillFx(d);
    }

    private static void fillWindows(Draft d) {
        Chance chance = d.chance;
        ByteBuffer windows = ByteBuffer.wrap(d.windows).order(ByteOrder.LITTLE_ENDIAN);
        int flavour = chance.below(4);
        long same = Values.integer(chance);
        for (int i = 0; i < d.windows.length; i += 8) {
            windows.putLong(i, switch (flavour) {
                case 0 -> Values.integer(chance);
                case 1 -> chance.oneIn(16) ? chance.bits() : same;
                default -> chance.bits();
            });
        }
    }

    private static void fillFx(Draft d) {
        Chance chance = d.chance;
        boolean vectorRow = !d.row.operand("VWU").isEmpty();
        int control = control(chance);
        d.fxBuffer.putShort(ProcessorState.FX_CONTROL, (short) control);
        d.fxBuffer.putShort(ProcessorState.FX_STATUS, (short) status(chance, control, chance.oneIn(30)));
        d.fx[ProcessorState.FX_TAGS] = (byte) tags(chance);
        d.fxBuffer.putInt(ProcessorState.FX_MXCSR, mxcsr(chance));
        boolean mmx = !d.row.operand("PQN").isEmpty();
        for (int i = 0; i < 8; i++) {
            int at = ProcessorState.FX_STACK + 16 * i;
            if (mmx) {
                Values.fill(chance, 'i', d.fx, at, 8);
                d.fxBuffer.putShort(at + 8, (short) chance.bits());
            } else {
                Values.extended(chance, d.fx, at);
            }
        }
        char kind = kind(vectorRow ? d.row.operand("WU") : "");
        for (int i = 0; i < 16; i++) {
            char lanes = chance.oneIn(8) ? chance.oneIn(2) ? 's' : 'd' : kind;
            Values.fill(chance, lanes, d.fx, ProcessorState.FX_XMM + 16 * i, 16);
        }
    }

    /** What kind of numbers an operand holds: singles, doubles, extended, packed decimals or integers. */
    static char kind(String operand) {
        if (operand.length() < 2) {
            return 'i';
        }
        return switch (operand.substring(1)) {
            case "ps", "ss", "ps2", "fs" -> 's';
            case "pd", "sd", "fd" -> 'd';
            case "ft" -> 't';
            case "bt" -> 'b';
            default -> 'i';
        };
    }

    /** Precision control 01 is reserved and stays out. */
    static int control(Chance chance) {
        if (chance.oneIn(2)) {
            return CONTROL_DEFAULT;
        }
        int masks = chance.oneIn(3) ? (int) chance.bits() & EXCEPTIONS : EXCEPTIONS;
        return 0x40 | masks | chance.pick(0, 0x200, 0x300) | chance.below(4) << 10 | (chance.oneIn(8) ? 0x1000 : 0);
    }

    /** @param pending whether an unmasked exception may wait to be delivered */
    static int status(Chance chance, int control, boolean pending) {
        int status = (int) chance.bits() & CONDITION_BITS | chance.below(8) << 11;
        if (chance.oneIn(3)) {
            int flags = (int) chance.bits() & 0x7f;
            status |= pending ? flags : flags & (control & EXCEPTIONS | 0x40);
        }
        return (status & ~control & EXCEPTIONS) != 0 ? status | SUMMARY_AND_BUSY : status;
    }

    private static int tags(Chance chance) {
        return switch (chance.below(4)) {
            case 0, 1 -> 0xff;
            case 2 -> (int) (chance.bits() | chance.bits()) & 0xff;
            default -> (int) chance.bits() & 0xff;
        };
    }

    static int mxcsr(Chance chance) {
        if (chance.oneIn(2)) {
            return MXCSR_DEFAULT;
        }
        int masks = chance.oneIn(4) ? (int) chance.bits() & EXCEPTIONS : EXCEPTIONS;
        return masks << 7 | chance.below(4) << 13 | (chance.oneIn(4) ? 0x8000 : 0) | (chance.oneIn(4) ? 0x40 : 0)
                | (chance.oneIn(4) ? (int) chance.bits() & EXCEPTIONS : 0);
    }

    /** An image for FXRSTOR, good but for an MXCSR that now and then has reserved bits. */
    static byte[] image(Draft d) {
        byte[] image = new byte[ProcessorState.FX_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        int control = control(d.chance);
        buffer.putShort(ProcessorState.FX_CONTROL, (short) control);
        buffer.putShort(ProcessorState.FX_STATUS, (short) status(d.chance, control, false));
        buffer.putInt(ProcessorState.FX_MXCSR, d.chance.oneIn(10) ? (int) d.chance.bits() : mxcsr(d.chance));
        image[ProcessorState.FX_TAGS] = (byte) tags(d.chance);
        for (int i = 0; i < 8; i++) {
            Values.extended(d.chance, image, ProcessorState.FX_STACK + 16 * i);
        }
        Values.fill(d.chance, 'd', image, ProcessorState.FX_XMM, 256);
        return image;
    }

    /** An environment for FLDENV, with the registers behind it for FRSTOR. */
    static byte[] environment(Draft d, int bytes) {
        byte[] image = new byte[128];
        ByteBuffer buffer = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        int step = bytes == 14 || bytes == 94 ? 2 : 4;
        int control = control(d.chance);
        buffer.putShort(0, (short) control);
        buffer.putShort(step, (short) status(d.chance, control, d.chance.oneIn(8)));
        buffer.putShort(2 * step, (short) (d.chance.oneIn(3) ? 0xffff : d.chance.bits()));
        for (int at = 7 * step; at + 10 <= bytes; at += 10) {
            Values.extended(d.chance, image, at);
        }
        return image;
    }

    /** A stack pointer: mostly aligned and with room on both sides. */
    static long stackPointer(Chance chance) {
        if (chance.oneIn(8)) {
            return Targets.any(chance, 8, 8);
        }
        return Layout.SECOND + 8L * chance.between(-12, 12) + (chance.oneIn(8) ? chance.below(8) : 0);
    }
}
