package dev.sojourn.translator;

import dev.sojourn.isa.Decoder;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import dev.sojourn.isa.Op;
import dev.sojourn.isa.VectorOp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The list of forms with code of their own is complete. */
class TranslatedFormsTest {
    private static final Path KEPT = Path.of("../docs/translated-forms.md");

    private static final String HEAD = """
            # Forms with code of their own

            What the translator emits code for, by operation and operand form (the letters of the manual's opcode map). All
            else in a region runs as the interpreter's step. "At times" depends on the operand or address size, or on whether the
            operand is memory. Made by `TranslatedFormsTest`: renew it with `-D%s=true`.

            """.formatted(KeptText.RENEW);

    private static final List<int[]> MAPS = List.of(new int[] {}, new int[] {0x0f}, new int[] {0x0f, 0x38},
            new int[] {0x0f, 0x3a});
    private static final List<int[]> PREFIXES = List.of(new int[] {}, new int[] {0x66}, new int[] {0xf2}, new int[] {0xf3},
            new int[] {0x67}, new int[] {0x48});

    /** The forms of an operation, by whether they have code of their own; those that vary are in both. */
    private record Forms(Set<String> own, Set<String> step) {
        Forms() { this(new TreeSet<>(), new TreeSet<>()); }

        String always() { return join(own, step, false); }

        String sometimes() { return join(own, step, true); }

        String never() { return join(step, own, false); }

        private static String join(Set<String> of, Set<String> other, boolean both) {
            return String.join(", ", of.stream().filter(form -> other.contains(form) == both).toList());
        }
    }

    @Test
    void listOfFormsIsComplete() throws IOException {
        Map<Op, Forms> operations = new EnumMap<>(Op.class);
        Map<VectorOp, Forms> vectors = new EnumMap<>(VectorOp.class);
        for (Instruction i : instructions()) {
            Forms forms = i.op == Op.VECTOR ? vectors.computeIfAbsent(i.vector, _ -> new Forms())
                    : operations.computeIfAbsent(i.op, _ -> new Forms());
            (hasOwnCode(i) ? forms.own() : forms.step()).add(i.form.name().replace("FORM_", "").replace('_', ' '));
        }
        StringBuilder text = new StringBuilder(HEAD);
        table(text, "General instructions", operations);
        table(text, "MMX and SSE", vectors);
        Set<Op> others = EnumSet.complementOf(EnumSet.of(Op.VECTOR, Op.INVALID, Op.TOO_LONG));
        others.removeIf(op -> hasOwnCode(operations.get(op)));
        list(text, "General instructions that are always steps", others);
        Set<VectorOp> otherVectors = EnumSet.allOf(VectorOp.class);
        otherVectors.removeIf(op -> hasOwnCode(vectors.get(op)));
        list(text, "MMX and SSE that are always steps", otherVectors);
        KeptText.check(KEPT, text.toString().stripTrailing() + "\n");
    }

    /** As {@code RegionEmitter} decides it. */
    private static boolean hasOwnCode(Instruction i) {
        if (i.op == Op.VECTOR) {
            return VectorCode.has(i);
        }
        return i.endsBlock() ? BranchCode.has(i) : IntegerCode.has(i);
    }

    private static boolean hasOwnCode(Forms forms) { return forms != null && !forms.own().isEmpty(); }

    private static void table(StringBuilder text, String title, Map<? extends Enum<?>, Forms> rows) {
        text.append("## ").append(title).append("\n\n| Operation | Own code | At times | Steps |\n|---|---|---|---|\n");
        rows.forEach((op, forms) -> {
            if (hasOwnCode(forms)) {
                String row = "| %s | %s | %s | %s |\n".formatted(op, forms.always(), forms.sometimes(), forms.never());
                text.append(row.replaceAll(" +", " "));
            }
        });
        text.append('\n');
    }

    private static void list(StringBuilder text, String title, Set<? extends Enum<?>> names) {
        text.append("## ").append(title).append("\n\n");
        StringBuilder line = new StringBuilder();
        for (Enum<?> name : names) {
            if (line.length() + name.name().length() > 110) {
                text.append(line.toString().strip()).append('\n');
                line.setLength(0);
            }
            line.append(name).append(' ');
        }
        text.append(line.toString().strip()).append("\n\n");
    }

    /** Each opcode of 64-bit code behind each prefix, with a register and a memory operand, and each member of each group. */
    private static List<Instruction> instructions() {
        List<Instruction> found = new ArrayList<>();
        for (int[] prefix : PREFIXES) {
            for (int[] map : MAPS) {
                for (int opcode = 0; opcode < 256; opcode++) {
                    for (int modrm = 0; modrm < 256; modrm += (modrm & 7) == 0 ? 1 : 7) {
                        add(found, prefix, map, opcode, modrm);
                    }
                }
            }
        }
        return found;
    }

    private static void add(List<Instruction> found, int[] prefix, int[] map, int opcode, int modrm) {
        byte[] code = new byte[Decoder.LENGTH_MAX];
        int at = 0;
        for (int b : prefix) {
            code[at++] = (byte) b;
        }
        for (int b : map) {
            code[at++] = (byte) b;
        }
        code[at++] = (byte) opcode;
        code[at] = (byte) modrm;
        Instruction i = Decoder.decode(code, 0, code.length, Mode.BITS_64);
        if (i.op != Op.INVALID && i.op != Op.TOO_LONG) {
            found.add(i);
        }
    }
}
