/**
 * Hot guest code to JVM bytecode.
 *
 * <p>The interpreter runs everything and finds what is hot; it plans a region, a few blocks that follow one another, and this
 * module makes a class of it: registers in local variables, direct jumps inside, calls of the interpreter's operations. An
 * instruction that has no form of its own here runs as its interpreter step.
 *
 * <p>Start with {@link dev.sojourn.translator.Translator}; {@code RegionEmitter} lays out a region,
 * {@code InstructionEmitter} holds the forms.
 */
package dev.sojourn.translator;
