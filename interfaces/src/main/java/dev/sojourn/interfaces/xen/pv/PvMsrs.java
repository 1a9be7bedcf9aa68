package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.cpu.Msrs;
import dev.sojourn.cpu.Vector;
import dev.sojourn.interfaces.xen.XenLeaves;
import dev.sojourn.isa.Instruction;

/** The model-specific registers that a paravirtual kernel may use. */
final class PvMsrs {
    private static final int PLATFORM_ID = 0x17;
    private static final int APIC_BASE = 0x1b;
    private static final int SPEC_CTRL = 0x48;
    private static final int PRED_CMD = 0x49;
    private static final int MICROCODE_REVISION = 0x8b;
    private static final int PLATFORM_INFO = 0xce;
    private static final int ARCH_CAPABILITIES = 0x10a;
    private static final int MISC_FEATURES = 0x140;
    private static final int MISC_ENABLE = 0x1a0;

    private static final long APIC_BASE_VALUE = 0xfee0_0800L;
    private static final long BOOT_PROCESSOR = 1 << 8;
    /** WB, WT, UC-, UC, WC, WP, UC, UC: fixed, since guests share the processor's. */
    private static final long PAT_VALUE = 0x0000_0501_0007_0406L;
    private static final long EFER_VALUE = Cpu.EFER_SCE | Cpu.EFER_LME | Cpu.EFER_LMA | Cpu.EFER_NXE;

    private static final int PAGE_STUBS = 128;
    private static final int STUB_BYTES = 32;
    private static final int IRET = 23;

    private final PvProcessor processor;
    private final Cpu cpu;

    PvMsrs(PvProcessor processor) {
        this.processor = processor;
        cpu = processor.cpu;
    }

    /** RDMSR. @return false for #GP; before the guest has a handler for that, what does not exist reads as zero */
    boolean read() {
        long value;
        try {
            value = value((int) cpu.r[Cpu.RCX]);
        } catch (GuestFault _) {
            if (processor.traps.address(Vector.GP) != 0) {
                return false;
            }
            value = 0;
        }
        cpu.r[Cpu.RAX] = value & 0xffff_ffffL;
        cpu.r[Cpu.RDX] = value >>> 32;
        return true;
    }

    private long value(int index) {
        return switch (index) {
            case Msrs.FS_BASE -> cpu.segments[Instruction.FS].base;
            case Msrs.GS_BASE -> processor.gsBase();
            case Msrs.KERNEL_GS_BASE -> processor.otherGsBase();
            case Msrs.EFER -> EFER_VALUE;
            case Msrs.PAT -> PAT_VALUE;
            case Msrs.TSC, Msrs.TSC_AUX -> cpu.msrs.read(cpu, index);
            case APIC_BASE -> APIC_BASE_VALUE | (cpu.id == 0 ? BOOT_PROCESSOR : 0);
            case PLATFORM_INFO, MISC_FEATURES, XenLeaves.PAGE_MSR -> 0;
            case PLATFORM_ID, SPEC_CTRL, MICROCODE_REVISION, ARCH_CAPABILITIES, MISC_ENABLE -> cpu.hooks.readMsr(cpu, index);
            default -> throw cpu.fault(Vector.GP, 0);
        };
    }

    /** WRMSR. @return false for #GP */
    boolean write() {
        int index = (int) cpu.r[Cpu.RCX];
        long value = cpu.r[Cpu.RDX] << 32 | cpu.r[Cpu.RAX] & 0xffff_ffffL;
        boolean canonical = value << 16 >> 16 == value;
        switch (index) {
            case Msrs.FS_BASE, Msrs.GS_BASE, Msrs.KERNEL_GS_BASE -> {
                if (canonical) {
                    base(index, value);
                }
                return canonical;
            }
            case Msrs.EFER -> {
                return value == EFER_VALUE;
            }
            case MISC_ENABLE, MISC_FEATURES -> {
                return true;
            }
            // Zero goes there before a processor is asked for its revision.
            case MICROCODE_REVISION -> {
                return value == 0;
            }
            case Msrs.TSC_AUX, SPEC_CTRL, PRED_CMD -> {
                return pass(index, value);
            }
            case XenLeaves.PAGE_MSR -> {
                return hypercallPage(value);
            }
            default -> {
                return false;
            }
        }
    }

    private void base(int index, long value) {
        switch (index) {
            case Msrs.FS_BASE -> processor.base(Instruction.FS, value);
            case Msrs.GS_BASE -> processor.gsBase(value);
            default -> processor.otherGsBase(value);
        }
    }

    private boolean pass(int index, long value) {
        try {
            cpu.msrs.write(cpu, index, value);
            return true;
        } catch (GuestFault _) {
            return false;
        }
    }

    /** Fills a page with calls: {@code push rcx; push r11; mov eax, n; syscall; pop r11; pop rcx; ret}. */
    private boolean hypercallPage(long value) {
        long frame = value >>> 12;
        if ((value & 0xfff) != 0 || !processor.guest.uses.get(frame, FrameTable.WRITABLE)) {
            return false;
        }
        byte[] page = new byte[PAGE_STUBS * STUB_BYTES];
        java.util.Arrays.fill(page, (byte) 0xcc);
        for (int i = 0; i < PAGE_STUBS; i++) {
            byte[] stub = i == IRET
                    ? new byte[] {0x51, 0x41, 0x53, 0x50, (byte) 0xb8, IRET, 0, 0, 0, 0x0f, 0x05}
                    : new byte[] {0x51, 0x41, 0x53, (byte) 0xb8, (byte) i, 0, 0, 0, 0x0f, 0x05, 0x41, 0x5b, 0x59, (byte) 0xc3};
            System.arraycopy(stub, 0, page, i * STUB_BYTES, stub.length);
        }
        processor.guest.machine.memory().write(MachineFrames.address(frame), page);
        processor.guest.uses.put(frame);
        return true;
    }
}
