package dev.sojourn.sandbox;

import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.machine.Machine;
import dev.sojourn.machine.MachineState;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.memory.RamImage;
import dev.sojourn.migration.ArrivingGuest;
import dev.sojourn.migration.Offer;
import dev.sojourn.snapshot.SnapshotAbout;
import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import dev.sojourn.state.StateReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A sandbox on its way to this host. */
public final class ArrivingSandbox implements ArrivingGuest {
    /** The section that tells the machine's time when it was paused. */
    static final String TIME = "time";

    static final int TIME_VERSION = 1;

    private final SnapshotAbout about;
    private final Revival revival;
    private final HostStreams streams;
    private final ExitTrace trace;
    private final Consumer<Sandbox> starter;
    private final Runnable forgetter;
    /** Tells where RAM lies; holds none. */
    private final GuestMemory map;
    private final Arena arena;
    private final MemorySegment ram;
    private Optional<Sandbox> sandbox = Optional.empty();
    private boolean adopted;

    /**
     * Makes room for a guest.
     *
     * @param trace told of every exit of the machine, on its thread
     * @param starter has it run, on a thread of its own, when it is this host's
     * @param forgetter called if it never will
     * @throws BadState if the offer is of a machine, or has parts, that this release does not know
     */
    public ArrivingSandbox(Offer offer, Revival revival, HostStreams streams, ExitTrace trace, Consumer<Sandbox> starter,
            Runnable forgetter) throws BadState {
        if (!offer.header().name().equals(DepartingSandbox.ABOUT)) {
            throw new BadState("The guest is told of by \"" + offer.header().name() + "\", which this release does not know.");
        }
        try {
            about = SnapshotAbout.read(new StateReader(offer.header().name(), offer.header().version(), offer.header().bytes()));
        } catch (IllegalArgumentException e) {
            throw new BadState("The target does not have what the guest needs: " + e.getMessage() + ".", e);
        }
        requireParts(offer, Machine.parts(about.shape()));
        this.revival = revival;
        this.streams = streams;
        this.trace = trace;
        this.starter = starter;
        this.forgetter = forgetter;
        map = new GuestMemory(about.shape().memoryBytes());
        arena = Arena.ofShared();
        ram = room(arena, RamImage.bytes(map));
    }

    private static void requireParts(Offer offer, Map<String, Integer> known) throws BadState {
        Set<String> missing = new LinkedHashSet<>(known.keySet());
        for (Offer.Part part : offer.parts()) {
            missing.remove(part.name());
            boolean own = part.name().equals(SandboxState.SECTION);
            if (!known.containsKey(part.name()) && !own && !part.mayIgnore()) {
                throw new BadState("The target has no " + part.name() + ", which the guest uses.");
            }
            if (part.version() > known.getOrDefault(part.name(), Integer.MAX_VALUE)) {
                throw new BadState("The target knows the state of " + part.name() + " to version " + known.get(part.name())
                        + ", and the guest's has version " + part.version() + "; use a newer release there.");
            }
        }
        if (!missing.isEmpty()) {
            throw new BadState("The guest has no " + missing.iterator().next() + ", which its machine has at the target.");
        }
    }

    /** Zeros that take no memory until they are written: a private mapping of a file with nothing in it. */
    private static MemorySegment room(Arena arena, long bytes) throws BadState {
        try {
            Path file = Files.createTempFile("sojourn-arrival", "");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE)) {
                return channel.map(FileChannel.MapMode.PRIVATE, 0, bytes, arena);
            }
        } catch (IOException e) {
            arena.close();
            throw new BadState("The target has no room for " + bytes + " bytes of RAM: " + IoReasons.of(e) + ".", e);
        }
    }

    public SnapshotAbout about() { return about; }

    @Override public void page(long address, byte[] content, int offset) throws IOException {
        if (!map.isRam(address, GuestMemory.PAGE_BYTES)) {
            throw new IOException("The guest has no RAM at 0x" + Long.toHexString(address));
        }
        MemorySegment page = ram.asSlice(RamImage.offset(map, address), GuestMemory.PAGE_BYTES);
        if (content == null) {
            page.fill((byte) 0);
        } else {
            page.copyFrom(MemorySegment.ofArray(content).asSlice(offset, GuestMemory.PAGE_BYTES));
        }
    }

    @Override public void ready(List<Section> state) throws BadState {
        List<Section> parts = new ArrayList<>();
        List<Section> own = new ArrayList<>();
        Optional<Section> time = Optional.empty();
        for (Section section : state) {
            switch (section.name()) {
                case SandboxState.SECTION -> own.add(section);
                case TIME -> time = Optional.of(section);
                default -> parts.add(section);
            }
        }
        Section paused = time.orElseThrow(() -> new BadState("The guest came without its time."));
        long nanos = new StateReader(TIME, paused.version(), paused.bytes()).number("nanos");
        try {
            sandbox = Optional.of(new Sandbox(new MachineState(about.shape(), nanos, parts), this::give, SandboxState.of(own), revival,
                    streams, trace));
        } catch (IllegalArgumentException e) {
            throw new BadState("The guest cannot be: " + e.getMessage() + ".", e);
        } catch (IOException e) {
            throw new BadState("The guest cannot have its RAM: " + IoReasons.of(e) + ".", e);
        }
    }

    private void give(GuestMemory memory) {
        adopted = true;
        memory.adopt(arena, ram);
    }

    @Override public void start() { sandbox.ifPresent(starter); }

    @Override public void discard() {
        sandbox.ifPresent(Sandbox::close);
        map.close();
        if (!adopted) {
            arena.close();
        }
        forgetter.run();
    }
}
