package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.CallingGuest.DATA;
import static dev.sojourn.conformance.system.CallingGuest.NO_RAM;

import org.junit.jupiter.api.Test;

/** Everything the interface {@code vmware} offers, and what it refuses (Linux, arch/x86/kernel/cpu/vmware.c). */
class VmwareCallsTest {
    private static final int MAGIC = 0x564d_5868;
    private static final int[] IN_EAX_DX = {0xed};
    private static final int[] IN_AX_DX = {0x66, 0xed};
    private static final int[] IN_AL_DX = {0xec};
    private static final int[] OUT_DX_EAX = {0xef};

    private final CallingGuest v = new CallingGuest("vmware");

    private void registers(long magic, int command, int port, long esi, long edi) {
        v.set(RAX, magic);
        v.set(RBX, 0xffff_ffff_ffff_ffffL);
        v.set(RCX, command);
        v.set(RDX, port);
        v.set(RSI, esi);
        v.set(RDI, edi);
    }

    private void byPort(String text, int command, long esi, long edi) {
        registers(MAGIC, command, 0x5658, esi, edi);
        v.instruction(text, false, IN_EAX_DX, RAX, RBX, RCX);
    }

    private void byCall(String text, int command, long esi, long edi) {
        registers(MAGIC, command, 0, esi, edi);
        v.call(text, false, RAX, RBX, RCX);
    }

    @Test void leaves() {
        v.cpuid(1);
        v.cpuid(0x4000_0000);
        v.cpuid(0x4000_0001);
        v.cpuid(0x4000_0010);
        v.cpuid(0x8000_0007);
        v.reports("""
                cpuid 1 206c2 10800 c5982201 178bbb7d
                cpuid 40000000 40000010 61774d56 4d566572 65726177
                cpuid 40000001 0 0 0 0
                cpuid 40000010 f4240 61a8 2 0
                cpuid 80000007 0 0 0 100
                """);
    }

    @Test void commandsByPort() {
        byPort("version", 10, 0, 0);
        byPort("hertz", 45, 0, 0);
        byPort("processor", 68, 0, 0);
        byPort("steal off", 91, 0, 1);
        byPort("steal", 91, 0, DATA);
        v.memory(DATA);
        byPort("steal, not aligned", 91, 0, DATA + 8);
        byPort("steal nowhere", 91, 0, NO_RAM);
        byPort("steal nowhere", 91, -1, -64);
        byPort("steal off", 91, 0, 1);
        byPort("subcommand in the upper half", 0x1_000a, 0, 0);
        byPort("unknown", 0, 0, 0);
        byPort("unknown", 39, 0, 0);
        byPort("unknown", 0xffff, 0, 0);
        registers(MAGIC, 10, 0x5658, 0, 0);
        v.set(RDX, 0x0001_5658);
        v.instruction("version, channel in the upper half", false, IN_EAX_DX, RAX, RBX, RCX);
        v.reports("""
                version 6 564d5868 2 ok
                hertz 3b9aca00 0 17d7840 ok
                processor 0 ffffffffffffffff 44 ok
                steal off 0 ffffffffffffffff 5b ok
                steal 1 ffffffffffffffff 5b ok
                at 800000 0
                steal, not aligned ffffffff ffffffffffffffff 5b ok
                steal nowhere ffffffff ffffffffffffffff 5b ok
                steal nowhere ffffffff ffffffffffffffff 5b ok
                steal off 0 ffffffffffffffff 5b ok
                subcommand in the upper half 6 564d5868 2 ok
                unknown ffffffff ffffffffffffffff 0 ok
                unknown ffffffff ffffffffffffffff 27 ok
                unknown ffffffff ffffffffffffffff ffff ok
                version, channel in the upper half 6 564d5868 2 ok
                """);
    }

    /** Only a doubleword read with the magic word is a call; everything else is a port that nobody owns. */
    @Test void whatIsNoCall() {
        registers(0x1234_5678, 10, 0x5658, 0, 0);
        v.instruction("no magic", false, IN_EAX_DX, RAX, RBX);
        registers(MAGIC, 10, 0x5658, 0, 0);
        v.instruction("word", false, IN_AX_DX, RAX, RBX);
        registers(MAGIC, 10, 0x5658, 0, 0);
        v.instruction("byte", false, IN_AL_DX, RAX, RBX);
        registers(MAGIC, 10, 0x5658, 0, 0);
        v.instruction("out", false, OUT_DX_EAX, RAX, RBX);
        registers(MAGIC, 10, 0x5659, 0, 0);
        v.instruction("high bandwidth", false, IN_EAX_DX, RAX, RBX);
        registers(0x456c_6d6f, 0, 0x5670, 0, 0);
        v.instruction("balloon", false, IN_EAX_DX, RAX, RBX);
        v.reports("""
                no magic ffffffff ffffffffffffffff ok
                word 564dffff ffffffffffffffff ok
                byte 564d58ff ffffffffffffffff ok
                out 564d5868 ffffffffffffffff ok
                high bandwidth ffffffff ffffffffffffffff ok
                balloon ffffffff ffffffffffffffff ok
                """);
    }

    @Test void commandsByCall() {
        byCall("version", 10, 0, 0);
        byCall("hertz", 45, 0, 0);
        byCall("processor", 68, 0, 0);
        byCall("steal", 91, 0, DATA);
        byCall("unknown", 1, 0, 0);
        registers(MAGIC, 10, 1, 0, 0);
        v.call("high bandwidth", false, RAX, RBX);
        registers(1, 10, 0, 0, 0);
        v.call("no magic", false, RAX, RBX);
        registers(MAGIC, 10, 0, 0, 0);
        v.instruction("version by VMMCALL", false, new int[] {0x0f, 0x01, 0xd9}, RAX, RBX);
        v.reports("""
                version 6 564d5868 2 ok
                hertz 3b9aca00 0 17d7840 ok
                processor 0 ffffffffffffffff 44 ok
                steal 1 ffffffffffffffff 5b ok
                unknown ffffffff ffffffffffffffff 1 ok
                high bandwidth ffffffff ffffffffffffffff ok
                no magic ffffffff ffffffffffffffff ok
                version by VMMCALL 6 564d5868 ok
                """);
    }

    /** The backdoor is open to programs, whatever IOPL says; what would write memory is the kernel's alone. */
    @Test void programsMayCall() {
        registers(MAGIC, 10, 0x5658, 0, 0);
        v.instruction("port", true, IN_EAX_DX, RAX, RBX);
        registers(MAGIC, 10, 0, 0, 0);
        v.call("call", true, RAX, RBX);
        registers(MAGIC, 91, 0x5658, 0, DATA);
        v.instruction("steal", true, IN_EAX_DX, RAX, RBX);
        registers(1, 10, 0x5658, 0, 0);
        v.g.print("no magic ");
        v.g.probe(() -> v.g.user(() -> v.a.db(IN_EAX_DX)));
        v.reports("""
                port 6 564d5868 ok
                call 6 564d5868 ok
                steal ffffffff ffffffffffffffff ok
                no magic d/0+2c
                """);
    }
}
