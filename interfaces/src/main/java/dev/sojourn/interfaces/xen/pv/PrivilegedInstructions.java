package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.isa.Decoder;
import dev.sojourn.isa.Instruction;

/**
 * What privileged instructions do for a kernel that is not privileged: those that Xen completes are completed, the rest is the
 * fault it was.
 */
final class PrivilegedInstructions {
    /** UD2 and the letters "xen" before CPUID: a guest asks the hypervisor, whatever the processor would say. */
    private static final int[] FORCED_IDENTIFY = {0x0f, 0x0b, 0x78, 0x65, 0x6e, 0x0f, 0xa2};

    /** TSD, DE, OSXSAVE are the guest's. */
    private static final long CR4_GUEST = Cpu.CR4_TSD | Cpu.CR4_DE | Cpu.CR4_OSXSAVE;
    /** PAE, MCE, OSFXSR, OSXMMEXCPT are always there to see. */
    private static final long CR4_SHOWN = Cpu.CR4_PAE | Cpu.CR4_MCE | Cpu.CR4_OSFXSR | Cpu.CR4_OSXMMEXCPT;
    private static final long CR0_SHOWN = 0x8005_0033L;

    private final PvProcessor processor;
    private final PvMsrs msrs;
    private final Cpu cpu;

    PrivilegedInstructions(PvProcessor processor) {
        this.processor = processor;
        cpu = processor.cpu;
        msrs = new PvMsrs(processor);
    }

    /** Serves a CPUID with the prefix that makes the hypervisor see it. @return false if it is not one */
    boolean forcedIdentify() {
        byte[] code = fetch(FORCED_IDENTIFY.length);
        for (int i = 0; i < FORCED_IDENTIFY.length; i++) {
            if (i >= code.length || (code[i] & 0xff) != FORCED_IDENTIFY[i]) {
                return false;
            }
        }
        int[] registers = new int[4];
        cpu.hooks.cpuid(cpu, (int) cpu.r[Cpu.RAX], (int) cpu.r[Cpu.RCX], registers);
        cpu.r[Cpu.RAX] = registers[0] & 0xffff_ffffL;
        cpu.r[Cpu.RBX] = registers[1] & 0xffff_ffffL;
        cpu.r[Cpu.RCX] = registers[2] & 0xffff_ffffL;
        cpu.r[Cpu.RDX] = registers[3] & 0xffff_ffffL;
        cpu.rip += FORCED_IDENTIFY.length;
        return true;
    }

    /** The bytes at the instruction pointer, as many of those wanted as can be read. */
    private byte[] fetch(int wanted) {
        byte[] code = new byte[wanted];
        long cr2 = cpu.cr2;
        int n = 0;
        try {
            for (; n < wanted; n++) {
                code[n] = (byte) cpu.mmu.load8(cpu.codeLinear(cpu.rip + n));
            }
        } catch (GuestFault _) {
            cpu.cr2 = cr2;
        }
        return java.util.Arrays.copyOf(code, n);
    }

    /** The instruction at the instruction pointer; null if it cannot be told. */
    Instruction instruction() {
        byte[] code = fetch(Decoder.LENGTH_MAX);
        return code.length == 0 ? null : Decoder.decode(code, 0, code.length, cpu.mode);
    }

    /** Completes the instruction that faulted. @return false if the fault is the guest's */
    boolean execute() {
        Instruction i = instruction();
        if (i == null || i.lock) {
            return false;
        }
        boolean done = switch (i.op) {
            case IN, OUT, CLI, STI -> processor.portLevel >= (processor.inKernel() ? 1 : 3) && port(i);
            case MOV_FROM_CONTROL, MOV_TO_CONTROL, CLTS, MOV_FROM_DEBUG, MOV_TO_DEBUG, RDMSR, WRMSR, XSETBV, WBINVD ->
                processor.inKernel() && privileged(i);
            default -> false;
        };
        if (done) {
            cpu.rip += i.length;
        }
        return done;
    }

    /** CLI and STI do nothing: the flag of interrupts is a byte in the guest's memory. */
    private boolean port(Instruction i) {
        boolean in = i.op == dev.sojourn.isa.Op.IN;
        if (!in && i.op != dev.sojourn.isa.Op.OUT) {
            return true;
        }
        int port = i.opcode < 0xe8 ? (int) i.immediate & 0xff : (int) cpu.r[Cpu.RDX] & 0xffff;
        int bytes = (i.opcode & 1) == 0 ? 1 : Math.min(i.operandBytes, 4);
        long mask = -1L >>> 64 - 8 * bytes;
        if (in) {
            long value = cpu.hooks.portIn(port, bytes) & mask;
            cpu.r[Cpu.RAX] = bytes == 4 ? value : cpu.r[Cpu.RAX] & ~mask | value;
        } else {
            cpu.hooks.portOut(port, bytes, (int) (cpu.r[Cpu.RAX] & mask));
        }
        return true;
    }

    private boolean privileged(Instruction i) {
        switch (i.op) {
            case MOV_FROM_CONTROL -> {
                return readControl(i.reg, i.rm);
            }
            case MOV_TO_CONTROL -> {
                return writeControl(i.reg, cpu.r[i.rm]);
            }
            case CLTS -> processor.taskSwitched(false);
            case MOV_FROM_DEBUG -> cpu.r[i.rm] = DebugCalls.get(cpu, i.reg);
            case MOV_TO_DEBUG -> {
                return DebugCalls.set(cpu, i.reg, cpu.r[i.rm]) == 0;
            }
            case RDMSR -> {
                return msrs.read();
            }
            case WRMSR -> {
                return msrs.write();
            }
            case XSETBV -> {
                return setExtendedControl();
            }
            default -> {}
        }
        return true;
    }

    private boolean readControl(int number, int register) {
        long value;
        switch (number) {
            case 0 -> value = CR0_SHOWN | cpu.cr0 & Cpu.CR0_TS;
            case 2 -> value = processor.vcpu.cr2();
            case 3 -> value = MachineFrames.address(processor.kernelTable());
            case 4 -> value = cpu.cr4 | CR4_SHOWN;
            default -> {
                return false;
            }
        }
        cpu.r[register] = value;
        return true;
    }

    private boolean writeControl(int number, long value) {
        switch (number) {
            case 0 -> {
                if (((value ^ CR0_SHOWN) & ~Cpu.CR0_TS) != 0) {
                    return false;
                }
                processor.taskSwitched((value & Cpu.CR0_TS) != 0);
            }
            case 2 -> processor.vcpu.cr2(value);
            case 3 -> {
                return (value & 0xfff) == 0 && processor.switchKernelTable(value >>> 12);
            }
            case 4 -> cpu.cr4 = cpu.cr4 & ~CR4_GUEST | value & CR4_GUEST;
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean setExtendedControl() {
        long value = cpu.r[Cpu.RAX] & 0xffff_ffffL;
        boolean good = (int) cpu.r[Cpu.RCX] == 0 && (int) cpu.r[Cpu.RDX] == 0 && (value == 1 || value == 3);
        if (good) {
            cpu.xcr0 = (int) value;
        }
        return good;
    }
}
