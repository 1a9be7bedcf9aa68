package dev.sojourn.conformance;

import dev.sojourn.cpu.interpreter.CompiledRegion;
import dev.sojourn.cpu.interpreter.RegionCompiler;
import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.translator.Translator;
import java.util.ArrayDeque;
import java.util.Queue;

/** The translator without its thread: what is asked for is there at once. */
final class ImmediateCompiler implements RegionCompiler {
    private final Queue<CompiledRegion> done = new ArrayDeque<>();
    private int count;

    @Override public void compile(RegionPlan plan) {
        done.add(Translator.translate(plan));
        count++;
    }

    @Override public CompiledRegion poll() { return done.poll(); }

    /** Regions made so far. */
    int count() { return count; }
}
