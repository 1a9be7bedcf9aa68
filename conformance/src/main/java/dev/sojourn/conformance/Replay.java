package dev.sojourn.conformance;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.interpreter.EngineDifference;
import dev.sojourn.cpu.interpreter.Interpreter;
import dev.sojourn.cpu.interpreter.RegionCompiler;
import dev.sojourn.cpu.interpreter.Reproducer;
import dev.sojourn.memory.GuestMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Runs what {@code --engine verify} left behind again, with all compiled code checked: {@code Replay FILE...}. */
public final class Replay {
    private static final int HOT_RUNS = 3;
    /** Compiled code is entered with room in its turn only; what the guest does behind the end matters as little as it is known. */
    private static final int BEHIND = 2000;
    /** Enough for all its blocks to become hot, and to be run as compiled code. */
    private static final int REPETITIONS = 12;

    private Replay() {}

    public static void main(String[] files) throws IOException {
        boolean same = true;
        for (String file : files) {
            ImmediateCompiler compiler = new ImmediateCompiler();
            Optional<String> differences = differences(Reproducer.parse(Files.readString(Path.of(file), StandardCharsets.UTF_8)), compiler);
            System.out.printf("%s: %d regions, %s%n", file, compiler.count(), differences.orElse("no difference"));
            same &= differences.isEmpty();
        }
        System.exit(same ? 0 : 1);
    }

    /** How the engines differ over it, if they do: name, value compiled, value interpreted. */
    static Optional<String> differences(Reproducer reproducer, RegionCompiler compiler) {
        try (GuestMemory memory = new GuestMemory(reproducer.ramBytes())) {
            Cpu cpu = new Cpu(0, new NoMachine(), memory);
            Interpreter interpreter = new Interpreter(memory, compiler, HOT_RUNS, cpu);
            interpreter.verifyRegions();
            for (int i = 0; i < REPETITIONS; i++) {
                reproducer.enter(cpu);
                interpreter.run(cpu, reproducer.instructions() + BEHIND);
            }
            return Optional.empty();
        } catch (EngineDifference e) {
            return Optional.of(e.getMessage());
        }
    }
}
