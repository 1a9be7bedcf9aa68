package dev.sojourn.interfaces.vmi;

/** What a blob answers when it is asked for a call, by the numbers of the interface. */
enum Relocation {
    /** The kernel keeps its own routine. */
    NONE,

    /** To be reached by CALL. */
    CALL,

    /** To be reached by JMP, from where the kernel does not come back. */
    JUMP,

    /** Nothing is to be done. */
    NOP
}
