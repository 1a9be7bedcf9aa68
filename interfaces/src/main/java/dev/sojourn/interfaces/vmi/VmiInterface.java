package dev.sojourn.interfaces.vmi;

import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The interface {@code vmi}; its variants are its blobs. */
public final class VmiInterface implements GuestInterface {
    private final Blob blob;
    private final RomDefect defect;

    /** For the service loader. */
    public VmiInterface() { this(Blob.TRAP, RomDefect.NO); }

    private VmiInterface(Blob blob, RomDefect defect) {
        this.blob = blob;
        this.defect = defect;
    }

    @Override
    public String name() { return "vmi"; }

    @Override
    public List<String> variants() { return Arrays.stream(Blob.values()).map(Blob::id).toList(); }

    /** Besides the blobs themselves, tests may ask for one with a defect: {@code native+licence}. */
    @Override
    public Optional<GuestInterface> variant(String name) {
        for (Blob each : Blob.values()) {
            for (RomDefect defect : RomDefect.values()) {
                String id = defect == RomDefect.NO ? each.id() : each.id() + "+" + defect.id();
                if (id.equals(name)) {
                    return Optional.of(new VmiInterface(each, defect));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public String refusal(String variant) {
        return variant.equals("xen") ? "a blob over Xen would need calls for 32-bit kernels, which the Xen here does not have" : "";
    }

    @Override
    public GuestSide attach(MachineOps machine) { return new VmiGuest(machine, new Rom(blob, defect)); }
}
