package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.TrapReceiver;
import dev.sojourn.cpu.Vector;
import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.interfaces.xen.Vcpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.Optional;

/** One processor of a paravirtual guest: what the guest told the hypervisor about it, and what becomes of its traps. */
final class PvProcessor implements ProcessorSide, TrapReceiver, Stateful {
    static final int CODE_32 = 0xe023;
    static final int CODE_64 = 0xe033;
    static final int DATA = 0xe02b;

    private static final long LIMIT = 0xffff_ffffL;
    private static final int CODE_64_ATTRIBUTES = 0xa0fb;
    private static final int DATA_ATTRIBUTES = 0xc0f3;
    private static final long CR0 = Cpu.CR0_PE | Cpu.CR0_MP | Cpu.CR0_ET | Cpu.CR0_NE | Cpu.CR0_WP | Cpu.CR0_AM | Cpu.CR0_PG;
    private static final long CR4 = Cpu.CR4_PAE | Cpu.CR4_OSFXSR | Cpu.CR4_OSXMMEXCPT;
    private static final int ERROR_PRESENT_WRITE = 3;
    private static final int EVENT = 0;

    final PvGuest guest;
    final Vcpu vcpu;
    final Cpu cpu;
    final TrapTable traps = new TrapTable();
    final Callback event = new Callback();
    final Callback failsafe = new Callback();
    final Callback systemCall = new Callback();
    final Callback systemCall32 = new Callback();
    final Callback systemEnter = new Callback();
    long kernelStack;
    /** The level at which ports and the interrupt flag are the guest's to use. */
    int portLevel;

    private final Bounce bounce;
    private final PrivilegedInstructions privileged;
    private final TrappedStore trappedStore;
    private final DescriptorTables tables;
    private final PvCalls calls;
    private boolean kernel = true;
    /** A call is being served. */
    private boolean calling;
    private long kernelTable;
    private long userTable;
    /** The base of GS in the mode that is not current. */
    private long otherGsBase;
    /** {@link FrameTable#changes} when all translations were last dropped. */
    private long changesAtFlush = -1;

    PvProcessor(PvGuest guest, Vcpu vcpu) {
        this.guest = guest;
        this.vcpu = vcpu;
        cpu = vcpu.cpu;
        bounce = new Bounce(this);
        privileged = new PrivilegedInstructions(this);
        trappedStore = new TrappedStore(this);
        tables = new DescriptorTables(this);
        calls = new PvCalls(this);
    }

    PvCalls calls() { return calls; }

    DescriptorTables tables() { return tables; }

    boolean inKernel() { return kernel; }

    /** The machine frame of the kernel's top table. */
    long kernelTable() { return kernelTable; }

    @Override
    public Optional<Stateful> state() { return Optional.of(this); }

    @Override
    public void save(StateWriter out) {
        out.flag("begun", cpu.traps == this).flag("kernel", kernel).number("kernel-table", kernelTable);
        out.number("user-table", userTable).number("other-gs-base", otherGsBase).number("kernel-stack", kernelStack);
        out.number("port-level", portLevel).group("traps", traps::save).group("event", event::save);
        out.group("failsafe", failsafe::save).group("system-call", systemCall::save);
        out.group("system-call-32", systemCall32::save).group("system-enter", systemEnter::save);
        out.group("descriptors", tables::save).group("vcpu", vcpu::save);
    }

    @Override
    public void restore(StateReader in) throws BadState {
        boolean begun = in.flag("begun");
        cpu.traps = begun ? this : null;
        kernel = in.flag("kernel");
        cpu.kernelAtLevel3 = begun && kernel;
        kernelTable = table(in, "kernel-table");
        userTable = table(in, "user-table");
        otherGsBase = in.number("other-gs-base");
        kernelStack = in.number("kernel-stack");
        portLevel = in.number("port-level", 0, 3);
        traps.restore(in.group("traps"));
        event.restore(in.group("event"));
        failsafe.restore(in.group("failsafe"));
        systemCall.restore(in.group("system-call"));
        systemCall32.restore(in.group("system-call-32"));
        systemEnter.restore(in.group("system-enter"));
        tables.restore(in.group("descriptors"));
        vcpu.restore(in.group("vcpu"));
    }

    private long table(StateReader in, String name) throws BadState {
        long frame = in.number(name);
        if (frame != 0 && guest.uses.use(frame) != 4) {
            throw in.bad("has frame " + frame + " as " + name + ", which is in use otherwise");
        }
        return frame;
    }

    /** The processor as every vCPU begins, all but what its start says. */
    void initialise() {
        cpu.traps = this;
        cpu.cr0 = CR0;
        cpu.cr4 = CR4;
        cpu.efer = Cpu.EFER_SCE | Cpu.EFER_LME | Cpu.EFER_LMA | Cpu.EFER_NXE;
        cpu.system = 2 | Cpu.IF;
        cpu.flags.set(0);
        java.util.Arrays.fill(cpu.r, 0);
        cpu.cpl = 3;
        for (int segment : new int[] {Instruction.ES, Instruction.DS, Instruction.FS, Instruction.GS}) {
            cpu.segments[segment].set(0, 0, 0, 0);
            cpu.segments[segment].unusable = true;
        }
        cpu.ldtr.unusable = true;
        cpu.tr.unusable = true;
        cpu.gdtBase = HypervisorHole.gdt(cpu.id);
        cpu.gdtLimit = 0xffff;
        cpu.halted = false;
        setKernel(true);
        flatSegments();
    }

    /** Where the first vCPU begins. */
    void start(long rip, long stack, long startInfo, long topTable) {
        initialise();
        cpu.rip = rip;
        cpu.r[Cpu.RSP] = stack;
        cpu.r[Cpu.RSI] = startInfo;
        if (!switchKernelTable(topTable)) {
            throw new AssertionError(topTable);
        }
    }

    /** The flat segments in which the hypervisor calls the guest's kernel. */
    void flatSegments() {
        cpu.segments[Instruction.CS].set(CODE_64, 0, LIMIT, CODE_64_ATTRIBUTES);
        cpu.segments[Instruction.SS].set(DATA, 0, LIMIT, DATA_ATTRIBUTES);
        cpu.cpl = 3;
        cpu.modeChanged();
    }

    private void setKernel(boolean to) {
        kernel = to;
        cpu.kernelAtLevel3 = to;
        cpu.cr3 = MachineFrames.address(to ? kernelTable : userTable);
        cpu.modeChanged();
    }

    /** Goes from the kernel to its programs or back: page tables and GS. The translations of both stay. */
    void toggle() {
        long base = gsBase();
        gsBase(otherGsBase);
        otherGsBase = base;
        setKernel(!kernel);
    }

    boolean hasUserTable() { return userTable != 0; }

    long gsBase() { return cpu.segments[Instruction.GS].base; }

    void gsBase(long base) { base(Instruction.GS, base); }

    void base(int segment, long base) {
        cpu.segments[segment].base = base;
        cpu.bases[segment] = base;
    }

    long otherGsBase() { return otherGsBase; }

    void otherGsBase(long base) { otherGsBase = base; }

    /**
     * Takes another top table for the kernel, and drops what was translated by the old one. The kernel's own addresses stay
     * where both tables have the same for them, and no table has changed since they were looked up.
     *
     * @return false if the frame cannot be one
     */
    boolean switchKernelTable(long frame) {
        boolean sameKernel = false;
        if (frame != kernelTable || frame == 0) {
            if (!guest.uses.get(frame, 4)) {
                return false;
            }
            sameKernel = kernelTable != 0 && changesAtFlush == guest.uses.changes() && guest.uses.agree(kernelTable, frame);
            if (kernelTable != 0) {
                guest.uses.put(kernelTable);
            }
            kernelTable = frame;
        }
        setKernel(kernel);
        if (sameKernel) {
            cpu.mmu.flushLowerHalf();
        } else {
            flush();
        }
        return true;
    }

    /** Takes another top table for programs, and drops what was translated by the old one; 0 for none. */
    boolean switchUserTable(long frame) {
        if (frame != userTable) {
            if (frame != 0 && !guest.uses.get(frame, 4)) {
                return false;
            }
            if (userTable != 0) {
                guest.uses.put(userTable);
            }
            userTable = frame;
        }
        cpu.mmu.flushLowerHalf();
        return true;
    }

    /** Drops this processor's translations. */
    void flush() {
        cpu.mmu.flushLocal();
        changesAtFlush = guest.uses.changes();
        if (guest.processors.size() == 1) {
            guest.uses.flushed();
        }
    }

    /** Whether the switch for floating point is set, as the kernel sees it. */
    void taskSwitched(boolean set) { cpu.cr0 = set ? cpu.cr0 | Cpu.CR0_TS : cpu.cr0 & ~Cpu.CR0_TS; }

    /** Lets events in at the next instruction, if there are any. */
    void checkEvents() {
        if (hasInterrupt()) {
            cpu.attend();
        }
    }

    @Override
    public void exception(Cpu cpu, int vector, int errorCode) {
        boolean done = switch (vector) {
            case Vector.UD -> privileged.forcedIdentify();
            case Vector.GP -> errorCode == 0 && privileged.execute();
            case Vector.PF -> kernel && (errorCode & ERROR_PRESENT_WRITE) == ERROR_PRESENT_WRITE && trappedStore.execute();
            default -> false;
        };
        if (!done) {
            if (vector == Vector.PF) {
                vcpu.cr2(cpu.cr2);
            }
            deliver(vector, errorCode);
        }
        checkEvents();
    }

    /** Has the guest's kernel handle an exception. */
    void deliver(int vector, int errorCode) {
        if (traps.address(vector) == 0) {
            guest.crash(cpu, "no handler for vector " + vector + ", error code 0x" + Integer.toHexString(errorCode)
                    + (vector == Vector.PF ? ", at address 0x" + Long.toHexString(cpu.cr2) : ""));
        } else {
            boolean fault = vector != Vector.DB && vector != Vector.NMI;
            bounce.deliver(traps.address(vector), traps.masksEvents(vector), Vector.hasErrorCode(vector), errorCode,
                    fault ? Cpu.RF : 0);
        }
    }

    @Override
    public void software(Cpu cpu, int vector) {
        if (!traps.open(vector, kernel) || traps.address(vector) == 0) {
            throw cpu.fault(Vector.GP, vector << 3 | 2);
        }
        bounce.deliver(traps.address(vector), traps.masksEvents(vector), false, 0, 0);
        checkEvents();
    }

    @Override
    public void interrupt(Cpu cpu, int vector) {
        if (event.address == 0) {
            guest.crash(cpu, "an event, and no callback for it");
        } else {
            bounce.deliver(event.address, true, false, 0, 0);
        }
    }

    @Override
    public void systemCall(Cpu cpu) {
        if (kernel) {
            cpu.r[Cpu.RCX] = cpu.rip;
            cpu.r[Cpu.R11] = cpu.eflags() & ~Cpu.RF & 0xffff_ffffL;
            calling = true;
            cpu.hooks.hypercall(cpu);
            calling = false;
        } else if (systemCall.address == 0) {
            throw cpu.fault(Vector.UD, 0);
        } else {
            cpu.r[Cpu.RCX] = cpu.rip;
            cpu.r[Cpu.R11] = cpu.eflags() & ~Cpu.RF & 0xffff_ffffL;
            bounce.deliver(systemCall.address, systemCall.masksEvents, false, 0, 0);
            cpu.system &= ~Cpu.DF;
        }
        checkEvents();
    }

    /** SYSENTER loses where it came from; the frame says nothing of it. */
    @Override
    public void systemEnter(Cpu cpu) {
        if (kernel || systemEnter.address == 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        cpu.rip = 0;
        cpu.r[Cpu.RSP] = 0;
        bounce.deliver(systemEnter.address, systemEnter.masksEvents, false, 0, 0);
        checkEvents();
    }

    /** The iret call. */
    void iret() { bounce.iret(); }

    /** Calls come by SYSCALL; VMCALL is no instruction here. */
    @Override
    public CallOutcome hypercall() {
        return calling ? guest.domain.hypercalls.serve(vcpu) : CallOutcome.ABSENT;
    }

    @Override
    public CallText describe(int port) { return guest.domain.hypercalls.describe(cpu); }

    @Override
    public boolean hasInterrupt() { return vcpu.isPending() && !vcpu.isMasked(); }

    @Override
    public int acknowledge() { return EVENT; }

    @Override
    public void cpuid(int leaf, int subleaf, int[] registers) {
        PvFeatures.mask(leaf, subleaf, registers);
        guest.leaves.cpuid(cpu.id, leaf, subleaf, registers);
    }

    @Override
    public void enter() { vcpu.noticeRunning(); }
}
