package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.CallingGuest.DATA;
import static dev.sojourn.conformance.system.CallingGuest.NO_RAM;

import org.junit.jupiter.api.Test;

/** Everything the interface {@code xen-pvh} offers, and what it refuses (Xen, public headers). */
class XenPvhCallsTest {
    private static final long NOWHERE = 0x7000_0000_0000L;
    private static final int SELF = 0x7ff0;

    private final CallingGuest x = new CallingGuest("xen-pvh");

    private void call(String text, long number, long... arguments) {
        set(number, arguments);
        x.call(text, false, RAX);
    }

    private void set(long number, long... arguments) {
        x.set(RAX, number);
        x.set(RDI, arguments.length > 0 ? arguments[0] : 0);
        x.set(RSI, arguments.length > 1 ? arguments[1] : 0);
        x.set(RDX, arguments.length > 2 ? arguments[2] : 0);
    }

    @Test void leaves() {
        x.cpuid(1);
        for (int leaf = 0x4000_0000; leaf <= 0x4000_0006; leaf++) {
            x.cpuid(leaf);
        }
        x.reports("""
                cpuid 1 206c2 10800 c5982201 178bbb7d
                cpuid 40000000 40000005 566e6558 65584d4d 4d4d566e
                cpuid 40000001 40011 0 0 0
                cpuid 40000002 1 40000000 0 0
                cpuid 40000003 6 0 f4240 0
                cpuid 40000004 58 0 1 0
                cpuid 40000005 0 0 0 0
                cpuid 40000006 0 0 0 0
                """);
    }

    @Test void hypercallPage() {
        x.read(0x4000_0000);
        x.write(0x4000_0000, DATA);
        x.memory(DATA);
        x.memory(DATA + 17 * 32);
        x.memory(DATA + 23 * 32);
        x.write(0x4000_0000, DATA + 1);
        x.write(0x4000_0000, NO_RAM);
        x.reports("""
                read 40000000 0 ok
                write 40000000 800000 ok
                at 800000 c1010f00000000b8
                at 800220 c1010f00000011b8
                at 8002e0 cccccccccccc0b0f
                write 40000000 800001 d/0+f
                write 40000000 2000000 d/0+f
                """);
    }

    @Test void callsAboveLevel0AndUnknownOnes() {
        set(17, 0, 0);
        x.call("version at level 3", true, RAX);
        call("version", 17, 0, 0);
        set(17, 0, 0);
        x.instruction("version by VMMCALL", false, new int[] {0x0f, 0x01, 0xd9}, RAX);
        for (int number : new int[] {0, 1, 7, 18, 23, 26, 27, 33, 35, 36, 63}) {
            call("call " + number, number);
        }
        x.reports("""
                version at level 3 ffffffffffffffff ok
                version 40011 ok
                version by VMMCALL 40011 ok
                call 0 ffffffffffffffda ok
                call 1 ffffffffffffffda ok
                call 7 ffffffffffffffff ok
                call 18 ffffffffffffffff ok
                call 23 ffffffffffffffda ok
                call 26 ffffffffffffffda ok
                call 27 ffffffffffffffda ok
                call 33 ffffffffffffffda ok
                call 35 ffffffffffffffff ok
                call 36 ffffffffffffffff ok
                call 63 ffffffffffffffda ok
                """);
    }

    @Test void features() {
        x.put(DATA, 0);
        call("features", 17, 6, DATA);
        x.memory(DATA);
        call("features nowhere", 17, 6, NOWHERE);
        call("capabilities", 17, 3, DATA + 0x100);
        x.memory(DATA + 0x100);
        call("page size", 17, 7, 0);
        x.reports("""
                features 0 ok
                at 800000 1230500000000
                features nowhere fffffffffffffff2 ok
                capabilities 0 ok
                at 800100 2d302e332d6e6578
                page size 1000 ok
                """);
    }

    @Test void parameters() {
        x.put(DATA, SELF | 1L << 32);
        call("store frame", 34, 1, DATA);
        x.memory(DATA + 8);
        x.put(DATA, SELF | 2L << 32);
        call("store port", 34, 1, DATA);
        x.memory(DATA + 8);
        x.put(DATA, SELF | 17L << 32);
        call("console frame", 34, 1, DATA);
        x.memory(DATA + 8);
        call("set console frame", 34, 0, DATA);
        x.put(DATA, SELF | 64L << 32);
        call("parameter 64", 34, 1, DATA);
        x.put(DATA, 5);
        call("of another domain", 34, 1, DATA);
        x.put(DATA, SELF);
        x.put(DATA + 8, 2L << 56 | 0xf3);
        call("callback by vector", 34, 0, DATA);
        x.put(DATA + 8, 2L << 56 | 3);
        call("callback by vector 3", 34, 0, DATA);
        x.put(DATA + 8, 1L << 56);
        call("callback by pci line", 34, 0, DATA);
        x.put(DATA, 0xf3L << 32);
        call("upcall vector", 34, 23, DATA);
        x.put(DATA, 3L << 32);
        call("upcall vector 3", 34, 23, DATA);
        x.put(DATA, 0xf3L << 32 | 9);
        call("upcall vector of vcpu 9", 34, 23, DATA);
        call("page table dying", 34, 9, DATA);
        call("nowhere", 34, 1, NOWHERE);
        x.reports("""
                store frame 0 ok
                at 800008 d0
                store port 0 ok
                at 800008 1
                console frame 0 ok
                at 800008 d1
                set console frame ffffffffffffffff ok
                parameter 64 ffffffffffffffea ok
                of another domain fffffffffffffffd ok
                callback by vector 0 ok
                callback by vector 3 ffffffffffffffea ok
                callback by pci line ffffffffffffffea ok
                upcall vector 0 ok
                upcall vector 3 ffffffffffffffea ok
                upcall vector of vcpu 9 fffffffffffffffe ok
                page table dying ffffffffffffffda ok
                nowhere fffffffffffffff2 ok
                """);
    }

    @Test void memory() {
        x.put(DATA, SELF);
        x.put(DATA + 8, 0);
        x.put(DATA + 16, DATA + 0x4000 >> 12);
        call("shared info", 12, 7, DATA);
        x.memory(DATA + 0x4000 + 0x28);
        x.put(DATA + 16, 0x8000_0000_0000L);
        call("shared info nowhere", 12, 7, DATA);
        x.put(DATA, SELF | 1L << 32);
        x.put(DATA + 16, NO_RAM >> 12);
        call("grant frame behind RAM", 12, 7, DATA);
        x.put(DATA + 8, 64);
        call("grant frame 64", 12, 7, DATA);
        x.put(DATA + 8, 0);
        x.put(DATA + 16, 0xfee00);
        call("grant frame over the APIC", 12, 7, DATA);
        x.put(DATA, SELF | 2L << 32);
        call("another space", 12, 7, DATA);
        call("maximum page", 12, 2);
        call("current", 12, 3);
        x.put(DATA, 3);
        x.put(DATA + 8, DATA + 0x100);
        call("map", 12, 9, DATA);
        x.memory(DATA);
        x.memory(DATA + 0x108);
        call("unknown", 12, 77, DATA);
        x.reports("""
                shared info 0 ok
                at 804028 0
                shared info nowhere ffffffffffffffea ok
                grant frame behind RAM 0 ok
                grant frame 64 ffffffffffffffea ok
                grant frame over the APIC ffffffffffffffea ok
                another space ffffffffffffffda ok
                maximum page fff ok
                current 1000 ok
                map 0 ok
                at 800000 3
                at 800108 9fc00
                unknown ffffffffffffffda ok
                """);
    }

    @Test void vcpusAndEvents() {
        call("is up 0", 24, 3, 0);
        call("is up 1", 24, 3, 1);
        x.put(DATA, DATA + 0x1000 >> 12);
        x.put(DATA + 8, 0x40);
        call("register info", 24, 10, 0, DATA);
        x.memory(DATA + 0x1040);
        x.memory(DATA + 0x1048);
        x.memory(DATA + 0x1078);
        call("register info again", 24, 10, 0, DATA);
        call("initialise", 24, 0, 1, DATA);
        x.put(DATA, 0);
        x.put(DATA + 8, 0);
        call("bind timer", 32, 1, DATA);
        x.memory(DATA + 8);
        x.put(DATA + 0x10, 0);
        x.put(DATA + 0x18, 0);
        call("single shot now", 24, 8, 0, DATA + 0x10);
        x.wait(100);
        x.memory(DATA + 0x1040);
        x.put(DATA + 0x20, DATA + 0x30);
        x.put(DATA + 0x28, 1);
        x.put(DATA + 0x30, 3);
        x.put(DATA + 0x40, 0);
        call("poll the timer's port", 29, 3, DATA + 0x20);
        call("close", 32, 3, DATA + 0x30);
        call("close again", 32, 3, DATA + 0x30);
        x.reports("""
                is up 0 1 ok
                is up 1 fffffffffffffffe ok
                register info 0 ok
                at 801040 1
                at 801048 ffffffffffffffff
                at 801078 10180000000
                register info again ffffffffffffffea ok
                initialise fffffffffffffffe ok
                bind timer 0 ok
                at 800008 3
                single shot now 0 ok
                at 801040 1
                poll the timer's port 0 ok
                close 0 ok
                close again ffffffffffffffea ok
                """);
    }
}
