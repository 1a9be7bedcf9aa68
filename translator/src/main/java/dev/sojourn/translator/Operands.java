package dev.sojourn.translator;

import static dev.sojourn.translator.Types.*;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import dev.sojourn.isa.Operand;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;

/** Operands in emitted code: registers in variables, memory by the translation buffer. */
final class Operands {
    private static final long LOW = 0xffff_ffffL;

    private final CodeBuilder code;
    private boolean mayLeave;

    Operands(CodeBuilder code) { this.code = code; }

    /** Whether something was stored to memory since this was last asked: then LEAVES tells whether to stop here. */
    boolean mayLeave() {
        boolean was = mayLeave;
        mayLeave = false;
        return was;
    }

    static int bytes(Instruction i, Operand operand) { return operand.bytes(i.operandBytes, i.mode, i.isMemory()); }

    /** How operations take the operand's width. */
    static int shift(Instruction i, Operand operand) { return 64 - 8 * bytes(i, operand); }

    /** Pushes an operand's value; what is above its width may be anything. */
    void load(Instruction i, Operand operand, long next) {
        if (Effects.isMemory(i, operand)) {
            code.aload(Slots.MMU).aload(Slots.TLB);
            linear(i, next, bytes(i, operand), false);
            loadMemory(bytes(i, operand));
            return;
        }
        switch (operand.kind) {
            case IMMEDIATE -> code.loadConstant(i.immediate);
            case ONE -> code.lconst_1();
            case COUNT -> code.lload(Slots.register(Cpu.RCX));
            default -> loadRegister(i, number(i, operand), bytes(i, operand));
        }
    }

    private void loadRegister(Instruction i, int number, int bytes) {
        if (Effects.isHigh(i, number, bytes)) {
            code.lload(Slots.register(number - 4)).loadConstant(8).lushr();
        } else {
            code.lload(Slots.register(number));
        }
    }

    static int number(Instruction i, Operand operand) {
        return switch (operand.kind) {
            case REG -> i.reg;
            case ACCUMULATOR -> Cpu.RAX;
            default -> i.rm;
        };
    }

    /** Pushes what lies at the address variable. */
    void loadAtAddress(int bytes) {
        code.aload(Slots.MMU).aload(Slots.TLB).lload(Slots.ADDRESS);
        loadMemory(bytes);
    }

    /** With memory unit, translation buffer and address on the stack. */
    private void loadMemory(int bytes) {
        code.invokevirtual(Types.MMU, "load" + 8 * bytes, MethodTypeDesc.of(bytes == 8 ? LONG : INT, LONGS, LONG));
        if (bytes != 8) {
            code.i2l();
        }
    }

    /** Takes a value from the stack into an operand. */
    void store(Instruction i, Operand operand, long next) {
        if (!Effects.isMemory(i, operand)) {
            storeRegister(i, number(i, operand), bytes(i, operand));
            return;
        }
        code.lstore(Slots.VALUE);
        linear(i, next, bytes(i, operand), true);
        code.lstore(Slots.ADDRESS);
        storeAtAddress(bytes(i, operand), Slots.VALUE);
    }

    /** Stores a variable at the address variable. */
    void storeAtAddress(int bytes, int slot) {
        code.aload(Slots.MMU).aload(Slots.TLB).lload(Slots.ADDRESS).lload(slot);
        if (bytes != 8) {
            code.l2i();
        }
        code.invokevirtual(Types.MMU, "store" + 8 * bytes, MethodTypeDesc.of(BOOLEAN, LONGS, LONG, bytes == 8 ? LONG : INT))
                .istore(Slots.LEAVES);
        mayLeave = true;
    }

    /** Stores the halves of an XMM register at the address variable, all or nothing. */
    void store16AtAddress(int low, int high) {
        code.aload(Slots.CPU).aload(Slots.TLB).lload(Slots.ADDRESS).lload(low).lload(high)
                .invokestatic(REGION, "store16", MethodTypeDesc.of(BOOLEAN, Types.CPU, LONGS, LONG, LONG, LONG)).istore(Slots.LEAVES);
        mayLeave = true;
    }

    /** Takes a value from the stack into a register. */
    void storeRegister(Instruction i, int number, int bytes) {
        if (Effects.isHigh(i, number, bytes)) {
            code.loadConstant(0xffL).land().loadConstant(8).lshl()
                    .lload(Slots.register(number - 4)).loadConstant(~0xff00L).land().lor().lstore(Slots.register(number - 4));
        } else {
            put(number, bytes);
        }
    }

    /** Takes a value from the stack into the low bytes of a register, as an instruction of that width does. */
    void put(int number, int bytes) {
        switch (bytes) {
            case 8 -> {}
            case 4 -> code.loadConstant(LOW).land();
            default -> {
                long mask = (1L << 8 * bytes) - 1;
                code.loadConstant(mask).land().lload(Slots.register(number)).loadConstant(~mask).land().lor();
            }
        }
        code.lstore(Slots.register(number));
    }

    /** Sign-extends the value on the stack from its width. */
    void signExtend(int shift) {
        switch (shift) {
            case 0 -> {}
            case 32 -> code.l2i().i2l();
            case 48 -> code.l2i().i2s().i2l();
            default -> code.l2i().i2b().i2l();
        }
    }

    void zeroExtend(int shift) {
        if (shift != 0) {
            code.loadConstant(-1L >>> shift).land();
        }
    }

    /** Puts the address of a place to be updated into its variable; faults as the store will. */
    void locateForUpdate(Instruction i, int bytes, long next) {
        linear(i, next, bytes, true);
        code.lstore(Slots.ADDRESS);
        probeStore(bytes);
    }

    void probeStore(int bytes) {
        code.aload(Slots.MMU).lload(Slots.ADDRESS).loadConstant(bytes)
                .invokevirtual(Types.MMU, "probeStore", MethodTypeDesc.of(VOID, LONG, INT));
    }

    /** Pushes the linear address, checked where a segment may be anything. */
    void linear(Instruction i, long next, int bytes, boolean store) {
        boolean flat = hasFlatSegment(i);
        if (!flat && i.mode != Mode.BITS_64) {
            code.aload(Slots.CPU).loadConstant(i.segment);
            offset(i, next);
            code.loadConstant(bytes).loadConstant(store ? 1 : 0)
                    .invokevirtual(Types.CPU, "linear", MethodTypeDesc.of(LONG, INT, LONG, INT, BOOLEAN));
            return;
        }
        offset(i, next);
        if (!flat) {
            code.aload(Slots.CPU).getfield(Types.CPU, "bases", LONGS).loadConstant(i.segment).laload().ladd();
        }
    }

    /** Whether an offset is the linear address: in 64-bit code unless FS or GS count, in 32-bit code for data and stack. */
    static boolean hasFlatSegment(Instruction i) {
        return i.segment < Instruction.FS && (i.mode == Mode.BITS_64 || i.segment != Instruction.CS);
    }

    /** Bytes that a push takes, and a near branch's target has, when no prefix changes that. */
    static int wordBytes(Instruction i) { return i.mode == Mode.BITS_64 ? 8 : 4; }

    /** Puts the address of what is to be pushed into its variable. */
    void locatePush(Instruction i) {
        code.lload(Slots.register(Cpu.RSP)).loadConstant((long) wordBytes(i)).lsub();
        cut(i);
        code.lstore(Slots.ADDRESS);
    }

    /** Puts the stack pointer so many bytes behind the address variable. */
    void popped(Instruction i, long bytes) {
        code.lload(Slots.ADDRESS).loadConstant(bytes).ladd();
        cut(i);
        code.lstore(Slots.register(Cpu.RSP));
    }

    /** Cuts a computed address or instruction pointer on the stack to what the mode has of it. */
    void cut(Instruction i) {
        if (i.mode != Mode.BITS_64) {
            code.loadConstant(LOW).land();
        }
    }

    /** Pushes the effective address. */
    void offset(Instruction i, long next) {
        boolean some = false;
        if (i.base != Instruction.NO_REGISTER) {
            code.lload(Slots.register(i.base));
            some = true;
        }
        if (i.index != Instruction.NO_REGISTER) {
            code.lload(Slots.register(i.index));
            if (i.scale != 0) {
                code.loadConstant(i.scale).lshl();
            }
            if (some) {
                code.ladd();
            }
            some = true;
        }
        long displacement = i.displacement + (i.ripRelative ? next : 0);
        if (!some) {
            code.loadConstant(displacement);
        } else if (displacement != 0) {
            code.loadConstant(displacement).ladd();
        }
        if (i.addressBytes != 8) {
            code.loadConstant(i.addressBytes == 4 ? LOW : 0xffffL).land();
        }
    }
}
