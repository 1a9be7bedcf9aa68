package dev.sojourn.cpu;

import java.util.Set;

/**
 * The processors that machine types name: what one has beyond the first. One whose machine type is released never
 * changes.
 *
 * <p>An instruction that a type does not advertise raises #UD on it, and a control register's bit that goes with it is
 * refused.
 */
public enum ProcessorType {
    SOJOURN_1("Sojourn x86-64-v2 Processor (sojourn-1)", Set.of()),
    SOJOURN_2("Sojourn x86-64-v2 Processor (sojourn-2)", Set.of(Feature.FSGSBASE));

    /** What later types have and the first does not: where CPUID tells of it, and which bits of CR4 it brings. */
    public enum Feature {
        /** RDFSBASE and its like: a kernel switches threads with fewer slow writes of registers. */
        FSGSBASE(7, 1, 0, Cpu.CR4_FSGSBASE);

        private final int leaf;
        private final int register;
        private final int bit;
        private final long cr4;

        Feature(int leaf, int register, int bit, long cr4) {
            this.leaf = leaf;
            this.register = register;
            this.bit = bit;
            this.cr4 = cr4;
        }
    }

    private final String brand;
    private final Set<Feature> features;
    private final long cr4;

    ProcessorType(String brand, Set<Feature> features) {
        this.brand = brand;
        this.features = features;
        cr4 = features.stream().mapToLong(f -> f.cr4).reduce(0, (a, b) -> a | b);
    }

    String brand() { return brand; }

    public boolean has(Feature feature) { return features.contains(feature); }

    /** The bits of CR4 that the first type does not have. */
    long cr4() { return cr4; }

    /** Adds what this type has to the answer to CPUID. @param registers EAX, EBX, ECX, EDX */
    void advertise(int leaf, int subleaf, int[] registers) {
        for (Feature feature : features) {
            if (feature.leaf == leaf && subleaf == 0) {
                registers[feature.register] |= 1 << feature.bit;
            }
        }
    }
}
