package dev.sojourn.interfaces.xen.pvh;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import dev.sojourn.device.apic.DeliveryMode;
import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.interfaces.xen.Errno;
import dev.sojourn.interfaces.xen.GuestFrames;
import dev.sojourn.interfaces.xen.Vcpu;
import dev.sojourn.interfaces.xen.XenLeaves;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.Optional;

/** One processor of a PVH guest. */
final class PvhProcessor implements ProcessorSide, Stateful {
    private static final int PAGE_STUBS = 128;
    private static final int STUB_BYTES = 32;
    private static final int IRET = 23;

    final Vcpu vcpu;
    private final PvhGuest guest;
    private int upcallVector;
    private boolean owed;

    PvhProcessor(PvhGuest guest, Vcpu vcpu) {
        this.guest = guest;
        this.vcpu = vcpu;
    }

    /** The vector its local APIC gets for events; 0 for none. */
    int upcallVector() { return upcallVector; }

    void upcallVector(int vector) { upcallVector = vector; }

    /**
     * Tells of events: by the local APIC, if the vCPU has a vector for it; else {@link #hasInterrupt} sees them. An APIC that
     * is not enabled yet drops the vector, where Xen's would keep it: it is sent again at the next turn.
     */
    void upcall() {
        owed = upcallVector != 0
                && !guest.machine.bus().send(DeliveryMode.FIXED, upcallVector, false, vcpu.ops.apic().id(), false);
        vcpu.cpu.attend();
    }

    @Override
    public Optional<Stateful> state() { return Optional.of(this); }

    @Override
    public void save(StateWriter out) {
        out.number("upcall-vector", upcallVector).flag("owed", owed).group("vcpu", vcpu::save);
    }

    @Override
    public void restore(StateReader in) throws BadState {
        upcallVector = in.number("upcall-vector", 0, 0xff);
        owed = in.flag("owed");
        vcpu.restore(in.group("vcpu"));
    }

    @Override
    public void cpuid(int leaf, int subleaf, int[] registers) { guest.leaves.cpuid(vcpu.id, leaf, subleaf, registers); }

    /** The callback vector of the whole domain needs no end of interrupt: it is there as long as events are. */
    @Override
    public boolean hasInterrupt() {
        return upcallVector == 0 && guest.parameters.callbackVector() != 0 && vcpu.isPending();
    }

    @Override
    public int acknowledge() { return guest.parameters.callbackVector(); }

    @Override
    public CallOutcome hypercall() {
        Cpu cpu = vcpu.cpu;
        if (cpu.cpl != 0) {
            cpu.r[Cpu.RAX] = Errno.EPERM;
            return CallOutcome.REFUSED;
        }
        if (!cpu.is64Bit()) {
            cpu.r[Cpu.RAX] = Errno.ENOSYS & 0xffff_ffffL;
            return CallOutcome.REFUSED;
        }
        return guest.domain.hypercalls.serve(vcpu);
    }

    @Override
    public CallText describe(int port) { return guest.domain.hypercalls.describe(vcpu.cpu); }

    @Override
    public boolean hasMsr(int index) { return index == XenLeaves.PAGE_MSR; }

    @Override
    public long readMsr(int index) { return 0; }

    @Override
    public String msrName(int index) { return "hypercall_page"; }

    /** Fills a page with calls: {@code mov eax, n; vmcall; ret} (vmmcall would do as well). */
    @Override
    public void writeMsr(int index, long value) {
        long page = guest.physical(value >>> 12);
        if (page == GuestFrames.NONE || (value & 0xfff) != 0) {
            throw vcpu.cpu.fault(Vector.GP, 0);
        }
        byte[] content = new byte[PAGE_STUBS * STUB_BYTES];
        java.util.Arrays.fill(content, (byte) 0xcc);
        for (int i = 0; i < PAGE_STUBS; i++) {
            byte[] stub = i == IRET ? new byte[] {0x0f, 0x0b}
                    : new byte[] {(byte) 0xb8, (byte) i, 0, 0, 0, 0x0f, 0x01, (byte) 0xc1, (byte) 0xc3};
            System.arraycopy(stub, 0, content, i * STUB_BYTES, stub.length);
        }
        guest.machine.memory().write(page, content);
    }

    @Override
    public void enter() {
        vcpu.noticeRunning();
        if (owed && vcpu.isPending()) {
            upcall();
        }
    }

    @Override
    public void reset() { owed = true; }

    @Override
    public void timeStampChanged() { vcpu.writeTime(); }
}
