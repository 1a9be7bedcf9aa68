package dev.sojourn.isa;

import dev.sojourn.isa.Row.Trait;

/** Reads instructions (SDM volume 2, chapter 2). */
public final class Decoder {
    /** The longest instruction. */
    public static final int LENGTH_MAX = 15;

    static final Truncated TRUNCATED = new Truncated();

    /** More bytes are needed. */
    @SuppressWarnings("serial")
    static final class Truncated extends RuntimeException {
        private Truncated() { super("More bytes are needed.", null, false, false); }
    }

    private Decoder() {}

    /**
     * Decodes the instruction at {@code offset}.
     *
     * @param limit the end of the bytes at hand
     * @return the instruction; null if it goes on behind {@code limit}
     */
    public static Instruction decode(byte[] code, int offset, int limit, Mode mode) {
        boolean whole = limit - offset >= LENGTH_MAX;
        DecoderState s = new DecoderState(code, offset, Math.min(limit, offset + LENGTH_MAX), mode);
        try {
            return decode(s);
        } catch (Truncated _) {
            if (!whole) {
                return null;
            }
            s.length = LENGTH_MAX;
            return new Instruction(s, Row.of(Op.TOO_LONG, Form.NONE));
        }
    }

    private static Instruction decode(DecoderState s) {
        int opcode = prefixes(s);
        sizes(s);
        Row row = row(s, opcode);
        Row[] group = row.group();
        if (group != null || hasModRm(row)) {
            modrm(s, row.form().operands.contains(Operand.Rd));
            row = member(s, row);
        } else {
            s.rm = s.opcode & 7 | (s.rex & 1) << 3;
        }
        if (row.op() == Op.INVALID && group != null) {
            invalidMember(s, group);
        }
        Row checked = check(s, row);
        if (row.op() != Op.INVALID) {
            // That a prefix, the mode or the operand is wrong is found out only when all of the instruction is there.
            immediates(s, row.form());
        }
        row = checked;
        s.length = s.position - s.start;
        if (s.mode == Mode.BITS_64 && (row.is(Trait.FORCED_64) || row.is(Trait.DEFAULT_64) && s.operandBytes == 4)) {
            s.operandBytes = 8;
        }
        return new Instruction(s, row);
    }

    /** What is no instruction is still as long as the others of its group. */
    private static void invalidMember(DecoderState s, Row[] group) {
        for (Row sibling : group) {
            if (sibling.op() != Op.INVALID) {
                immediates(s, sibling.form());
                return;
            }
        }
    }

    private static boolean hasModRm(Row row) { return row.is(Trait.MODRM) || row.form().hasModRm(); }

    private static int prefixes(DecoderState s) {
        while (true) {
            int b = s.next();
            switch (b) {
                case 0x26, 0x2e, 0x36, 0x3e -> override(s, b >> 3 & 3);
                case 0x64 -> override(s, Instruction.FS);
                case 0x65 -> override(s, Instruction.GS);
                case 0x66 -> s.operandPrefix = true;
                case 0x67 -> s.addressPrefix = true;
                case 0xf0 -> s.lock = true;
                case 0xf2 -> { s.repne = true; s.rep = false; }
                case 0xf3 -> { s.rep = true; s.repne = false; }
                default -> {
                    if (s.mode == Mode.BITS_64 && (b & 0xf0) == 0x40) {
                        s.rex = b;
                        s.rexPresent = true;
                        continue;
                    }
                    return b;
                }
            }
            s.rex = 0;
            s.rexPresent = false;
        }
    }

    private static void override(DecoderState s, int segment) {
        if (s.mode == Mode.BITS_64 && segment < Instruction.FS) {
            return;
        }
        s.segment = segment;
        s.segmentOverride = true;
    }

    private static void sizes(DecoderState s) {
        switch (s.mode) {
            case BITS_64 -> {
                s.operandBytes = (s.rex & 8) != 0 ? 8 : s.operandPrefix ? 2 : 4;
                s.addressBytes = s.addressPrefix ? 4 : 8;
            }
            case BITS_32 -> {
                s.operandBytes = s.operandPrefix ? 2 : 4;
                s.addressBytes = s.addressPrefix ? 2 : 4;
            }
            case BITS_16 -> {
                s.operandBytes = s.operandPrefix ? 4 : 2;
                s.addressBytes = s.addressPrefix ? 4 : 2;
            }
        }
    }

    private static Row row(DecoderState s, int first) {
        s.opcode = first;
        if (first != 0x0f) {
            return OpcodeTable.oneByte(first, s.mode);
        }
        int prefix = s.repne ? 3 : s.rep ? 2 : s.operandPrefix ? 1 : 0;
        s.opcode = s.next();
        return switch (s.opcode) {
            case 0x38 -> OpcodeTable.threeByte38(s.opcode = s.next(), prefix);
            case 0x3a -> OpcodeTable.threeByte3A(s.opcode = s.next(), prefix);
            default -> OpcodeTable.twoByte(s.opcode, prefix);
        };
    }

    private static Row member(DecoderState s, Row row) {
        Row[] group = row.group();
        if (group == null) {
            return row;
        }
        int field = s.modrm >> 3 & 7;
        Row member = group[group.length > 8 && s.modrm >= 0xc0 ? 8 + field : field];
        if (member.group() == null) {
            return member;
        }
        return member.group()[s.modrm & 7];
    }

    private static Row check(DecoderState s, Row row) {
        boolean wrongMode = s.mode == Mode.BITS_64 ? row.is(Trait.NOT_64) : row.is(Trait.ONLY_64);
        boolean memory = s.modrm < 0xc0;
        boolean wrongLock = s.lock && !(row.is(Trait.LOCKABLE) && memory && row.op() != Op.CMP && row.op() != Op.BT);
        boolean wrongOperand = false;
        for (Operand operand : row.form().operands) {
            wrongOperand |= switch (operand.kind) {
                case MEMORY -> !memory && row.op() != Op.X87;
                case XMM_RM_REGISTER, MMX_RM_REGISTER -> memory;
                default -> false;
            };
        }
        return wrongMode || wrongLock || wrongOperand ? Row.INVALID : row;
    }

    /** @param register whether the mod field does not count: moves to and from control and debug registers */
    private static void modrm(DecoderState s, boolean register) {
        s.modrm = s.next() | (register ? 0xc0 : 0);
        s.reg = s.modrm >> 3 & 7 | (s.rex & 4) << 1;
        s.rm = s.modrm & 7 | (s.rex & 1) << 3;
        if (s.modrm >= 0xc0) {
            return;
        }
        if (s.addressBytes == 2) {
            address16(s);
        } else {
            address32(s);
        }
    }

    /** The 16-bit addressing forms (SDM volume 2, table 2-1). */
    private static void address16(DecoderState s) {
        int mod = s.modrm >> 6;
        int form = s.modrm & 7;
        s.base = switch (form) {
            case 0, 1, 7 -> 3;
            case 2, 3, 6 -> 5;
            case 4 -> 6;
            default -> 7;
        };
        s.index = switch (form) {
            case 0, 2 -> 6;
            case 1, 3 -> 7;
            default -> Instruction.NO_REGISTER;
        };
        if (mod == 0 && form == 6) {
            s.base = Instruction.NO_REGISTER;
            s.displacement = s.nextSigned(2);
        } else {
            s.displacement = mod == 0 ? 0 : s.nextSigned(mod);
        }
        defaultSegment(s, s.base == 5);
    }

    /** The 32- and 64-bit addressing forms (SDM volume 2, tables 2-2 and 2-3). */
    private static void address32(DecoderState s) {
        int mod = s.modrm >> 6;
        s.base = s.rm;
        int low = s.modrm & 7;
        if (low == 4) {
            int sib = s.next();
            s.scale = sib >> 6;
            int index = sib >> 3 & 7 | (s.rex & 2) << 2;
            s.index = index == 4 ? Instruction.NO_REGISTER : index;
            s.base = sib & 7 | (s.rex & 1) << 3;
            low = sib & 7;
        } else if (mod == 0 && low == 5) {
            s.base = Instruction.NO_REGISTER;
            s.ripRelative = s.mode == Mode.BITS_64;
        }
        if (mod == 0 && low == 5) {
            s.base = Instruction.NO_REGISTER;
            s.displacement = s.nextSigned(4);
        } else if (mod != 0) {
            s.displacement = s.nextSigned(mod == 1 ? 1 : 4);
        }
        defaultSegment(s, s.base == 4 || s.base == 5);
    }

    private static void defaultSegment(DecoderState s, boolean stack) {
        if (stack && !s.segmentOverride) {
            s.segment = Instruction.SS;
        }
    }

    private static void immediates(DecoderState s, Form form) {
        boolean first = true;
        for (Operand operand : form.operands) {
            switch (operand.kind) {
                case IMMEDIATE -> {
                    int bytes = operand.bytes(s.operandBytes, s.mode, false);
                    if (first) {
                        s.immediate = operand == Operand.Ib || operand == Operand.Iw ? s.next(bytes) : s.nextSigned(bytes);
                        first = false;
                    } else {
                        s.immediate2 = (int) s.next(bytes);
                    }
                }
                case RELATIVE -> s.immediate = s.nextSigned(relativeBytes(s, operand));
                case FAR -> {
                    s.immediate = s.next(s.operandBytes);
                    s.immediate2 = (int) s.next(2);
                }
                case OFFSET -> s.displacement = s.next(s.addressBytes);
                default -> {}
            }
        }
    }

    /** In 64-bit mode a near branch ignores the operand-size prefix, as Intel's processors do. */
    private static int relativeBytes(DecoderState s, Operand operand) {
        if (operand == Operand.Jb) {
            return 1;
        }
        return s.mode == Mode.BITS_64 ? 4 : Math.min(s.operandBytes, 4);
    }
}
