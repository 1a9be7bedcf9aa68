package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.ProcessorImage;
import dev.sojourn.memory.GuestMemory;

/**
 * Runs compiled code twice: as it is, and undone by the interpreter for the same number of instructions. Both must leave the
 * same registers and the same memory; the interpreter's are those that stay.
 *
 * <p>Implementation notes. Before the first run the processor forgets where it may store directly, so that the first store to each
 * page is seen and its content kept. Behind it, memory and registers are put back, and translations it looked up are dropped, so
 * that the second run sets accessed and dirty bits anew. What cannot be undone (ports, devices, time) compiled code leaves to the
 * interpreter here, as it does wherever it cannot tell the count. Such an instruction may have stored a part of what it will store
 * when it runs again, so that memory is not compared before one.
 */
final class RegionVerifier {
    private final Interpreter interpreter;
    private final GuestMemory memory;
    private final UndoLog log = new UndoLog();
    private final ProcessorImage start = new ProcessorImage();
    private final ProcessorImage compiled = new ProcessorImage();
    private final ProcessorImage interpreted = new ProcessorImage();
    private long runs;
    private long instructions;

    RegionVerifier(Interpreter interpreter, GuestMemory memory) {
        this.interpreter = interpreter;
        this.memory = memory;
    }

    /** Runs a region as {@link Interpreter#runRegion} does. @throws EngineDifference if the interpreter does something else */
    boolean run(Cpu cpu, CompiledRegion region) {
        long executed = cpu.executed;
        start.take(cpu);
        cpu.mmu.forgetStores();
        log.clear();
        memory.log(log);
        cpu.tentative = true;
        boolean goesOn = Interpreter.runRegion(cpu, region);
        cpu.tentative = false;
        compiled.take(cpu);
        long count = cpu.executed - executed;
        long budget = cpu.budget;
        boolean yielded = cpu.yielded;
        back(cpu);
        interpreter.interpret(cpu, count);
        memory.log(null);
        interpreted.take(cpu);
        String memoryDifferences = budget == Interpreter.RETRY_BUDGET ? "" : log.differences();
        if (!interpreted.matches(compiled) || cpu.yielded != yielded || !memoryDifferences.isEmpty()) {
            String differences = compiled.differences(interpreted) + memoryDifferences
                    + (cpu.yielded != yielded ? "yielded " + yielded + " " + cpu.yielded + "\n" : "");
            throw new EngineDifference(differences, reproducer(cpu, region, count, differences));
        }
        cpu.budget = budget;
        runs++;
        instructions += count;
        return goesOn;
    }

    private void back(Cpu cpu) {
        log.undoFirst();
        cpu.mmu.forgetEntered();
        start.restore(cpu);
        cpu.yielded = false;
    }

    /** Runs it on the interpreter once more, from empty translation buffers, to see what it reads. */
    private Reproducer reproducer(Cpu cpu, CompiledRegion region, long count, String differences) {
        log.undo();
        start.restore(cpu);
        cpu.mmu.flushAll();
        cpu.mmu.forgetEntered();
        memory.log(log);
        interpreter.interpret(cpu, count);
        memory.log(null);
        long[] pages = cpu.mmu.entered();
        log.undo();
        start.restore(cpu);
        StringBuilder remark = new StringBuilder("What differs: name, value in compiled code, value interpreted.\n").append(differences)
                .append("The region's blocks:\n");
        for (RegionPlan.Part part : region.plan().parts()) {
            remark.append("%x to %x%n".formatted(part.start(), part.end()));
        }
        return new Reproducer(remark.toString(), memory.bytes(), count, new ProcessorImage().take(cpu),
                Reproducer.pages(cpu, pages));
    }

    /** Runs of compiled code so far, all of them right. */
    long runs() { return runs; }

    /** Instructions in them. */
    long instructions() { return instructions; }
}
