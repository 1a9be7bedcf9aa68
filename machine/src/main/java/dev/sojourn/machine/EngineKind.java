package dev.sojourn.machine;

/** The ways to run guest instructions. */
public enum EngineKind {
    /** Instruction by instruction. */
    INTERPRETER,

    /** The interpreter, with hot code as JVM bytecode. */
    TRANSLATOR,

    /** Both: all that was compiled is run by the interpreter once more, and the first difference ends the run. */
    VERIFY
}
