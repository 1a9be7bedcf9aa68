package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.probe.Program.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The hypercalls of Xen: by number, by command, with nothing, with room for an answer, and with pointers to nowhere.
 */
final class XenCalls {
    private static final int CALLS = 64;
    private static final int COMMANDS = 32;
    private static final long NOWHERE = 0x7000_0000_0000L;
    private static final int SELF = 0x7ff0;
    private static final int SCHED_OP = 29;
    private static final int VERSION = 17;
    private static final int MEMORY_OP = 12;

    /**
     * Calls with commands, and of those which are not made: they wait, end the guest or its console, or run another
     * vCPU.
     */
    private static final SortedMap<Integer, int[]> COMMANDS_NOT_MADE = new TreeMap<>(Map.of(12, new int[0],
            17, new int[0], 20, new int[0], 24, new int[] {2, 11}, SCHED_OP, new int[] {1, 2, 3}, 32, new int[] {10},
            33, new int[0], 34, new int[0], 38, new int[0]));

    private final Program p;
    private final Assembler a;
    private final int[] instruction;

    /** @param instruction that makes a call */
    XenCalls(Program p, int... instruction) {
        this.p = p;
        a = p.a;
        this.instruction = instruction;
    }

    /** @param notMade numbers of calls that change what the guest stands on */
    void all(int... notMade) {
        numbers("call.nothing.", 0, notMade);
        numbers("call.nowhere.", NOWHERE, notMade);
        COMMANDS_NOT_MADE.forEach((call, skipped) -> {
            commands("call.%02x.data.".formatted(call), call, DATA, skipped);
            commands("call.%02x.nowhere.".formatted(call), call, NOWHERE, skipped);
        });
        p.one("call.high-number", "format64", () -> call(1L << 32 | VERSION, 0, 0, 0));
        p.one("call.minus-one", "format64", () -> call(-1, 0, 0, 0));
        texts();
    }

    private void numbers(String name, long argument, int... notMade) {
        p.walk(name, 2, 0, CALLS, "format64", () -> {
            String skip = p.name();
            String end = p.name();
            a.mov(RAX, at("index"));
            a.cmp(EAX, 23);         // iret takes a frame from the stack
            a.jcc(Condition.Z, skip);
            for (int number : notMade) {
                a.cmp(EAX, number);
                a.jcc(Condition.Z, skip);
            }
            p.attempt(() -> {
                arguments(argument, argument, argument);
                a.mov(RAX, at("index"));
                a.db(instruction);
                p.value(0, RAX);
            });
            a.jmp(end);
            a.label(skip);
            p.kind(SKIPPED);
            a.label(end);
        });
    }

    private void commands(String name, int call, long argument, int... skipped) {
        p.walk(name, 2, 0, COMMANDS, "format64", () -> {
            String skip = p.name();
            String end = p.name();
            a.mov(RAX, at("index"));
            for (int number : skipped) {
                a.cmp(EAX, number);
                a.jcc(Condition.Z, skip);
            }
            a.call("clearData");
            p.attempt(() -> {
                // vcpu_op and grant_table_op have their data in the third argument; the second is a vCPU, or a pointer.
                if (call == 24) {
                    arguments(0, 0, argument);
                } else {
                    arguments(0, argument, call == 20 ? 1 : 0);
                }
                a.mov(RDI, at("index"));
                a.mov(EAX, call);
                a.db(instruction);
                p.value(0, RAX);
            });
            a.jmp(end);
            a.label(skip);
            p.kind(SKIPPED);
            a.label(end);
        });
    }

    private void arguments(long rdi, long rsi, long rdx) {
        a.mov(RDI, rdi);
        a.mov(RSI, rsi);
        a.mov(RDX, rdx);
        a.xor(R10, R10);
        a.xor(R8, R8);
    }

    private void call(long number, long rdi, long rsi, long rdx) {
        arguments(rdi, rsi, rdx);
        a.mov(RAX, number);
        a.db(instruction);
        p.value(0, RAX);
    }

    /** What calls leave in memory. */
    private void texts() {
        for (int command : new int[] {1, 2, 3, 4, 5, 8, 9}) {
            a.call("clearData");
            p.attempt(() -> call(VERSION, command, DATA, 0));
            a.mov(ESI, DATA);
            a.mov(ECX, 0x400);
            p.dump("call.11.%02x.text.".formatted(command));
        }
        for (int word = 0; word < 4; word++) {
            int number = word;
            p.one("call.11.06.word." + number, "format64", () -> {
                p.put(DATA, number);
                call(VERSION, 6, DATA, 0);
                a.mov(RAX, absolute(DATA));
                p.value(0, RAX);
            });
        }
    }

    /** The parameters of a guest that is not paravirtual. */
    void parameters() {
        p.walk("call.parameter.", 2, 0, 0x40, "formatPair", () -> p.attempt(() -> {
            a.mov(RAX, at("index"));
            a.shl(RAX, 32);
            a.or(RAX, SELF);
            a.mov(absolute(DATA), RAX);
            p.put(DATA + 8, 0);
            call(34, 1, DATA, 0);
            a.mov(RAX, absolute(DATA + 8));
            p.value(1, RAX);
        }));
    }

    /** The page that holds calls, and the clock of the shared page. */
    void pages() {
        a.mov(ECX, 0x4000_0000L);
        a.mov(EAX, DATA);
        a.xor(EDX, EDX);
        a.wrmsr();
        a.mov(ESI, DATA);
        a.mov(ECX, 0x1000);
        p.dump("call.page.");
        p.put(DATA, SELF);
        p.put(DATA + 8, 0);
        p.put(DATA + 16, DATA + 0x1000 >> 12);
        p.attempt(() -> call(MEMORY_OP, 7, DATA, 0));
        time(DATA + 0x1000);
    }

    /** Multiplier, shift and flags of a vCPU's time; the times themselves are of the moment. */
    void time(int shared) {
        p.one("clock.shared.scale", "format64", () -> {
            a.mov(RAX, absolute(shared + 0x38));
            p.value(0, RAX);
        });
    }
}
