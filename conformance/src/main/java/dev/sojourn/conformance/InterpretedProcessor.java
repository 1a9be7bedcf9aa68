package dev.sojourn.conformance;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.SegmentRegister;
import dev.sojourn.cpu.interpreter.Interpreter;
import dev.sojourn.cpu.operation.x87.X87Environment;
import dev.sojourn.isa.Instruction;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.testkit.oracle.Case;
import dev.sojourn.testkit.oracle.Fault;
import dev.sojourn.testkit.oracle.Layout;
import dev.sojourn.testkit.oracle.Outcome;
import dev.sojourn.testkit.oracle.ProcessorState;
import dev.sojourn.testkit.oracle.ProcessorUnderTest;
import java.util.Arrays;

/**
 * The interpreter as the subject of comparisons: a small kernel whose exception handlers halt stands around each case.
 *
 * <pre>
 * physical  linear                    what
 * 01000     -                         page tables
 * 10000     ffff800000010000          descriptor tables, task state, handlers: one HLT every 16 bytes
 * 20000     ffff800000020000          stack of the handlers
 * 31000     20001000 and up           the pages of Layout, each at 30000 plus its distance from 20000000
 * 40000     20100000                  code
 * </pre>
 */
public final class InterpretedProcessor implements ProcessorUnderTest {
    private static final long KERNEL = 0xffff_8000_0000_0000L;
    private static final int GDT = 0x1_0000;
    private static final int IDT = 0x1_1000;
    private static final int TASK = 0x1_2000;
    private static final int HANDLERS = 0x1_3000;
    private static final int STACK_END = 0x2_1000;
    private static final int DATA = 0x3_0000;
    private static final int CODE = 0x4_0000;
    private static final long LIMIT = 0xffff_ffffL;
    private static final long USER_PAGE = 7;
    private static final long NO_EXECUTE = 1L << 63;
    private static final int INSTRUCTIONS_MAX = 20_000;

    private final GuestMemory memory = new GuestMemory(16 << 20);
    private final Cpu cpu = new Cpu(0, new NoMachine(), memory);
    private final Interpreter interpreter = new Interpreter(memory, cpu);
    private final byte[] fill = new byte[5 * Layout.PAGE_BYTES];
    private final byte[] breakpoints = new byte[Layout.CODE_BYTES];

    public InterpretedProcessor() {
        for (int i = 0; i < fill.length; i++) {
            fill[i] = Layout.fill(Layout.FIRST + i);
        }
        Arrays.fill(breakpoints, (byte) 0xcc);
        pageTables();
        descriptors();
    }

    private void pageTables() {
        memory.putLong(0x1000, 0x2000 | USER_PAGE);
        memory.putLong(0x1000 + 256 * 8, 0x5003);
        memory.putLong(0x2000, 0x3000 | USER_PAGE);
        memory.putLong(0x3000 + 256 * 8, 0x4000 | USER_PAGE);
        page(Layout.FIRST, USER_PAGE | NO_EXECUTE);
        page(Layout.SECOND, USER_PAGE | NO_EXECUTE);
        page(Layout.READ_ONLY, 5 | NO_EXECUTE);
        page(Layout.LAST, USER_PAGE | NO_EXECUTE);
        memory.putLong(0x4000 + (Layout.CODE >> 12 & 511) * 8, CODE | 5);
        memory.putLong(0x4000 + (Layout.CODE + 0x1000 >> 12 & 511) * 8, CODE + 0x1000 | 5);
        memory.putLong(0x5000, 0x6003);
        memory.putLong(0x6000, 0x83);
    }

    private void page(long linear, long flags) {
        memory.putLong(0x4000 + (linear >> 12 & 511) * 8, physical(linear) | flags);
    }

    private static long physical(long linear) { return linear - 0x2000_0000L + DATA; }

    private void descriptors() {
        long[] gdt = {0, 0, 0x00af_9b00_0000_ffffL, 0x00cf_9300_0000_ffffL, 0x00cf_fb00_0000_ffffL, 0x00cf_f300_0000_ffffL,
            0x00af_fb00_0000_ffffL};
        for (int i = 0; i < gdt.length; i++) {
            memory.putLong(GDT + 8 * i, gdt[i]);
        }
        memory.putLong(TASK + 4, KERNEL + STACK_END);
        // No I/O permission bit map: its base lies behind the limit.
        memory.putShort(TASK + 0x66, 0x68);
        for (int vector = 0; vector < 32; vector++) {
            long handler = KERNEL + HANDLERS + vector * 16;
            int privilege = vector == 3 || vector == 4 ? 0xee00 : 0x8e00;
            memory.putLong(IDT + vector * 16, handler & 0xffff | 0x10 << 16 | (long) privilege << 32
                    | (handler >>> 16 & 0xffff) << 48);
            memory.putLong(IDT + vector * 16 + 8, handler >>> 32);
            memory.putByte(HANDLERS + vector * 16, 0xf4);
        }
    }

    @Override public Outcome run(Case c) {
        load(c);
        long stop = cpu.executed + INSTRUCTIONS_MAX;
        while (!cpu.halted && !cpu.shutdown && cpu.executed < stop) {
            interpreter.run(cpu, stop - cpu.executed);
        }
        if (cpu.shutdown) {
            throw new AssertionError("The processor shut down in " + c.name() + ", seed " + c.seed());
        }
        if (!cpu.halted) {
            return new Outcome(state(cpu.rip, cpu.eflags(), cpu.r[Cpu.RSP]), Fault.TIMEOUT);
        }
        int vector = (int) (cpu.rip - 1 - KERNEL - HANDLERS) / 16;
        boolean hasError = vector == 8 || vector >= 10 && vector <= 14 || vector == 17;
        long frame = cpu.r[Cpu.RSP] - KERNEL;
        int error = hasError ? memory.getInt(frame) : 0;
        long at = hasError ? frame + 8 : frame;
        ProcessorState seen = state(memory.getLong(at), memory.getLong(at + 16), memory.getLong(at + 24));
        return Outcome.of(c, seen, Fault.of(vector, error, cpu.cr2));
    }

    private void load(Case c) {
        ProcessorState before = c.before();
        cpu.reset();
        cpu.cr0 = Cpu.CR0_PE | Cpu.CR0_PG | Cpu.CR0_ET | Cpu.CR0_NE | Cpu.CR0_WP | Cpu.CR0_AM | Cpu.CR0_MP;
        cpu.cr3 = 0x1000;
        cpu.cr4 = Cpu.CR4_PAE | Cpu.CR4_OSFXSR | Cpu.CR4_OSXMMEXCPT;
        cpu.efer = Cpu.EFER_LME | Cpu.EFER_LMA | Cpu.EFER_NXE | Cpu.EFER_SCE;
        cpu.gdtBase = KERNEL + GDT;
        cpu.gdtLimit = 0x37;
        cpu.idtBase = KERNEL + IDT;
        cpu.idtLimit = 0x1ff;
        cpu.tr.set(0x40, KERNEL + TASK, 0x67, 0x8b);
        cpu.ldtr.set(0, 0, 0, 0x82);
        cpu.cpl = 3;
        segments(c.bits32());
        memory.write(DATA + 0x1000, fill);
        memory.write(CODE, breakpoints);
        memory.write(CODE + (before.rip() - Layout.CODE), c.code());
        windows(before.windows());
        System.arraycopy(before.general(), 0, cpu.r, 0, 16);
        cpu.rip = before.rip();
        cpu.flags.set((int) before.rflags());
        cpu.system = (int) before.rflags() & (Cpu.TF | Cpu.IF | Cpu.DF | Cpu.NT | Cpu.AC | Cpu.ID) | 2;
        media(before);
        cpu.mmu.flushAll();
        cpu.modeChanged();
    }

    private void segments(boolean bits32) {
        for (int i = 0; i < 6; i++) {
            boolean empty = i >= Instruction.FS;
            cpu.segments[i].set(empty ? 0 : Layout.DATA_SELECTOR, 0, LIMIT, 0xc0f3);
            cpu.segments[i].unusable = empty;
        }
        SegmentRegister code = cpu.segments[Instruction.CS];
        code.set(bits32 ? Layout.CODE32_SELECTOR : Layout.CODE64_SELECTOR, 0, LIMIT, bits32 ? 0xc0fb : 0xa0fb);
        if (!bits32) {
            cpu.segments[Instruction.FS].base = Layout.FS_BASE;
            cpu.segments[Instruction.GS].base = Layout.GS_BASE;
        }
    }

    private void windows(byte[] windows) {
        for (int at = 0; at < windows.length; at++) {
            memory.putByte(physical(Layout.windowAddress(at)), windows[at]);
        }
    }

    private void media(ProcessorState before) {
        X87Environment.fxrstor(cpu.fpu, before.fx(), true);
        cpu.mxcsr.load(before.fxInt(ProcessorState.FX_MXCSR));
        for (int i = 0; i < 32; i++) {
            cpu.xmm[i] = before.fxLong(ProcessorState.FX_XMM + 8 * i);
        }
    }

    private ProcessorState state(long rip, long rflags, long sp) {
        long[] general = Arrays.copyOf(cpu.r, 16);
        general[Cpu.RSP] = sp;
        byte[] fx = new byte[ProcessorState.FX_BYTES];
        X87Environment.fxsave(cpu.fpu, fx, true);
        put(fx, ProcessorState.FX_MXCSR, cpu.mxcsr.value(), 4);
        put(fx, ProcessorState.FX_MXCSR_MASK, 0xffff, 4);
        for (int i = 0; i < 32; i++) {
            put(fx, ProcessorState.FX_XMM + 8 * i, cpu.xmm[i], 8);
        }
        byte[] windows = new byte[Layout.WINDOWS_BYTES];
        for (int at = 0; at < windows.length; at++) {
            windows[at] = (byte) memory.getByte(physical(Layout.windowAddress(at)));
        }
        return new ProcessorState(rip, rflags, general, fx, windows);
    }

    private static void put(byte[] target, int at, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            target[at + i] = (byte) (value >>> 8 * i);
        }
    }
}
