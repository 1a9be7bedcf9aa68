package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.interfaces.Interfaces;
import org.junit.jupiter.api.Test;

/** An interface that is not ours is found as a service and owns whatever ours may own. */
class OtherInterfaceTest {
    private static final int[] IN_EAX_DX = {0xed};
    private static final int COUNTER = CallingGuest.DATA;

    @Test void itIsFoundByItsName() { assertTrue(Interfaces.names().contains(PostcardInterface.NAME)); }

    @Test void itOwnsLeavesRegistersPortsCallsAndTime() {
        CallingGuest p = new CallingGuest(PostcardInterface.NAME);
        p.cpuid(PostcardInterface.LEAF);
        p.write(PostcardInterface.GREETING, 5);
        p.read(PostcardInterface.GREETING);
        p.write(PostcardInterface.GREETING, -1);
        p.read(PostcardInterface.GREETING + 2);
        p.set(RDX, PostcardInterface.CALL_PORT);
        p.instruction("port call at level 3", true, IN_EAX_DX, RAX, RBX);
        p.set(RDX, PostcardInterface.DEVICE_PORT);
        p.instruction("port of its device", false, IN_EAX_DX, RAX);
        p.set(RDX, 0xcf8);
        p.instruction("no PCI", false, IN_EAX_DX, RAX);
        p.call("call", false, RAX);
        p.handler(PostcardInterface.ALARM_VECTOR, COUNTER, () -> p.a.mov(at(R14, 0xb0).bytes(4), 0));
        p.a.mov(R14D, 0xfee0_0000L);
        p.a.mov(at(R14, 0xf0).bytes(4), 0x1ff);
        p.write(PostcardInterface.ALARM, 1000);
        p.a.sti();
        p.await(COUNTER, 1);
        p.a.mov(EAX, absolute(COUNTER));
        p.g.hex("alarms ", RAX);
        p.reports("""
                cpuid 40000000 0 54575650 1 0
                write 4e000000 5 ok
                read 4e000000 5 ok
                write 4e000000 ffffffffffffffff d/0+f
                read 4e000002 d/0+5
                port call at level 3 cafe beef ok
                port of its device ca2d ok
                no PCI ffffffff ok
                call 1234 ok
                write 4e000001 3e8 ok
                alarms 1
                """);
    }
}
