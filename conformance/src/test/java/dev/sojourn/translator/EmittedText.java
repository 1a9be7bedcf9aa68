package dev.sojourn.translator;

import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.isa.Op;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A region's code as text: block by block the guest's instructions, and what {@code run} has for them, one a line.
 *
 * <p>What stands before and behind all regions alike is left out: loading the variables, and the three ways out that store
 * them. Those are EXIT (on at RIP), WITHIN (on at INDEX) and FAULT.
 */
final class EmittedText {
    private static final Map<Integer, String> SLOTS = slots();

    private final PlannedCode planned;
    private final CodeAttribute code;
    private final Map<Integer, RegionPlan.Part> parts = new TreeMap<>();
    private final Map<Integer, String> labels = new TreeMap<>();
    private final StringBuilder text = new StringBuilder();
    private int from;
    private int to;

    private EmittedText(PlannedCode planned, CodeAttribute code) {
        this.planned = planned;
        this.code = code;
    }

    static String of(PlannedCode planned) {
        CodeAttribute code = ClassFile.of().parse(RegionEmitter.emit(planned.plan())).methods().stream()
                .filter(m -> m.methodName().equalsString("run")).findAny().orElseThrow()
                .findAttribute(Attributes.code()).orElseThrow();
        EmittedText made = new EmittedText(planned, code);
        made.body();
        return made.text.toString();
    }

    /** The instructions of a block. */
    private void guest(RegionPlan.Part part) {
        long at = part.start();
        for (var i : part.instructions()) {
            text.append("; %x  %-30s %s %s\n".formatted(at, HexFormat.ofDelimiter(" ").formatHex(planned.bytes(at, i)),
                    i.op == Op.VECTOR ? i.vector : i.op, i.form.name().replace("FORM_", "")));
            at += i.length;
        }
    }

    private void body() {
        List<ExceptionCatch> handlers = code.exceptionHandlers().stream()
                .sorted(Comparator.comparing(h -> at(h.handler()))).toList();
        ExceptionCatch outer = handlers.getLast();
        from = afterEntry();
        to = at(outer.tryEnd());
        labels.put(at(outer.handler()), "FAULT");
        findParts();
        name(handlers.subList(0, handlers.size() - 1));
        int at = 0;
        for (CodeElement element : code) {
            if (at >= from && at < to) {
                if (parts.containsKey(at)) {
                    guest(parts.remove(at));
                }
                line(element);
            }
            at += element instanceof Instruction i ? i.sizeInBytes() : 0;
        }
        for (ExceptionCatch handler : handlers.subList(0, handlers.size() - 1)) {
            String type = handler.catchType().map(t -> simple(t.asSymbol())).orElse("all");
            text.append("    catch %s in %s to %s: %s\n".formatted(type, label(handler.tryStart()), label(handler.tryEnd()),
                    label(handler.handler())));
        }
    }

    /** The end of what {@code RegionEmitter.enter} emits: its last variable is LEAVES. */
    private int afterEntry() {
        int at = 0;
        for (CodeElement element : code) {
            if (element instanceof Instruction i) {
                at += i.sizeInBytes();
                if (i instanceof StoreInstruction store && store.slot() == Slots.LEAVES) {
                    return at;
                }
            }
        }
        throw new AssertionError("Nothing is stored in LEAVES.");
    }

    /** A part begins with counting down BUDGET, which happens nowhere else; its label gets its address. */
    private void findParts() {
        List<Integer> places = new ArrayList<>();
        int at = 0;
        for (CodeElement element : code) {
            if (element instanceof Instruction i) {
                places.add(at);
                if (at > from && i instanceof StoreInstruction store && store.slot() == Slots.BUDGET) {
                    RegionPlan.Part part = planned.plan().parts().get(parts.size());
                    int start = places.get(places.size() - 4);
                    parts.put(start, part);
                    labels.put(start, "at_%x".formatted(part.start()));
                }
                at += i.sizeInBytes();
            }
        }
    }

    /** Labels that are used get a name, by their place. */
    private void name(List<ExceptionCatch> handlers) {
        TreeMap<Integer, Label> used = new TreeMap<>();
        for (CodeElement element : code) {
            for (Label label : targets(element)) {
                used.put(at(label), label);
            }
        }
        for (ExceptionCatch handler : handlers) {
            for (Label label : List.of(handler.tryStart(), handler.tryEnd(), handler.handler())) {
                used.put(at(label), label);
            }
        }
        int number = 0;
        for (int at : used.keySet()) {
            if (!labels.containsKey(at)) {
                labels.put(at, at < to ? "L" + ++number : at == to ? "EXIT" : "WITHIN");
            }
        }
        labels.keySet().retainAll(used.keySet());
    }

    private static List<Label> targets(CodeElement element) {
        List<Label> targets = new ArrayList<>();
        switch (element) {
            case BranchInstruction i -> targets.add(i.target());
            case TableSwitchInstruction i -> {
                targets.add(i.defaultTarget());
                i.cases().stream().map(SwitchCase::target).forEach(targets::add);
            }
            case LookupSwitchInstruction i -> {
                targets.add(i.defaultTarget());
                i.cases().stream().map(SwitchCase::target).forEach(targets::add);
            }
            default -> {}
        }
        return targets;
    }

    private void line(CodeElement element) {
        if (element instanceof LabelTarget target) {
            if (labels.containsKey(at(target.label()))) {
                text.append(label(target.label())).append(":\n");
            }
        } else if (element instanceof Instruction i) {
            text.append("    ").append(operation(i)).append('\n');
        }
    }

    private String operation(Instruction instruction) {
        return switch (instruction) {
            case LoadInstruction i -> letter(i.typeKind()) + "load " + slot(i.slot());
            case StoreInstruction i -> letter(i.typeKind()) + "store " + slot(i.slot());
            case IncrementInstruction i -> "iinc " + slot(i.slot()) + " " + i.constant();
            case ConstantInstruction i -> "push " + constant(i.constantValue());
            case FieldInstruction i -> name(instruction) + " " + simple(i.owner().asSymbol()) + "."
                    + i.name().stringValue();
            case InvokeInstruction i -> name(instruction) + " " + simple(i.owner().asSymbol()) + "."
                    + i.name().stringValue() + i.typeSymbol().displayDescriptor();
            case BranchInstruction i -> name(instruction) + " " + label(i.target());
            case TableSwitchInstruction i -> "switch " + cases(i.cases()) + " else " + label(i.defaultTarget());
            case LookupSwitchInstruction i -> "switch " + cases(i.cases()) + " else " + label(i.defaultTarget());
            default -> name(instruction);
        };
    }

    private String cases(List<SwitchCase> cases) {
        return String.join(", ", cases.stream().map(c -> c.caseValue() + " " + label(c.target())).toList());
    }

    private static String constant(Object value) {
        return switch (value) {
            case Integer i when i > -10 && i < 10 -> i.toString();
            case Integer i -> "0x" + Integer.toHexString(i);
            case Long l when l > -10 && l < 10 -> l + "L";
            case Long l -> "0x" + Long.toHexString(l) + "L";
            default -> value.toString();
        };
    }

    private static char letter(TypeKind kind) {
        return kind == TypeKind.REFERENCE ? 'a' : Character.toLowerCase(kind.name().charAt(0));
    }

    private static String name(Instruction i) {
        return i.opcode().name().toLowerCase(Locale.ROOT).replaceFirst("_w$", "");
    }

    private static String simple(ClassDesc type) { return type.displayName(); }

    private String label(Label label) { return labels.get(at(label)); }

    private int at(Label label) { return code.labelToBci(label); }

    private static String slot(int number) { return SLOTS.getOrDefault(number, "local" + number); }

    private static Map<Integer, String> slots() {
        Map<Integer, String> names = new TreeMap<>(Map.of(0, "THIS", Slots.CPU, "CPU", Slots.MMU, "MMU", Slots.TLB, "TLB",
                Slots.REGISTERS, "REGISTERS", Slots.BUDGET, "BUDGET", Slots.INDEX, "INDEX", Slots.ORIGIN, "ORIGIN"));
        names.putAll(Map.of(Slots.FIRST, "FIRST", Slots.SECOND, "SECOND", Slots.RESULT, "RESULT", Slots.RIP, "RIP",
                Slots.ADDRESS, "ADDRESS", Slots.VALUE, "VALUE", Slots.OTHER, "OTHER", Slots.COUNT, "COUNT"));
        names.putAll(Map.of(Slots.LEAVES, "LEAVES", Slots.FAULT, "FAULT", Slots.MXCSR, "MXCSR",
                Slots.XMM_REGISTERS, "XMM_REGISTERS", Slots.KEPT, "KEPT", Slots.LATER, "LATER", Slots.FLAGS, "FLAGS"));
        List<String> registers = List.of("RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI");
        for (int i = 0; i < 16; i++) {
            names.put(Slots.register(i), i < 8 ? registers.get(i) : "R" + i);
        }
        for (int i = 0; i < 32; i++) {
            names.put(Slots.xmm(i), "XMM" + i / 2 + (i % 2 == 0 ? "L" : "H"));
        }
        return Map.copyOf(names);
    }
}
