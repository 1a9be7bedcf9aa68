package dev.sojourn.machine;

/** The ways to run guest instructions. */
public enum EngineKind {
    /** Instruction by instruction. */
    INTERPRETER,

    /** The interpreter, with hot code as JVM bytecode. */
    TRANSLATOR
}
