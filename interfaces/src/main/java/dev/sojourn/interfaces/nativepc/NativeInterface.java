package dev.sojourn.interfaces.nativepc;

import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.state.Stateful;
import java.util.Optional;

/** A plain PC: nothing is added. */
public final class NativeInterface implements GuestInterface {
    private static final Optional<Stateful> NO_STATE = Optional.of(Stateful.STATELESS);
    private static final ProcessorSide NOTHING = new ProcessorSide() {
        @Override
        public Optional<Stateful> state() { return NO_STATE; }
    };
    private static final GuestSide PLAIN = new GuestSide() {
        @Override
        public ProcessorSide processor(ProcessorOps processor) { return NOTHING; }

        @Override
        public Optional<Stateful> state() { return NO_STATE; }
    };

    /** For the service loader. */
    public NativeInterface() {}

    @Override
    public String name() { return "native"; }

    @Override
    public GuestSide attach(MachineOps machine) { return PLAIN; }
}
