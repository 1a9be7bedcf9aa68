package dev.sojourn.interfaces.xen.pv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every call that a paravirtual guest is offered, with good and bad arguments, by a guest that makes them (public/xen.h). */
class PvCallsTest {
    private static final long NOWHERE = 0x1000;
    private static final long DATA = CallTable.DATA;
    private static final int SELF = 0x7ff0;

    private final CallTable t = new CallTable();

    @AfterEach
    void close() {
        FrameCensus.check(t.rig.memory, t.rig.guest);
        t.close();
    }

    private long frame(int pfn) { return t.rig.guest.frames.guest[pfn]; }

    @Test
    void callsThatDoNotExist() {
        for (int number : new int[] {6, 7, 11, 16, 18, 19, 22, 27, 28, 31, 34, 35, 36, 37, 38, 39, 40, 41, 42, 48, 63, 1 << 20}) {
            t.call("call " + number, number);
        }
        t.reports("""
                call 6 -38
                call 7 -1
                call 11 -38
                call 16 -38
                call 18 -1
                call 19 -38
                call 22 -38
                call 27 -38
                call 28 -38
                call 31 -38
                call 34 -38
                call 35 -1
                call 36 -1
                call 37 -38
                call 38 -38
                call 39 -38
                call 40 -38
                call 41 -38
                call 42 -38
                call 48 -38
                call 63 -38
                call 1048576 -38
                """);
    }

    @Test
    void version() {
        for (int command = 0; command < 12; command++) {
            t.call("version " + command, 17, command, command == 0 || command == 7 ? 0 : DATA + 0x800);
            t.call("version " + command + " nowhere", 17, command, command == 0 ? 0 : NOWHERE);
        }
        t.call("features of another word", 17, 6, DATA + 0xe00);
        t.data(0xe00, 1);
        t.reports("""
                version 0 262161
                version 0 nowhere 262161
                version 1 0
                version 1 nowhere -14
                version 2 0
                version 2 nowhere -14
                version 3 0
                version 3 nowhere -14
                version 4 0
                version 4 nowhere -14
                version 5 0
                version 5 nowhere -14
                version 6 0
                version 6 nowhere -14
                version 7 4096
                version 7 nowhere -22
                version 8 0
                version 8 nowhere -14
                version 9 0
                version 9 nowhere -14
                version 10 -2
                version 10 nowhere -2
                version 11 -38
                version 11 nowhere -38
                features of another word -22
                """);
    }

    @Test
    void vcpus() {
        t.data(0, 5_000_000_000L, 0);
        t.data(0x20, 0, 1);
        t.data(0x40, frame(20), 0x40);
        t.data(0x60, frame(20), 0xff0);
        t.call("is up 0", 24, 3, 0);
        t.call("is up 1", 24, 3, 1);
        t.call("is up 2", 24, 3, 2);
        t.call("is up 8191", 24, 3, 8191);
        t.call("up 1 not initialised", 24, 1, 1);
        t.call("initialise 0", 24, 0, 0, DATA);
        t.call("initialise 1 in no kernel", 24, 0, 1, DATA + 0x1000);
        t.call("stop periodic", 24, 7, 0);
        t.call("periodic too fast", 24, 6, 0, DATA + 0x20);
        t.call("single shot", 24, 8, 0, DATA);
        t.call("single shot of another", 24, 8, 1, DATA);
        t.call("single shot past, future wanted", 24, 8, 0, DATA + 0x28 - 8);
        t.call("single shot nowhere", 24, 8, 0, NOWHERE);
        t.call("stop single shot", 24, 9, 0);
        t.call("register info across a page", 24, 10, 0, DATA + 0x60);
        t.call("register info", 24, 10, 0, DATA + 0x40);
        t.call("register info again", 24, 10, 0, DATA + 0x40);
        t.call("runstate", 24, 4, 0, DATA + 0x80);
        t.call("runstate area nowhere", 24, 5, 0, DATA + 0x20);
        t.call("physical id", 24, 12, 0, 0);
        t.call("unknown", 24, 99, 0, 0);
        t.rig.nanos = 1;
        t.reports("""
                is up 0 1
                is up 1 0
                is up 2 -2
                is up 8191 -2
                up 1 not initialised -22
                initialise 0 -17
                initialise 1 in no kernel -22
                stop periodic 0
                periodic too fast -22
                single shot 0
                single shot of another -22
                single shot past, future wanted -62
                single shot nowhere -14
                stop single shot 0
                register info across a page -22
                register info 0
                register info again -22
                runstate 0
                runstate area nowhere 0
                physical id -22
                unknown -38
                """);
    }

    @Test
    void events() {
        t.data(0, 0, 0);
        t.data(0x10, 0, 0);
        t.data(0x20, 23L | 9L << 32, 0);
        t.data(0x30, 24, 0);
        t.data(0x40, 2L | 1L << 32, 0);
        t.data(0x50, 0L << 16 | SELF, 0);
        t.data(0x60, 1000);
        t.data(0x68, 2);
        t.data(0x70, 3 | 16L << 32);
        t.data(0x78, 3 | 4L << 32);
        t.data(0x80, frame(21), 0x10, 0);
        t.data(0xa0, frame(21), 0xff8, 0);
        t.data(0xc0, frame(22));
        t.data(0xc8, 0x1_0000_0000L);
        t.call("bind timer", 32, 1, DATA);
        t.call("bind timer again", 32, 1, DATA);
        t.call("bind on no vcpu", 32, 1, DATA + 0x20);
        t.call("bind no virq", 32, 1, DATA + 0x30);
        t.call("bind a global one to vcpu 1", 32, 1, DATA + 0x40);
        t.call("bind ipi", 32, 7, DATA + 0x10);
        t.call("alloc unbound", 32, 6, DATA + 0x50);
        t.call("send to none", 32, 4, DATA + 0x60);
        t.call("send to console", 32, 4, DATA + 0x68);
        t.call("close none", 32, 3, DATA + 0x60);
        t.call("expand before fifo", 32, 12, DATA + 0xc0);
        t.call("control beyond page", 32, 11, DATA + 0xa0);
        t.call("control", 32, 11, DATA + 0x80);
        t.call("control again", 32, 11, DATA + 0x80);
        t.call("expand", 32, 12, DATA + 0xc0);
        t.call("expand with no frame", 32, 12, DATA + 0xc8);
        t.call("priority 16", 32, 13, DATA + 0x70);
        t.call("priority 4", 32, 13, DATA + 0x78);
        t.call("pirq", 32, 2, DATA);
        t.call("unknown", 32, 15, DATA);
        t.call("nowhere", 32, 4, NOWHERE);
        t.reports("""
                bind timer 0
                bind timer again -17
                bind on no vcpu -2
                bind no virq -22
                bind a global one to vcpu 1 -22
                bind ipi 0
                alloc unbound 0
                send to none -22
                send to console 0
                close none -22
                expand before fifo -95
                control beyond page -22
                control 0
                control again -22
                expand 0
                expand with no frame -22
                priority 16 -22
                priority 4 0
                pirq -22
                unknown -38
                nowhere -14
                """);
        assertEquals(3, t.data(8) & 0xffff_ffffL);
        assertEquals(4, t.data(0x10) >>> 32);
        assertEquals(5, t.data(0x50) >>> 32);
    }

    @Test
    void memory() {
        t.data(0, 1, DATA + 0x40);
        t.data(0x80, DATA + 0x100, 1, 0, SELF);
        t.data(0x100, frame(30));
        t.data(0x120, DATA + 0x140, 1, 0, SELF);
        t.data(0x140, 200);
        t.data(0x160, DATA + 0x100, 1, 0, 7);
        t.call("maximum ram page", 12, 2);
        t.call("current", 12, 3);
        t.call("map", 12, 9, DATA);
        t.call("machine to physical", 12, 12, DATA + 0x20);
        t.call("release a mapped page", 12, 1, DATA + 0x80);
        t.call("unmap it", 14, PvRig.linear(30), 0, 2);
        t.call("release", 12, 1, DATA + 0x80);
        t.call("release again", 12, 1, DATA + 0x80);
        t.call("current", 12, 3);
        t.call("populate", 12, 6, DATA + 0x120);
        t.call("populate more than there is", 12, 6, DATA + 0x120);
        t.call("of another domain", 12, 1, DATA + 0x160);
        t.call("exchange", 12, 11, DATA + 0x200);
        t.call("add to physmap", 12, 7, DATA);
        t.call("machine map", 12, 10, DATA);
        t.call("nowhere", 12, 9, NOWHERE);
        t.reports("""
                maximum ram page 4095
                current 3983
                map 0
                machine to physical 0
                release a mapped page 0
                unmap it 0
                release 1
                release again 0
                current 3982
                populate 1
                populate more than there is 0
                of another domain -1
                exchange -12
                add to physmap -38
                machine map -38
                nowhere -14
                """);
        assertEquals(HypervisorHole.START, t.data(0x20));
        assertEquals(frame(30), t.data(0x140));
    }

    @Test
    void descriptorsAndSegments() {
        long gdt = DATA + 0x400;
        t.data(0x400, frame(23));
        t.data(0x408, frame(24));
        t.rig.memory.putLong(t.rig.physical(23) + 16, 0x00af_9b00_0000_ffffL);
        t.rig.memory.putLong(t.rig.physical(24) + 8, 0x0000_8900_0000_0067L);
        t.call("gdt that is mapped writable", 2, gdt, 16);
        t.call("make it read-only", 14, PvRig.linear(23), Pte.of(frame(23), Pte.PRESENT), 2);
        t.call("gdt", 2, gdt, 16);
        t.call("make it writable again", 14, PvRig.linear(23), Pte.of(frame(23), Pte.LEAF), 2);
        t.call("make a bad one read-only", 14, PvRig.linear(24), Pte.of(frame(24), Pte.PRESENT), 2);
        t.call("gdt with a task state", 2, gdt + 8, 1);
        t.call("gdt too long", 2, gdt, 7169);
        t.call("update", 10, MachineFrames.address(frame(23)) + 24, 0x00cf_9300_0000_ffffL);
        t.call("update with a call gate", 10, MachineFrames.address(frame(23)) + 32, 0x0000_8c00_0008_0000L);
        t.call("update no slot", 10, MachineFrames.address(frame(23)) + 33, 0);
        t.call("update a page table", 10, MachineFrames.address(t.rig.guest.processors.getFirst().kernelTable()), 0);
        t.call("fs base", 25, 0, 0x1234_5678L);
        t.call("fs base not canonical", 25, 0, 1L << 47);
        t.call("gs of programs by a bad selector", 25, 3, 0x7b);
        t.call("segment 4", 25, 4, 0);
        t.reports("""
                gdt that is mapped writable -22
                make it read-only 0
                gdt 0
                make it writable again -22
                make a bad one read-only 0
                gdt with a task state -22
                gdt too long -22
                update 0
                update with a call gate -22
                update no slot -22
                update a page table -22
                fs base 0
                fs base not canonical -22
                gs of programs by a bad selector 0
                segment 4 -22
                """);
        assertEquals(0x00af_fb00_0000_ffffL, t.rig.memory.getLong(t.rig.physical(23) + 16));
        assertEquals(0x00cf_f300_0000_ffffL, t.rig.memory.getLong(t.rig.physical(23) + 24));
    }

    @Test
    void small() {
        t.data(0, 1L << 47 | 0xffff_0000_0000_0000L, 0);
        t.data(0x10, 0, 0x1234);
        t.data(0x20, 2, 0x1234);
        t.data(0x30, 9, 0x1234);
        t.data(0x40, 1);
        t.data(0x48, 4);
        t.data(0x60, 17, 0, 0, 0, 0, 0, 0, 0);
        t.data(0xa0, 99, 0, 0, 0, 0, 0, 0, 0);
        t.data(0xe0, 13, 0, DATA, 1, 0, 0, 0, 0);
        t.call("register event", 30, 0, DATA + 0x10);
        t.call("register syscall", 30, 0, DATA + 0x20);
        t.call("register unknown", 30, 0, DATA + 0x30);
        t.call("unregister event", 30, 1, DATA + 0x10);
        t.call("callback 2", 30, 2, DATA + 0x10);
        t.call("trap table nowhere", 0, NOWHERE);
        t.call("clear trap table", 0, 0);
        t.call("stack", 3, 0xe02b, DATA + 0x2000);
        t.call("task switched", 5, 1);
        t.call("set dr0", 8, 0, 0x1000);
        t.call("get dr0", 9, 0);
        t.call("set dr0 in the hypervisor", 8, 0, HypervisorHole.START);
        t.call("set dr7 for ports", 8, 7, 0x2_0001);
        t.call("set dr8", 8, 8, 0);
        t.call("assist 2", 21, 0, 2);
        t.call("assist 6", 21, 0, 6);
        t.call("iopl 1", 33, 6, DATA + 0x40);
        t.call("iopl 4", 33, 6, DATA + 0x48);
        t.call("physdev 28", 33, 28, DATA);
        t.call("multicall", 13, DATA + 0x60, 3);
        t.call("multicall nowhere", 13, NOWHERE, 1);
        t.call("yield", 29, 0);
        t.call("poll too many", 29, 3, DATA + 0x300);
        t.call("shutdown 9", 29, 2, DATA + 0x310);
        t.call("suspend", 29, 2, DATA + 0x318);
        t.call("timer", 15, 1000);
        t.call("no timer", 15, 0);
        t.data(0x300, 0, 129);
        t.data(0x310, 9, 2);
        t.reports("""
                register event 0
                register syscall 0
                register unknown -38
                unregister event -22
                callback 2 -38
                trap table nowhere -14
                clear trap table 0
                stack 0
                task switched 0
                set dr0 0
                get dr0 4096
                set dr0 in the hypervisor -22
                set dr7 for ports -1
                set dr8 -22
                assist 2 0
                assist 6 -22
                iopl 1 0
                iopl 4 -22
                physdev 28 -38
                multicall 0
                multicall nowhere -14
                yield 0
                poll too many -22
                shutdown 9 -22
                suspend 1
                timer 0
                no timer 0
                """);
        assertEquals(262161, t.data(0x68));
        assertEquals(-38, t.data(0xa8));
        assertEquals(-22, t.data(0xe8));
    }

    @Test
    void grants() {
        t.data(0, SELF | 2L << 32, 0, DATA + 0x100);
        t.data(0x20, SELF | 65L << 32, 0, DATA + 0x100);
        t.data(0x40, 5, 0, DATA + 0x100);
        t.data(0x60, SELF, 0);
        t.data(0x80, 2);
        t.data(0x88, 1);
        t.call("setup", 20, 2, DATA, 1);
        t.call("setup too many", 20, 2, DATA + 0x20, 1);
        t.call("setup of another", 20, 2, DATA + 0x40, 1);
        t.call("setup twice at once", 20, 2, DATA, 2);
        t.call("query", 20, 6, DATA + 0x60, 1);
        t.call("version 2", 20, 8, DATA + 0x80, 1);
        t.call("version 1", 20, 8, DATA + 0x88, 1);
        t.call("map", 20, 0, DATA, 1);
        t.call("copy", 20, 5, DATA, 1);
        t.call("map the first frame", 14, PvRig.linear(40), Pte.LEAF, 2);
        t.reports("""
                setup 0
                setup too many 0
                setup of another 0
                setup twice at once -22
                query 0
                version 2 -38
                version 1 0
                map -38
                copy -38
                map the first frame 0
                """);
        assertEquals(0, t.data(8) & 0xffff);
        assertEquals(0xffff, t.data(0x28) & 0xffff);
        assertEquals(0xfffe, t.data(0x48) & 0xffff);
        assertEquals(64L, t.data(0x68) & 0xffff_ffffL);
        assertEquals(MachineFrames.Owner.SHARED, t.rig.guest.frames.owner(t.data(0x100)));
    }
}
