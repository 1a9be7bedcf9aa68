package dev.sojourn.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.boot.bytes.LittleEndian;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.image.KernelImage;
import dev.sojourn.boot.image.TestKernels;
import dev.sojourn.memory.GuestMemory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LoaderTest {
    private static final long MIB = 1 << 20;
    private static final long RSDP = 0xe_0000;

    private final GuestMemory memory = new GuestMemory(64 * MIB);

    @AfterEach
    void closeMemory() { memory.close(); }

    @Test
    void autoTakesPvhWhereTheKernelHasIt() throws BadImage {
        EntryState state = load(TestKernels.bzImage(), Entry.AUTO);
        assertEquals(
                new EntryState(Entry.PVH, TestKernels.PVH_ENTRY, EntryState.Register.EBX, 0x1_0000, 0, 0x1_1000, 0x1f,
                        0x10, 0x18),
                state);
    }

    @Test
    void autoTakesThe64BitEntryWithoutPvh() throws BadImage {
        byte[] image = TestKernels.bzImage(TestKernels.pack(TestKernels.Packing.GZIP, TestKernels.elf(0)));
        assertEquals(Entry.LINUX_64, load(image, Entry.AUTO).entry());
    }

    @Test
    void autoTakesThe64BitEntryWhereThePackingIsUnknown() throws BadImage {
        assertEquals(Entry.LINUX_64, load(TestKernels.bzImage(new byte[100]), Entry.AUTO).entry());
    }

    @Test
    void autoTakesThe32BitEntryWithoutThe64BitOne() throws BadImage {
        byte[] image = TestKernels.bzImage();
        LittleEndian.put16(image, 0x236, 0);
        assertEquals(Entry.LINUX_32, load(image, Entry.AUTO).entry());
    }

    @Test
    void segmentsLieAtTheirPhysicalAddressesWithZerosBehind() throws BadImage {
        byte[] elf = TestKernels.elf();
        load(elf, Entry.PVH);
        assertArrayEquals(Arrays.copyOfRange(elf, 0x1000, 0x4000), read(TestKernels.START, 0x3000));
        assertArrayEquals(Arrays.copyOfRange(elf, 0x5000, 0x6000), read(TestKernels.START + 0x5000, 0x1000));
        assertArrayEquals(new byte[0x2000], read(TestKernels.START + 0x6000, 0x2000));
    }

    @Test
    void startInfoLeadsToEverything() throws BadImage {
        byte[] initrd = bytes(5000);
        EntryState state = load(TestKernels.elf(), initrd, "console=ttyS0", Entry.PVH);
        long info = state.structure();
        assertEquals(0x336e_c578, memory.getInt(info));
        assertEquals(1, memory.getInt(info + 4));
        assertEquals(1, memory.getInt(info + 12));
        assertEquals(RSDP, memory.getLong(info + 32));
        assertEquals("console=ttyS0", text(memory.getLong(info + 24)));
        long module = memory.getLong(info + 16);
        assertEquals(64 * MIB - 0x2000, memory.getLong(module));
        assertEquals(initrd.length, memory.getLong(module + 8));
        assertArrayEquals(initrd, read(memory.getLong(module), initrd.length));
        long map = memory.getLong(info + 40);
        assertEquals(4, memory.getInt(info + 48));
        assertEquals(0x10_0000, memory.getLong(map + 3 * 24));
        assertEquals(63 * MIB, memory.getLong(map + 3 * 24 + 8));
        assertEquals(1, memory.getInt(map + 3 * 24 + 16));
    }

    @Test
    void startInfoWithoutAnInitrdHasNoModule() throws BadImage {
        long info = load(TestKernels.elf(), Entry.PVH).structure();
        assertEquals(0, memory.getInt(info + 12));
        assertEquals(0, memory.getLong(info + 16));
    }

    @Test
    void zeroPageHoldsTheHeaderAndTheLoadersFields() throws BadImage {
        byte[] image = TestKernels.bzImage();
        byte[] initrd = bytes(4097);
        EntryState state = load(image, initrd, "quiet", Entry.LINUX_64);
        byte[] page = read(state.structure(), 4096);
        assertEquals(TestKernels.START + 0x200, state.instructionPointer());
        assertEquals(EntryState.Register.RSI, state.register());
        assertEquals(0, page[0x1ef]);
        assertEquals(0x5372_6448, LittleEndian.u32(page, 0x202));
        assertEquals(0x20f, LittleEndian.u16(page, 0x206));
        assertEquals((byte) 0xff, page[0x210]);
        assertEquals(64 * MIB - 0x2000, LittleEndian.u32(page, 0x218));
        assertEquals(initrd.length, LittleEndian.u32(page, 0x21c));
        assertEquals("quiet", text(LittleEndian.u32(page, 0x228)));
        assertEquals(RSDP, LittleEndian.u64(page, 0x70));
        assertEquals(0, LittleEndian.u32(page, 0x26c));
        assertEquals(4, page[0x1e8]);
        assertEquals(0x9_fc00, LittleEndian.u64(page, 0x2d0 + 8));
        assertEquals(2, LittleEndian.u32(page, 0x2d0 + 20 + 16));
        assertArrayEquals(Arrays.copyOfRange(image, TestKernels.PROTECTED_OFFSET, image.length),
                read(TestKernels.START, image.length - TestKernels.PROTECTED_OFFSET));
    }

    @Test
    void entryOf64BitsHasIdentityPageTables() throws BadImage {
        EntryState state = load(TestKernels.bzImage(), Entry.LINUX_64);
        for (long address = 0; address < 1L << 32; address += 0x1fff_f123L) {
            assertEquals(address, translate(state.cr3(), address), Long.toHexString(address));
        }
        assertEquals(0x00af_9b00_0000_ffffL, memory.getLong(state.gdtBase() + state.codeSelector()));
        assertEquals(0x00cf_9300_0000_ffffL, memory.getLong(state.gdtBase() + state.dataSelector()));
    }

    @Test
    void entryOf32BitsIsTheLoadAddressWithoutPaging() throws BadImage {
        EntryState state = load(TestKernels.bzImage(), Entry.LINUX_32);
        assertEquals(TestKernels.START, state.instructionPointer());
        assertEquals(EntryState.Register.ESI, state.register());
        assertEquals(0, state.cr3());
        assertEquals(0x00cf_9b00_0000_ffffL, memory.getLong(state.gdtBase() + state.codeSelector()));
    }

    @Test
    void unpackedKernelIsEnteredAtItsElfEntry() throws BadImage {
        EntryState state = load(TestKernels.elf(0), Entry.AUTO);
        assertEquals(Entry.LINUX_64, state.entry());
        assertEquals(TestKernels.START, state.instructionPointer());
        assertEquals(0x5372_6448, memory.getInt(state.structure() + 0x200 + 2));
    }

    @Test
    void biosDataNamesTheEndOfBaseMemory() throws BadImage {
        load(TestKernels.elf(), Entry.PVH);
        assertEquals(0x9fc0, memory.getShort(0x40e));
        assertEquals(639, memory.getShort(0x413));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void initrdThatJustFitsEndsAtTheTopOfMemory(Entry entry) throws BadImage {
        long kernelEnd = entry == Entry.PVH ? TestKernels.START + 0x8000 : TestKernels.START + TestKernels.INIT_SIZE;
        byte[] initrd = bytes((int) (64 * MIB - kernelEnd));
        load(TestKernels.bzImage(), initrd, "", entry);
        assertArrayEquals(Arrays.copyOf(initrd, 100), read(kernelEnd, 100));
    }

    @ParameterizedTest
    @EnumSource
    void initrdOneByteLargerIsRefused(Entry entry) {
        BadImage e = refusal(TestKernels.bzImage(), new byte[(int) (48 * MIB) - 0x8000 + 1], "", entry);
        assertTrue(e.getMessage().startsWith("The initrd of 48 MiB does not fit into the 64 MiB"), e.getMessage());
    }

    @Test
    void initrdStaysBelowTheKernelsLimit() throws BadImage {
        byte[] image = TestKernels.bzImage();
        LittleEndian.put32(image, 0x22c, 0x2ff_ffff);
        EntryState state = load(image, bytes(100), "", Entry.LINUX_32);
        assertEquals(0x2ff_f000, memory.getInt(state.structure() + 0x218));
    }

    @ParameterizedTest
    @CsvSource({"1, PVH", "16, PVH", "16, LINUX_64", "17, LINUX_32"})
    void kernelLargerThanMemoryIsRefused(int mib, Entry entry) {
        try (GuestMemory small = new GuestMemory(mib * MIB - 0x1000 * (mib - 1))) {
            BadImage e = assertThrows(BadImage.class, () -> Loader.load(small, new BootPlan(
                    KernelImage.read(TestKernels.bzImage()), new byte[0], "", entry, 0)));
            assertTrue(e.getMessage().matches("The kernel needs memory up to 1[78] MiB but .*"), e.getMessage());
        }
    }

    @Test
    void longestCommandLineIsTakenAndOneMoreRefused() throws BadImage {
        String longest = "x".repeat(TestKernels.COMMAND_LINE_MAX);
        EntryState state = load(TestKernels.bzImage(), new byte[0], longest, Entry.LINUX_64);
        assertEquals(longest, text(memory.getInt(state.structure() + 0x228)));
        BadImage e = refusal(TestKernels.bzImage(), new byte[0], longest + "y", Entry.LINUX_64);
        assertTrue(e.getMessage().contains("takes at most 2047"), e.getMessage());
        assertThrows(BadImage.class, () -> load(TestKernels.elf(), new byte[0], longest + "y", Entry.PVH));
    }

    @Test
    void entriesAKernelLacksAreRefused() {
        byte[] image = TestKernels.bzImage();
        LittleEndian.put16(image, 0x236, 0);
        assertTrue(refusal(image, new byte[0], "", Entry.LINUX_64).getMessage().contains("no 64-bit entry"));
        assertTrue(refusal(TestKernels.elf(0), new byte[0], "", Entry.PVH).getMessage().contains("no PVH entry"));
        assertTrue(refusal(TestKernels.elf(), new byte[0], "", Entry.LINUX_32).getMessage().contains("no 32-bit"));
    }

    @Test
    void memoryAbove4GibIsInTheMap() {
        try (GuestMemory large = new GuestMemory(5L << 30)) {
            assertEquals(
                    new MemoryRange(1L << 32, 2L << 30, MemoryRange.Type.RAM), MemoryMap.of(large).ranges().getLast());
            assertEquals(0xc000_0000L, MemoryMap.of(large).ranges().get(3).end());
        }
    }

    private EntryState load(byte[] image, Entry entry) throws BadImage { return load(image, new byte[0], "", entry); }

    private EntryState load(byte[] image, byte[] initrd, String commandLine, Entry entry) throws BadImage {
        return Loader.load(memory, new BootPlan(KernelImage.read(image), initrd, commandLine, entry, RSDP));
    }

    private BadImage refusal(byte[] image, byte[] initrd, String commandLine, Entry entry) {
        return assertThrows(BadImage.class, () -> load(image, initrd, commandLine, entry));
    }

    private byte[] read(long at, int length) {
        byte[] bytes = new byte[length];
        memory.read(at, bytes, 0, length);
        return bytes;
    }

    private String text(long at) {
        StringBuilder text = new StringBuilder();
        for (long i = at; memory.getByte(i) != 0; i++) {
            text.append((char) memory.getByte(i));
        }
        return text.toString();
    }

    /** Walks the tables as a processor does, for 2-MiB pages. */
    private long translate(long cr3, long address) {
        long pointers = memory.getLong(cr3 + (address >>> 39 & 511) * 8) & ~0xfffL;
        long directory = memory.getLong(pointers + (address >>> 30 & 511) * 8) & ~0xfffL;
        long page = memory.getLong(directory + (address >>> 21 & 511) * 8);
        assertEquals(0x83, page & 0xfff);
        return (page & ~0x1f_ffffL) + (address & 0x1f_ffff);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
