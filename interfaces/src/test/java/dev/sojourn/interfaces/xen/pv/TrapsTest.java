package dev.sojourn.interfaces.xen.pv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.memory.GuestMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a guest's kernel finds on its stack, and what becomes of instructions it is not privileged for. */
class TrapsTest {
    private static final int CODE = 4;
    private static final int DATA = 5;
    private static final int STACK_FRAME = 6;
    private static final long AT = PvRig.linear(CODE);
    private static final long STACK = PvRig.linear(STACK_FRAME + 1);
    private static final long HANDLER = PvRig.linear(7);
    private static final int MASKS = 4;
    private static final int OPEN = 3;

    private final PvRig rig = new PvRig(new byte[] {(byte) 0xf4}, 1);
    private final Cpu cpu = rig.cpu(0);
    private final PvProcessor processor = rig.guest.processors.getFirst();
    private final long startInfo = rig.physical((int) (cpu.r[Cpu.RSI] - TinyKernel.BASE >> GuestMemory.PAGE_SHIFT));

    @AfterEach
    void close() { rig.close(); }

    private void trap(int vector, int flags) {
        long at = rig.physical(DATA);
        rig.memory.putLong(at, vector | flags << 8 | 0x13 << 16);
        rig.memory.putLong(at + 8, HANDLER + 16 * vector);
        rig.memory.putLong(at + 24, 0);
        assertEquals(0, rig.call(0, 0, PvRig.linear(DATA)));
    }

    private void callback(int type, long address) {
        rig.memory.putLong(rig.physical(DATA), type);
        rig.memory.putLong(rig.physical(DATA) + 8, address);
        assertEquals(0, rig.call(0, 30, 0, PvRig.linear(DATA)));
    }

    private void step(int... code) {
        for (int i = 0; i < code.length; i++) rig.memory.putByte(rig.physical(CODE) + i, code[i]);
        cpu.rip = AT;
        cpu.r[Cpu.RSP] = STACK - 8;
        rig.engine.step(cpu);
    }

    /** The words on the stack from the stack pointer up. */
    private long stack(int word) {
        long at = cpu.r[Cpu.RSP] + 8 * word - PvRig.linear(STACK_FRAME);
        return rig.memory.getLong(rig.physical(STACK_FRAME) + at);
    }

    private void mask(boolean masked) { processor.vcpu.mask(masked); }

    @Test
    void faultOfTheKernelLeavesAFrameOnItsStack() {
        trap(14, MASKS);
        mask(false);
        cpu.r[Cpu.RCX] = 0x11;
        cpu.r[Cpu.R11] = 0x22;
        // mov [rax], rax
        cpu.r[Cpu.RAX] = 0x1234_5000;
        step(0x48, 0x89, 0x00);
        assertEquals(HANDLER + 16 * 14, cpu.rip);
        assertEquals(STACK - 16 - 64, cpu.r[Cpu.RSP]);
        assertEquals(0x11, stack(0));
        assertEquals(0x22, stack(1));
        assertEquals(2, stack(2), "A write, by the kernel");
        assertEquals(AT, stack(3));
        assertEquals(0xe030, stack(4));
        assertTrue((stack(5) & Cpu.IF) != 0);
        assertEquals(STACK - 8, stack(6));
        assertEquals(0xe028, stack(7));
        assertTrue(processor.vcpu.isMasked());
        assertEquals(0x1234_5000, processor.vcpu.cr2());
        assertEquals(PvProcessor.CODE_64, cpu.segments[Instruction.CS].selector);
    }

    @Test
    void breakpointLeavesEventsAsTheyAre() {
        trap(3, OPEN);
        mask(false);
        step(0xcc);
        assertEquals(HANDLER + 48, cpu.rip);
        assertEquals(AT + 1, stack(2));
        assertFalse(processor.vcpu.isMasked());
    }

    @Test
    void maskedEventsAreShownInTheFrame() {
        trap(3, OPEN);
        mask(true);
        step(0xcc);
        assertEquals(0xe030 | 1L << 32, stack(3));
        assertEquals(0, stack(4) & Cpu.IF);
    }

    @Test
    void softwareInterruptNeedsAnOpenVector() {
        trap(0x80, OPEN);
        trap(13, MASKS);
        step(0xcd, 0x80);
        assertEquals(HANDLER + 16 * 0x80, cpu.rip);
        step(0xcd, 0x81);
        assertEquals(HANDLER + 16 * 13, cpu.rip);
        assertEquals(0x81 << 3 | 2, stack(2));
        assertEquals(AT, stack(3));
    }

    @Test
    void forcedCpuidIsTheHypervisors() {
        cpu.r[Cpu.RAX] = 0x4000_0000;
        step(0x0f, 0x0b, 0x78, 0x65, 0x6e, 0x0f, 0xa2);
        assertEquals(0x566e_6558, cpu.r[Cpu.RBX]);
        assertEquals(AT + 7, cpu.rip);
        trap(6, MASKS);
        step(0x0f, 0x0b, 0x78, 0x65, 0x6e, 0x90);
        assertEquals(HANDLER + 16 * 6, cpu.rip);
        assertEquals(AT, stack(2));
    }

    @Test
    void interruptFlagIsOfNoEffectAtItsLevel() {
        trap(13, MASKS);
        step(0xfa);
        assertEquals(HANDLER + 16 * 13, cpu.rip);
        rig.memory.putInt(rig.physical(DATA), 1);
        assertEquals(0, rig.call(0, 33, 6, PvRig.linear(DATA)));
        step(0xfa);
        assertEquals(AT + 1, cpu.rip);
        assertTrue((cpu.system & Cpu.IF) != 0);
        step(0xe4, 0x60);
        assertEquals(0xff, cpu.r[Cpu.RAX] & 0xff);
    }

    @Test
    void registersOfTheKernelReadAsXenShowsThem() {
        trap(13, MASKS);
        step(0x0f, 0x20, 0xc0);
        assertEquals(0x8005_0033L, cpu.r[Cpu.RAX]);
        step(0x0f, 0x20, 0xe0);
        assertEquals(0x660, cpu.r[Cpu.RAX]);
        step(0x0f, 0x20, 0xd8);
        assertEquals(processor.kernelTable() << 12, cpu.r[Cpu.RAX]);
        cpu.r[Cpu.RCX] = 0x277;
        step(0x0f, 0x32);
        assertEquals(0x0007_0406, cpu.r[Cpu.RAX]);
        assertEquals(0x0000_0501, cpu.r[Cpu.RDX]);
        cpu.r[Cpu.RCX] = 0xc000_0101L;
        cpu.r[Cpu.RAX] = 0x1000;
        cpu.r[Cpu.RDX] = 0;
        step(0x0f, 0x30);
        assertEquals(0x1000, processor.gsBase());
        cpu.r[Cpu.RCX] = 0x1234;
        step(0x0f, 0x32);
        assertEquals(HANDLER + 16 * 13, cpu.rip, "There is no such register");
        step(0xf4);
        assertEquals(HANDLER + 16 * 13, cpu.rip, "HLT");
    }

    @Test
    void programGoesToTheKernelAndBack() {
        long user = userTable();
        rig.memory.putLong(rig.physical(DATA), 15);
        rig.memory.putLong(rig.physical(DATA) + 8, user);
        assertEquals(0, rig.call(0, 26, PvRig.linear(DATA), 1, 0, 0x7ff0));
        callback(2, HANDLER);
        rig.call(0, 3, 0xe02b, STACK);
        rig.call(0, 25, 1, 0x7777);
        mask(true);
        // To the program by the iret call: RAX, R11, RCX, flags, RIP, CS, RFLAGS, RSP, SS.
        long[] frame = {0xaa, 0xbb, 0xcc, 0, 0x40_0000, PvProcessor.CODE_64, 0x202, 0x40_0800, PvProcessor.DATA};
        for (int i = 0; i < frame.length; i++) rig.memory.putLong(rig.physical(STACK_FRAME) + 8 * i, frame[i]);
        cpu.r[Cpu.RSP] = PvRig.linear(STACK_FRAME);
        rig.call(0, 23);
        assertFalse(processor.inKernel());
        assertEquals(0xaa, cpu.r[Cpu.RAX]);
        assertEquals(0xbb, cpu.r[Cpu.R11]);
        assertEquals(0xcc, cpu.r[Cpu.RCX]);
        assertEquals(0x40_0000, cpu.rip);
        assertEquals(0x7777, processor.gsBase());
        assertFalse(processor.vcpu.isMasked());
        rig.engine.step(cpu);
        assertTrue(processor.inKernel(), "SYSCALL of a program");
        assertEquals(HANDLER, cpu.rip);
        assertEquals(STACK - 56, cpu.r[Cpu.RSP]);
        assertEquals(0x40_0002, stack(2));
        assertEquals(PvProcessor.CODE_64, stack(3) & 0xffff);
        assertEquals(0x40_0800, stack(5));
    }

    /** Tables for programs that map the page of frame 10, which holds SYSCALL, at 0x400000. @return the top one */
    private long userTable() {
        int[] tables = {11, 12, 13, 14};
        int[] index = {Pte.index(0x40_0000, 4), Pte.index(0x40_0000, 3), Pte.index(0x40_0000, 2), Pte.index(0x40_0000, 1)};
        for (int i = 0; i < 4; i++) {
            int next = i < 3 ? tables[i + 1] : 10;
            long entry = Pte.of(rig.guest.frames.guest[next], i < 3 ? Pte.TABLE : Pte.LEAF | Pte.USER);
            rig.memory.putLong(rig.physical(tables[i]) + 8L * index[i], entry);
            long readOnly = Pte.of(rig.guest.frames.guest[tables[i]], Pte.PRESENT);
            assertEquals(0, rig.call(0, 14, PvRig.linear(tables[i]), readOnly, 0));
        }
        rig.memory.putShort(rig.physical(10), 0x050f);
        return rig.guest.frames.guest[tables[0]];
    }

    @Test
    void returnThatCannotBeGoesToTheFailsafeCallback() {
        callback(1, HANDLER);
        long[] frame = {1, 2, 3, 0, AT, 0x1230, 0x202, STACK, PvProcessor.DATA};
        for (int i = 0; i < frame.length; i++) rig.memory.putLong(rig.physical(STACK_FRAME) + 8 * i, frame[i]);
        cpu.r[Cpu.RSP] = PvRig.linear(STACK_FRAME);
        rig.call(0, 23);
        assertEquals(HANDLER, cpu.rip);
        assertEquals(STACK - 11 * 8, cpu.r[Cpu.RSP]);
        assertEquals(3, stack(0));
        assertEquals(2, stack(1));
        assertEquals(AT, stack(6));
    }

    @Test
    void eventGoesToItsCallbackWhenItIsNotMasked() {
        callback(0, HANDLER);
        processor.vcpu.mask(true);
        notifyConsole();
        assertFalse(cpu.hooks.hasInterrupt(cpu));
        processor.vcpu.mask(false);
        assertTrue(cpu.hooks.hasInterrupt(cpu));
        cpu.rip = AT;
        cpu.r[Cpu.RSP] = STACK;
        rig.memory.putByte(rig.physical(CODE), 0x90);
        rig.engine.run(cpu, 1);
        assertEquals(STACK - 56, cpu.r[Cpu.RSP]);
        assertTrue(processor.vcpu.isMasked());
        assertFalse(cpu.hooks.hasInterrupt(cpu));
    }

    /** An event on the console's port: the guest's output is taken. */
    private void notifyConsole() {
        long ring = consoleRing();
        rig.memory.putInt(ring + 3084, 1);
        rig.memory.putInt(rig.physical(DATA), rig.guest.domain.consolePort());
        assertEquals(0, rig.call(0, 32, 4, PvRig.linear(DATA)));
    }

    /** The start info, whose address the guest gets in RSI, has its frame at 48. */
    private long consoleRing() { return rig.memory.getLong(startInfo + 0x48) << GuestMemory.PAGE_SHIFT; }

    @Test
    void stackInTheHypervisorEndsTheDomain() {
        trap(3, OPEN);
        rig.memory.putByte(rig.physical(CODE), 0xcc);
        cpu.rip = AT;
        cpu.r[Cpu.RSP] = HypervisorHole.START + GuestMemory.PAGE_BYTES;
        rig.engine.step(cpu);
        assertTrue(cpu.shutdown);
        assertTrue(rig.console().contains("stack is in the hypervisor"), rig.console());
    }
}
