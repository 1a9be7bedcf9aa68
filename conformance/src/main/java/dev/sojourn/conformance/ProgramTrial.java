package dev.sojourn.conformance;

import dev.sojourn.cpu.interpreter.EngineDifference;
import dev.sojourn.testkit.generator.Program;
import dev.sojourn.testkit.oracle.Layout;
import java.util.Arrays;
import java.util.Optional;

/** A comparison of the translator with the interpreter over programs of many blocks. */
public final class ProgramTrial {
    /** Each program runs this long. */
    private static final int INSTRUCTIONS = 30_000;
    private static final int HOT_RUNS = 6;

    private final ImmediateCompiler compiler = new ImmediateCompiler();
    private final ProgramProcessor interpreted = new ProgramProcessor(null, 0);
    private final ProgramProcessor translated = new ProgramProcessor(compiler, HOT_RUNS);
    private long instructions;

    /** Nothing run yet. @param verifies whether each run of compiled code is checked by itself, too, which takes longer */
    public ProgramTrial(boolean verifies) {
        if (verifies) {
            translated.verify();
        }
    }

    /** Runs a program on both, turn by turn. @return how they differ at the end of the first turn where they do */
    public Optional<String> run(Program program) {
        interpreted.load(program);
        translated.load(program);
        int turn = 0;
        long before = 0;
        while (interpreted.cpu.executed < INSTRUCTIONS && !interpreted.cpu.shutdown && !interpreted.cpu.halted) {
            before = interpreted.cpu.executed;
            interpreted.turn(program);
            try {
                translated.turn(program);
            } catch (EngineDifference e) {
                return Optional.of("seed %x, turn %d: compiled, interpreted%n%s".formatted(program.seed(), turn, e.getMessage()));
            }
            String differences = differences();
            if (!differences.isEmpty()) {
                return Optional.of("seed %x, turn %d, instructions %d to %d: interpreter, translator%n%s".formatted(program.seed(), turn,
                        before, interpreted.cpu.executed, differences));
            }
            turn++;
        }
        instructions += interpreted.cpu.executed;
        return Optional.empty();
    }

    private String differences() {
        String registers = interpreted.image().differences(translated.image());
        return interpreted.world() == translated.world() ? registers : registers + memory();
    }

    private String memory() {
        StringBuilder text = new StringBuilder();
        compare(text, Layout.FIRST, 5 * Layout.PAGE_BYTES);
        compare(text, Program.STACK, Program.STACK_BYTES);
        compare(text, Program.CONTROL, Layout.PAGE_BYTES);
        compare(text, Layout.CODE, Program.CODE_BYTES);
        return text.isEmpty() ? "memory of the kernel, or the device\n" : text.toString();
    }

    private void compare(StringBuilder text, long from, int bytes) {
        byte[] here = interpreted.memory(from, bytes);
        byte[] there = translated.memory(from, bytes);
        for (int at = Arrays.mismatch(here, there); at >= 0 && at < bytes; at++) {
            if (here[at] != there[at]) {
                text.append("%x %02x %02x%n".formatted(from + at, here[at], there[at]));
            }
        }
    }

    /** Regions made so far. */
    public int regions() { return compiler.count(); }

    /** Instructions that were the same on both. */
    public long instructions() { return instructions; }
}
