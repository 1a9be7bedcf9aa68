package dev.sojourn.interfaces.vmware;

import dev.sojourn.interfaces.MachineOps;

/** The CPUID leaves: signature, frequencies and how calls are made. */
final class Discovery {
    private static final int SIGNATURE = 0x4000_0000;
    private static final int TIMING = 0x4000_0010;
    private static final int HYPERVISOR = 1 << 31;
    /** VMCALL serves the backdoor; with VMMCALL offered too, guests would take neither. */
    private static final int VMCALL = 1 << 1;

    private final int timeStampKilohertz;
    private final int apicKilohertz;

    Discovery(MachineOps machine) {
        timeStampKilohertz = (int) (machine.timeStamp().hertz() / 1000);
        apicKilohertz = (int) (machine.apicTimer().hertz() / 1000);
    }

    void cpuid(int leaf, int[] registers) {
        switch (leaf) {
            case 1 -> registers[2] |= HYPERVISOR;
            case SIGNATURE -> {
                registers[0] = TIMING;
                registers[1] = 0x6177_4d56;     // VMwa
                registers[2] = 0x4d56_6572;     // reVM
                registers[3] = 0x6572_6177;     // ware
            }
            case TIMING -> {
                registers[0] = timeStampKilohertz;
                registers[1] = apicKilohertz;
                registers[2] = VMCALL;
                registers[3] = 0;
            }
            default -> {}
        }
    }
}
