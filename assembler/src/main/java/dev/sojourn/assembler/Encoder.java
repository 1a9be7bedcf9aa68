package dev.sojourn.assembler;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layer below the mnemonics: bytes, labels, data, and the prefixes, ModRM and SIB of an instruction.
 *
 * <p>Instruction encoding follows volume 2, chapter 2 of the manual.
 */
abstract class Encoder {
    private static final int NO_INDEX = 4;
    private static final int SIB = 4;
    private static final int DISPLACEMENT_ONLY = 5;

    /** A field to be filled once all labels are known; relative ones count from {@code next}. */
    private record Fixup(int position, int bytes, boolean relative, int next, String label, long addend) {}

    private final long origin;
    private final Map<String, Long> labels = new HashMap<>();
    private final List<Fixup> fixups = new ArrayList<>();
    private byte[] code = new byte[1024];
    private int length;
    private int bits = 64;

    Encoder(long origin) { this.origin = origin; }

    /** From here on code is for a segment of 16, 32 or 64 bits. */
    public final void bits(int width) {
        if (width != 16 && width != 32 && width != 64) {
            throw new IllegalArgumentException("Bits: " + width);
        }
        bits = width;
    }

    public final int bits() { return bits; }

    /** The address of the next byte. */
    public final long here() { return origin + length; }

    public final long origin() { return origin; }

    public final void label(String name) {
        if (labels.put(name, here()) != null) {
            throw new IllegalArgumentException("Label defined twice: " + name);
        }
    }

    /** A label for an address outside this program, or any other number. */
    public final void equ(String name, long value) {
        if (labels.put(name, value) != null) {
            throw new IllegalArgumentException("Label defined twice: " + name);
        }
    }

    /** The address of a label that is already defined. */
    public final long address(String name) {
        Long address = labels.get(name);
        if (address == null) {
            throw new IllegalArgumentException("No such label: " + name);
        }
        return address;
    }

    public final void db(int... values) {
        for (int value : values) {
            emit(value, 1);
        }
    }

    public final void db(byte[] values) {
        for (byte value : values) {
            emit(value, 1);
        }
    }

    public final void dw(int... values) {
        for (int value : values) {
            emit(value, 2);
        }
    }

    public final void dd(int... values) {
        for (int value : values) {
            emit(value, 4);
        }
    }

    public final void dq(long... values) {
        for (long value : values) {
            emit(value, 8);
        }
    }

    public final void dd(String label) { absolute(label, 0, 4); }

    public final void dq(String label) { absolute(label, 0, 8); }

    /** The address of a label, and something more: flags in the bits that are zero, as in page tables. */
    public final void dq(String label, long addend) { absolute(label, addend, 8); }

    /** Text in ASCII, without an end mark. */
    public final void ascii(String text) { db(text.getBytes(StandardCharsets.US_ASCII)); }

    public final void asciz(String text) {
        ascii(text);
        db(0);
    }

    public final void zero(int bytes) { fill(bytes, 0); }

    public final void fill(int bytes, int value) {
        for (int i = 0; i < bytes; i++) {
            emit(value, 1);
        }
    }

    /** Zeros up to the next multiple of a power of two. */
    public final void align(int alignment) { zero((int) (-here() & alignment - 1)); }

    /** Zeros up to an address. */
    public final void skipTo(long address) {
        if (address < here()) {
            throw new IllegalArgumentException("Already at 0x" + Long.toHexString(here()));
        }
        zero(Math.toIntExact(address - here()));
    }

    /** The finished bytes, first one at the origin. */
    public final byte[] assemble() {
        byte[] bytes = Arrays.copyOf(code, length);
        for (Fixup fixup : fixups) {
            long value = address(fixup.label) + fixup.addend - (fixup.relative ? origin + fixup.next : 0);
            int shift = 64 - fixup.bytes * 8;
            boolean fits = value << shift >> shift == value || !fixup.relative && value << shift >>> shift == value;
            if (!fits) {
                throw new IllegalArgumentException("Label out of reach: " + fixup.label);
            }
            for (int i = 0; i < fixup.bytes; i++) {
                bytes[fixup.position + i] = (byte) (value >> 8 * i);
            }
        }
        return bytes;
    }

    final void emit(long value, int bytes) {
        if (length + bytes > code.length) {
            code = Arrays.copyOf(code, code.length * 2);
        }
        for (int i = 0; i < bytes; i++) {
            code[length++] = (byte) (value >> 8 * i);
        }
    }

    final void absolute(String label, long addend, int bytes) {
        fixups.add(new Fixup(length, bytes, false, 0, label, addend));
        emit(0, bytes);
    }

    /** A relative branch target as the last field of its instruction. */
    final void relative(String label, int bytes) {
        fixups.add(new Fixup(length, bytes, true, length + bytes, label, 0));
        emit(0, bytes);
    }

    /** The operand size prefix where this size is not the default of the code segment. */
    final void sizePrefix(int bytes) {
        if (bytes == 2 && bits != 16 || bytes == 4 && bits == 16) {
            emit(0x66, 1);
        }
    }

    /** Opcode bytes as one number, most significant first; of several the first is not zero. */
    final void opcode(int opcode) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            if (opcode >>> shift != 0 || shift == 0) {
                emit(opcode >>> shift, 1);
            }
        }
    }

    /**
     * An instruction with ModRM. {@code bytes} is the operand size; with 8, REX.W is set unless {@code plain}.
     *
     * @param mandatory F2, F3 or 66 where it belongs to the opcode, else zero
     * @param reg what goes into ModRM.reg: a register or an opcode extension
     * @param immediateBytes how many bytes follow, for addressing relative to RIP
     */
    final void modrm(int mandatory, int opcode, int bytes, boolean plain, Object reg, Operand rm, int immediateBytes) {
        if (rm instanceof Memory memory) {
            memoryPrefixes(memory);
        }
        if (mandatory == 0) {
            sizePrefix(bytes);
        } else {
            emit(mandatory, 1);
        }
        Register register = reg instanceof Register r ? r : null;
        int field = register != null ? register.code() : (Integer) reg;
        rex(bytes == 8 && !plain && bits == 64, register, field, rm);
        opcode(opcode);
        switch (rm) {
            case Register r -> emit(0xc0 | (field & 7) << 3 | r.code() & 7, 1);
            case Memory m when addressBits(m) == 16 -> memory16((field & 7) << 3, m);
            case Memory m -> memory((field & 7) << 3, m, immediateBytes);
        }
    }

    /** An instruction with its register in the low bits of the opcode. */
    final void short_(int opcode, int bytes, boolean plain, Register register) {
        sizePrefix(bytes);
        rex(bytes == 8 && !plain && bits == 64, null, 0, register);
        int prefix = opcode >>> 8;
        if (prefix != 0) {
            opcode(prefix);
        }
        emit(opcode + (register.code() & 7), 1);
    }

    private void rex(boolean wide, Register register, int field, Operand rm) {
        int rex = (wide ? 8 : 0) | (field & 8) >> 1;
        boolean needed = rex != 0 || register != null && register.needsRex();
        boolean forbidden = register != null && register.forbidsRex();
        switch (rm) {
            case Register r -> {
                rex |= (r.code() & 8) >> 3;
                needed |= r.needsRex();
                forbidden |= r.forbidsRex();
            }
            case Memory m -> rex |= (m.index() != null ? (m.index().code() & 8) >> 2 : 0)
                    | (m.base() != null ? (m.base().code() & 8) >> 3 : 0);
        }
        if (rex == 0 && !needed) {
            return;
        }
        if (bits != 64 || forbidden) {
            throw new IllegalArgumentException("Registers that cannot be used here: " + register + ", " + rm);
        }
        emit(0x40 | rex, 1);
    }

    private int addressBits(Memory memory) {
        Register register = memory.base() != null ? memory.base() : memory.index();
        return register == null ? bits : register.bytes() * 8;
    }

    private void memoryPrefixes(Memory memory) {
        if (memory.segment() != null) {
            emit(switch (memory.segment()) {
                case ES -> 0x26;
                case CS -> 0x2e;
                case SS -> 0x36;
                case DS -> 0x3e;
                case FS -> 0x64;
                case GS -> 0x65;
                default -> throw new IllegalArgumentException("Not a segment: " + memory.segment());
            }, 1);
        }
        if (addressBits(memory) != bits) {
            emit(0x67, 1);
        }
    }

    private void memory(int reg, Memory memory, int immediateBytes) {
        Register base = memory.base();
        Register index = memory.index();
        if (base == null && index == null && bits == 64 && memory.label() != null) {
            emit(reg | DISPLACEMENT_ONLY, 1);
            fixups.add(new Fixup(length, 4, true, length + 4 + immediateBytes, memory.label(), memory.displacement()));
            emit(0, 4);
            return;
        }
        int scale = Integer.numberOfTrailingZeros(memory.scale()) << 6;
        if (base == null) {
            if (index == null && bits != 64) {
                emit(reg | DISPLACEMENT_ONLY, 1);
            } else {
                emit(reg | SIB, 1);
                emit(scale | (index == null ? NO_INDEX : index.code() & 7) << 3 | DISPLACEMENT_ONLY, 1);
            }
            displacement(memory, 4);
            return;
        }
        int size = displacementBytes(memory, (base.code() & 7) == DISPLACEMENT_ONLY, 4);
        int mod = size == 0 ? 0 : size == 1 ? 0x40 : 0x80;
        if (index != null || (base.code() & 7) == SIB) {
            emit(mod | reg | SIB, 1);
            emit(scale | (index == null ? NO_INDEX : index.code() & 7) << 3 | base.code() & 7, 1);
        } else {
            emit(mod | reg | base.code() & 7, 1);
        }
        displacement(memory, size);
    }

    private void memory16(int reg, Memory memory) {
        if (memory.base() == null) {
            if (memory.index() != null) {
                throw new IllegalArgumentException("No such 16-bit address: " + memory);
            }
            emit(reg | 6, 1);
            displacement(memory, 2);
            return;
        }
        int form = switch (memory.base()) {
            case BX -> memory.index() == null ? 7 : memory.index() == Register.SI ? 0 : 1;
            case BP -> memory.index() == null ? 6 : memory.index() == Register.SI ? 2 : 3;
            case SI -> 4;
            case DI -> 5;
            default -> throw new IllegalArgumentException("No such 16-bit address: " + memory);
        };
        int size = displacementBytes(memory, form == 6, 2);
        emit((size == 0 ? 0 : size == 1 ? 0x40 : 0x80) | reg | form, 1);
        displacement(memory, size);
    }

    private static int displacementBytes(Memory memory, boolean never0, int most) {
        int value = memory.displacement();
        if (memory.label() != null) {
            return most;
        }
        if (value == 0 && !never0) {
            return 0;
        }
        return value == (byte) value ? 1 : most;
    }

    private void displacement(Memory memory, int bytes) {
        if (memory.label() != null) {
            absolute(memory.label(), memory.displacement(), bytes);
        } else {
            emit(memory.displacement(), bytes);
        }
    }
}
