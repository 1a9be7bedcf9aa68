package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.probe.Program.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Register;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a program at privilege level 3 may do: calls of the hypervisor, and instructions that are the kernel's or
 * everybody's.
 */
final class Level3 {
    private static final int BREAKPOINT = 3;
    private static final int CALLS = 64;
    private static final int BACKDOOR = 0x5658;
    private static final int MAGIC = 0x564d_5868;

    private final Program p;
    private final Assembler a;

    Level3(Program p) {
        this.p = p;
        a = p.a;
    }

    void all() {
        for (int[] instruction : new int[][] {{0x0f, 0x01, 0xc1}, {0x0f, 0x01, 0xd9}}) {
            p.walk(instruction[2] == 0xc1 ? "level3.vmcall." : "level3.vmmcall.", 2, 0, CALLS, "format64",
                    () -> run(() -> a.mov(RAX, at("index")), instruction));
        }
        p.walk("level3.backdoor.", 2, 0, CALLS, "format64", () -> run(() -> {
            a.mov(RCX, at("index"));
            a.mov(EDX, BACKDOOR);
            a.mov(EAX, MAGIC);
        }, 0xed));
        instructions().forEach((name, code) ->
                p.walk("level3." + name, 0, 0, 1, "formatNone", () -> run(() -> a.xor(EAX, EAX), code)));
    }

    private static Map<String, int[]> instructions() {
        Map<String, int[]> codes = new LinkedHashMap<>();
        codes.put("cpuid", new int[] {0x0f, 0xa2});
        codes.put("rdtsc", new int[] {0x0f, 0x31});
        codes.put("rdtscp", new int[] {0x0f, 0x01, 0xf9});
        codes.put("rdpmc", new int[] {0x0f, 0x33});
        codes.put("rdrand", new int[] {0x0f, 0xc7, 0xf0});
        codes.put("xgetbv", new int[] {0x0f, 0x01, 0xd0});
        codes.put("xsetbv", new int[] {0x0f, 0x01, 0xd1});
        codes.put("smsw", new int[] {0x0f, 0x01, 0xe0});
        codes.put("sldt", new int[] {0x0f, 0x00, 0xc0});
        codes.put("str", new int[] {0x0f, 0x00, 0xc8});
        codes.put("sgdt", new int[] {0x0f, 0x01, 0x44, 0x24, 0xe0});
        codes.put("hlt", new int[] {0xf4});
        codes.put("cli", new int[] {0xfa});
        codes.put("in", new int[] {0xe4, 0x21});
        codes.put("clts", new int[] {0x0f, 0x06});
        codes.put("wbinvd", new int[] {0x0f, 0x09});
        codes.put("rdmsr", new int[] {0x0f, 0x32});
        codes.put("swapgs", new int[] {0x0f, 0x01, 0xf8});
        codes.put("invlpg", new int[] {0x0f, 0x01, 0x3c, 0x24});
        codes.put("read-cr0", new int[] {0x0f, 0x20, 0xc0});
        codes.put("read-dr0", new int[] {0x0f, 0x21, 0xc0});
        codes.put("syscall", new int[] {0x0f, 0x05});
        codes.put("sysenter", new int[] {0x0f, 0x34});
        codes.put("int-30", new int[] {0xcd, 0x1e});
        codes.put("kernel-page", new int[] {0x8a, 0x04, 0x25, 0x00, 0x00, 0x3b, 0x00});
        return codes;
    }

    /** Runs an instruction at level 3, with registers set and others zero; the value is RAX behind it. */
    private void run(Runnable registers, int... code) {
        String done = p.name();
        for (int i = 0; i < code.length; i++) {
            a.mov(absolute(CODE + i).bytes(1), code[i]);
        }
        a.mov(absolute(CODE + code.length).bytes(1), 0xcc);
        p.attempt(() -> {
            a.push(PcWorld.USER_DATA);
            a.mov(RAX, PcWorld.USER_ALIAS + SCRATCH + 0x7000);
            a.push(RAX);
            a.push(2);
            a.push(PcWorld.USER_CODE);
            a.mov(RAX, PcWorld.USER_ALIAS + CODE);
            a.push(RAX);
            for (Register register : new Register[] {EBX, ECX, EDX, ESI, EDI, R8D, R10D}) {
                a.xor(register, register);
            }
            registers.run();
            a.iretq();
        });
        a.cmp(at("now", KIND).bytes(8), FAULT | BREAKPOINT);
        a.jcc(Condition.NZ, done);
        p.value(0, RAX);
        p.kind(FINE);
        a.label(done);
        a.mov(EAX, PcWorld.DATA_SELECTOR);
        a.mov(SS, EAX);
    }
}
