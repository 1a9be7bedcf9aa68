package dev.sojourn.sandbox.guest;

/** Told what a lengthy preparation is doing, one short line at a time. */
@FunctionalInterface
public interface Progress {
    void step(String line);
}
