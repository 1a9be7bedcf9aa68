package dev.sojourn.interfaces.xen.pv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.interfaces.OfferedCalls;
import dev.sojourn.memory.GuestMemory;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call of a paravirtual guest with values that nobody would use, and page tables that nobody would make. */
class HostilePvGuestTest {
    private static final int ROUNDS = 60_000;
    private static final int CPUS = 2;
    private static final int FRAMES = 64;
    private static final int CENSUS_EVERY = 6_000;
    /** Those with much behind them more often. */
    private static final int[] CALLS = {1, 1, 1, 14, 14, 26, 26, 26, 10, 2, 0, 12, 13, 20, 24, 29, 32, 32, 17, 25, 30, 33, 8, 21,
        3, 5, 4, 9, 15, 23, 24, 32, 18, 34};
    private static final int COMMANDS = 28;

    @ParameterizedTest
    @ValueSource(longs = {1, 20_030_119, 77})
    void onlyHurtsItself(long seed) {
        Random random = new Random(seed);
        Set<String> seen = new TreeSet<>();
        try (PvRig rig = new PvRig(new byte[] {(byte) 0xf4}, CPUS)) {
            for (int round = 0; round < ROUNDS; round++) {
                scribble(rig, random);
                act(rig, random, seen);
                if (round % CENSUS_EVERY == 0) {
                    FrameCensus.check(rig.memory, rig.guest);
                }
            }
            FrameCensus.check(rig.memory, rig.guest);
        }
        assertEquals(Set.of(), OfferedCalls.missing("xen-pv", seen));
    }

    private static void act(PvRig rig, Random random, Set<String> seen) {
        Cpu cpu = rig.cpu(0);
        rig.nanos += random.nextInt(100_000);
        try {
            switch (random.nextInt(16)) {
                case 0 -> rig.alarms.runDue();
                case 1 -> {
                    if (cpu.hooks.hasInterrupt(cpu)) {
                        cpu.traps.interrupt(cpu, cpu.hooks.acknowledge(cpu));
                    }
                }
                case 2 -> cpu.traps.exception(cpu, random.nextInt(32), random.nextInt(32));
                case 3 -> cpu.traps.software(cpu, random.nextInt(256));
                default -> {
                    int number = random.nextInt(20) == 0 ? random.nextInt(64) : CALLS[random.nextInt(CALLS.length)];
                    long first = random.nextInt(3) == 0 ? random.nextInt(COMMANDS) : word(rig, random);
                    cpu.r[Cpu.RAX] = number;
                    cpu.r[Cpu.RDI] = first;
                    seen.add(rig.guest.domain.hypercalls.describe(cpu).name());
                    rig.call(0, number, first, word(rig, random), word(rig, random),
                            random.nextBoolean() ? 0x7ff0 : word(rig, random), word(rig, random));
                }
            }
        } catch (GuestFault fault) {
            assert fault.vector() < 32;
        }
        revive(rig, cpu);
    }

    /** A guest that ended itself goes on, so that the next round has one. */
    private static void revive(PvRig rig, Cpu cpu) {
        cpu.shutdown = false;
        cpu.halted = false;
        PvProcessor processor = rig.guest.processors.getFirst();
        if (!processor.inKernel()) {
            processor.toggle();
        }
        processor.flatSegments();
        cpu.r[Cpu.RSP] = PvRig.linear(40);
        cpu.rip = PvRig.linear(41);
    }

    /** Fills some of a page that calls are pointed at, and that the guest may still write itself. */
    private static void scribble(PvRig rig, Random random) {
        int frame = random.nextInt(FRAMES);
        int use = rig.guest.uses.use(rig.guest.frames.guest[frame]);
        if ((use == FrameTable.WRITABLE || use == FrameTable.NONE) && rig.guest.frames.isGuest(rig.guest.frames.guest[frame])) {
            int from = random.nextInt(Pte.ENTRIES - 16);
            for (int i = 0; i < 16; i++) {
                rig.memory.putLong(rig.physical(frame) + 8L * (from + i), word(rig, random));
            }
        }
    }

    private static long word(PvRig rig, Random random) {
        int frame = random.nextInt(FRAMES);
        long machine = rig.guest.frames.guest[frame];
        return switch (random.nextInt(12)) {
            case 0 -> random.nextInt(32);
            case 1 -> PvRig.linear(frame) + 8L * random.nextInt(Pte.ENTRIES);
            case 2 -> PvRig.linear(frame);
            case 3 -> machine;
            case 4 -> MachineFrames.address(machine) + 8L * random.nextInt(Pte.ENTRIES) + random.nextInt(3);
            case 5 -> Pte.of(machine, Pte.LEAF);
            case 6 -> Pte.of(machine, Pte.TABLE);
            case 7 -> Pte.of(machine, Pte.PRESENT);
            case 8 -> random.nextLong();
            case 9 -> Pte.of(random.nextInt(PvRig.MEMORY_BYTES / GuestMemory.PAGE_BYTES + 8), random.nextInt(256));
            case 10 -> HypervisorHole.START + random.nextInt(1 << 20);
            default -> 0;
        };
    }
}
