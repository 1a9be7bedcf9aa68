package dev.sojourn.sandbox;

/** How guest instructions run. */
public enum Engine {
    /** Instruction by instruction; the reference for every other engine. */
    INTERPRETER
}
