package dev.sojourn.translator;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import java.util.List;
import java.util.function.Consumer;

/** The guest code whose translation is kept as text, by chapters. */
final class Shapes {
    /** A few instructions; what {@link PlannedCode} says is in the registers at their start. */
    record Shape(String name, Consumer<Assembler> guest) {}

    /** One file of expected text. */
    record Chapter(String name, List<Shape> shapes) {
        @Override public String toString() { return name; }
    }

    private Shapes() {}

    static List<Chapter> chapters() {
        return List.of(new Chapter("moves", moves()), new Chapter("arithmetic", arithmetic()), new Chapter("shifts", shifts()),
                new Chapter("branches", branches()), new Chapter("stack", stack()), new Chapter("exchanges", exchanges()),
                new Chapter("steps", steps()), new Chapter("vectors", vectors()));
    }

    private static List<Shape> moves() {
        return List.of(
                new Shape("moves between registers of each size", a -> {
                    a.mov(RAX, RBX);
                    a.mov(ECX, EDX);
                    a.mov(R8W, R9W);
                    a.mov(AH, BL);
                }),
                new Shape("constants", a -> {
                    a.mov(RAX, 0x1234_5678_9abc_def0L);
                    a.mov(ECX, -1);
                    a.xor(EDX, EDX);
                }),
                new Shape("load", a -> a.mov(RAX, at(RSI, 0x10))),
                new Shape("load of a byte", a -> a.mov(AL, at(RSI, RCX, 1, 0))),
                new Shape("store, which may leave", a -> a.mov(at(RDI, RCX, 8, 0x20), RAX)),
                new Shape("store of a constant", a -> a.mov(at(RDI).bytes(4), 7)),
                new Shape("load by fs", a -> a.mov(RAX, absolute(0x28).in(FS))),
                new Shape("movzx and movsx", a -> {
                    a.movzx(EAX, BL);
                    a.movzx(ECX, at(RSI).bytes(2));
                    a.movsx(EDX, BH);
                    a.movsxd(R8, R9D);
                }),
                new Shape("lea", a -> {
                    a.lea(RAX, at(RSI, RCX, 4, -8));
                    a.lea(EDX, at(RAX, RAX, 2, 0));
                    a.lea(R8, at("end"));
                    a.lea(R9, at(null, RCX, 8, 0));
                }),
                new Shape("cmov and setcc", a -> {
                    a.cmp(RAX, RBX);
                    a.cmovcc(Condition.L, RCX, RDX);
                    a.setcc(Condition.BE, R8B);
                    a.cmovcc(Condition.Z, R9D, R10D);
                }));
    }

    private static List<Shape> arithmetic() {
        return List.of(
                new Shape("add whose flags are live", a -> a.add(RAX, RBX)),
                new Shape("add whose flags are dead", a -> {
                    a.add(EAX, EBX);
                    a.xor(ECX, ECX);
                }),
                new Shape("add of a byte to memory", a -> a.add(at(RDI), BL)),
                new Shape("and with a constant, test", a -> {
                    a.and(EAX, 0xff);
                    a.test(RDX, RDX);
                }),
                new Shape("adc chain", a -> {
                    a.add(RAX, at(RSI));
                    a.adc(RBX, at(RSI, 8));
                    a.sbb(RDX, RDX);
                }),
                new Shape("inc keeps carry", a -> {
                    a.cmp(RAX, RBX);
                    a.inc(EDX);
                    a.setcc(Condition.C, CL);
                }),
                new Shape("neg and not", a -> {
                    a.neg(RAX);
                    a.not(ECX);
                }),
                new Shape("multiplication", a -> {
                    a.imul(RAX, RBX);
                    a.imul(ECX, EDX, 10);
                    a.mul(R8);
                }),
                new Shape("division", a -> {
                    a.div(EBX);
                    a.convertToPair(8);
                    a.idiv(RBX);
                }));
    }

    private static List<Shape> shifts() {
        return List.of(
                new Shape("shifts by a constant", a -> {
                    a.shl(RAX, 4);
                    a.shr(ECX, 1);
                    a.sar(DX, 15);
                }),
                new Shape("shift by cl", a -> a.shlCl(RAX)),
                new Shape("sar of memory by cl", a -> a.sarCl(at(RDI).bytes(4))),
                new Shape("rotates", a -> {
                    a.rol(RAX, 8);
                    a.ror(EDX, 3);
                }),
                new Shape("rotate through carry, a step", a -> a.rcl(RAX, 1)),
                new Shape("bt of a register", a -> {
                    a.bt(RAX, RCX);
                    a.setcc(Condition.C, DL);
                }),
                new Shape("bts of memory", a -> a.bts(at(RDI), RCX)),
                new Shape("bsf", a -> a.bsf(RAX, RBX)));
    }

    private static List<Shape> branches() {
        return List.of(
                new Shape("compare and branch, signed", a -> compareAndBranch(a, Condition.L)),
                new Shape("compare and branch, unsigned", a -> compareAndBranch(a, Condition.A)),
                new Shape("compare and branch, zero", a -> compareAndBranch(a, Condition.Z)),
                new Shape("test and branch, sign", a -> {
                    a.test(R15D, R15D);
                    a.jcc(Condition.S, "end");
                }),
                new Shape("branch on flags of another block", a -> {
                    a.cmp(R15, 1);
                    a.jmp("then");
                    a.label("then");
                    a.jcc(Condition.GE, "end");
                }),
                new Shape("loop of itself by dec", a -> {
                    a.add(RAX, RBX);
                    a.dec(RCX);
                    a.jcc(Condition.NZ, "start");
                }),
                new Shape("loop of itself by inc and cmp", a -> {
                    a.inc(EAX);
                    a.cmp(EAX, 9);
                    a.jcc(Condition.C, "start");
                }),
                new Shape("indirect jump with two targets seen", a -> {
                    a.lea(R14, at("table"));
                    a.jmp(at(R14, R15, 8, 0));
                    a.label("table");
                    a.dq("one");
                    a.dq("two");
                    a.label("one");
                    a.inc(EAX);
                    a.jmp("end");
                    a.label("two");
                    a.dec(EAX);
                }));
    }

    private static void compareAndBranch(Assembler a, Condition condition) {
        a.cmp(R15, 1);
        a.jcc(condition, "over");
        a.mov(EAX, EBX);
        a.label("over");
    }

    private static List<Shape> stack() {
        return List.of(
                new Shape("push and pop", a -> {
                    a.push(RAX);
                    a.push(at(RSI).bytes(8));
                    a.pop(RBX);
                    a.pop(RCX);
                }),
                new Shape("call and ret", a -> {
                    a.call("function");
                    a.jmp("end");
                    a.label("function");
                    a.ret();
                }),
                new Shape("leave", a -> {
                    a.push(RBP);
                    a.mov(RBP, RSP);
                    a.leave();
                }));
    }

    private static List<Shape> exchanges() {
        return List.of(
                new Shape("xchg of registers", a -> a.xchg(RAX, RBX)),
                new Shape("xchg with memory", a -> a.xchg(at(RDI), EAX)),
                new Shape("lock cmpxchg", a -> {
                    a.lock();
                    a.cmpxchg(at(RDI), RBX);
                }),
                new Shape("lock xadd", a -> {
                    a.lock();
                    a.xadd(at(RDI), EBX);
                }));
    }

    private static List<Shape> steps() {
        return List.of(
                new Shape("rep stos", a -> {
                    a.inc(EAX);
                    a.rep();
                    a.stos(8);
                }),
                new Shape("cpuid", a -> {
                    a.inc(EAX);
                    a.cpuid();
                    a.inc(EBX);
                }),
                new Shape("pushf and popf", a -> {
                    a.inc(EAX);
                    a.pushf();
                    a.popf();
                }));
    }

    private static List<Shape> vectors() {
        return List.of(
                new Shape("movups between memory and register", a -> {
                    a.movups(XMM0, at(RSI));
                    a.movups(at(RDI), XMM0);
                }),
                new Shape("movaps between registers", a -> a.movaps(XMM1, XMM9)),
                new Shape("pxor of itself, pand", a -> {
                    a.pxor(XMM2, XMM2);
                    a.pand(XMM3, XMM4);
                }),
                new Shape("paddd", a -> a.sse(0x66, 0x0ffe, XMM0, XMM1)),
                new Shape("pshufd", a -> {
                    a.sse(0x66, 0x0f70, XMM0, XMM1);
                    a.db(0x1b);
                }),
                new Shape("pcmpeqb and pmovmskb", a -> {
                    a.pcmpeqb(XMM0, at(RSI));
                    a.pmovmskb(EAX, XMM0);
                }),
                new Shape("addsd", a -> a.sse(0xf2, 0x0f58, XMM0, XMM1)),
                new Shape("ucomisd and branch", a -> {
                    a.sse(0x66, 0x0f2e, XMM0, XMM1);
                    a.jcc(Condition.A, "end");
                }));
    }
}
