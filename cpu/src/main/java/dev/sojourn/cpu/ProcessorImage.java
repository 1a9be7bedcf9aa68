package dev.sojourn.cpu;

import dev.sojourn.cpu.operation.x87.X87Environment;
import dev.sojourn.memory.Mixer;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The registers of a processor at one instruction boundary, each in one place: to be compared, digested and put back. */
public final class ProcessorImage {
    private static final String[] GENERAL = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11",
        "r12", "r13", "r14", "r15"};
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr"};
    private static final String[] SEGMENT_PARTS = {".selector", ".base", ".limit", ".attributes", ".unusable"};
    private static final String[] SINGLE = {"rip", "eflags", "mxcsr", "xcr0", "gdt.base", "gdt.limit", "idt.base", "idt.limit", "cr0",
        "cr2", "cr3", "cr4", "efer", "cpl", "dr0", "dr1", "dr2", "dr3", "dr6", "dr7", "debug.triggered", "star", "lstar", "cstar",
        "sfmask", "kernel_gs_base", "tsc_aux", "tsc_adjust", "sysenter_cs", "sysenter_esp", "sysenter_eip", "pat", "pending",
        "executed"};
    private static final int X87_BYTES = 160;
    private static final int XMM = GENERAL.length;
    private static final int SEGMENT = XMM + 32;
    private static final int X87 = SEGMENT + SEGMENTS.length * SEGMENT_PARTS.length;
    private static final int FIRST_SINGLE = X87 + X87_BYTES / 8;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] values = new long[FIRST_SINGLE + SINGLE.length];
    private final byte[] x87 = new byte[X87_BYTES];
    private int at;

    /** Nothing taken yet. */
    public ProcessorImage() {}

    /** Takes the registers as they are now. */
    public ProcessorImage take(Cpu cpu) {
        System.arraycopy(cpu.r, 0, values, 0, GENERAL.length);
        System.arraycopy(cpu.xmm, 0, values, XMM, 32);
        at = SEGMENT;
        for (int i = 0; i < SEGMENTS.length; i++) {
            put(segment(cpu, i));
        }
        X87Environment.fxsave(cpu.fpu, x87, true);
        for (int i = 0; i < X87_BYTES; i += 8) {
            put((long) LONG.get(x87, i));
        }
        put(cpu.rip, cpu.eflags(), cpu.mxcsr.value(), cpu.xcr0, cpu.gdtBase, cpu.gdtLimit, cpu.idtBase, cpu.idtLimit);
        put(cpu.cr0, cpu.cr2, cpu.cr3, cpu.cr4, cpu.efer, cpu.cpl);
        put(cpu.debug.address);
        Msrs m = cpu.msrs;
        put(cpu.debug.dr6, cpu.debug.dr7(), cpu.debug.triggered, m.star, m.lstar, m.cstar, m.sfmask, m.kernelGsBase, m.tscAux);
        put(m.tscAdjust, m.sysenterCs, m.sysenterEsp, m.sysenterEip, m.pat, pending(cpu), cpu.executed);
        assert at == values.length : at;
        return this;
    }

    /** Puts the processor back to where it was taken. */
    public void restore(Cpu cpu) {
        System.arraycopy(values, 0, cpu.r, 0, GENERAL.length);
        System.arraycopy(values, XMM, cpu.xmm, 0, 32);
        at = SEGMENT;
        for (int i = 0; i < SEGMENTS.length; i++) {
            SegmentRegister s = segment(cpu, i);
            s.set((int) get() & 0xffff, get(), get(), (int) get() & 0xffff, get() != 0);
        }
        for (int i = 0; i < X87_BYTES; i += 8) {
            LONG.set(x87, i, get());
        }
        X87Environment.fxrstor(cpu.fpu, x87, true);
        cpu.rip = get();
        int eflags = (int) get();
        cpu.flags.set(eflags);
        cpu.system = eflags & ~dev.sojourn.cpu.operation.Flags.ARITHMETIC | 2;
        cpu.mxcsr.load((int) get());
        cpu.xcr0 = (int) get();
        cpu.gdtBase = get();
        cpu.gdtLimit = (int) get();
        cpu.idtBase = get();
        cpu.idtLimit = (int) get();
        cpu.cr0 = get();
        cpu.cr2 = get();
        cpu.cr3 = get();
        cpu.cr4 = get();
        cpu.efer = get();
        cpu.cpl = (int) get();
        restoreRest(cpu);
        cpu.modeChanged();
    }

    private void restoreRest(Cpu cpu) {
        for (int i = 0; i < 4; i++) {
            cpu.debug.address[i] = get();
        }
        cpu.debug.dr6 = get();
        cpu.debug.dr7(get());
        cpu.debug.triggered = get();
        Msrs m = cpu.msrs;
        m.star = get();
        m.lstar = get();
        m.cstar = get();
        m.sfmask = get();
        m.kernelGsBase = get();
        m.tscAux = get();
        m.tscAdjust = get();
        m.sysenterCs = get();
        m.sysenterEsp = get();
        m.sysenterEip = get();
        m.pat = get();
        int pending = (int) get();
        cpu.halted = (pending & 1) != 0;
        cpu.interruptShadow = (pending & 2) != 0;
        cpu.stackShadow = (pending & 4) != 0;
        cpu.nmiBlocked = (pending & 8) != 0;
        cpu.nmiPending = (pending & 16) != 0;
        cpu.shutdown = (pending & 32) != 0;
        cpu.executed = get();
    }

    /** A digest of all of it. */
    public long digest() { return new Mixer().add(values).digest(); }

    public boolean matches(ProcessorImage other) { return Arrays.equals(values, other.values); }

    /** One line for each register that differs: name, value here, value there. Empty if none does. */
    public String differences(ProcessorImage other) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != other.values[i]) {
                text.append("%s %x %x%n".formatted(name(i), values[i], other.values[i]));
            }
        }
        return text.toString();
    }

    /** Each register as name and value. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            text.append("%s %x%n".formatted(name(i), values[i]));
        }
        return text.toString();
    }

    /** Reads what {@link #text} wrote. @throws IllegalArgumentException if it is something else */
    public static ProcessorImage parse(String text) {
        ProcessorImage image = new ProcessorImage();
        String[] lines = text.strip().split("\\R");
        if (lines.length != image.values.length) {
            throw new IllegalArgumentException(lines.length + " registers, not " + image.values.length);
        }
        for (int i = 0; i < lines.length; i++) {
            String[] words = lines[i].strip().split(" ");
            if (words.length != 2 || !words[0].equals(name(i))) {
                throw new IllegalArgumentException("Not register " + name(i) + ": " + lines[i]);
            }
            image.values[i] = Long.parseUnsignedLong(words[1], 16);
        }
        return image;
    }

    void save(StateWriter out) {
        for (int i = 0; i < values.length; i++) {
            out.number(name(i), values[i]);
        }
    }

    static ProcessorImage read(StateReader in) throws BadState {
        ProcessorImage image = new ProcessorImage();
        for (int i = 0; i < image.values.length; i++) {
            image.values[i] = in.number(name(i));
        }
        return image;
    }

    private static String name(int i) {
        if (i < XMM) {
            return GENERAL[i];
        }
        if (i < SEGMENT) {
            return "xmm" + (i - XMM) / 2 + ((i - XMM) % 2 == 0 ? ".low" : ".high");
        }
        if (i < X87) {
            return SEGMENTS[(i - SEGMENT) / SEGMENT_PARTS.length] + SEGMENT_PARTS[(i - SEGMENT) % SEGMENT_PARTS.length];
        }
        return i < FIRST_SINGLE ? "x87." + 8 * (i - X87) : SINGLE[i - FIRST_SINGLE];
    }

    private static SegmentRegister segment(Cpu cpu, int i) {
        return i < 6 ? cpu.segments[i] : i == 6 ? cpu.ldtr : cpu.tr;
    }

    private static int pending(Cpu cpu) {
        return (cpu.halted ? 1 : 0) | (cpu.interruptShadow ? 2 : 0) | (cpu.stackShadow ? 4 : 0) | (cpu.nmiBlocked ? 8 : 0)
                | (cpu.nmiPending ? 16 : 0) | (cpu.shutdown ? 32 : 0);
    }

    private void put(SegmentRegister s) { put(s.selector, s.base, s.limit, s.attributes, s.unusable ? 1 : 0); }

    private void put(long... more) {
        System.arraycopy(more, 0, values, at, more.length);
        at += more.length;
    }

    private long get() { return values[at++]; }
}
