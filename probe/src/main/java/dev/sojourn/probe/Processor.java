package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Register;
import java.util.Locale;

/** What the processor says and lets be changed: CPUID, model-specific, control and debug registers. */
final class Processor {
    private static final int LEAVES = 0x20;
    private static final int SUBLEAVES = 0x20;
    /** The model-specific registers looked at; reading 400000f0 may wait for an interrupt. */
    private static final long[][] RANGES = {{0, 0x2000}, {0x4000_0000L, 0x4000_00f0L}, {0x4000_00f1L, 0x4000_0400L},
        {0x4b56_4d00L, 0x4b56_4d40L}, {0xc000_0000L, 0xc000_0400L}, {0xc001_0000L, 0xc001_2000L}};

    private final Program p;
    private final Assembler a;

    Processor(Program p) {
        this.p = p;
        a = p.a;
    }

    /**
     * Every leaf that is said to be there and its neighbours with all their subleaves; further ones with the first.
     *
     * @param prefix bytes before the instruction
     */
    void cpuid(String name, int... prefix) {
        for (long range : new long[] {0, 0x4000_0000L, 0x4000_0100L, 0x8000_0000L}) {
            for (long leaf = range; leaf < range + LEAVES; leaf++) {
                long number = leaf;
                p.walk("%s.%08x.".formatted(name, leaf), 2, 0, SUBLEAVES, "formatCpuid", () -> p.attempt(() -> {
                    a.mov(EAX, number);
                    a.mov(ECX, at("index"));
                    leaf(prefix);
                }));
            }
        }
        for (long range : new long[] {LEAVES, 0x4000_0000L + LEAVES, 0x4000_0100L + LEAVES, 0x8000_0000L + LEAVES,
            0xc000_0000L, 0xffff_ff00L}) {
            p.walk(name + ".", 8, range, (range | 0xff) + 1, "formatCpuid", () -> p.attempt(() -> {
                a.mov(RAX, at("index"));
                a.xor(ECX, ECX);
                leaf(prefix);
            }));
        }
    }

    /** The leaves that tell of the machine's processors. */
    void topology(String name) {
        for (int leaf : new int[] {1, 4, 0xb}) {
            p.walk("%s.%08x.".formatted(name, leaf), 2, 0, SUBLEAVES, "formatCpuid", () -> p.attempt(() -> {
                a.mov(EAX, leaf);
                a.mov(ECX, at("index"));
                leaf();
            }));
        }
    }

    private void leaf(int... prefix) {
        a.db(prefix);
        a.cpuid();
        Register[] results = {RAX, RBX, RCX, RDX};
        for (int i = 0; i < results.length; i++) {
            p.value(i, results[i]);
        }
    }

    /** @param held registers that are read and not written */
    void modelSpecific(int... held) {
        p.routine("readMsr", () -> {
            a.mov(ECX, at("index"));
            a.rdmsr();
            a.shl(RDX, 32);
            a.or(RAX, RDX);
            a.ret();
        });
        p.routine("writeMsr", () -> {
            a.mov(ECX, at("index"));
            a.mov(RDX, RAX);
            a.shr(RDX, 32);
            a.wrmsr();
            a.ret();
        });
        for (long[] range : RANGES) {
            p.bits("msr.", 8, range[0], range[1], 64, "readMsr", "writeMsr", held);
            p.walk("msr-unread.", 8, range[0], range[1], "formatNone", () -> {
                String readable = p.name();
                String end = p.name();
                p.attempt(() -> {
                    a.call("readMsr");
                    a.jmp(readable);
                });
                a.call("clear");
                p.attempt(() -> {
                    a.xor(EAX, EAX);
                    a.call("writeMsr");
                });
                a.jmp(end);
                a.label(readable);
                p.kind(Program.SKIPPED);
                a.label(end);
            });
        }
    }

    void control() {
        for (Register register : new Register[] {CR0, CR2, CR4, CR8, DR0, DR1, DR2, DR3, DR6, DR7}) {
            String name = register.name().toLowerCase(Locale.ROOT);
            p.routine("read-" + name, () -> {
                a.mov(RAX, register);
                a.ret();
            });
            p.routine("write-" + name, () -> {
                a.mov(register, RAX);
                a.ret();
            });
            p.bits(name, 0, 0, 1, 64, "read-" + name, "write-" + name);
        }
        p.routine("readXcr0", () -> {
            a.xor(ECX, ECX);
            a.xgetbv();
            a.shl(RDX, 32);
            a.or(RAX, RDX);
            a.ret();
        });
        p.routine("writeXcr0", () -> {
            a.xor(ECX, ECX);
            a.mov(RDX, RAX);
            a.shr(RDX, 32);
            a.xsetbv();
            a.ret();
        });
        p.bits("xcr0", 0, 0, 1, 64, "readXcr0", "writeXcr0");
        p.routine("readFlags", () -> {
            a.pushf();
            a.pop(RAX);
            a.ret();
        });
        p.routine("writeFlags", () -> {
            a.and(RAX, ~0x300);     // TF and IF stay off
            a.push(RAX);
            a.popf();
            a.ret();
        });
        p.bits("rflags", 0, 0, 1, 32, "readFlags", "writeFlags");
    }

    void random() {
        for (int[] form : new int[][] {{0x0f, 0xc7, 0xf0}, {0x0f, 0xc7, 0xf8}}) {
            p.one(form[2] == 0xf0 ? "random.rdrand" : "random.rdseed", "format4", () -> {
                a.db(form);
                a.setcc(Condition.C, AL);
                a.movzx(EAX, AL);
                p.value(0, RAX);
            });
        }
    }
}
