package dev.sojourn.isa;

/** The default operand and address size code is decoded with, in bits (SDM volume 1, 3.6). */
public enum Mode {
    BITS_16, BITS_32, BITS_64
}
