package dev.sojourn.assembler;

/** What an instruction reads or writes by ModRM: a register or a place in memory. */
public sealed interface Operand permits Register, Memory {
    /** Operand size in bytes; zero for memory that does not say. */
    int bytes();
}
