package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;

/**
 * Tells whether an address that is not canonical was one in the stack segment: #SS, not #GP (SDM volume 3, 6.15).
 *
 * <p>64-bit code has no segment checks, so steps do not know. This decodes the instruction once more, after the fact.
 */
final class StackReference {
    /** The longest memory operand, an FXSAVE image. */
    private static final int OPERAND_BYTES_MAX = 512;

    private StackReference() {}

    /** @param linear where the instruction at the instruction pointer faulted */
    static boolean caused(Cpu cpu, long linear) {
        Instruction i = BlockReader.instruction(cpu);
        boolean operand = i.isMemory();
        boolean stack = usesStack(i);
        if (!operand) {
            return stack;
        }
        if (!stack) {
            return i.segment == Instruction.SS;
        }
        long at = new Address(i, cpu.rip + i.length).linear(cpu, 1, false);
        return i.segment == Instruction.SS || Long.compareUnsigned(linear - at, OPERAND_BYTES_MAX) >= 0;
    }

    /** Whether it pushes or pops, whatever else it does. */
    private static boolean usesStack(Instruction i) {
        return switch (i.op) {
            case PUSH, POP, PUSHA, POPA, PUSHF, POPF, PUSH_SEGMENT, POP_SEGMENT, ENTER, LEAVE, CALL, CALL_INDIRECT, CALL_FAR,
                 CALL_FAR_INDIRECT, RET, RET_FAR, IRET -> true;
            default -> false;
        };
    }
}
