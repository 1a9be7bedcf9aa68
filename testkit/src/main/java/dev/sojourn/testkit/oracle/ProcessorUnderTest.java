package dev.sojourn.testkit.oracle;

/**
 * Whoever claims to behave like the real processor.
 *
 * <p>It sets up the world of {@link Layout} and the state of the case, runs until an exception, and answers with
 * {@link Outcome#of}.
 */
public interface ProcessorUnderTest {
    Outcome run(Case c);
}
