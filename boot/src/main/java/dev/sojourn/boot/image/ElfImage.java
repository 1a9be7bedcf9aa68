package dev.sojourn.boot.image;

import dev.sojourn.boot.bytes.LittleEndian;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An ELF kernel for x86-64: the parts to load, by physical address, and where it may be entered (System V ABI, "Object
 * Files" and "Program Loading").
 *
 * <p>Only program headers are used; sections and whatever follows them are the kernel builder's own business.
 */
public final class ElfImage implements KernelImage {
    /**
     * A part to load.
     *
     * @param offset where it lies in {@link #bytes}
     * @param fileBytes how much of it is there; the rest of {@code memoryBytes} is zero
     */
    public record Segment(int offset, int fileBytes, long physical, long memoryBytes) {
        public long end() { return physical + memoryBytes; }
    }

    private static final int MAGIC = 0x464c_457f;
    private static final int CLASS_32 = 1;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int HEADER_BYTES = 64;
    private static final int MACHINE_386 = 3;
    private static final int MACHINE_X86_64 = 62;
    private static final int TYPE_EXECUTABLE = 2;
    private static final int TYPE_SHARED = 3;
    private static final int PROGRAM_HEADER_BYTES = 56;

    /** A kernel has about five; the rest is room. */
    private static final int PROGRAM_HEADERS_MAX = 128;

    private static final int PT_LOAD = 1;
    private static final int PT_NOTE = 4;

    /** The largest physical address of the processor model is below this. */
    private static final long PHYSICAL_END = 1L << 46;

    private static final int NOTE_PHYS32_ENTRY = 18;

    /** Longer ones are none of those that are known. */
    private static final int NOTE_BYTES_MAX = 256;

    private final byte[] bytes;
    private final long entry;
    private final List<Segment> segments;
    private final Map<Integer, byte[]> notes;

    private ElfImage(byte[] bytes, long entry, List<Segment> segments, Map<Integer, byte[]> notes) {
        this.bytes = bytes;
        this.entry = entry;
        this.segments = segments;
        this.notes = notes;
    }

    static boolean looksLike(byte[] file) { return looksLike(file, 0, file.length); }

    static boolean looksLike(byte[] file, int from, int to) {
        return to - from >= 4 && LittleEndian.u32(file, from) == MAGIC;
    }

    static ElfImage read(byte[] file) throws BadImage {
        checkHeader(file);
        int count = LittleEndian.u16(file, 56);
        long table = LittleEndian.u64(file, 32);
        if (LittleEndian.u16(file, 54) != PROGRAM_HEADER_BYTES || count == 0 || count > PROGRAM_HEADERS_MAX) {
            throw new BadImage("The ELF file has no usable program headers and cannot be started;"
                    + " give a linked kernel (vmlinux), not an object or debug file.");
        }
        if (!isInside(file, table, (long) count * PROGRAM_HEADER_BYTES)) {
            throw truncated();
        }
        List<Segment> segments = new ArrayList<>();
        Map<Integer, byte[]> notes = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int at = (int) table + i * PROGRAM_HEADER_BYTES;
            int type = LittleEndian.u32(file, at);
            long offset = LittleEndian.u64(file, at + 8);
            long fileBytes = LittleEndian.u64(file, at + 32);
            if ((type == PT_LOAD || type == PT_NOTE) && !isInside(file, offset, fileBytes)) {
                throw truncated();
            }
            if (type == PT_LOAD) {
                addSegment(segments, (int) offset, (int) fileBytes, LittleEndian.u64(file, at + 24),
                        LittleEndian.u64(file, at + 40));
            } else if (type == PT_NOTE) {
                addNotes(notes, file, (int) offset, (int) (offset + fileBytes));
            }
        }
        segments.sort(Comparator.comparingLong(Segment::physical));
        checkSegments(segments);
        long entry = LittleEndian.u64(file, 24);
        return new ElfImage(file, entry, List.copyOf(segments), notes);
    }

    /** The whole ELF file, not to be changed. */
    public byte[] bytes() { return bytes; }

    /** The entry the ELF header names: for Linux the physical address of its 64-bit start-up code. */
    public long entry() { return entry; }

    /** In the order of their physical addresses; they do not overlap. */
    public List<Segment> segments() { return segments; }

    /** The 32-bit entry for direct boot (note 18 of Xen), as a physical address. */
    public OptionalLong pvhEntry() { return xenNumber(NOTE_PHYS32_ENTRY); }

    /** What one of Xen's notes holds, not to be changed; empty if the kernel has none of that type. */
    public Optional<byte[]> xenNote(int type) { return Optional.ofNullable(notes.get(type)); }

    /** A note that holds a number of four or eight bytes. */
    public OptionalLong xenNumber(int type) {
        byte[] content = notes.getOrDefault(type, new byte[0]);
        return switch (content.length) {
            case 4 -> OptionalLong.of(LittleEndian.u32(content, 0) & 0xffff_ffffL);
            case 8 -> OptionalLong.of(LittleEndian.u64(content, 0));
            default -> OptionalLong.empty();
        };
    }

    /** The lowest physical address loaded. */
    public long start() { return segments.getFirst().physical(); }

    /** The first physical address behind all that is loaded. */
    public long end() { return segments.getLast().end(); }

    /** Whether a physical address lies in a segment. */
    public boolean contains(long physical) {
        for (Segment segment : segments) {
            if (physical >= segment.physical() && physical < segment.end()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public ElfImage elf() { return this; }

    private static void checkHeader(byte[] file) throws BadImage {
        if (file.length < HEADER_BYTES) {
            throw truncated();
        }
        int machine = LittleEndian.u16(file, 18);
        if (file[4] == CLASS_32 && machine == MACHINE_386) {
            throw new BadImage("The kernel is a 32-bit ELF file, which cannot be started directly;"
                    + " give a 64-bit kernel, or the bzImage of the 32-bit one.");
        }
        if (file[4] != CLASS_64 || file[5] != LITTLE_ENDIAN || machine != MACHINE_X86_64) {
            throw new BadImage("The kernel is an ELF file for another processor (ELF machine " + machine
                    + "); give a kernel built for amd64.");
        }
        int type = LittleEndian.u16(file, 16);
        if (type != TYPE_EXECUTABLE && type != TYPE_SHARED) {
            throw new BadImage("The ELF file is not an executable (ELF type " + type
                    + "); give a linked kernel (vmlinux), not an object file or a core dump.");
        }
    }

    private static void addSegment(List<Segment> segments, int offset, int fileBytes, long physical, long memoryBytes)
            throws BadImage {
        if (memoryBytes < fileBytes || memoryBytes > PHYSICAL_END
                || physical < 0 || physical > PHYSICAL_END - memoryBytes) {
            throw damaged("a segment has impossible addresses");
        }
        if (memoryBytes > 0) {
            segments.add(new Segment(offset, fileBytes, physical, memoryBytes));
        }
    }

    private static void checkSegments(List<Segment> segments) throws BadImage {
        if (segments.isEmpty()) {
            throw damaged("nothing in it is to be loaded");
        }
        for (int i = 1; i < segments.size(); i++) {
            if (segments.get(i).physical() < segments.get(i - 1).end()) {
                throw damaged("two segments overlap");
            }
        }
    }

    /**
     * Takes Xen's notes: u32 name length, u32 content length, u32 type, name, content, each padded to four bytes. The first
     * of a type counts.
     */
    private static void addNotes(Map<Integer, byte[]> notes, byte[] file, int from, int to) {
        int at = from;
        while (to - at >= 12) {
            long nameBytes = LittleEndian.u32(file, at) & 0xffff_ffffL;
            long contentBytes = LittleEndian.u32(file, at + 4) & 0xffff_ffffL;
            long content = at + 12 + (nameBytes + 3 & ~3L);
            if (content + contentBytes > to) {
                break;
            }
            boolean isXen = nameBytes == 4 && LittleEndian.u32(file, at + 12) == 0x006e_6558;
            if (isXen && contentBytes <= NOTE_BYTES_MAX) {
                int type = LittleEndian.u32(file, at + 8);
                notes.putIfAbsent(type, Arrays.copyOfRange(file, (int) content, (int) (content + contentBytes)));
            }
            at = (int) Math.min(to, content + (contentBytes + 3 & ~3L));
        }
    }

    private static boolean isInside(byte[] file, long offset, long length) {
        return offset >= 0 && length >= 0 && length <= file.length && offset <= file.length - length;
    }

    private static BadImage truncated() {
        return new BadImage("The ELF kernel ends before all of its parts;"
                + " it may be an interrupted download, so fetch or build it again.");
    }

    private static BadImage damaged(String what) {
        return new BadImage("The ELF kernel is damaged (" + what + "); fetch or build it again.");
    }
}
