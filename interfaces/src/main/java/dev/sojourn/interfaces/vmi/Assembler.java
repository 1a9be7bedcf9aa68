package dev.sojourn.interfaces.vmi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes 32-bit code and tables of a ROM, and their listing along with them: the few instructions that its routines are made of.
 *
 * <p>Offsets count from the start of the ROM. Nothing absolute can be written, so that the code runs wherever it is seen
 * (instruction encoding: Intel SDM volume 2, chapter 2).
 */
final class Assembler {
    /** General registers by their number in the encoding. */
    enum Register { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI }

    /** Conditions of short jumps, with their opcodes. */
    enum Condition {
        NZ(0x75), Z(0x74), A(0x77);

        private final int opcode;

        Condition(int opcode) { this.opcode = opcode; }
    }

    private static final int SIB_OF_ESP = 0x24;
    private static final int BYTES_MAX = 0x10000;

    private record Fixup(int at, int bytes, int from, String label) {}

    private record Line(int offset, int bytes, String text) {}

    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Fixup> fixups = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final byte[] image = new byte[BYTES_MAX];
    private int length;

    int here() { return length; }

    int offset(String label) {
        Integer offset = labels.get(label);
        if (offset == null) {
            throw new IllegalStateException("No label " + label);
        }
        return offset;
    }

    void label(String name) {
        if (labels.put(name, length) != null) {
            throw new IllegalStateException("Label defined twice: " + name);
        }
        lines.add(new Line(length, 0, name + ":"));
    }

    /** Zeros up to an offset. */
    void skipTo(int offset) {
        if (offset < length) {
            throw new IllegalStateException("Already at " + length);
        }
        length = offset;
    }

    void align(int bytes) { skipTo(length + bytes - 1 & -bytes); }

    /** Bytes as they are: data, or an instruction without operands. */
    void bytes(String text, int... values) {
        lines.add(new Line(length, values.length, text));
        for (int value : values) {
            image[length++] = (byte) value;
        }
    }

    void text(String value) {
        int[] bytes = Arrays.copyOf(value.chars().toArray(), value.length() + 1);
        bytes("db \"" + value + "\", 0", bytes);
    }

    void number(String text, int bytes, long value) {
        lines.add(new Line(length, bytes, text));
        put(bytes, value);
    }

    /** The distance of one label from another, as 16 or 32 bits. */
    void distance(String text, int bytes, String label, int from) {
        lines.add(new Line(length, bytes, text));
        fixups.add(new Fixup(length, bytes, from, label));
        length += bytes;
    }

    /** A number that is a distance, and one more behind it. */
    void entry(String text, String label, int from, int kind) {
        lines.add(new Line(length, 8, text));
        fixups.add(new Fixup(length, 4, from, label));
        length += 4;
        put(4, kind);
    }

    private void put(int bytes, long value) {
        for (int i = 0; i < bytes; i++) {
            image[length++] = (byte) (value >>> 8 * i);
        }
    }

    private static String hex(int value) { return value < 0 ? "-0x" + Integer.toHexString(-value) : "0x" + Integer.toHexString(value); }

    private static String place(Register base, int displacement) {
        return "[" + base + (displacement == 0 ? "" : (displacement < 0 ? "-" : "+") + "0x"
                + Integer.toHexString(Math.abs(displacement))) + "]";
    }

    /** An instruction whose ModRM names two registers. */
    private void registers(String text, int opcode, int field, Register rm) { bytes(text, opcode, 0xc0 | field << 3 | rm.ordinal()); }

    /** An instruction whose ModRM names memory at a register and a displacement of one byte. */
    private void memory(String text, int[] opcode, int field, Register base, int displacement) {
        if (displacement != (byte) displacement) {
            throw new IllegalStateException("Displacement " + displacement);
        }
        boolean none = displacement == 0 && base != Register.EBP;
        int[] code = Arrays.copyOf(opcode, opcode.length + 3);
        int at = opcode.length;
        code[at++] = (none ? 0 : 0x40) | field << 3 | base.ordinal();
        if (base == Register.ESP) {
            code[at++] = SIB_OF_ESP;
        }
        if (!none) {
            code[at++] = displacement;
        }
        bytes(text, Arrays.copyOf(code, at));
    }

    void move(Register to, Register from) { registers("mov " + to + ", " + from, 0x89, from.ordinal(), to); }

    void move(Register to, int value) {
        bytes("mov " + to + ", " + hex(value), 0xb8 + to.ordinal(), value, value >> 8, value >> 16, value >> 24);
    }

    void load(Register to, Register base, int displacement) {
        memory("mov " + to + ", " + place(base, displacement), new int[] {0x8b}, to.ordinal(), base, displacement);
    }

    void store(Register base, int displacement, Register from) {
        memory("mov " + place(base, displacement) + ", " + from, new int[] {0x89}, from.ordinal(), base, displacement);
    }

    /** LEA of a base and an index of eight bytes each. */
    void address8(Register to, Register base, Register index) {
        bytes("lea " + to + ", [" + base + "+" + index + "*8]", 0x8d, 4 | to.ordinal() << 3, 0xc0 | index.ordinal() << 3 | base.ordinal());
    }

    /** Loads from a table of eight-byte entries that lies behind the address in the base. */
    void loadEntry(Register to, Register base, Register index, String table, int from, int field) {
        String text = "mov " + to + ", [" + base + "+" + index + "*8+" + table + (field == 0 ? "" : "+" + field) + "]";
        lines.add(new Line(length, 7, text));
        put(3, 0x8b | (0x84 | to.ordinal() << 3) << 8 | (0xc0 | index.ordinal() << 3 | base.ordinal()) << 16);
        fixups.add(new Fixup(length, 4, from - field, table));
        length += 4;
    }

    void push(Register register) { bytes("push " + register, 0x50 + register.ordinal()); }

    void pop(Register register) { bytes("pop " + register, 0x58 + register.ordinal()); }

    void add(Register to, Register from) { registers("add " + to + ", " + from, 0x01, from.ordinal(), to); }

    void or(Register to, Register from) { registers("or " + to + ", " + from, 0x09, from.ordinal(), to); }

    void add(Register to, int value) { small("add", 0, to, value); }

    void compare(Register register, int value) { small("cmp", 7, register, value); }

    private void small(String name, int field, Register to, int value) {
        if (value != (byte) value) {
            throw new IllegalStateException("Immediate " + value);
        }
        bytes(name + " " + to + ", " + hex(value), 0x83, 0xc0 | field << 3 | to.ordinal(), value);
    }

    void and(Register to, int value) {
        bytes("and " + to + ", " + hex(value), 0x81, 0xe0 | to.ordinal(), value, value >> 8, value >> 16, value >> 24);
    }

    void xor(Register to, Register from) { registers("xor " + to + ", " + from, 0x31, from.ordinal(), to); }

    void fromControl(Register to, int number) { bytes("mov " + to + ", cr" + number, 0x0f, 0x20, 0xc0 | number << 3 | to.ordinal()); }

    void toControl(int number, Register from) { bytes("mov cr" + number + ", " + from, 0x0f, 0x22, 0xc0 | number << 3 | from.ordinal()); }

    void fromDebug(Register to, int number) { bytes("mov " + to + ", dr" + number, 0x0f, 0x21, 0xc0 | number << 3 | to.ordinal()); }

    void toDebug(int number, Register from) { bytes("mov dr" + number + ", " + from, 0x0f, 0x23, 0xc0 | number << 3 | from.ordinal()); }

    /** SGDT, SIDT, LGDT, LIDT and INVLPG, by their extension of 0F 01. */
    void table(String name, int extension, Register at) {
        memory(name + " " + place(at, 0), new int[] {0x0f, 0x01}, extension, at, 0);
    }

    /** SLDT, STR, LLDT and LTR of EAX, by their extension of 0F 00. */
    void selector(String name, int extension) { bytes(name + " EAX", 0x0f, 0x00, 0xc0 | extension << 3); }

    void jump(Condition condition, String label) {
        lines.add(new Line(length, 2, "j" + condition.name().toLowerCase(java.util.Locale.ROOT) + " " + label));
        put(1, condition.opcode);
        fixups.add(new Fixup(length, 1, length + 1, label));
        length++;
    }

    void jump(String label) { branch("jmp", 0xe9, label); }

    void call(String label) { branch("call", 0xe8, label); }

    private void branch(String name, int opcode, String label) {
        lines.add(new Line(length, 5, name + " " + label));
        put(1, opcode);
        fixups.add(new Fixup(length, 4, length + 4, label));
        length += 4;
    }

    void ret() { bytes("ret", 0xc3); }

    /** The finished image, padded to a whole number of blocks. */
    byte[] image(int block) {
        for (Fixup fixup : fixups) {
            int value = offset(fixup.label) - fixup.from;
            if (fixup.bytes < 4 && value << 32 - 8 * fixup.bytes >> 32 - 8 * fixup.bytes != value) {
                throw new IllegalStateException("Out of reach: " + fixup.label);
            }
            for (int i = 0; i < fixup.bytes; i++) {
                image[fixup.at + i] = (byte) (value >> 8 * i);
            }
        }
        return Arrays.copyOf(image, (length + block - 1) / block * block);
    }

    /** A line for each instruction and each piece of data of the finished image. */
    String listing(byte[] finished) {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            if (line.bytes == 0) {
                text.append(line.text).append('\n');
                continue;
            }
            StringBuilder bytes = new StringBuilder();
            for (int i = 0; i < line.bytes; i++) {
                bytes.append("%02x ".formatted(finished[line.offset + i]));
            }
            text.append("%04x  %-31s %s%n".formatted(line.offset, bytes, line.text));
        }
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
