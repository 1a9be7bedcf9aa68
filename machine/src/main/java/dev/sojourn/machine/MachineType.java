package dev.sojourn.machine;

import dev.sojourn.cpu.ProcessorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The numbered sums of all that a guest can see, oldest first. A released one never changes: what comes later is part
 * of a later one, or an option that a guest without it cannot tell apart.
 *
 * <p>What is the same in all of them is in the code that builds a machine; what differs is a value here, and that code
 * asks for the value, never for the type.
 */
public enum MachineType {
    SOJOURN_1("sojourn-1", Stage.CANDIDATE, "a PC with an x86-64-v2 processor", ProcessorType.SOJOURN_1),
    SOJOURN_2("sojourn-2", Stage.DRAFT, "sojourn-1 with FSGSBASE, by which kernels switch threads sooner",
            ProcessorType.SOJOURN_2);

    /** How settled a type is. */
    public enum Stage {
        /** It may change from day to day; nobody gets it unasked. */
        DRAFT,
        /** It is about to be released: what guests see of it is kept, and a change of it is reviewed. */
        CANDIDATE,
        /** It never changes. */
        RELEASED
    }

    private final String id;
    private final Stage stage;
    private final String summary;
    private final ProcessorType processor;

    MachineType(String id, Stage stage, String summary, ProcessorType processor) {
        this.id = id;
        this.stage = stage;
        this.summary = summary;
        this.processor = processor;
    }

    /** By which users name it. */
    public String id() { return id; }

    public Stage stage() { return stage; }

    /** What it is, in a few words. */
    public String summary() { return summary; }

    ProcessorType processor() { return processor; }

    public static Optional<MachineType> find(String id) {
        return Arrays.stream(values()).filter(t -> t.id.equals(id)).findFirst();
    }

    public static List<String> ids() { return Arrays.stream(values()).map(MachineType::id).toList(); }

    /**
     * What a guest gets if nobody says: the newest released one; before there is one, the newest that is about to be.
     */
    public static MachineType usual() {
        return newest(Stage.RELEASED).or(() -> newest(Stage.CANDIDATE)).orElseThrow();
    }

    private static Optional<MachineType> newest(Stage stage) {
        return Arrays.stream(values()).filter(t -> t.stage == stage).reduce((_, later) -> later);
    }
}
