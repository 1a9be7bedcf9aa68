package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.ProcessorImage;
import dev.sojourn.memory.GuestMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A piece of a guest's run that can be run again anywhere: the registers before it, the pages of RAM it reads, and how many
 * instructions it has.
 *
 * <p>As text: remarks behind {@code #}; {@code ram BYTES}; {@code instructions N}; a line {@code register NAME VALUE} for each
 * register; {@code page ADDRESS BYTES} for each page, where {@code *N.} stands for N zeros. Numbers are hexadecimal.
 */
public record Reproducer(String remark, long ramBytes, long instructions, ProcessorImage start, SortedMap<Long, byte[]> pages) {
    private static final int ZEROS_MIN = 8;

    public Reproducer {
        pages = new TreeMap<>(pages);
    }

    /** Puts a processor and its memory to where it begins. Bytes that are right stay, and with them what was made of code. */
    public void enter(Cpu cpu) {
        byte[] now = new byte[GuestMemory.PAGE_BYTES];
        pages.forEach((page, bytes) -> {
            cpu.memory.read(page, now, 0, now.length);
            for (int at = Arrays.mismatch(now, bytes); at >= 0 && at < now.length; at++) {
                if (now[at] != bytes[at]) {
                    cpu.memory.putByte(page + at, bytes[at]);
                }
            }
        });
        start.restore(cpu);
        cpu.mmu.flushAll();
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        remark.lines().forEach(line -> text.append("# ").append(line).append('\n'));
        text.append("ram %x%ninstructions %x%n".formatted(ramBytes, instructions));
        start.text().lines().forEach(line -> text.append("register ").append(line).append('\n'));
        pages.forEach((at, bytes) -> text.append("page %x %s%n".formatted(at, pack(bytes))));
        return text.toString();
    }

    /** @throws IllegalArgumentException if the text is not as described above */
    public static Reproducer parse(String text) {
        StringBuilder remark = new StringBuilder();
        StringBuilder registers = new StringBuilder();
        SortedMap<Long, byte[]> pages = new TreeMap<>();
        long ram = 0;
        long instructions = 0;
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", 2);
            String rest = words.length > 1 ? words[1] : "";
            switch (words[0]) {
                case "#" -> remark.append(rest).append('\n');
                case "ram" -> ram = number(rest);
                case "instructions" -> instructions = number(rest);
                case "register" -> registers.append(rest).append('\n');
                case "page" -> {
                    int space = rest.indexOf(' ');
                    pages.put(number(rest.substring(0, Math.max(space, 0))), unpack(rest.substring(space + 1)));
                }
                case "" -> {}
                default -> throw new IllegalArgumentException("Not a line of a reproducer: " + line);
            }
        }
        return new Reproducer(remark.toString(), ram, instructions, ProcessorImage.parse(registers.toString()), pages);
    }

    /** The pages of RAM behind linear ones, as the page tables have it, and those of the tables. 4-level paging only. */
    static SortedMap<Long, byte[]> pages(Cpu cpu, long[] linearPages) {
        SortedMap<Long, byte[]> pages = new TreeMap<>();
        for (long linear : linearPages) {
            for (long physical : walk(cpu, linear)) {
                long page = physical & -GuestMemory.PAGE_BYTES;
                if (cpu.memory.isRam(page) && !pages.containsKey(page)) {
                    byte[] bytes = new byte[GuestMemory.PAGE_BYTES];
                    cpu.memory.read(page, bytes, 0, bytes.length);
                    pages.put(page, bytes);
                }
            }
        }
        return pages;
    }

    private static List<Long> walk(Cpu cpu, long linear) {
        List<Long> places = new ArrayList<>();
        if ((cpu.cr0 & Cpu.CR0_PG) == 0) {
            places.add(linear);
            return places;
        }
        long table = cpu.cr3 & 0xff_ffff_f000L;
        for (int shift = 39; shift >= 12; shift -= 9) {
            long at = table + (linear >>> shift & 511) * 8;
            places.add(at);
            long entry = cpu.memory.isRam(at) ? cpu.memory.getLong(at) : 0;
            table = entry & 0xff_ffff_f000L;
            if ((entry & 1) == 0) {
                return places;
            }
            if (shift < 39 && (entry & 0x80) != 0 && shift > 12) {
                places.add(table & -(1L << shift) | linear & (1L << shift) - 1);
                return places;
            }
        }
        places.add(table);
        return places;
    }

    private static long number(String text) { return Long.parseUnsignedLong(text.strip(), 16); }

    private static String pack(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; ) {
            int zeros = 0;
            while (i + zeros < bytes.length && bytes[i + zeros] == 0) {
                zeros++;
            }
            if (zeros >= ZEROS_MIN) {
                text.append('*').append(zeros).append('.');
                i += zeros;
            } else {
                HexFormat.of().toHexDigits(text, bytes[i++]);
            }
        }
        return text.toString();
    }

    private static byte[] unpack(String text) {
        byte[] bytes = new byte[GuestMemory.PAGE_BYTES];
        int to = 0;
        for (int i = 0; i < text.length(); ) {
            if (text.charAt(i) == '*') {
                int dot = text.indexOf('.', i);
                to += Integer.parseInt(text, i + 1, Math.max(dot, i + 1), 10);
                i = dot + 1;
            } else {
                if (to >= bytes.length || i + 2 > text.length()) {
                    throw new IllegalArgumentException("A page of other than " + bytes.length + " bytes");
                }
                bytes[to++] = (byte) HexFormat.fromHexDigits(text, i, i + 2);
                i += 2;
            }
        }
        if (to != bytes.length) {
            throw new IllegalArgumentException("A page of " + to + " bytes");
        }
        return bytes;
    }
}
