package dev.sojourn.testkit.generator;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A small user program of many blocks, for comparing engines: it runs until it has executed as many instructions as wanted.
 *
 * <p>Its world is that of {@link dev.sojourn.testkit.oracle.Layout} with a few pages more. A fault is logged by the handler,
 * which goes on at the address that lies at {@link #RECOVERY}, with the stack pointer at {@link #STACK_TOP}.
 *
 * @param seed what it was made from, and what fills the media registers
 * @param code lies at {@link dev.sojourn.testkit.oracle.Layout#CODE}, where it may be written, and starts at its first byte
 * @param general the general registers at its start
 * @param ports whether it may use ports and the interrupt flag
 * @param turns what the lengths of its turns follow from
 */
public record Program(long seed, boolean bits32, byte[] code, long[] general, boolean ports, long turns) {
    /** Room for code: pages that can be read, written and executed. */
    public static final int CODE_BYTES = 0x4000;
    /** Two pages of stack; what lies from the top on is the program's start again and again. */
    public static final long STACK = 0x2001_0000L;
    public static final int STACK_BYTES = 0x2000;
    public static final long STACK_TOP = STACK + STACK_BYTES - 0x200;
    /** A page of the program's own bookkeeping: where faults lead, counters of loops, addresses of blocks. */
    public static final long CONTROL = 0x2002_0000L;
    public static final long RECOVERY = CONTROL;
    public static final long COUNTERS = CONTROL + 0x100;
    public static final long TARGETS = CONTROL + 0x800;
    public static final int TARGET_COUNT = 8;
    /** A page of a device: reads tell time, writes raise interrupts now and then. */
    public static final long DEVICE = 0x2003_0000L;

    /** How many instructions a turn has: mostly many, at times a few. */
    public long turnLength(int turn) {
        long random = Chance.mix(turns + turn) >>> 1;
        return (random & 3) == 0 ? random / 4 % 40 + 1 : random / 4 % 4000 + 1;
    }

    /** Whether an interrupt waits at the start of a turn. */
    public boolean interrupts(int turn) { return (Chance.mix(turns - turn) & 3) == 0; }

    /** What fills the media registers. */
    public long media(int number) { return Chance.mix(seed + number); }

    /** As text: one line for each property, and an empty line. */
    public String text(String remark) {
        String registers = LongStream.of(general).mapToObj(Long::toHexString).collect(Collectors.joining(" "));
        return remark.lines().map(line -> "# " + line + "\n").collect(Collectors.joining())
                + "seed %x%nbits %d%nports %b%nturns %x%ngeneral %s%ncode %s%n%n".formatted(seed, bits32 ? 32 : 64, ports, turns,
                        registers, HexFormat.of().formatHex(code));
    }

    /** All programs of a file. @throws IllegalArgumentException if it is not as {@link #text} writes it */
    public static List<Program> read(String text) {
        List<Program> programs = new ArrayList<>();
        for (String part : text.split("\n\\s*\n")) {
            Properties p = new Properties();
            try {
                p.load(new StringReader(part));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (!p.isEmpty()) {
                String[] words = value(p, "general").split(" ");
                long[] general = new long[16];
                for (int i = 0; i < 16; i++) {
                    general[i] = Long.parseUnsignedLong(words[i], 16);
                }
                programs.add(new Program(number(p, "seed"), value(p, "bits").equals("32"),
                        HexFormat.of().parseHex(value(p, "code")), general, Boolean.parseBoolean(value(p, "ports")),
                        number(p, "turns")));
            }
        }
        return programs;
    }

    private static long number(Properties p, String key) { return Long.parseUnsignedLong(value(p, key), 16); }

    private static String value(Properties p, String key) {
        String value = p.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("A program without " + key);
        }
        return value;
    }
}
