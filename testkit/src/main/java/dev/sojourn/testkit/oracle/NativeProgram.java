package dev.sojourn.testkit.oracle;

import static dev.sojourn.assembler.Condition.NZ;
import static dev.sojourn.assembler.Condition.S;
import static dev.sojourn.assembler.Condition.Z;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.ElfFile;
import dev.sojourn.assembler.Register;

/**
 * The program that runs cases natively: an x86-64 Linux executable, assembled here.
 *
 * <p>It maps the world of {@link Layout} and then answers batches. A batch is a count (8 bytes) and as many cases of
 * {@link #CASE_BYTES}; the answer is as many outcomes of {@link #OUTCOME_BYTES}. A count of zero or the end of input
 * ends it.
 *
 * <pre>
 * case      0 rip   8 rflags   16 general registers   144 cs   152 code length   160 code   224 windows   1248 fx
 * outcome   0 the kernel's sigcontext, R8 to CR2   184 signal   192 strayed   208 windows   1232 fx
 * </pre>
 *
 * <p>Implementation notes. A case is entered by IRETQ, which loads RIP, CS, RFLAGS, RSP and SS at once, and left by a
 * signal, always: the signal frame then holds the whole state as it was, on the alternate stack whatever RSP is. The
 * handler never returns; it collects the state and goes on with the next case on the program's own stack. Signals are
 * not blocked in handlers (SA_NODEFER), so nothing needs undoing. Code is written through a second mapping, so that
 * cases cannot write to theirs. A virtual interval timer ends a case that was already running at the tick before.
 */
final class NativeProgram {
    static final int CASE_RIP = 0;
    static final int CASE_RFLAGS = 8;
    static final int CASE_GENERAL = 16;
    static final int CASE_CS = 144;
    static final int CASE_CODE_LENGTH = 152;
    static final int CASE_CODE = 160;
    static final int CASE_WINDOWS = CASE_CODE + Case.CODE_BYTES_MAX;
    static final int CASE_FX = CASE_WINDOWS + Layout.WINDOWS_BYTES;
    static final int CASE_BYTES = CASE_FX + ProcessorState.FX_BYTES;

    static final int OUTCOME_CONTEXT = 0;
    static final int OUTCOME_SIGNAL = 184;
    static final int OUTCOME_STRAYED = 192;
    static final int OUTCOME_WINDOWS = 208;
    static final int OUTCOME_FX = OUTCOME_WINDOWS + Layout.WINDOWS_BYTES;
    static final int OUTCOME_BYTES = OUTCOME_FX + ProcessorState.FX_BYTES;

    static final int BATCH_CASES_MAX = 512;

    /** SIGVTALRM, as the signal of an outcome, means that the case did not end. */
    static final int TIMEOUT_SIGNAL = 26;

    // The program lies far from all that cases address.
    private static final long BASE = 0x1234_5600_0000L;
    private static final long ALIAS = 0x1234_7000_0000L;
    private static final int STACK_BYTES = 1 << 18;
    private static final int TICK_MICROSECONDS = 100_000;

    // Linux system calls, x86-64.
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int MMAP = 9;
    private static final int MPROTECT = 10;
    private static final int RT_SIGACTION = 13;
    private static final int RT_SIGRETURN = 15;
    private static final int SETITIMER = 38;
    private static final int EXIT = 60;
    private static final int FTRUNCATE = 77;
    private static final int SIGALTSTACK = 131;
    private static final int ARCH_PRCTL = 158;
    private static final int MEMFD_CREATE = 319;

    private static final int ARCH_SET_GS = 0x1001;
    private static final int ARCH_SET_FS = 0x1002;
    private static final int PROTECT_READ = 1;
    private static final int PROTECT_READ_WRITE = 3;
    private static final int PROTECT_READ_EXECUTE = 5;
    private static final int MAP_FIXED_SHARED = 0x11;
    private static final int MAP_FIXED_PRIVATE_ANONYMOUS = 0x32;
    private static final int[] SIGNALS = {4, 5, 7, 8, 11, TIMEOUT_SIGNAL};
    private static final int SIGACTION_FLAGS = 0x4 | 0x0800_0000 | 0x0400_0000 | 0x4000_0000;

    // Offsets in the ucontext that a signal handler is given.
    private static final int CONTEXT = 40;
    private static final int ALIGNMENT_CHECK = 0x4_0000;
    private static final int CONTEXT_BYTES = 184;

    // Why it gave up: exit codes.
    private static final int SET_UP_FAILED = 10;
    private static final int STREAM_BROKEN = 11;
    private static final int OWN_FAULT = 12;

    private static final Register[] LOADED = {RAX, RCX, RDX, null, null, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14,
        R15};

    private final Assembler a = new Assembler(ElfFile.codeAddress(BASE));

    private NativeProgram() {}

    static byte[] executable() { return new NativeProgram().assemble(); }

    private byte[] assemble() {
        setUp();
        batch();
        runCase();
        handler();
        compareWithFill();
        readExactly();
        data();
        byte[] code = a.assemble();
        return ElfFile.executable(BASE, code, a.address("start"), a.address("end") - a.here());
    }

    private void setUp() {
        a.label("start");
        map(Layout.FIRST, 3 * Layout.PAGE_BYTES, PROTECT_READ_WRITE, false);
        map(Layout.LAST, Layout.PAGE_BYTES, PROTECT_READ_WRITE, false);
        copy("fill", Layout.FIRST, 3 * Layout.PAGE_BYTES);
        copy("fillLast", Layout.LAST, Layout.PAGE_BYTES);
        call(MPROTECT, Layout.READ_ONLY, Layout.PAGE_BYTES, PROTECT_READ);
        a.lea(RDI, at("name"));
        a.xor(ESI, ESI);
        a.mov(EAX, MEMFD_CREATE);
        a.syscall();
        a.mov(R15, RAX);
        a.mov(RDI, R15);
        a.mov(ESI, Layout.CODE_BYTES);
        a.mov(EAX, FTRUNCATE);
        a.syscall();
        map(ALIAS, Layout.CODE_BYTES, PROTECT_READ_WRITE, true);
        a.mov(RDI, ALIAS);
        a.mov(EAX, 0xcc);
        a.mov(ECX, Layout.CODE_BYTES);
        a.rep();
        a.stos(1);
        map(Layout.CODE, Layout.CODE_BYTES, PROTECT_READ_EXECUTE, true);
        call(ARCH_PRCTL, ARCH_SET_FS, Layout.FS_BASE, 0);
        call(ARCH_PRCTL, ARCH_SET_GS, Layout.GS_BASE, 0);
        a.lea(RDI, at("alternateStack"));
        a.xor(ESI, ESI);
        a.mov(EAX, SIGALTSTACK);
        a.syscall();
        for (int signal : SIGNALS) {
            a.mov(EDI, signal);
            a.lea(RSI, at("action"));
            a.xor(EDX, EDX);
            a.mov(R10, 8);
            a.mov(EAX, RT_SIGACTION);
            a.syscall();
        }
        a.mov(EDI, 1);
        a.lea(RSI, at("tick"));
        a.xor(EDX, EDX);
        a.mov(EAX, SETITIMER);
        a.syscall();
        a.mov(EAX, Layout.DATA_SELECTOR);
        a.mov(DS, EAX);
        a.mov(ES, EAX);
        a.mov(at("stack"), RSP);
    }

    private void map(long address, int bytes, int protection, boolean shared) {
        a.mov(RDI, address);
        a.mov(ESI, bytes);
        a.mov(EDX, protection);
        a.mov(R10, shared ? MAP_FIXED_SHARED : MAP_FIXED_PRIVATE_ANONYMOUS);
        if (shared) {
            a.mov(R8, R15);
        } else {
            a.mov(R8, -1);
        }
        a.mov(R9, 0);
        a.mov(EAX, MMAP);
        a.syscall();
        a.cmp(RAX, RDI);
        a.mov(EDI, SET_UP_FAILED);
        a.jcc(NZ, "exit");
    }

    private void call(int number, long first, long second, long third) {
        a.mov(RDI, first);
        a.mov(RSI, second);
        a.mov(RDX, third);
        a.mov(EAX, number);
        a.syscall();
    }

    private void batch() {
        a.label("batch");
        a.lea(RSI, at("count"));
        a.mov(EDX, 8);
        a.call("readExactly");
        a.mov(RAX, at("count"));
        a.xor(EDI, EDI);
        a.test(RAX, RAX);
        a.jcc(Z, "exit");
        a.mov(at("left"), RAX);
        a.imul(RDX, RAX, CASE_BYTES);
        a.lea(RSI, at("input"));
        a.mov(at("case"), RSI);
        a.lea(RDI, at("output"));
        a.mov(at("outcome"), RDI);
        a.call("readExactly");
        a.jmp("next");

        a.label("flush");
        a.imul(R12, at("count").bytes(8), OUTCOME_BYTES);
        a.lea(RSI, at("output"));
        a.label("writeMore");
        a.mov(EDI, 1);
        a.mov(RDX, R12);
        a.mov(EAX, WRITE);
        a.syscall();
        a.test(RAX, RAX);
        a.mov(EDI, STREAM_BROKEN);
        a.jcc(S, "failed");
        a.add(RSI, RAX);
        a.sub(R12, RAX);
        a.jcc(NZ, "writeMore");
        a.jmp("batch");

        a.label("failed");
        a.cmp(RAX, -4);
        a.jcc(Z, "writeMore");
        a.label("exit");
        a.mov(EAX, EXIT);
        a.syscall();
    }

    private void runCase() {
        a.label("next");
        a.cmp(at("left").bytes(8), 0);
        a.jcc(Z, "flush");
        a.mov(RBX, at("case"));
        a.mov(RDI, ALIAS - Layout.CODE);
        a.add(RDI, at(RBX, CASE_RIP));
        a.mov(at("codeAlias"), RDI);
        a.lea(RSI, at(RBX, CASE_CODE));
        a.mov(RCX, at(RBX, CASE_CODE_LENGTH));
        a.rep();
        a.movs(1);
        a.lea(RSI, at(RBX, CASE_WINDOWS));
        copyWindow(Layout.BOUNDARY_WINDOW, Layout.BOUNDARY_WINDOW_BYTES);
        copyWindow(Layout.SECOND_WINDOW, Layout.SECOND_WINDOW_BYTES);
        copyWindow(Layout.LAST_WINDOW, Layout.LAST_WINDOW_BYTES);
        a.fxrstor(at(RBX, CASE_FX).bytes(8));
        a.inc(at("number").bytes(8));
        a.push(Layout.DATA_SELECTOR);
        a.push(at(RBX, CASE_GENERAL + 8 * RSP.code()));
        a.push(at(RBX, CASE_RFLAGS));
        a.push(at(RBX, CASE_CS));
        a.push(at(RBX, CASE_RIP));
        for (int i = 0; i < LOADED.length; i++) {
            if (LOADED[i] != null) {
                a.mov(LOADED[i], at(RBX, CASE_GENERAL + 8 * i));
            }
        }
        a.mov(RBX, at(RBX, CASE_GENERAL + 8 * RBX.code()));
        a.mov(at("running").bytes(8), 1);
        a.iretq();
    }

    private void copyWindow(long address, int bytes) {
        a.mov(EDI, address);
        a.mov(ECX, bytes / 8);
        a.rep();
        a.movs(8);
    }

    private void handler() {
        a.label("handler");
        // Only AC may go: the return from a tick takes ID and NT from here, not from the signal frame.
        a.pushf();
        a.and(at(RSP).bytes(8), ~ALIGNMENT_CHECK);
        a.popf();
        a.cmp(at("running").bytes(8), 0);
        a.jcc(Z, "outside");
        a.cmp(EDI, TIMEOUT_SIGNAL);
        a.jcc(NZ, "collect");
        a.mov(RAX, at("number"));
        a.xchg(at("numberAtTick"), RAX);
        a.cmp(RAX, at("number"));
        a.jcc(NZ, "return");

        a.label("collect");
        a.push(2);
        a.popf();
        a.mov(at("running").bytes(8), 0);
        a.mov(RBX, at("outcome"));
        a.mov(at(RBX, OUTCOME_SIGNAL), RDI);
        a.lea(RSI, at(RDX, CONTEXT));
        a.lea(RDI, at(RBX, OUTCOME_CONTEXT));
        a.mov(ECX, CONTEXT_BYTES / 8);
        a.rep();
        a.movs(8);
        a.mov(RSI, at(RDX, CONTEXT + CONTEXT_BYTES));
        a.lea(RDI, at(RBX, OUTCOME_FX));
        a.mov(ECX, ProcessorState.FX_BYTES / 8);
        a.rep();
        a.movs(8);
        a.lea(RDI, at(RBX, OUTCOME_WINDOWS));
        collectWindow(Layout.BOUNDARY_WINDOW, Layout.BOUNDARY_WINDOW_BYTES);
        collectWindow(Layout.SECOND_WINDOW, Layout.SECOND_WINDOW_BYTES);
        collectWindow(Layout.LAST_WINDOW, Layout.LAST_WINDOW_BYTES);
        a.call("compareWithFill");
        a.mov(at(RBX, OUTCOME_STRAYED), RAX);
        a.mov(RDI, at("codeAlias"));
        a.mov(RCX, at("case"));
        a.mov(RCX, at(RCX, CASE_CODE_LENGTH));
        a.mov(AL, 0xcc);
        a.rep();
        a.stos(1);
        a.add(at("case").bytes(8), CASE_BYTES);
        a.add(at("outcome").bytes(8), OUTCOME_BYTES);
        a.dec(at("left").bytes(8));
        a.mov(RSP, at("stack"));
        a.jmp("next");

        a.label("outside");
        a.cmp(EDI, TIMEOUT_SIGNAL);
        a.mov(EDI, OWN_FAULT);
        a.jcc(NZ, "exit");
        a.label("return");
        a.ret();
        a.label("restorer");
        a.mov(EAX, RT_SIGRETURN);
        a.syscall();
    }

    private void collectWindow(long address, int bytes) {
        a.mov(ESI, address);
        a.mov(ECX, bytes / 8);
        a.rep();
        a.movs(8);
    }

    /** Puts the fill back where the windows are, and answers in RAX whether the pages differ otherwise. */
    private void compareWithFill() {
        a.label("compareWithFill");
        restore("fill", Layout.FIRST, Layout.BOUNDARY_WINDOW, Layout.BOUNDARY_WINDOW_BYTES);
        restore("fill", Layout.FIRST, Layout.SECOND_WINDOW, Layout.SECOND_WINDOW_BYTES);
        restore("fillLast", Layout.LAST, Layout.LAST_WINDOW, Layout.LAST_WINDOW_BYTES);
        a.sse(0x66, 0x0f76, XMM0, XMM0);
        compare("fill", Layout.FIRST, 2 * Layout.PAGE_BYTES, "compareFirst");
        compare("fillLast", Layout.LAST, Layout.PAGE_BYTES, "compareLast");
        a.pmovmskb(EAX, XMM0);
        a.xor(EAX, 0xffff);
        a.jcc(Z, "return");
        copy("fill", Layout.FIRST, 2 * Layout.PAGE_BYTES);
        copy("fillLast", Layout.LAST, Layout.PAGE_BYTES);
        a.mov(EAX, 1);
        a.ret();
    }

    private void restore(String fill, long page, long window, int bytes) {
        a.lea(RSI, at(fill, (int) (window - page)));
        copyWindow(window, bytes);
    }

    private void compare(String fill, long address, int bytes, String loop) {
        a.lea(RSI, at(fill));
        a.mov(EDI, address);
        a.mov(ECX, bytes / 64);
        a.label(loop);
        for (int i = 0; i < 64; i += 16) {
            a.movups(XMM1, at(RSI, i));
            a.pcmpeqb(XMM1, at(RDI, i));
            a.pand(XMM0, XMM1);
        }
        a.add(RSI, 64);
        a.add(RDI, 64);
        a.dec(ECX);
        a.jcc(NZ, loop);
    }

    private void copy(String from, long to, int bytes) {
        a.lea(RSI, at(from));
        copyWindow(to, bytes);
    }

    /** RDX bytes of standard input to RSI; ends the program where the input ends. */
    private void readExactly() {
        a.label("readExactly");
        a.mov(R12, RDX);
        a.label("readMore");
        a.xor(EDI, EDI);
        a.mov(RDX, R12);
        a.mov(EAX, READ);
        a.syscall();
        a.cmp(RAX, -4);
        a.jcc(Z, "readMore");
        a.xor(EDI, EDI);
        a.test(RAX, RAX);
        a.jcc(Z, "exit");
        a.mov(EDI, STREAM_BROKEN);
        a.jcc(S, "exit");
        a.add(RSI, RAX);
        a.sub(R12, RAX);
        a.jcc(NZ, "readMore");
        a.ret();
    }

    private void data() {
        a.label("name");
        a.asciz("sojourn");
        a.align(16);
        for (String name : new String[] {"count", "left", "case", "outcome", "codeAlias", "number", "numberAtTick",
            "running", "stack"}) {
            a.label(name);
            a.dq(0);
        }
        a.label("tick");
        a.dq(0, TICK_MICROSECONDS, 0, TICK_MICROSECONDS);
        a.label("action");
        a.dq("handler");
        a.dq(SIGACTION_FLAGS);
        a.dq("restorer");
        a.dq(0);
        a.label("alternateStack");
        a.dq("alternate");
        a.dq(0, STACK_BYTES);
        a.align(64);
        a.label("fill");
        fill(Layout.FIRST, 3 * Layout.PAGE_BYTES);
        a.label("fillLast");
        fill(Layout.LAST, Layout.PAGE_BYTES);
        long behind = a.here();
        a.equ("alternate", behind);
        a.equ("input", behind + STACK_BYTES);
        a.equ("output", behind + STACK_BYTES + BATCH_CASES_MAX * CASE_BYTES);
        a.equ("end", behind + STACK_BYTES + BATCH_CASES_MAX * (CASE_BYTES + OUTCOME_BYTES));
    }

    private void fill(long address, int bytes) {
        for (int i = 0; i < bytes; i++) {
            a.db(Layout.fill(address + i));
        }
    }
}
