package dev.sojourn.interfaces.vmi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.boot.Entry;
import dev.sojourn.boot.EntryState;
import dev.sojourn.boot.ProcessorEntry;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.interfaces.Interfaces;
import dev.sojourn.interfaces.ProcessorPlatform;
import dev.sojourn.interfaces.Rig;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Every call of the ROM on the host with values that nobody would use, on processors that start, stop and take turns: what comes of
 * it is an answer or a fault of the guest, and memory that no call was pointed at stays as it is.
 */
class HostileKernelTest {
    private static final int ROUNDS = 150_000;
    private static final int CPUS = 4;
    private static final int CODE = 0x5000;
    private static final int GUARD = 0x30_0000;
    private static final int GUARD_BYTES = 0x8_0000;
    private static final int[] WORDS = {0, 1, 2, 3, 0x10, 0x20, 0x31, 0x100, 0x1_0000, 0x1_0100, 0x1_0001, -1, -2, -4096, Integer.MIN_VALUE,
        Integer.MAX_VALUE, 0x20, 0xb0, 0xf0, 0x300, 0x310, 0x320, 0x380, 0x3e0, 0xa_0000, 0x9_fff8, 0x40_0000, 0x3f_fffe, 0xfee0_0000};

    @Test void onlyHurtsItself() {
        try (Rig rig = new Rig(Interfaces.find("vmi/trap").orElseThrow(), CPUS, ExitTrace.NONE)) {
            rig.processors.forEach(HostileKernelTest::enter);
            Random random = new Random(20_060_313);
            int served = 0;
            for (int round = 0; round < ROUNDS; round++) {
                rig.nanos += random.nextInt(100_000);
                served += act(rig, rig.processors.get(random.nextInt(CPUS)), random) ? 1 : 0;
            }
            assertTrue(served > ROUNDS / 4, "Only " + served + " calls were served");
            for (int at = GUARD; at < GUARD + GUARD_BYTES; at += 8) {
                assertEquals(0, rig.memory.getLong(at), "Memory that nobody named was written: " + Integer.toHexString(at));
            }
        }
    }

    private static void enter(ProcessorPlatform processor) {
        processor.cpu.reset();
        ProcessorEntry.enter(processor.cpu, new EntryState(Entry.LINUX_32, 0x10_0000, EntryState.Register.ESI, 0, 0, 0x1_1000, 0x1f,
                0x10, 0x18));
    }

    /** @return whether a call was served */
    private static boolean act(Rig rig, ProcessorPlatform processor, Random random) {
        Cpu cpu = processor.cpu;
        try {
            switch (random.nextInt(16)) {
                case 0 -> rig.alarms.runDue();
                case 1 -> {
                    processor.leave();
                    cpu.halted |= random.nextInt(4) == 0;
                    processor.enter();
                }
                case 2 -> restart(processor, random);
                case 3 -> {
                    if (cpu.hooks.hasInterrupt(cpu)) {
                        cpu.hooks.acknowledge(cpu);
                    }
                }
                case 4 -> block(rig, random);
                default -> {
                    return call(rig, cpu, random);
                }
            }
        } catch (GuestFault fault) {
            assertTrue(fault.vector() < 32);
        }
        return false;
    }

    private static void restart(ProcessorPlatform processor, Random random) {
        if (random.nextInt(20) == 0) {
            processor.init();
            processor.startup(random.nextInt(256));
            enter(processor);
        }
    }

    private static boolean call(Rig rig, Cpu cpu, Random random) {
        int number = random.nextInt(8) == 0 ? random.nextInt(256) : random.nextBoolean() ? 38 + random.nextInt(4) : 46 + random.nextInt(28);
        rig.memory.putLong(CODE, Routines.TAGGED | (long) number << 8 * Routines.NUMBER_AT);
        cpu.rip = random.nextInt(50) == 0 ? word(random) & 0xffff_ffffL : CODE;
        cpu.cpl = random.nextInt(50) == 0 ? 3 : 0;
        for (int i = 0; i < 8; i++) {
            cpu.r[i] = word(random) & 0xffff_ffffL;
        }
        boolean served = cpu.hooks.hypercall(cpu);
        assertTrue(!served || cpu.cpl == 0);
        return served;
    }

    /** A state for a processor to start with, or what a call reads from the stack. */
    private static void block(Rig rig, Random random) {
        int at = random.nextInt(GUARD - 0x2000) & ~0xfff;
        for (int i = 0; i < 32; i++) {
            if (rig.memory.isRam(at + 4L * i)) {
                rig.memory.putInt(at + 4L * i, word(random));
            }
        }
    }

    /** One of the list, an address below the guarded memory, or one above all memory. */
    private static int word(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> WORDS[random.nextInt(WORDS.length)];
            case 1 -> random.nextInt(GUARD - 0x2000);
            case 2 -> random.nextInt(GUARD - 0x2000) & ~0xfff | random.nextInt(0x40);
            default -> random.nextInt() | 1 << 30;
        };
    }
}
