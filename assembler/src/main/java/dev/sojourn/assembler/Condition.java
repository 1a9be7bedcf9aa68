package dev.sojourn.assembler;

/** The condition of Jcc, SETcc and CMOVcc, in the order of its encoding. */
public enum Condition {
    O, NO, C, NC, Z, NZ, BE, A, S, NS, P, NP, L, GE, LE, G
}
