package dev.sojourn.snapshot;

import dev.sojourn.machine.MachineState;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.memory.RamImage;
import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import dev.sojourn.state.StateReader;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A snapshot in a file, with those it is based on. Opening it reads and checks everything but RAM; that is mapped, and only
 * {@link #verify} looks at all of it.
 */
public final class SnapshotFile implements AutoCloseable {
    /** A chain of changes is as long as somebody's patience. */
    private static final int CHAIN_MAX = 32;
    /** What the largest part of the largest machine takes. */
    private static final int SECTION_BYTES_MAX = 256 << 20;

    private final Path path;
    private final FileChannel channel;
    private final boolean writable;
    private final SnapshotTable table;
    private final List<Section> parts;
    private final List<Section> host;
    private SnapshotFile base;

    /**
     * Opens a snapshot; those it is based on are looked for beside it.
     *
     * @throws BadSnapshot if it is not one, is damaged, or is of a kind that this release does not know
     */
    public static SnapshotFile open(Path path) throws BadSnapshot, IOException { return open(path, 0); }

    private static SnapshotFile open(Path path, int depth) throws BadSnapshot, IOException {
        SnapshotFile file = new SnapshotFile(path);
        boolean good = false;
        try {
            if (file.about().base().isPresent()) {
                file.openBase(file.about().base().get(), depth);
            }
            good = true;
            return file;
        } finally {
            if (!good) {
                file.close();
            }
        }
    }

    private SnapshotFile(Path path) throws BadSnapshot, IOException {
        this.path = path;
        writable = Files.isWritable(path);
        channel = open(path, writable);
        boolean good = false;
        try {
            byte[] header = read(0, (int) Math.min(channel.size(), SnapshotTable.HEADER_BYTES));
            byte[] bytes = read(SnapshotTable.HEADER_BYTES, SnapshotTable.tableBytes(header, channel.size()));
            table = SnapshotTable.read(header, bytes, channel.size());
            parts = sections(SectionEntry.PART);
            host = sections(SectionEntry.HOST);
            checkRam();
            good = true;
        } catch (EOFException e) {
            throw new BadSnapshot("The snapshot ends within its table; it was not copied whole.", e);
        } finally {
            if (!good) {
                channel.close();
            }
        }
    }

    /** A private mapping of a file wants it open for writing, though it never writes to it. */
    private static FileChannel open(Path path, boolean writable) throws IOException {
        return writable ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : FileChannel.open(path, StandardOpenOption.READ);
    }

    private void openBase(SnapshotAbout.Base wanted, int depth) throws BadSnapshot, IOException {
        Path name = Path.of(wanted.fileName()).getFileName();
        Path beside = path.toAbsolutePath().resolveSibling(name == null ? Path.of("base") : name);
        if (depth == CHAIN_MAX) {
            throw new BadSnapshot("The snapshot is the end of a chain of more than " + CHAIN_MAX + "; take a whole one.");
        }
        if (!Files.exists(beside)) {
            throw new BadSnapshot("The snapshot is based on " + name + ", which is not beside it; put it there.");
        }
        base = open(beside, depth + 1);
        if (!base.about().id().equals(wanted.id()) || !base.about().shape().equals(about().shape())) {
            throw new BadSnapshot("The snapshot is based on another " + name + " than the one beside it; put the right one there.");
        }
    }

    public SnapshotAbout about() { return table.about(); }

    /** The machine's state. */
    public MachineState state() { return new MachineState(about().shape(), about().nanos(), parts); }

    /** What the program around the machine had to say. */
    public List<Section> host() { return host; }

    /**
     * Gives a machine its RAM: a private mapping, which takes no time, and no memory for what is not written. Good when this file
     * is closed.
     */
    public void mapRam(GuestMemory memory) throws IOException {
        Arena arena = Arena.ofShared();
        boolean mapped = false;
        try {
            memory.adopt(arena, ram(arena));
            mapped = true;
        } finally {
            if (!mapped) {
                arena.close();
            }
        }
    }

    private MemorySegment ram(Arena arena) throws IOException {
        if (base == null) {
            SectionEntry ram = entry(SectionEntry.RAM);
            if (writable) {
                return channel.map(FileChannel.MapMode.PRIVATE, ram.offset(), ram.length(), arena);
            }
            return arena.allocate(ram.length(), GuestMemory.PAGE_BYTES)
                    .copyFrom(channel.map(FileChannel.MapMode.READ_ONLY, ram.offset(), ram.length(), arena));
        }
        MemorySegment ram = base.ram(arena);
        SectionEntry pages = entry(SectionEntry.RAM_PAGES);
        MemorySegment changed = channel.map(FileChannel.MapMode.READ_ONLY, pages.offset(), pages.length(), arena);
        long at = 0;
        for (long number : index()) {
            MemorySegment.copy(changed, at, ram, number * GuestMemory.PAGE_BYTES, GuestMemory.PAGE_BYTES);
            at += GuestMemory.PAGE_BYTES;
        }
        return ram;
    }

    /**
     * Reads all of it, and compares every checksum. Needs no machine.
     *
     * @throws BadSnapshot if something is damaged, with its name
     */
    public void verify() throws BadSnapshot, IOException {
        if (base != null) {
            base.verify();
            verifyPages();
            return;
        }
        SectionEntry ram = entry(SectionEntry.RAM);
        RamSum sum = new RamSum();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, ram.offset(), ram.length(), arena);
            for (long at = 0; at < ram.length(); at += GuestMemory.PAGE_BYTES) {
                if (!RamImage.isZero(all, at)) {
                    sum.page(at, all.asSlice(at, GuestMemory.PAGE_BYTES).asByteBuffer());
                }
            }
        }
        require(ram, sum.value());
    }

    private void verifyPages() throws BadSnapshot, IOException {
        SectionEntry pages = entry(SectionEntry.RAM_PAGES);
        RamSum sum = new RamSum();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, pages.offset(), pages.length(), arena);
            long at = 0;
            for (long number : index()) {
                sum.page(number * GuestMemory.PAGE_BYTES, all.asSlice(at, GuestMemory.PAGE_BYTES).asByteBuffer());
                at += GuestMemory.PAGE_BYTES;
            }
        }
        require(pages, sum.value());
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (base != null) {
            base.close();
        }
    }

    private List<Section> sections(String kind) throws BadSnapshot, IOException {
        List<Section> sections = new ArrayList<>();
        for (SectionEntry entry : table.sections()) {
            if (entry.kind().equals(kind)) {
                byte[] bytes = content(entry);
                try {
                    // Whatever part it is of, it has fields.
                    new StateReader(entry.name(), entry.version(), bytes);
                } catch (BadState e) {
                    throw new BadSnapshot(e.getMessage(), e);
                }
                sections.add(new Section(entry.name(), entry.version(), entry.mayIgnore(), bytes));
            }
        }
        return List.copyOf(sections);
    }

    private byte[] content(SectionEntry entry) throws BadSnapshot, IOException {
        if (entry.length() > SECTION_BYTES_MAX) {
            throw new BadSnapshot("The snapshot's section " + entry.name() + " has " + entry.length()
                    + " bytes, more than any may have; use another copy.");
        }
        byte[] bytes = read(entry.offset(), (int) entry.length());
        require(entry, SnapshotTable.sum(bytes, 0, bytes.length));
        return bytes;
    }

    private static void require(SectionEntry entry, int sum) throws BadSnapshot {
        if (entry.checksum() != sum) {
            throw new BadSnapshot("The snapshot's section " + entry.name() + " is damaged; use another copy.");
        }
    }

    private void checkRam() throws BadSnapshot, IOException {
        long imageBytes = RamImage.bytesOf(about().shape().memoryBytes());
        boolean whole = about().base().isEmpty();
        for (String kind : whole ? List.of(SectionEntry.RAM) : List.of(SectionEntry.RAM_INDEX, SectionEntry.RAM_PAGES)) {
            if (table.sections().stream().filter(e -> e.kind().equals(kind)).count() != 1) {
                throw new BadSnapshot("The snapshot does not have one section " + kind + "; use another copy.");
            }
        }
        if (!whole) {
            content(entry(SectionEntry.RAM_INDEX));
        }
        SectionEntry ram = entry(whole ? SectionEntry.RAM : SectionEntry.RAM_PAGES);
        boolean good = whole ? ram.length() == imageBytes && ram.offset() % SnapshotWriter.RAM_ALIGNMENT == 0
                : ram.length() / GuestMemory.PAGE_BYTES * 8 == entry(SectionEntry.RAM_INDEX).length();
        for (long number : whole ? new long[0] : index()) {
            good &= number >= 0 && number < imageBytes / GuestMemory.PAGE_BYTES;
        }
        if (!good) {
            throw new BadSnapshot("The snapshot's RAM is not that of its machine; use another copy.");
        }
    }

    private long[] index() throws IOException {
        SectionEntry entry = entry(SectionEntry.RAM_INDEX);
        ByteBuffer bytes = ByteBuffer.wrap(read(entry.offset(), (int) Math.min(entry.length(), SECTION_BYTES_MAX)));
        long[] numbers = new long[bytes.remaining() / 8];
        bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(numbers);
        return numbers;
    }

    private SectionEntry entry(String kind) {
        return table.sections().stream().filter(e -> e.kind().equals(kind)).findFirst().orElseThrow();
    }

    private byte[] read(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes.array();
    }
}
