package dev.sojourn.interfaces.nativepc;

import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorSide;

/** A plain PC: nothing is added. */
public final class NativeInterface implements GuestInterface {
    private static final ProcessorSide NOTHING = new ProcessorSide() {};

    /** For the service loader. */
    public NativeInterface() {}

    @Override
    public String name() { return "native"; }

    @Override
    public GuestSide attach(MachineOps machine) { return _ -> NOTHING; }
}
