/**
 * The real processor as the oracle: cases run natively on this computer, outcomes of whoever is under test, and what
 * differs between them.
 *
 * <p>A {@link dev.sojourn.testkit.oracle.Case} is a few instructions and the whole user-visible state before them.
 * {@link dev.sojourn.testkit.oracle.NativeProcessor} runs cases in a process assembled when it starts;
 * {@link dev.sojourn.testkit.oracle.TruthFile} holds recorded outcomes for computers that cannot;
 * {@link dev.sojourn.testkit.oracle.ProcessorUnderTest} is what is compared with either. The world a case runs in, the
 * same for all, is {@link dev.sojourn.testkit.oracle.Layout}. This package knows nothing of the interpreter.
 *
 * <p>Start reading at Case, then Layout.
 */
package dev.sojourn.testkit.oracle;
