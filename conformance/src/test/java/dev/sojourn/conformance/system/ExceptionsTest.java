package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Register;
import dev.sojourn.machine.Ending;
import org.junit.jupiter.api.Test;

/** Exceptions and their error codes (SDM volume 3, chapter 6). */
class ExceptionsTest {
    private static final int NOT_PRESENT = FREE;
    private static final int READ_ONLY = FREE + 8;
    private static final int CODE_NOT_PRESENT = FREE + 0x10;
    private static final int BUSY_TASK = FREE + 0x20;
    private static final int SMALL = FREE + 0x30;

    /** Table 6-1: faults save the instruction, traps the next one. */
    @Test void faultsSaveTheInstructionAndTrapsTheNextOne() {
        Guest g = long64();
        g.probe(g.a::ud2);
        g.probe(() -> divideByZero(g));
        g.probe(g.a::int3);
        g.probe(0xf1);
        g.probe(() -> g.a.interrupt(5));
        g.reports("6/0+0 0/0+2 3/0+1 1/0+1 5/0+2");
    }

    /** INTO and BOUND exist outside 64-bit mode only (volume 2). */
    @Test void faultsIn32BitMode() {
        Guest g = flat32();
        g.probe(g.a::ud2);
        g.probe(() -> {
            g.a.mov(EAX, 0x7fff_ffff);
            g.a.inc(EAX);
            g.a.db(0xce);
        });
        g.probe(() -> {
            g.a.xor(EAX, EAX);
            g.a.db(0xce);
        });
        g.a.mov(at("word").bytes(4), 5);
        g.a.mov(at("word", 4).bytes(4), 7);
        g.probe(() -> bound(g, 4));
        g.probe(() -> bound(g, 7));
        g.probe(() -> bound(g, 8));
        g.reports("6/0+0 4/0+8 ok 5/0+5 ok 5/0+5");
    }

    private static void bound(Guest g, int index) {
        g.a.mov(EAX, index);
        g.a.db(0x62, 0x05);
        g.a.dd("word");
    }

    /** #NM by CR0.TS and CR0.EM (2.5); MOV CR, CLTS. */
    @Test void x87AndSseAreRefusedByTaskSwitchedAndEmulate() {
        Guest g = long64();
        g.or(CR0, 8);
        g.probe(g.a::fninit);
        g.probe(() -> g.a.pxor(XMM0, XMM0));
        g.probe(0x9b);
        g.a.clts();
        g.probe(g.a::fninit);
        g.or(CR0, 4);
        g.probe(g.a::fninit);
        g.probe(() -> g.a.pxor(XMM0, XMM0));
        g.and(CR0, ~4);
        g.and(CR4, ~0x200);
        g.probe(() -> g.a.pxor(XMM0, XMM0));
        g.reports("7/0+0 7/0+0 7/0+0 ok 7/0+0 6/0+0 6/0+0");
    }

    /** 6.13: the error code holds index, TI, IDT and EXT. */
    @Test void selectorErrorCodesNameTheSelector() {
        Guest g = long64();
        g.gdt[NOT_PRESENT >> 3] = DATA_DESCRIPTOR & ~PRESENT;
        g.gdt[READ_ONLY >> 3] = 0x00cf_9100_0000_ffffL;
        g.gdt[CODE_NOT_PRESENT >> 3] = CODE_DESCRIPTOR_64 & ~PRESENT;
        g.gdt[BUSY_TASK >> 3] = system(0xb, 0, 0x67);
        g.ldt[1] = DATA_DESCRIPTOR & ~PRESENT;
        loads(g, DS, NOT_PRESENT, SS, NOT_PRESENT, SS, READ_ONLY, SS, 0x1b, DS, CODE_NOT_PRESENT, DS, 0x1f0,
                DS, LOCAL_TABLE);
        loads(g, ES, 0xc);
        g.a.mov(EAX, LOCAL_TABLE);
        g.a.lldt(EAX);
        loads(g, ES, 0xc, ES, 0x4c);
        for (int selector : new int[] {BUSY_TASK, 0, DATA, 0xc, 0xfff8}) {
            g.a.mov(EAX, selector);
            g.probe(() -> g.a.ltr(EAX));
        }
        g.a.mov(EAX, DATA);
        g.probe(() -> g.a.lldt(EAX));
        g.reports("b/80+5 c/80+5 d/88+5 d/18+5 b/90+5 d/1f0+5 d/50+5 d/c+5 b/c+5 d/4c+5 "
                + "d/a0+0 d/0+0 d/18+0 d/c+0 d/fff8+0 d/18+0");
    }

    private static void loads(Guest g, Object... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            Register segment = (Register) pairs[i];
            int selector = (Integer) pairs[i + 1];
            g.probe(() -> {
                g.a.mov(EAX, selector);
                g.a.mov(segment, EAX);
            });
        }
    }

    /** 6.12.1 and 6.13: gates that are missing, not present, of another type, or of an inner level. */
    @Test void gateErrorCodesNameTheVector() {
        Guest g = long64();
        g.late(() -> {
            g.idt[2 * 0x21] &= ~PRESENT;
            g.idt[2 * 0x22] = gate(CODE_64, 0, 0x8c, 0);
            g.idt[2 * 0x23] = gate(CODE_NOT_PRESENT, 0, 0x8e, 0);
            g.idt[2 * 0x24] = gate(DATA, 0, 0x8e, 0);
            g.idt[2 * 0x25] = gate(0, 0, 0x8e, 0);
            g.idt[2 * 0x26] = gate(CODE_32, 0, 0x8e, 0);
            g.idt[2 * 0x27] = gate(0x7f8, 0, 0x8e, 0);
            g.idt[2 * 6] &= ~PRESENT;
        });
        g.gdt[CODE_NOT_PRESENT >> 3] = CODE_DESCRIPTOR_64 & ~PRESENT;
        for (int vector = 0x21; vector <= 0x28; vector++) {
            int v = vector;
            g.probe(() -> g.a.interrupt(v));
        }
        g.probe(() -> g.user(() -> g.a.interrupt(0x28)));
        g.probe(() -> {
            g.user(g.a::ud2);
        });
        g.probe(g.a::ud2);
        g.reports("b/10a+0 d/112+0 b/90+0 d/18+0 d/0+0 d/8+0 d/7f8+0 28/0+2 d/142+2c b/33+2c b/33+0");
    }

    /** A vector behind the limit of the table (6.12.1.3): the IDT flag and the vector, EXT for events. */
    @Test void vectorsBehindTheLimitAreProtectionFaults() {
        Guest g = long64();
        g.a.mov(at("idtr").bytes(2), 0x20 * 16 - 1);
        g.a.lidt(at("idtr"));
        g.probe(() -> g.a.interrupt(0x20));
        g.probe(() -> g.a.interrupt(0xff));
        g.reports("d/102+0 d/7fa+0");
    }

    /** Table 6-5: contributory on contributory is a double fault, with error code 0. */
    @Test void contributoryFaultWhileDeliveringOneIsADoubleFault() {
        Guest g = long64();
        g.late(() -> g.idt[2 * 13] &= ~PRESENT);
        g.probe(() -> {
            g.a.mov(EAX, 0x7f8);
            g.a.mov(DS, EAX);
        });
        g.probe(() -> g.a.interrupt(0x70));
        g.reports("8/0+5 8/0+0");
    }

    /** 6.15, interrupt 8: a fault while a double fault is delivered stops the processor. */
    @Test void faultWhileDeliveringADoubleFaultShutsDown() {
        Guest g = long64();
        g.late(() -> {
            g.idt[2 * 13] &= ~PRESENT;
            g.idt[2 * 8] &= ~PRESENT;
        });
        g.print("before");
        g.a.interrupt(0x70);
        GuestRun run = g.run();
        assertEquals("before", run.text());
        assertInstanceOf(Ending.TripleFault.class, run.ending());
    }

    /** 6.14.5: the interrupt stack table switches stacks also without a change of level; the frame is aligned to 16. */
    @Test void interruptStackTableSwitchesTheStack() {
        Guest g = long64();
        Assembler a = g.a;
        a.jmp("go");
        a.label("handler");
        a.mov(RBX, RSP);
        a.iretq();
        a.label("go");
        g.vector(0x30, "handler", 0x8e, 1);
        g.vector(0x31, "handler", 0x8e, 2);
        g.vector(0x32, "handler", 0x8e, 0);
        for (int vector = 0x30; vector <= 0x32; vector++) {
            a.interrupt(vector);
            g.hex("", RBX);
        }
        a.sub(RSP, 8);
        a.interrupt(0x32);
        g.hex("", RBX);
        a.add(RSP, 8);
        g.reports("3bffd8 3affd8 3dffd8 3dffc8");
    }

    /** A double fault on its own stack saves a kernel whose stack is gone. */
    @Test void doubleFaultOnItsOwnStackServesAStackFault() {
        Guest g = long64();
        g.late(() -> g.idt[2 * 8] |= 1L << 32);
        g.probe(() -> {
            g.a.mov(RSP, 0x4000_1000);
            g.a.push(RAX);
        });
        g.last("cr2=", "cr2");
        g.last("rsp=", "rsp");
        g.reports("8/0+7 cr2=40000ff8 rsp=40001000");
    }

    /** Addresses that are not canonical: #GP(0) (volume 1, 3.3.7.1); INVLPG does nothing with them (volume 2). */
    @Test void addressesThatAreNotCanonicalAreProtectionFaults() {
        Guest g = long64();
        g.a.mov(RBX, 0x8000_0000_0000L);
        g.probe(() -> g.a.mov(EAX, at(RBX)));
        g.probe(() -> g.a.mov(at(RBX), EAX));
        g.probe(() -> g.a.push(at(RBX)));
        g.probe(() -> g.a.jmp(RBX));
        g.probe(() -> g.a.invlpg(at(RBX)));
        g.reports("d/0+0 d/0+0 d/0+0 d/0+0 ok");
    }

    /** An event whose handler is not canonical is a protection fault with EXT set (volume 2, INT n). */
    @Test void handlerThatIsNotCanonicalIsAFaultOfTheDelivery() {
        Guest g = long64();
        g.late(() -> {
            g.idt[2 * 0x20 + 1] = 0x8000;
            g.idt[2 * 6 + 1] = 0x8000;
        });
        g.probe(() -> g.a.interrupt(0x20));
        g.probe(g.a::ud2);
        g.reports("d/0+0 d/1+0");
    }

    /** 6.13: EXT tells that the event was no INT n; #TS names the task state without room for the stack. */
    @Test void stackOfAnInnerLevelOutsideTheTaskState() {
        Guest g = long64();
        g.late(() -> {
            g.gdt[TASK_64 >> 3] = system(9, g.a.address("task"), 0x23);
            g.idt[2 * 0x20] |= 1L << 32 | 3L << 45;
            g.idt[2 * 6] |= 1L << 32;
        });
        g.probe(() -> g.a.interrupt(0x20));
        g.probe(g.a::ud2);
        g.reports("a/40+0 a/41+0");
    }

    /** Limits and rights of segments in protected mode (volume 3, 5.3 and 5.4). */
    @Test void segmentsAreChecked() {
        Guest g = flat32();
        g.gdt[SMALL >> 3] = 0x0040_9300_0000_0fffL;
        g.gdt[SMALL + 8 >> 3] = 0x0040_9700_0000_0fffL;
        g.gdt[READ_ONLY >> 3] = 0x00cf_9100_0000_ffffL;
        g.gdt[SMALL + 0x10 >> 3] = 0x00cf_9900_0000_ffffL;
        access(g, SMALL, 0xffc, false);
        access(g, SMALL, 0xffd, false);
        access(g, SMALL, 0xffd, true);
        access(g, SMALL + 8, 0xfff, false);
        access(g, SMALL + 8, 0x1000, true);
        access(g, READ_ONLY, 0x1000, false);
        access(g, READ_ONLY, 0x1000, true);
        access(g, SMALL + 0x10, 0x1000, false);
        access(g, 0, 0x1000, false);
        g.probe(() -> g.a.mov(at("entry").in(CS).bytes(1), 0));
        g.reports("ok d/0+7 d/0+7 d/0+7 ok ok d/0+7 d/c0+5 d/0+7 d/0+0");
    }

    private static void access(Guest g, int selector, int offset, boolean store) {
        g.probe(() -> {
            g.a.mov(EAX, selector);
            g.a.mov(ES, EAX);
            if (store) {
                g.a.mov(absolute(offset).in(ES), EAX);
            } else {
                g.a.mov(EAX, absolute(offset).in(ES));
            }
        });
    }

    private static void divideByZero(Guest g) {
        g.a.xor(ECX, ECX);
        g.a.div(ECX);
    }
}
