package dev.sojourn.conformance;

import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.ProcessorImage;
import dev.sojourn.cpu.interpreter.Interpreter;
import dev.sojourn.cpu.interpreter.RegionCompiler;
import dev.sojourn.cpu.operation.x87.X87Environment;
import dev.sojourn.isa.Instruction;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.memory.MemoryDigest;
import dev.sojourn.testkit.generator.Program;
import dev.sojourn.testkit.oracle.Layout;
import java.util.Arrays;

/**
 * One engine with a small kernel around a random program, advanced turn by turn.
 *
 * <pre>
 * physical  linear                    what
 * 01000     -                         page tables
 * 10000     ffff800000010000          descriptor tables, task state, handlers
 * 20000     ffff800000020000          stack of the handlers, and their log
 * 30000     20000000 and up           the pages of Layout and Program, each at its distance from 20000000
 * c0000     20100000 and up           code
 * fe000000  20030000                  the device
 * </pre>
 */
final class ProgramProcessor {
    private static final long KERNEL = 0xffff_8000_0000_0000L;
    private static final int GDT = 0x1_0000;
    private static final int IDT = 0x1_1000;
    private static final int TASK = 0x1_2000;
    private static final int HANDLERS = 0x1_3000;
    private static final int STACK_END = 0x2_1000;
    private static final int LOG = 0x2_2000;
    private static final int DATA = 0x3_0000;
    private static final int CODE = 0xc_0000;
    private static final long DEVICE = 0xfe00_0000L;
    private static final long LIMIT = 0xffff_ffffL;
    private static final long USER_PAGE = 7;
    private static final long NO_EXECUTE = 1L << 63;
    private static final int ERRORS = 1 << 8 | 0x1f << 10 | 1 << 17;
    private static final int CLEARED_FLAGS = Cpu.TF | Cpu.NT | Cpu.AC | Cpu.RF;

    final Cpu cpu;
    private final GuestMemory memory = new GuestMemory(16 << 20);
    private final ProgramDevice device = new ProgramDevice();
    private final Interpreter interpreter;
    private final MemoryDigest digest = new MemoryDigest(memory);
    private final byte[] fill = new byte[5 * Layout.PAGE_BYTES];
    private int turn;

    /** @param compiler null for the interpreter alone; else it gets blocks that ran {@code hotRuns} times */
    ProgramProcessor(RegionCompiler compiler, int hotRuns) {
        cpu = new Cpu(0, device, memory);
        device.cpu = cpu;
        interpreter = new Interpreter(memory, compiler, hotRuns, cpu);
        for (int i = 0; i < fill.length; i++) {
            fill[i] = Layout.fill(Layout.FIRST + i);
        }
        descriptors();
        memory.write(HANDLERS, handlers());
    }

    private void pageTables() {
        memory.clear(0x1000, 0x6000);
        memory.putLong(0x1000, 0x2000 | USER_PAGE);
        memory.putLong(0x1000 + 256 * 8, 0x5003);
        memory.putLong(0x2000, 0x3000 | USER_PAGE);
        memory.putLong(0x3000 + 256 * 8, 0x4000 | USER_PAGE);
        pages(Layout.FIRST, 0x2000, USER_PAGE | NO_EXECUTE);
        pages(Layout.READ_ONLY, 0x1000, 5 | NO_EXECUTE);
        pages(Layout.LAST, 0x1000, USER_PAGE | NO_EXECUTE);
        pages(Program.STACK, Program.STACK_BYTES, USER_PAGE | NO_EXECUTE);
        pages(Program.CONTROL, 0x1000, USER_PAGE | NO_EXECUTE);
        pages(Layout.CODE, Program.CODE_BYTES, USER_PAGE);
        memory.putLong(0x4000 + (Program.DEVICE >> 12 & 511) * 8, DEVICE | USER_PAGE | NO_EXECUTE);
        memory.putLong(0x5000, 0x6003);
        memory.putLong(0x6000, 0x83);
    }

    private void pages(long linear, int bytes, long flags) {
        for (int at = 0; at < bytes; at += Layout.PAGE_BYTES) {
            memory.putLong(0x4000 + (linear + at >> 12 & 511) * 8, physical(linear + at) | flags);
        }
    }

    private static long physical(long linear) {
        return linear >= Layout.CODE ? linear - Layout.CODE + CODE : linear - 0x2000_0000L + DATA;
    }

    private void descriptors() {
        long[] gdt = {0, 0, 0x00af_9b00_0000_ffffL, 0x00cf_9300_0000_ffffL, 0x00cf_fb00_0000_ffffL, 0x00cf_f300_0000_ffffL,
            0x00af_fb00_0000_ffffL};
        for (int i = 0; i < gdt.length; i++) {
            memory.putLong(GDT + 8 * i, gdt[i]);
        }
        memory.putLong(TASK + 4, KERNEL + STACK_END);
        memory.putLong(TASK + 0x24, KERNEL + STACK_END);
        // No I/O permission bit map: its base lies behind the limit.
        memory.putShort(TASK + 0x66, 0x68);
        for (int vector = 0; vector < 32; vector++) {
            gate(vector, vector == 3 || vector == 4 ? 0xee01 : 0x8e01);
        }
        gate(ProgramDevice.VECTOR, 0x8e01);
    }

    private void gate(int vector, int attributes) {
        long handler = KERNEL + HANDLERS + vector * 16;
        memory.putLong(IDT + vector * 16, handler & 0xffff | 0x10 << 16 | (long) (attributes & 0xff) << 32
                | (long) (attributes >> 8) << 40 | (handler >>> 16 & 0xffff) << 48);
        memory.putLong(IDT + vector * 16 + 8, handler >>> 32);
    }

    /** One every 16 bytes: vector and error code to the stack, on to the common one. */
    private static byte[] handlers() {
        Assembler a = new Assembler(KERNEL + HANDLERS);
        a.equ("log", KERNEL + LOG);
        for (int vector = 0; vector < 32; vector++) {
            a.skipTo(KERNEL + HANDLERS + 16 * vector);
            if ((ERRORS >> vector & 1) == 0) {
                a.push(0);
            }
            a.push(vector);
            a.jmp("fault");
        }
        a.skipTo(KERNEL + HANDLERS + 16 * ProgramDevice.VECTOR);
        a.inc(at("log", 8).bytes(8));
        a.iretq();
        a.label("fault");
        a.push(RAX);
        a.push(RCX);
        a.mov(RAX, at("log"));
        a.add(RAX, 32);
        a.and(RAX, 0x7e0);
        a.mov(at("log"), RAX);
        a.lea(RCX, at("log", 0x100));
        a.add(RCX, RAX);
        for (int i = 0; i < 3; i++) {
            a.mov(RAX, at(RSP, 16 + 8 * i));
            a.mov(at(RCX, 8 * i), RAX);
        }
        a.mov(RAX, CR2);
        a.mov(at(RCX, 24), RAX);
        a.mov(RCX, Program.RECOVERY);
        a.mov(RAX, at(RCX));
        a.mov(at(RSP, 32), RAX);
        a.mov(RAX, Program.STACK_TOP);
        a.mov(at(RSP, 56), RAX);
        a.and(at(RSP, 48).bytes(4), ~CLEARED_FLAGS);
        a.pop(RCX);
        a.pop(RAX);
        a.add(RSP, 16);
        a.iretq();
        return a.assemble();
    }

    /** Puts the program in place and the processor at its start. */
    void load(Program program) {
        pageTables();
        memory.clear(DATA, 0x3_0000);
        memory.clear(STACK_END - 0x1000, 0x3000);
        memory.write(DATA + 0x1000, fill);
        memory.write(CODE, Arrays.copyOf(program.code(), Program.CODE_BYTES));
        for (long at = Program.STACK_TOP; at < Program.STACK + Program.STACK_BYTES; at += 8) {
            memory.putLong(physical(at), program.bits32() ? Layout.CODE | Layout.CODE << 32 : Layout.CODE);
        }
        cpu.reset();
        cpu.executed = 0;
        cpu.cr0 = Cpu.CR0_PE | Cpu.CR0_PG | Cpu.CR0_ET | Cpu.CR0_NE | Cpu.CR0_WP | Cpu.CR0_AM | Cpu.CR0_MP;
        cpu.cr3 = 0x1000;
        cpu.cr4 = Cpu.CR4_PAE | Cpu.CR4_OSFXSR | Cpu.CR4_OSXMMEXCPT;
        cpu.efer = Cpu.EFER_LME | Cpu.EFER_LMA | Cpu.EFER_NXE;
        cpu.gdtBase = KERNEL + GDT;
        cpu.gdtLimit = 0x37;
        cpu.idtBase = KERNEL + IDT;
        cpu.idtLimit = 0xfff;
        cpu.tr.set(0x40, KERNEL + TASK, 0x67, 0x8b);
        cpu.ldtr.set(0, 0, 0, 0x82);
        cpu.cpl = 3;
        segments(program.bits32());
        System.arraycopy(program.general(), 0, cpu.r, 0, 16);
        cpu.rip = Layout.CODE;
        cpu.flags.set(0);
        cpu.system = 2 | Cpu.IF | (program.ports() ? Cpu.IOPL : 0);
        byte[] x87 = new byte[512];
        x87[0] = 0x7f;
        x87[1] = 3;
        X87Environment.fxrstor(cpu.fpu, x87, true);
        for (int i = 0; i < 32; i++) {
            cpu.xmm[i] = program.media(i);
        }
        cpu.interruptedBySoftware = false;
        cpu.enabledAt = Long.MIN_VALUE;
        cpu.mmu.flushAll();
        cpu.modeChanged();
        device.reset();
        turn = 0;
    }

    private void segments(boolean bits32) {
        for (int i = 0; i < 6; i++) {
            boolean empty = i >= Instruction.FS;
            cpu.segments[i].set(empty ? 0 : Layout.DATA_SELECTOR, 0, LIMIT, 0xc0f3);
            cpu.segments[i].unusable = empty;
        }
        cpu.segments[Instruction.CS].set(bits32 ? Layout.CODE32_SELECTOR : Layout.CODE64_SELECTOR, 0, LIMIT, bits32 ? 0xc0fb : 0xa0fb);
        if (!bits32) {
            cpu.segments[Instruction.FS].base = Layout.FS_BASE;
            cpu.segments[Instruction.GS].base = Layout.GS_BASE;
        }
    }

    /** Has all compiled code checked. */
    void verify() { interpreter.verifyRegions(); }

    long verifiedRuns() { return interpreter.verifiedRuns(); }

    /** Gives the program its next turn. */
    void turn(Program program) {
        if (program.interrupts(turn)) {
            device.raise();
        }
        long stop = cpu.executed + program.turnLength(turn++);
        // A processor that pauses gives up its turn; there is no other here.
        while (cpu.executed < stop && !cpu.shutdown && !cpu.halted) {
            interpreter.run(cpu, stop - cpu.executed);
        }
    }

    /** The registers now. */
    ProcessorImage image() { return new ProcessorImage().take(cpu); }

    /** A digest of memory and device. */
    long world() {
        cpu.mmu.forgetStores();
        return digest.update() * 31 + device.state();
    }

    byte[] memory(long linear, int bytes) {
        byte[] copy = new byte[bytes];
        memory.read(physical(linear), copy, 0, bytes);
        return copy;
    }
}
