package dev.sojourn.probe;

import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Condition;
import dev.sojourn.assembler.Register;

/** Every port as it reads, in each width. */
final class Ports {
    private static final int PORTS = 0x1_0000;
    /** Ports that tell time: the refresh bit, the timer's carry, the timer. What overlaps them is said to vary. */
    private static final int[][] TIME = {{0x61, 0x61}, {0x600, 0x600}, {0x608, 0x60b}};

    private final Program p;
    private final Assembler a;

    Ports(Program p) {
        this.p = p;
        a = p.a;
    }

    /** @param time whether there are ports that tell time */
    void all(boolean time) {
        Register[] accumulators = {AL, AX, EAX};
        for (Register accumulator : accumulators) {
            int width = accumulator.bytes() * 8;
            p.routine("readPort" + width, () -> {
                a.mov(EDX, at("index"));
                a.xor(EAX, EAX);
                a.in(accumulator);
                a.ret();
            });
            p.routine("writePort" + width, () -> {
                a.mov(EDX, at("index"));
                a.out(accumulator);
                a.ret();
            });
            p.walk("port." + width + ".", 4, 0, PORTS, "format" + width, () -> {
                String varies = p.name();
                String end = p.name();
                for (int[] range : time ? TIME : new int[0][]) {
                    int first = range[0] - accumulator.bytes() + 1;
                    a.mov(RAX, at("index"));
                    a.sub(EAX, first);
                    a.cmp(EAX, range[1] - first + 1);
                    a.jcc(Condition.C, varies);
                }
                a.mov(RAX, "readPort" + width);
                a.mov(at("read"), RAX);
                a.call("twice");
                a.jmp(end);
                a.label(varies);
                p.kind(Program.VARIES);
                a.label(end);
            });
        }
    }
}
