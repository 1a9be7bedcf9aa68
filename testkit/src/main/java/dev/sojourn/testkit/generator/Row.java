package dev.sojourn.testkit.generator;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/**
 * One form of one instruction.
 *
 * @param prefix the mandatory prefix 66, F2 or F3; 0 where there is none; {@link #NO_PREFIX} where there must be none
 * @param opcode with its escapes
 * @param extension ModRM.reg as part of the opcode, or -1
 * @param plusRegister whether the low three bits of the last opcode byte are a register
 * @param operands in the manual's letters (volume 2, appendix A.2)
 */
record Row(String name, int prefix, byte[] opcode, int extension, boolean plusRegister, List<String> operands,
        EnumSet<Trait> traits) {
    static final int NO_PREFIX = -1;

    /**
     * Reads a line: opcode, name, operands, traits. The opcode is {@code [NP.|66.|F2.|F3.]bytes[/digit|+]}; no operands
     * are written as a dash.
     */
    static Row parse(String line) {
        String[] words = line.trim().split("\\s+");
        String code = words[0];
        int prefix = 0;
        if (code.indexOf('.') == 2) {
            prefix = code.startsWith("NP") ? NO_PREFIX : Integer.parseInt(code, 0, 2, 16);
            code = code.substring(3);
        }
        boolean plus = code.endsWith("+");
        code = plus ? code.substring(0, code.length() - 1) : code;
        int extension = -1;
        int slash = code.indexOf('/');
        if (slash >= 0) {
            extension = code.charAt(slash + 1) - '0';
            code = code.substring(0, slash);
        }
        byte[] opcode = new byte[code.length() / 2];
        for (int i = 0; i < opcode.length; i++) {
            opcode[i] = (byte) Integer.parseInt(code, 2 * i, 2 * i + 2, 16);
        }
        EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
        for (int i = 3; i < words.length; i++) {
            traits.add(Trait.valueOf(words[i].toUpperCase(Locale.ROOT)));
        }
        List<String> operands = words[2].equals("-") ? List.of() : List.of(words[2].split(","));
        return new Row(words[0] + " " + words[1] + " " + words[2], prefix, opcode, extension, plus, operands, traits);
    }

    static List<Row> parseAll(String text) {
        List<Row> rows = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (!line.isBlank()) {
                rows.add(parse(line));
            }
        }
        return rows;
    }

    boolean is(Trait trait) { return traits.contains(trait); }

    /** The operand that ModRM.rm names, or an empty text. */
    String rm() { return operand("EMQWNURT"); }

    /** The first operand whose letter is one of these, or an empty text. */
    String operand(String letters) {
        for (String operand : operands) {
            if (letters.indexOf(operand.charAt(0)) >= 0) {
                return operand;
            }
        }
        return "";
    }

    /** Whether all flags it changes are defined, and whether it is followed by what comes behind it. */
    boolean definesFlags() {
        return traits.stream().noneMatch(t -> t.name().startsWith("U_") || t == Trait.BRANCH || t == Trait.FAR)
                && !isInvalid() && (opcode[0] != 0x0f || opcode.length == 2 && (opcode[1] & 0xff) >= 0x40);
    }

    boolean isInvalid() { return name.contains(" invalid"); }

    boolean isFloat() { return opcode.length <= 2 && (opcode[0] & 0xf8) == 0xd8; }

    boolean hasModrm() { return extension >= 0 || !operand("EMQWNURGVP").isEmpty(); }
}
