package dev.sojourn.cpu.operation.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.interpreter.Bench;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The bytes of every MMX and SSE instruction, run by the interpreter, against the answers of a real processor. */
class VectorCodeTest {
    private static final int KEPT = 16;
    private static final int FAULT = 0x8000_0000;

    private final Map<String, String> kinds = new HashMap<>();

    VectorCodeTest() { new VectorTable().rows.forEach((name, row) -> kinds.put(name, row.kind())); }

    @Test
    void instructionsBetweenRegistersAnswerAsTheProcessorDid() throws IOException {
        assertEquals(List.of(), differences(false));
    }

    @Test
    void instructionsWithMemoryAnswerAsTheProcessorDid() throws IOException {
        assertEquals(List.of(), differences(true));
    }

    private List<String> differences(boolean memory) throws IOException {
        List<String> found = new ArrayList<>();
        try (DataInputStream answers = new DataInputStream(
                new GZIPInputStream(VectorTruthTest.class.getResourceAsStream("truth.gz")));
                Bench bench = new Bench(true)) {
            for (String line : codes()) {
                String[] words = line.split(" ");
                assertEquals(words[0], name(answers));
                VectorCase c = new VectorCase(words[0]);
                for (int n = 0; n < KEPT; n++) {
                    c.generate(kinds.get(words[0]));
                    String truth = outcome(Long.reverseBytes(answers.readLong()), Long.reverseBytes(answers.readLong()),
                            Integer.reverseBytes(answers.readInt()));
                    String is = memory && !takesMemory(words[0], words[1]) ? truth : run(bench, c, words, memory);
                    if (!is.equals(truth)) {
                        found.add("%s case %d: %s not %s".formatted(line, n, truth, is));
                    }
                }
                answers.readLong();
            }
        }
        return found;
    }

    /** Whether the last operand is XMM1 or MM1, and memory may take its place. */
    private static boolean takesMemory(String name, String code) {
        return code.endsWith("c1") && !name.equals("x.insertps") && !name.contains("pinsr") && !name.startsWith("crc");
    }

    private static String run(Bench bench, VectorCase c, String[] words, boolean memory) {
        Cpu cpu = bench.cpu;
        boolean isText = words[0].startsWith("pcmp");
        bench.xmm(0, c.aLow, c.aHigh);
        bench.xmm(1, memory ? ~c.bLow : c.bLow, memory ? ~c.bHigh : c.bHigh);
        bench.xmm(2, c.cLow, c.cHigh);
        cpu.fpu.mmx(0, c.aLow);
        cpu.fpu.mmx(1, memory ? ~c.bLow : c.bLow);
        cpu.memory.putLong(Bench.DATA, c.bLow);
        cpu.memory.putLong(Bench.DATA + 8, c.bHigh);
        cpu.r[Cpu.RSI] = Bench.DATA;
        cpu.r[Cpu.RAX] = isText ? c.cLow : c.aLow;
        cpu.r[Cpu.RDX] = isText ? c.cHigh : c.cLow;
        cpu.r[Cpu.RCX] = c.bLow;
        cpu.mxcsr.load(c.mxcsr.value());
        cpu.flags.set(0);
        String code = memory ? words[1].substring(0, words[1].length() - 2) + "06" : words[1];
        if (words.length > 2) {
            code += "%02x".formatted(words[0].startsWith("x.cmp") ? c.immediate & 7 : c.immediate);
        }
        int vector = bench.run(code);
        if (vector == Vector.XM) {
            return outcome(0, 0, cpu.mxcsr.value() | FAULT);
        }
        if (vector >= 0) {
            return "exception " + vector;
        }
        return result(cpu, words[0]);
    }

    private static String result(Cpu cpu, String name) {
        int status = cpu.mxcsr.value();
        if (name.startsWith("pcmp") || name.contains("comis") || name.equals("x.ptest")) {
            status |= cpu.flags.get() << 16;
        }
        if (name.startsWith("pcmp") && (name.endsWith("i") || name.endsWith("iq"))) {
            return outcome(cpu.r[Cpu.RCX], 0, status);
        }
        if (name.contains("pextr") || name.contains("movmsk") || name.startsWith("crc")
                || name.matches("cvtt?s[ds]2si.*")) {
            return outcome(cpu.r[Cpu.RAX], 0, status);
        }
        if (name.startsWith("m.") || name.endsWith("2pi")) {
            return outcome(cpu.fpu.mmx(0), 0, status);
        }
        return outcome(cpu.xmm[0], cpu.xmm[1], status);
    }

    private static String outcome(long low, long high, int status) {
        return "%016x:%016x %08x".formatted(high, low, status);
    }

    private static List<String> codes() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Bench.class.getResourceAsStream("vector-codes.txt"), StandardCharsets.US_ASCII))) {
            return reader.lines().toList();
        }
    }

    private static String name(DataInputStream answers) throws IOException {
        StringBuilder name = new StringBuilder();
        for (int c = answers.read(); c > '\n'; c = answers.read()) {
            name.append((char) c);
        }
        return name.toString();
    }
}
