package dev.sojourn.cpu;

import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.cpu.operation.vector.Mxcsr;
import dev.sojourn.cpu.operation.x87.X87;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import dev.sojourn.memory.GuestMemory;

/**
 * One x86-64 processor: its registers, and what every instruction needs of them.
 *
 * <p>The registers are fields, since an engine reads and writes them at every instruction. What changes more than a field
 * (control registers, segment loads, privilege) has a method here or in the class of its chapter. Confined to the thread
 * that runs the machine.
 */
public final class Cpu {
    public static final int RAX = 0;
    public static final int RCX = 1;
    public static final int RDX = 2;
    public static final int RBX = 3;
    public static final int RSP = 4;
    public static final int RBP = 5;
    public static final int RSI = 6;
    public static final int RDI = 7;
    public static final int R11 = 11;

    public static final long CR0_PE = 1;
    public static final long CR0_MP = 1 << 1;
    public static final long CR0_EM = 1 << 2;
    public static final long CR0_TS = 1 << 3;
    public static final long CR0_ET = 1 << 4;
    public static final long CR0_NE = 1 << 5;
    public static final long CR0_WP = 1 << 16;
    public static final long CR0_AM = 1 << 18;
    public static final long CR0_NW = 1 << 29;
    public static final long CR0_CD = 1 << 30;
    public static final long CR0_PG = 1L << 31;

    public static final long CR4_VME = 1;
    public static final long CR4_PVI = 1 << 1;
    public static final long CR4_TSD = 1 << 2;
    public static final long CR4_DE = 1 << 3;
    public static final long CR4_PSE = 1 << 4;
    public static final long CR4_PAE = 1 << 5;
    public static final long CR4_MCE = 1 << 6;
    public static final long CR4_PGE = 1 << 7;
    public static final long CR4_PCE = 1 << 8;
    public static final long CR4_OSFXSR = 1 << 9;
    public static final long CR4_OSXMMEXCPT = 1 << 10;
    public static final long CR4_UMIP = 1 << 11;
    public static final long CR4_FSGSBASE = 1 << 16;
    public static final long CR4_OSXSAVE = 1 << 18;
    public static final long CR4_SMEP = 1 << 20;

    public static final long EFER_SCE = 1;
    public static final long EFER_LME = 1 << 8;
    public static final long EFER_LMA = 1 << 10;
    public static final long EFER_NXE = 1 << 11;

    public static final int TF = 1 << 8;
    public static final int IF = 1 << 9;
    public static final int DF = 1 << 10;
    public static final int IOPL = 3 << 12;
    public static final int NT = 1 << 14;
    public static final int RF = 1 << 16;
    public static final int VM = 1 << 17;
    public static final int AC = 1 << 18;
    public static final int VIF = 1 << 19;
    public static final int VIP = 1 << 20;
    public static final int ID = 1 << 21;

    private static final int SEGMENT_FLAT_64 = 6;

    /** RAX to R15; the last stays zero and stands for an absent base or index. */
    public final long[] r = new long[17];
    public long rip;
    public final Flags flags = new Flags();
    /** EFLAGS but the six arithmetic flags; bit 1 is always set. */
    public int system = 2;
    /** XMM0 to XMM15: low and high quadword of each. */
    public final long[] xmm = new long[32];
    public final Mxcsr mxcsr = new Mxcsr();
    /** The x87 unit; its registers are the MMX registers too. */
    public final X87 fpu = new X87();
    /** Which state components XSAVE manages: x87, and SSE if bit 1 is set. */
    public int xcr0 = 1;
    /** Where an image of the x87 and SSE state is put together on its way from or to memory. */
    public final byte[] stateImage = new byte[512];

    public final SegmentRegister[] segments = new SegmentRegister[6];
    /** The bases of the six segments as they count now, and a zero for what ignores them. */
    public final long[] bases = new long[7];
    public final SegmentRegister ldtr = new SegmentRegister();
    public final SegmentRegister tr = new SegmentRegister();
    public long gdtBase;
    public int gdtLimit;
    public long idtBase;
    public int idtLimit;

    public long cr0;
    public long cr2;
    public long cr3;
    public long cr4;
    public long efer;
    public int cpl;
    public final DebugRegisters debug = new DebugRegisters();
    public final Msrs msrs = new Msrs();

    public final int id;
    public final ProcessorType type;
    public final Hooks hooks;
    public final GuestMemory memory;
    public final Mmu mmu;

    /** How code is decoded now. */
    public Mode mode = Mode.BITS_16;
    /** Which bits of RSP are the stack pointer. */
    public long stackMask = 0xffff;
    /** What decoded code depends on: code segment base, mode, and whether pages are used as a user. */
    public long codeKey;
    /** Which bits a linear address has. */
    private long linearMask = 0xffff_ffffL;

    /** HLT was executed and nothing woke the processor since. */
    public boolean halted;
    /** After STI, MOV SS and POP SS: no interrupt before the next instruction has run. */
    public boolean interruptShadow;
    /** The last instruction was INT n, INT1, INT3 or INTO, and taken: no single-step trap follows. */
    public boolean interruptedBySoftware;
    /** An NMI is being served: IRET ends that. */
    public boolean nmiBlocked;
    public boolean nmiPending;
    /** The shadow is one of MOV SS or POP SS, which holds debug traps back too (SDM volume 3, 6.8.3). */
    public boolean stackShadow;
    /** A triple fault stopped it; only a reset helps. */
    public boolean shutdown;

    /** Who takes traps in place of the guest's tables; null, as a rule, for nobody. */
    public TrapReceiver traps;
    /** The code at level 3 is a kernel's: it has a supervisor's rights to pages. Takes effect by {@link #modeChanged}. */
    public boolean kernelAtLevel3;

    /** Instructions left before the engine returns; zero when something wants its attention. */
    public long budget;
    /** The budget with which compiled code was entered. */
    public long entryBudget;
    /** PAUSE was executed: another processor may have the turn. */
    public boolean yielded;
    /** Instructions executed since power-on, as of when it was last brought up to date. */
    public long executed;
    /** Instructions executed since then; negative while compiled code runs, which keeps count by itself. */
    public int ahead;
    /** What runs now may be undone. */
    public boolean tentative;
    /** Instructions executed before the STI that last enabled interrupts. */
    public long enabledAt = Long.MIN_VALUE;
    /** Steps of the current block that may still run; an invalidated block ends early by it. */
    public int stepLimit;

    private final GuestFault fault = new GuestFault();

    /** A processor of the first type. */
    public Cpu(int id, Hooks hooks, GuestMemory memory) { this(id, ProcessorType.SOJOURN_1, hooks, memory); }

    public Cpu(int id, ProcessorType type, Hooks hooks, GuestMemory memory) {
        this.id = id;
        this.type = type;
        this.hooks = new CountedHooks(this, hooks);
        this.memory = memory;
        for (int i = 0; i < 6; i++) {
            segments[i] = new SegmentRegister();
        }
        mmu = new Mmu(this, memory);
        reset();
    }

    /** The state after power-on or INIT (SDM volume 3, table 9-1). */
    public void reset() {
        java.util.Arrays.fill(r, 0);
        java.util.Arrays.fill(xmm, 0);
        mxcsr.load(Mxcsr.RESET);
        fpu.reset();
        xcr0 = 1;
        r[RDX] = CpuModel.SIGNATURE;
        rip = 0xfff0;
        flags.set(0);
        system = 2;
        for (int i = 0; i < 6; i++) {
            segments[i].set(0, 0, 0xffff, SegmentRegister.WRITABLE_DATA);
        }
        segments[Instruction.CS].set(0xf000, 0xffff_0000L, 0xffff, SegmentRegister.CODE);
        ldtr.set(0, 0, 0xffff, 0x82);
        tr.set(0, 0, 0xffff, 0x8b);
        gdtBase = 0;
        gdtLimit = 0xffff;
        idtBase = 0;
        idtLimit = 0xffff;
        cr0 = CR0_CD | CR0_NW | CR0_ET;
        cr2 = 0;
        cr3 = 0;
        cr4 = 0;
        efer = 0;
        cpl = 0;
        debug.dr6 = DebugRegisters.DR6_RESET;
        debug.dr7(DebugRegisters.DR7_RESET);
        halted = false;
        interruptShadow = false;
        stackShadow = false;
        nmiBlocked = false;
        nmiPending = false;
        shutdown = false;
        msrs.reset();
        mmu.flushAll();
        modeChanged();
    }

    /** Starts at a real-mode page, as a start-up interrupt does (SDM volume 3, 8.4.3). */
    public void startup(int vector) {
        segments[Instruction.CS].set(vector << 8, (long) vector << 12, 0xffff, SegmentRegister.CODE);
        rip = 0;
        halted = false;
        modeChanged();
    }

    /** Makes the engine look, behind the current instruction, at what happens between instructions. */
    public void attend() {
        budget = 0;
        stepLimit = 0;
    }

    /**
     * Demands that the instructions executed so far can be told.
     *
     * @throws GuestFault a retry, out of compiled code: the instruction runs again where they can be
     */
    void requireCount() {
        if (ahead < 0 || tentative) {
            throw fault.retry();
        }
    }

    /** Makes the fault to be thrown. */
    public GuestFault fault(int vector, int errorCode) { return fault.with(vector, errorCode); }

    /** The fault of an address that is not canonical: #GP(0), unless the instruction turns out to have used the stack. */
    GuestFault notCanonical(long linear) { return fault.notCanonical(linear); }

    public boolean isLongMode() { return (efer & EFER_LMA) != 0; }

    public boolean is64Bit() { return mode == Mode.BITS_64; }

    public boolean isProtected() { return (cr0 & CR0_PE) != 0; }

    public boolean isVirtual8086() { return (system & VM) != 0; }

    /** Protected mode proper: selectors name descriptors. */
    public boolean usesDescriptors() { return isProtected() && !isVirtual8086(); }

    public int iopl() { return system >> 12 & 3; }

    public int eflags() { return system | flags.get(); }

    /** Takes all of EFLAGS; the caller has masked what may change. */
    public void eflags(int value) {
        flags.set(value);
        system = value & ~Flags.ARITHMETIC & 0x3f_7fd7 | 2;
        mmu.privilege(cpl);
        if ((system & TF) != 0 || (system & IF) != 0 && hooks.hasInterrupt(this)) {
            attend();
        }
    }

    /** Whether accesses at level 3 must be aligned. */
    boolean checksAlignment() { return (system & AC) != 0 && (cr0 & CR0_AM) != 0; }

    /** A linear address as the current mode has it. */
    public long wrap(long linear) { return linear & linearMask; }

    /** An address in a descriptor table: 64 bits in long mode whatever code runs. */
    long wrapTable(long linear) { return isLongMode() ? linear : linear & 0xffff_ffffL; }

    /** Recomputes what follows from CR0, EFER, CS, SS and EFLAGS.VM. */
    public void modeChanged() {
        SegmentRegister cs = segments[Instruction.CS];
        boolean bits64 = isLongMode() && cs.isLong();
        mode = bits64 ? Mode.BITS_64 : cs.isBig() ? Mode.BITS_32 : Mode.BITS_16;
        linearMask = bits64 ? -1 : 0xffff_ffffL;
        stackMask = bits64 ? -1 : segments[Instruction.SS].isBig() ? 0xffff_ffffL : 0xffff;
        for (int i = 0; i < 6; i++) {
            bases[i] = bits64 && i < Instruction.FS ? 0 : segments[i].base;
        }
        codeKey = (bits64 ? 0 : segments[Instruction.CS].base) << 4 | (cpl == 3 && !kernelAtLevel3 ? 8 : 0) | mode.ordinal();
        mmu.privilege(cpl);
    }

    /** The linear address of code. */
    public long codeLinear(long instructionPointer) {
        return mode == Mode.BITS_64 ? instructionPointer : bases[Instruction.CS] + instructionPointer & 0xffff_ffffL;
    }

    /** Whether code is 32-bit and its offsets are linear addresses: segments of 4 GiB from 0 that may be read and written. */
    public boolean isFlat32() {
        SegmentRegister code = segments[Instruction.CS];
        return mode == Mode.BITS_32 && isProtected() && stackMask == 0xffff_ffffL && code.base == 0 && code.limit == 0xffff_ffffL
                && segments[Instruction.DS].isFlat() && segments[Instruction.ES].isFlat() && segments[Instruction.SS].isFlat();
    }

    /** An instruction pointer that ran past the end of a small code segment. */
    public long wrapInstruction(long instructionPointer) {
        return mode == Mode.BITS_64 ? instructionPointer : instructionPointer & 0xffff_ffffL;
    }

    /** The index into {@link #bases} for a memory operand; 64-bit code ignores all but FS and GS. */
    public static int baseIndex(Mode mode, int segment) {
        return mode == Mode.BITS_64 && segment < Instruction.FS ? SEGMENT_FLAT_64 : segment;
    }

    /**
     * The linear address of an operand outside 64-bit mode, checked against its segment.
     *
     * @throws GuestFault #GP(0) or #SS(0)
     */
    public long linear(int segment, long offset, int bytes, boolean store) {
        SegmentRegister s = segments[segment];
        boolean allowed = (store ? s.writable : s.readable) || !isProtected();
        if (!allowed || offset < s.first || offset + bytes - 1 > s.last) {
            throw fault(segment == Instruction.SS ? Vector.SS : Vector.GP, 0);
        }
        return s.base + offset & 0xffff_ffffL;
    }

    /** As {@link #linear}, in any mode. */
    public long address(int segment, long offset, int bytes, boolean store) {
        return mode == Mode.BITS_64 ? bases[segment] + offset : linear(segment, offset, bytes, store);
    }

    public void push(int bytes, long value) {
        long sp = r[RSP] - bytes & stackMask;
        mmu.store(address(Instruction.SS, sp, bytes, true), bytes, value);
        stackPointer(sp);
    }

    public long pop(int bytes) {
        long sp = r[RSP] & stackMask;
        long value = mmu.load(address(Instruction.SS, sp, bytes, false), bytes);
        stackPointer(sp + bytes);
        return value;
    }

    /** The value that many bytes above the stack pointer. */
    public long peek(int above, int bytes) {
        return mmu.load(address(Instruction.SS, r[RSP] + above & stackMask, bytes, false), bytes);
    }

    /** Changes those bits of RSP that are the stack pointer; as with any register, 32 bits clear the rest. */
    public void stackPointer(long sp) { r[RSP] = stackMask == 0xffff ? r[RSP] & ~stackMask | sp & stackMask : sp & stackMask; }

    /** A near transfer: the target must lie in the code segment. @throws GuestFault #GP(0) */
    public void jump(long target) {
        if (mode == Mode.BITS_64 ? target << 16 >> 16 != target : target > segments[Instruction.CS].limit) {
            throw fault(Vector.GP, 0);
        }
        rip = target;
    }

    /** Whether a port may be used (SDM volume 1, 17.5). @throws GuestFault #GP(0) if not */
    public void checkPort(int port, int bytes) {
        if (isProtected() && (cpl > iopl() || isVirtual8086())) {
            PortPermission.check(this, port, bytes);
        }
        if ((cr4 & CR4_DE) != 0 && debug.watchPort(port, bytes)) {
            attend();
        }
    }

    /** Whether x87 and MMX may run now. @throws GuestFault #NM */
    public void checkX87() {
        if ((cr0 & (CR0_EM | CR0_TS)) != 0) {
            throw fault(Vector.NM, 0);
        }
    }

    public boolean allowsSse() { return (cr0 & (CR0_EM | CR0_TS)) == 0 && (cr4 & CR4_OSFXSR) != 0; }

    /** Whether SSE may run now. @throws GuestFault #UD, #NM */
    public void checkSse() {
        if (!allowsSse()) {
            throw fault((cr0 & CR0_EM) != 0 || (cr4 & CR4_OSFXSR) == 0 ? Vector.UD : Vector.NM, 0);
        }
    }

    /** @throws GuestFault #GP(0) unless at level 0 */
    public void requireLevel0() {
        if (cpl != 0) {
            throw fault(Vector.GP, 0);
        }
    }
}
