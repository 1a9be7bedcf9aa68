package dev.sojourn.snapshot;

import dev.sojourn.machine.Machine;
import dev.sojourn.machine.MachineState;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.memory.RamImage;
import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes a snapshot: to another name first, and under its own when it will survive a loss of power. Whatever happens before that,
 * a file that had the name is whole.
 */
public final class SnapshotWriter {
    /** RAM begins at a multiple of the largest page any computer maps files by. */
    static final int RAM_ALIGNMENT = 64 << 10;
    /** Of what is written at once where bytes are gathered. */
    private static final int BATCH_BYTES = 1 << 20;

    private final Storage storage;
    private final String release;
    private final boolean marks;

    /** @param release by which the writer calls itself */
    public SnapshotWriter(Storage storage, String release) { this(storage, release, true); }

    private SnapshotWriter(Storage storage, String release, boolean marks) {
        this.storage = storage;
        this.release = release;
        this.marks = marks;
    }

    /** One that leaves the marks of changed pages to somebody else who follows them; it writes whole snapshots only. */
    public SnapshotWriter withoutMarks() { return new SnapshotWriter(storage, release, false); }

    /**
     * Writes a machine that is held. The marks of {@link GuestMemory#CHANGED} then say what changed since; they are of no use if
     * this fails after {@code copied}.
     *
     * @param host sections of the program around the machine
     * @param base the snapshot since which changed pages are marked, for one that holds only those
     * @param copied run when the machine may go on: what follows does not look at it. Not run if this fails before that.
     * @return what the snapshot says of itself
     * @throws IOException with the file of that name as it was
     * @throws BadState if the machine cannot be saved
     */
    public SnapshotAbout write(Path path, Machine machine, List<Section> host, Optional<SnapshotAbout.Base> base, Runnable copied)
            throws IOException, BadState {
        if (marks) {
            machine.forgetStores();
        } else if (base.isPresent()) {
            throw new IllegalArgumentException("Changes since " + base.get().id() + " without their marks");
        }
        MachineState state = machine.save();
        SnapshotAbout about = new SnapshotAbout(release, UUID.randomUUID(), base, state.shape(), state.nanos());
        Path absolute = path.toAbsolutePath();
        Path part = absolute.resolveSibling("." + absolute.getFileName() + "." + about.id() + ".part");
        boolean done = false;
        try (Storage.Output out = storage.create(part)) {
            new Body(out, about, marks).write(state.sections(), host, machine.memory());
            copied.run();
            out.force();
            done = true;
        } finally {
            if (!done) {
                storage.delete(part);
            }
        }
        done = false;
        try {
            storage.replace(part, absolute);
            done = true;
        } finally {
            if (!done) {
                storage.delete(part);
            }
        }
        return about;
    }

    /** The content of one file. */
    private static final class Body {
        private final Storage.Output out;
        private final SnapshotAbout about;
        private final boolean marks;
        private final List<SectionEntry> entries = new ArrayList<>();
        private long at;

        Body(Storage.Output out, SnapshotAbout about, boolean marks) {
            this.out = out;
            this.about = about;
            this.marks = marks;
        }

        void write(List<Section> parts, List<Section> host, GuestMemory memory) throws IOException {
            List<byte[]> contents = new ArrayList<>();
            add(SectionEntry.PART, parts, contents);
            add(SectionEntry.HOST, host, contents);
            int small = entries.size();
            if (about.base().isPresent()) {
                entries.add(entry(SectionEntry.RAM_INDEX));
                entries.add(entry(SectionEntry.RAM_PAGES));
            } else {
                entries.add(entry(SectionEntry.RAM));
            }
            at = new SnapshotTable(about, entries).toBytes(0).length;
            for (int i = 0; i < small; i++) {
                put(i, contents.get(i));
            }
            if (about.base().isPresent()) {
                changedRam(small, memory);
            } else {
                allRam(small, memory);
            }
            // A byte of its own ends the file, so that a hole before it counts.
            out.write(at++, ByteBuffer.allocate(1));
            out.write(0, ByteBuffer.wrap(new SnapshotTable(about, entries).toBytes(at)));
        }

        private void add(String kind, List<Section> sections, List<byte[]> contents) {
            for (Section section : sections) {
                entries.add(new SectionEntry(kind, section.name(), section.version(), section.mayIgnore(), 0, 0, 0));
                contents.add(section.bytes());
            }
        }

        private static SectionEntry entry(String kind) { return new SectionEntry(kind, kind, 1, false, 0, 0, 0); }

        private void put(int entry, byte[] bytes) throws IOException {
            out.write(at, ByteBuffer.wrap(bytes));
            entries.set(entry, entries.get(entry).at(at, bytes.length, SnapshotTable.sum(bytes, 0, bytes.length)));
            at += bytes.length;
        }

        private void align() { at = at + RAM_ALIGNMENT - 1 & -RAM_ALIGNMENT; }

        private void allRam(int entry, GuestMemory memory) throws IOException {
            align();
            long start = at;
            RamSum sum = new RamSum();
            RamImage.write(memory, (offset, pages) -> {
                sum.pages(offset, pages.duplicate());
                out.write(start + offset, pages);
            });
            at = start + RamImage.bytes(memory);
            entries.set(entry, entries.get(entry).at(start, at - start, sum.value()));
            if (marks) {
                memory.takeChanged((_, _) -> {});
            }
        }

        private void changedRam(int entry, GuestMemory memory) throws IOException {
            List<Long> changed = new ArrayList<>();
            memory.takeChanged((physical, _) -> changed.add(physical));
            boolean done = false;
            try {
                write(entry, changed, memory);
                done = true;
            } finally {
                if (!done) {
                    changed.forEach(physical -> memory.setFlag(physical, GuestMemory.CHANGED));
                }
            }
        }

        private void write(int entry, List<Long> changed, GuestMemory memory) throws IOException {
            ByteBuffer index = ByteBuffer.allocate(8 * changed.size()).order(ByteOrder.LITTLE_ENDIAN);
            for (long physical : changed) {
                index.putLong(RamImage.offset(memory, physical) / GuestMemory.PAGE_BYTES);
            }
            put(entry, index.array());
            align();
            long start = at;
            RamSum sum = new RamSum();
            ByteBuffer batch = ByteBuffer.allocate(BATCH_BYTES);
            for (long physical : changed) {
                memory.read(physical, batch.array(), batch.position(), GuestMemory.PAGE_BYTES);
                sum.page(RamImage.offset(memory, physical), batch.slice(batch.position(), GuestMemory.PAGE_BYTES));
                batch.position(batch.position() + GuestMemory.PAGE_BYTES);
                if (!batch.hasRemaining()) {
                    flush(batch);
                }
            }
            flush(batch);
            entries.set(entry + 1, entries.get(entry + 1).at(start, at - start, sum.value()));
        }

        private void flush(ByteBuffer batch) throws IOException {
            batch.flip();
            int bytes = batch.limit();
            out.write(at, batch);
            at += bytes;
            batch.clear();
        }
    }
}
