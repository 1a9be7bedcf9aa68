package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.probe.Program.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import java.util.List;

/**
 * Which instructions there are: each opcode of the maps with ModRM, with each prefix that selects another instruction,
 * as far as the guest survives it; those without ModRM that 64-bit mode has lost; the encodings of later vector
 * instructions.
 */
final class Instructions {
    private static final int INSTRUCTION_BYTES = 16;
    private static final int STACK_OF_ZEROS = SCRATCH + 0x7000;
    private static final int CLEARED = 0x240;

    /** Those without ModRM, but SYSRET and Jcc. */
    private static final List<int[]> BARE = List.of(new int[] {0x04, 0x06}, new int[] {0x08, 0x0c},
            new int[] {0x0e, 0x0e}, new int[] {0x30, 0x37}, new int[] {0x77, 0x77}, new int[] {0xa0, 0xa2},
            new int[] {0xa8, 0xaa}, new int[] {0xc8, 0xcf});
    /** SYSRET, moves to control and debug registers, the ways to the other maps, Jcc. */
    private static final List<int[]> SKIPPED_TWO_BYTE = List.of(new int[] {0x07, 0x07}, new int[] {0x22, 0x23},
            new int[] {0x38, 0x38}, new int[] {0x3a, 0x3a}, new int[] {0x80, 0x8f});
    /** Bit tests reach memory by a register's value. */
    private static final List<int[]> SKIPPED_IN_MEMORY =
            List.of(new int[] {0xa3, 0xa3}, new int[] {0xab, 0xab}, new int[] {0xb3, 0xb3}, new int[] {0xbb, 0xbb});

    private final Program p;
    private final Assembler a;
    /** Brings back what an instruction may have changed that later ones need. */
    private final Runnable restore;

    Instructions(Program p, Runnable restore) {
        this.p = p;
        a = p.a;
        this.restore = restore;
    }

    void all() {
        p.routine("prepare", this::prepare);
        for (int prefix : new int[] {0, 0x66, 0xf2, 0xf3}) {
            for (boolean memory : new boolean[] {false, true}) {
                twoByte(prefix, memory);
                threeByte(0x38, prefix, memory);
                threeByte(0x3a, prefix, memory);
            }
            for (int[] range : BARE) {
                p.walk(name("0f", prefix) + ".", 2, range[0], range[1] + 1, "formatNone", () -> {
                    int at = start(prefix, 0x0f);
                    a.mov(RAX, at("index"));
                    a.mov(absolute(CODE + at), AL);
                    run();
                });
            }
            p.walk(name("0f01", prefix) + ".", 2, 0xc0, 0x100, "formatNone", () -> {
                int at = start(prefix, 0x0f, 0x01);
                a.mov(RAX, at("index"));
                a.mov(absolute(CODE + at), AL);
                run();
            });
        }
        floating();
        plain();
    }

    private static String name(String map, int prefix) {
        return "opcode." + map + "." + (prefix == 0 ? "00" : Integer.toHexString(prefix));
    }

    private void twoByte(int prefix, boolean memory) {
        p.walk(name("0f", prefix) + (memory ? ".m." : ".r."), 3, 0, 0x1000, "formatNone", () -> {
            String skip = p.name();
            String end = p.name();
            a.mov(RAX, at("index"));
            a.test(AL, 8);
            a.jcc(Condition.NZ, skip);
            if (memory) {
                for (int table : new int[] {0x012, 0x013}) {
                    a.cmp(EAX, table);
                    a.jcc(Condition.Z, skip);
                }
                skip(SKIPPED_IN_MEMORY, skip);
            }
            skip(SKIPPED_TWO_BYTE, skip);
            skip(BARE, skip);
            int at = start(prefix, 0x0f);
            a.mov(RAX, at("index"));
            a.mov(ECX, EAX);
            a.shr(ECX, 4);
            a.mov(absolute(CODE + at), CL);
            a.and(EAX, 7);
            a.shl(EAX, 3);
            a.or(EAX, memory ? 0x03 : 0xc1);
            a.mov(absolute(CODE + at + 1), AL);
            run();
            a.jmp(end);
            a.label(skip);
            p.kind(SKIPPED);
            a.label(end);
        });
    }

    private void skip(List<int[]> ranges, String label) {
        for (int[] range : ranges) {
            a.mov(RAX, at("index"));
            a.shr(EAX, 4);
            a.sub(EAX, range[0]);
            a.cmp(EAX, range[1] - range[0] + 1);
            a.jcc(Condition.C, label);
        }
    }

    private void threeByte(int map, int prefix, boolean memory) {
        String line = name("0f" + Integer.toHexString(map), prefix) + (memory ? ".m." : ".r.");
        p.walk(line, 2, 0, 0x100, "formatNone", () -> {
            int at = start(prefix, 0x0f, map);
            a.mov(RAX, at("index"));
            a.mov(absolute(CODE + at), AL);
            a.mov(absolute(CODE + at + 1).bytes(1), memory ? 0x03 : 0xc1);
            run();
        });
    }

    private void floating() {
        p.walk("opcode.x87.", 4, 0xd800, 0xe000, "formatNone", () -> {
            String skip = p.name();
            String go = p.name();
            String end = p.name();
            a.mov(RAX, at("index"));
            a.cmp(AL, 0xc0);
            a.jcc(Condition.NC, go);
            a.and(AL, 0xc7);
            a.cmp(AL, 3);
            a.jcc(Condition.NZ, skip);
            a.label(go);
            start(0);
            a.mov(RAX, at("index"));
            a.mov(absolute(CODE), AH);
            a.mov(absolute(CODE + 1), AL);
            run();
            a.jmp(end);
            a.label(skip);
            p.kind(SKIPPED);
            a.label(end);
        });
    }

    private void plain() {
        one("06", 0x06);
        for (int opcode : new int[] {0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x27, 0x2f, 0x37, 0x3f, 0x60, 0x61, 0x82,
            0x9a, 0xce, 0xd4, 0xd5, 0xd6, 0xea}) {
            one("%02x".formatted(opcode), opcode);
        }
        one("lock-nop", 0xf0, 0x90);
        one("lock-add-register", 0xf0, 0x01, 0xc9);
        one("vex-vzeroupper", 0xc5, 0xf8, 0x77);
        one("vex-vaddps", 0xc5, 0xf0, 0x58, 0xc1);
        one("vex-andn", 0xc4, 0xe2, 0x70, 0xf2, 0xc1);
        one("vex-rorx", 0xc4, 0xe3, 0x7b, 0xf0, 0xc1, 0x01);
        one("evex-vaddps", 0x62, 0xf1, 0x74, 0x48, 0x58, 0xc1);
        one("xop-vpcmov", 0x8f, 0xe8, 0x78, 0xa2, 0xc1, 0x10);
    }

    /**
     * Instructions that a kernel has to switch on.
     *
     * @param control what CR4 holds
     */
    void switchedOn(long control) {
        int[] codes = {0xc0, 0xc8, 0xd1, 0xd9};
        String[] names = {"rdfsbase", "rdgsbase", "wrfsbase", "wrgsbase"};
        for (int i = 0; i < codes.length; i++) {
            int code = codes[i];
            p.one("opcode-enabled." + names[i], "formatNone", () -> {
                a.mov(RAX, control | 1 << 16);
                a.mov(CR4, RAX);
                a.xor(ECX, ECX);
                a.db(0xf3, 0x48, 0x0f, 0xae, code);
            });
            a.mov(RAX, control);
            a.mov(CR4, RAX);
        }
    }

    private void one(String name, int... bytes) {
        p.walk("opcode." + name, 0, 0, 1, "formatNone", () -> {
            start(0, bytes);
            run();
        });
    }

    /** Begins an instruction. @return how many bytes it has so far */
    private int start(int prefix, int... bytes) {
        a.call("prepare");
        int at = 0;
        if (prefix != 0) {
            a.mov(absolute(CODE + at++).bytes(1), prefix);
        }
        for (int value : bytes) {
            a.mov(absolute(CODE + at++).bytes(1), value);
        }
        return at;
    }

    /** Fills the place for the instruction with NOPs and a jump behind them, and clears what it may work on. */
    private void prepare() {
        a.mov(RAX, 0x9090_9090_9090_9090L);
        a.mov(absolute(CODE), RAX);
        a.mov(absolute(CODE + 8), RAX);
        a.mov(RAX, 0x2524_ffL);     // jmp [resume]
        a.mov(absolute(CODE + INSTRUCTION_BYTES), RAX);
        a.mov(RAX, "resume");
        a.mov(absolute(CODE + INSTRUCTION_BYTES + 3), EAX);
        a.mov(EAX, CODE);
        a.mov(at("code"), RAX);
        a.mov(EDI, SCRATCH);
        a.mov(ECX, CLEARED / 8);
        a.xor(EAX, EAX);
        a.rep();
        a.stos(8);
        a.clts();
        a.fninit();
        a.mov(absolute(SCRATCH + CLEARED).bytes(4), 0x1f80);
        a.ldmxcsr(absolute(SCRATCH + CLEARED));
        a.push(2);
        a.popf();
        a.ret();
    }

    private void run() {
        p.attempt(() -> {
            a.mov(EBX, SCRATCH);
            a.mov(EDI, SCRATCH + 0x800);
            a.mov(ESI, SCRATCH + 0xc00);
            a.mov(ESP, STACK_OF_ZEROS);
            a.mov(ECX, 0xffff);
            a.xor(EAX, EAX);
            a.xor(EDX, EDX);
            a.xor(EBP, EBP);
            a.jmp(at("code"));
        });
        restore.run();
    }
}
