package dev.sojourn.cpu.interpreter;

/** Makes compiled code of hot blocks. */
public interface RegionCompiler {
    /** Asks for a region; it is installed when it is done. Must return soon. */
    void compile(RegionPlan plan);

    /** A region that is done; null if none is. Called on the machine's thread. */
    CompiledRegion poll();

    /** Whether what it makes is slow until the JVM has compiled it in turn. */
    default boolean warmsUp() { return false; }

    /** What it made has gone: its code was overwritten, or it had to make room. */
    default void dropped(CompiledRegion region) {}
}
