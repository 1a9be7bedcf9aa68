package dev.sojourn.interfaces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.cpu.Hooks;
import dev.sojourn.isa.Instruction;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every call of every interface with values that nobody would use: what comes of it is an answer or a fault of the guest,
 * and memory that no call was pointed at stays as it is. Paravirtual guests of Xen have a test of their own.
 */
class HostileGuestTest {
    private static final int ROUNDS = 150_000;
    private static final int CPUS = 4;
    private static final long GUARD = 0x30_0000;
    private static final long GUARD_BYTES = 0x8_0000;
    private static final List<Integer> MSRS = List.of(0x11, 0x12, 0x10, 0x3b, 0x1b, 0x6e0, 0x4b56_4d00, 0x4000_0000,
            0x4000_0010, 0x4000_0020, 0x4000_0070, 0x4000_0080, 0x4000_0090, 0x4000_00b0, 0x4000_00f0, 0x4000_0100);
    private static final long[] WORDS = {0, 1, 2, 3, 7, 15, 16, 64, 255, 256, 4096, -1, -2, -4096, Long.MIN_VALUE,
        Long.MAX_VALUE, 0xffff_ffffL, 0x8000_0000L, 0x1_0000_0000L, 0xa_0000, 0x9_fff8, 0x40_0000, 0x3f_fff8, 0x3f_f000,
        0x564d_5868, 0xc000_0000L, 0xfee0_0000L};

    private static final int[] COMMANDS = {10, 45, 68, 91, 91, 91, 0, 127};

    static Stream<String> interfaces() { return Interfaces.names().stream(); }

    @ParameterizedTest
    @MethodSource("interfaces")
    void onlyHurtsItself(String name) {
        Set<String> seen = new TreeSet<>();
        ExitTrace listener = exit -> {
            if (exit.ofInterface()) {
                seen.add(exit.call().name());
            }
        };
        for (ExitTrace trace : List.of(ExitTrace.NONE, listener)) {
            try (Rig rig = new Rig(Interfaces.find(name).orElseThrow(), CPUS, trace)) {
                hammer(rig, new Random(20_090_117));
                for (long at = GUARD; at < GUARD + GUARD_BYTES; at += 8) {
                    assertTrue(rig.memory.getLong(at) == 0, "Memory that nobody named was written: " + Long.toHexString(at));
                }
            }
        }
        if (!name.equals("xen-pv")) {
            assertEquals(Set.of(), OfferedCalls.missing(name, seen));
        }
    }

    private static void hammer(Rig rig, Random random) {
        for (int round = 0; round < ROUNDS; round++) {
            ProcessorPlatform processor = rig.processors.get(random.nextInt(CPUS));
            Cpu cpu = processor.cpu;
            if (round % 64 == 0) {
                mode(rig, processor, random);
            }
            for (int i = 0; i < 16; i++) {
                cpu.r[i] = word(random);
            }
            rig.nanos += random.nextInt(100_000);
            try {
                act(rig, processor, cpu.hooks, random);
            } catch (GuestFault fault) {
                assertTrue(fault.vector() < 32);
            }
        }
    }

    private static void act(Rig rig, ProcessorPlatform processor, Hooks hooks, Random random) {
        Cpu cpu = processor.cpu;
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> {
                cpu.r[Cpu.RAX] = random.nextBoolean() ? random.nextInt(64) : cpu.r[Cpu.RAX];
                cpu.r[Cpu.RDI] = random.nextBoolean() ? random.nextInt(28) : cpu.r[Cpu.RDI];
                cpu.r[Cpu.RCX] = switch (random.nextInt(4)) {
                    case 0, 1 -> control(random);
                    case 2 -> random.nextInt(3);
                    default -> cpu.r[Cpu.RCX];
                };
                hooks.hypercall(cpu);
            }
            case 3, 4, 5 -> cpu.msrs.write(cpu, msr(random), random.nextBoolean() ? word(random) : word(random) & -64 | 1);
            case 6 -> cpu.msrs.read(cpu, msr(random));
            case 7 -> {
                cpu.r[Cpu.RAX] = random.nextBoolean() ? 0x564d_5868 : cpu.r[Cpu.RAX];
                cpu.r[Cpu.RCX] = COMMANDS[random.nextInt(COMMANDS.length)];
                cpu.r[Cpu.RSI] = random.nextBoolean() ? 0 : cpu.r[Cpu.RSI];
                cpu.r[Cpu.RDI] = random.nextBoolean() ? cpu.r[Cpu.RDI] & -64 : cpu.r[Cpu.RDI];
                hooks.portIn(0x5658 + random.nextInt(3), 1 << random.nextInt(3));
                hooks.portOut(0x5658, 4, (int) cpu.r[Cpu.RAX]);
            }
            case 8 -> timer(cpu, random);
            case 9 -> hooks.cpuid(cpu, 0x4000_0000 + random.nextInt(0x300), random.nextInt(4), new int[4]);
            case 10 -> {
                cpu.msrs.write(cpu, 0x4000_0000, 1);
                cpu.msrs.write(cpu, 0x4000_0001, 0x20_0001);
            }
            case 13 -> input(rig, random);
            case 11 -> {
                rig.alarms.runDue();
                if (hooks.hasInterrupt(cpu)) {
                    hooks.acknowledge(cpu);
                }
            }
            default -> turn(processor, random);
        }
    }

    /** A timer of Microsoft's that soon has something to say, wherever its messages may go. */
    private static void timer(Cpu cpu, Random random) {
        int timer = 0x4000_00b0 + 2 * random.nextInt(4);
        cpu.msrs.write(cpu, 0x4000_0080, 1);
        cpu.msrs.write(cpu, 0x4000_0083, word(random) | 1);
        cpu.msrs.write(cpu, timer, (long) random.nextInt(16) << 16 | random.nextInt(16) | 8);
        cpu.msrs.write(cpu, timer + 1, 1 + random.nextInt(1000));
    }

    private static void turn(ProcessorPlatform processor, Random random) {
        processor.leave();
        if (random.nextInt(50) == 0) {
            processor.init();
        }
        processor.cpu.halted |= random.nextInt(4) == 0;
        processor.enter();
    }

    /** Now and then at level 3, in 32-bit code. */
    private static void mode(Rig rig, ProcessorPlatform processor, Random random) {
        rig.enter(processor);
        processor.cpu.cpl = random.nextInt(8) == 0 ? 3 : 0;
        if (random.nextInt(4) == 0) {
            processor.cpu.segments[Instruction.CS].set(8, 0, 0xffff_ffffL, 0xc09b);
            processor.cpu.modeChanged();
        }
    }

    private static int msr(Random random) {
        int base = MSRS.get(random.nextInt(MSRS.size()));
        return random.nextInt(3) == 0 ? base : base + random.nextInt(16);
    }

    /** Words that a call may be pointed at, below the guarded memory. */
    private static void input(Rig rig, Random random) {
        long at = random.nextInt((int) (GUARD >> 12)) << 12;
        for (int i = 0; i < 64; i++) {
            if (rig.memory.isRam(at + 8 * i)) {
                rig.memory.putLong(at + 8 * i, random.nextInt(3) == 0 ? random.nextInt(8) : word(random));
            }
        }
    }

    /** A control word of Microsoft's hypercalls, mostly of those there are. */
    private static long control(Random random) {
        long[] codes = {2, 3, 8, 0xb, 0x13, 0x14, 0x15, 0x46, 0x5c, 0x5d, 0x8001};
        return codes[random.nextInt(codes.length)] | (long) random.nextInt(2) << 16 | (long) random.nextInt(3) << 17
                | (long) random.nextInt(8) << 32 | (long) random.nextInt(4) << 48;
    }

    /** A word of the list, or an address below the guarded memory, or anything that is not in it. */
    private static long word(Random random) {
        return switch (random.nextInt(5)) {
            case 4 -> random.nextInt((int) GUARD - 0x2000);
            case 0 -> WORDS[random.nextInt(WORDS.length)];
            case 1 -> random.nextInt((int) GUARD - 0x2000) & ~7;
            case 2 -> (random.nextInt((int) GUARD - 0x2000) & ~0xfff) | random.nextInt(4);
            default -> random.nextLong() | 1L << 40;
        };
    }
}
