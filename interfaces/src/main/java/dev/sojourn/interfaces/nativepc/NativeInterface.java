package dev.sojourn.interfaces.nativepc;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.interfaces.GuestInterface;

/** A plain PC: nothing is added. */
public final class NativeInterface implements GuestInterface {
    /** For the service loader. */
    public NativeInterface() {}

    @Override
    public String name() { return "native"; }

    @Override
    public void cpuid(Cpu cpu, int leaf, int subleaf, int[] registers) {}

    @Override
    public boolean hypercall(Cpu cpu) { return false; }
}
