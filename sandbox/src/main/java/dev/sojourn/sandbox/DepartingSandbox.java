package dev.sojourn.sandbox;

import dev.sojourn.machine.Machine;
import dev.sojourn.machine.MachineEnded;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.memory.RamImage;
import dev.sojourn.migration.DepartingGuest;
import dev.sojourn.migration.MoveError;
import dev.sojourn.migration.Offer;
import dev.sojourn.snapshot.SnapshotAbout;
import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import dev.sojourn.state.StateWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;

/** A sandbox on its way to another host. */
public final class DepartingSandbox implements DepartingGuest {
    /** The section that tells what the machine is made of, and its time. */
    static final String ABOUT = "about";

    private static final int ABOUT_VERSION = 1;
    private static final String ENDED = "The guest has ended.";

    private final Sandbox sandbox;
    private final Machine machine;
    private final String name;
    private final String release;
    private final String description;

    /**
     * Of a sandbox that runs.
     *
     * @param release of this host
     * @param description for the program at the target
     */
    public DepartingSandbox(Sandbox sandbox, String name, String release, String description) {
        this.description = description;
        this.sandbox = sandbox;
        this.name = name;
        this.release = release;
        machine = sandbox.machine();
    }

    @Override public Offer offer(String id) throws MoveError {
        if (sandbox.isPaused()) {
            throw new MoveError("The guest is paused; resume it before it is moved.");
        }
        try (Machine.Hold _ = hold()) {
            List<Offer.Part> parts = sandbox.state().stream().map(s -> new Offer.Part(s.name(), s.version(), s.mayIgnore())).toList();
            return new Offer(id, name, release, about(id, machine.save().nanos()), parts, description);
        } catch (BadState e) {
            throw new MoveError(e.getMessage());
        }
    }

    private Section about(String id, long nanos) {
        UUID uuid = new UUID(Long.parseUnsignedLong(id.substring(0, 16), 16), Long.parseUnsignedLong(id.substring(16), 16));
        StateWriter out = new StateWriter();
        new SnapshotAbout(release, uuid, Optional.empty(), machine.shape(), nanos).save(out);
        return new Section(ABOUT, ABOUT_VERSION, false, out.toBytes());
    }

    @Override public Pages all() throws MoveError {
        sandbox.forgetBase();
        written();
        LongStream.Builder pages = LongStream.builder();
        GuestMemory memory = machine.memory();
        // Whatever is written meanwhile is shown as written.
        open(() -> RamImage.write(memory, (offset, bytes) -> {
            for (int at = 0; at < bytes.remaining(); at += GuestMemory.PAGE_BYTES) {
                pages.add(RamImage.physical(memory, offset + at));
            }
        }));
        return new RamPages(pages.build().toArray());
    }

    @Override public Pages written() throws MoveError {
        LongStream.Builder pages = LongStream.builder();
        try (Machine.Hold _ = hold()) {
            machine.forgetStores();
            machine.memory().takeChanged((physical, _) -> pages.add(physical));
        }
        return new RamPages(pages.build().toArray());
    }

    @Override public void pause() throws MoveError {
        try {
            sandbox.pause();
        } catch (SandboxError e) {
            throw new MoveError(e.getMessage());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    @Override public void resume() { sandbox.resume(); }

    @Override public List<Section> state() throws MoveError {
        try {
            List<Section> all = new ArrayList<>(sandbox.state());
            StateWriter nanos = new StateWriter().number("nanos", machine.save().nanos());
            all.add(new Section(ArrivingSandbox.TIME, ArrivingSandbox.TIME_VERSION, false, nanos.toBytes()));
            return all;
        } catch (BadState e) {
            throw new MoveError(e.getMessage());
        }
    }

    @Override public void drop() { sandbox.leave(); }

    @Override public void stay() { sandbox.followAgain(); }

    private Machine.Hold hold() throws MoveError {
        try {
            return machine.hold();
        } catch (MachineEnded _) {
            throw new MoveError(ENDED);
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    private static MoveError interrupted() {
        Thread.currentThread().interrupt();
        return new MoveError("The host is ending.");
    }

    /** Reads memory, which is not freed meanwhile. */
    private void open(Sandbox.Reading reading) throws MoveError {
        try {
            if (!sandbox.whileOpen(reading)) {
                throw new MoveError(ENDED);
            }
        } catch (MoveError e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class RamPages implements Pages {
        private final long[] addresses;

        RamPages(long[] addresses) { this.addresses = addresses; }

        @Override public long[] addresses() { return addresses; }

        @Override public void copy(long address, byte[] target, int offset) throws MoveError {
            open(() -> machine.memory().read(address, target, offset, GuestMemory.PAGE_BYTES));
        }
    }
}
