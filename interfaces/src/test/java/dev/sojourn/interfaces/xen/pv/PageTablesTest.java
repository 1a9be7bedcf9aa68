package dev.sojourn.interfaces.xen.pv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.interfaces.xen.Errno;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A guest's page tables under the hypervisor's eyes. Frames 0 to 0xff are mapped and free; the scratch page is frame 2. */
class PageTablesTest {
    private static final int UPDATE = 1;
    private static final int UPDATE_VA = 14;
    private static final int EXTENDED = 26;
    private static final int PIN_L1 = 0;
    private static final int PIN_L2 = 1;
    private static final int PIN_L4 = 3;
    private static final int UNPIN = 4;
    private static final int NEW_BASE = 5;
    private static final int FLUSH_PAGE = 2;
    /** mov [rbx], rax; mov rcx, [rbx] */
    private static final byte[] STORE_AND_LOAD = {0x48, (byte) 0x89, 0x03, 0x48, (byte) 0x8b, 0x0b};
    private static final int STORE_BYTES = 3;
    private static final int CODE = 6;
    private static final int SELF = 0x7ff0;
    private static final long SCRATCH = PvRig.linear(2);
    private static final int TABLE = 3;
    private static final int PAGE = 4;

    private final PvRig rig = new PvRig(new byte[] {(byte) 0xf4}, 1);

    @AfterEach
    void countAgain() {
        FrameCensus.check(rig.memory, rig.guest);
        rig.close();
    }

    private void put(int frame, int index, long value) { rig.memory.putLong(rig.physical(frame) + 8L * index, value); }

    private long get(int frame, int index) { return rig.memory.getLong(rig.physical(frame) + 8L * index); }

    private long entry(int frame, long flags) { return Pte.of(rig.guest.frames.guest[frame], flags); }

    private long update(long pointer, long value) {
        put(2, 0, pointer);
        put(2, 1, value);
        return rig.call(0, UPDATE, SCRATCH, 1, 0, SELF);
    }

    private long extended(int command, int frame) {
        put(2, 0, command);
        put(2, 1, rig.guest.frames.guest[frame]);
        return rig.call(0, EXTENDED, SCRATCH, 1, 0, SELF);
    }

    private long map(int frame, long flags) { return rig.call(0, UPDATE_VA, PvRig.linear(frame), entry(frame, flags), 0); }

    @Test
    void builderPinsWhatItMade() { assertEquals(4, rig.guest.uses.use(rig.guest.processors.getFirst().kernelTable())); }

    @Test
    void tableThatIsMappedWritableIsNotPinned() {
        assertEquals(Errno.EINVAL, extended(PIN_L1, TABLE));
        assertEquals(0, map(TABLE, Pte.PRESENT));
        assertEquals(0, extended(PIN_L1, TABLE));
        assertEquals(Errno.EINVAL, extended(PIN_L1, TABLE));
    }

    @Test
    void pinnedTableIsNotMappedWritable() {
        map(TABLE, Pte.PRESENT);
        extended(PIN_L1, TABLE);
        assertEquals(Errno.EINVAL, map(TABLE, Pte.LEAF));
        assertEquals(0, extended(UNPIN, TABLE));
        assertEquals(0, map(TABLE, Pte.LEAF));
        assertEquals(Errno.EINVAL, extended(UNPIN, TABLE));
    }

    @Test
    void storeToTableTakesAndGivesUses() {
        map(TABLE, Pte.PRESENT);
        extended(PIN_L1, TABLE);
        map(PAGE, Pte.PRESENT);
        assertEquals(FrameTable.NONE, rig.guest.uses.use(rig.guest.frames.guest[PAGE]));
        assertEquals(0, update(rig.physical(TABLE) + 8, entry(PAGE, Pte.LEAF)));
        assertEquals(FrameTable.WRITABLE, rig.guest.uses.use(rig.guest.frames.guest[PAGE]));
        assertEquals(Errno.EINVAL, extended(PIN_L1, PAGE));
        assertEquals(0, update(rig.physical(TABLE) + 8, 0));
        assertEquals(0, extended(PIN_L1, PAGE));
    }

    @Test
    void refusedUpdateLeavesTheEntry() {
        map(TABLE, Pte.PRESENT);
        extended(PIN_L1, TABLE);
        long good = entry(PAGE, Pte.PRESENT);
        assertEquals(0, update(rig.physical(TABLE), good));
        assertEquals(Errno.EINVAL, update(rig.physical(TABLE), entry(TABLE, Pte.LEAF)));
        assertEquals(Errno.EINVAL, update(rig.physical(TABLE), Pte.of(rig.guest.frames.end, Pte.LEAF)));
        assertEquals(Errno.EINVAL, update(rig.physical(TABLE), Pte.of(rig.guest.frames.end - 1, Pte.PRESENT)));
        assertEquals(good, get(TABLE, 0));
    }

    @Test
    void preservedBitsAreCarriedOver() {
        map(TABLE, Pte.PRESENT);
        extended(PIN_L1, TABLE);
        update(rig.physical(TABLE), entry(PAGE, Pte.PRESENT | Pte.ACCESSED | Pte.DIRTY));
        assertEquals(0, update(rig.physical(TABLE) | 2, entry(PAGE, Pte.PRESENT)));
        assertEquals(entry(PAGE, Pte.PRESENT | Pte.ACCESSED | Pte.DIRTY), get(TABLE, 0));
    }

    @Test
    void upperTableHoldsWhatItNames() {
        put(5, 7, entry(TABLE, Pte.TABLE));
        map(TABLE, Pte.PRESENT);
        map(5, Pte.PRESENT);
        assertEquals(0, extended(PIN_L2, 5));
        assertEquals(1, rig.guest.uses.use(rig.guest.frames.guest[TABLE]));
        assertEquals(Errno.EINVAL, update(rig.physical(5) + 7 * 8, entry(5, Pte.TABLE)));
        assertEquals(Errno.EINVAL, update(rig.physical(5), entry(PAGE, Pte.TABLE | Pte.LARGE)));
        assertEquals(0, extended(UNPIN, 5));
        assertEquals(FrameTable.NONE, rig.guest.uses.use(rig.guest.frames.guest[TABLE]));
    }

    @Test
    void failedValidationGivesBackWhatItTook() {
        put(5, 0, entry(TABLE, Pte.TABLE));
        put(5, 1, entry(5, Pte.TABLE));
        map(TABLE, Pte.PRESENT);
        map(5, Pte.PRESENT);
        assertEquals(Errno.EINVAL, extended(PIN_L2, 5));
        assertEquals(FrameTable.NONE, rig.guest.uses.use(rig.guest.frames.guest[TABLE]));
        assertEquals(0, map(TABLE, Pte.LEAF));
    }

    @Test
    void hypervisorsSlotsAreItsOwn() {
        map(TABLE, Pte.PRESENT);
        put(TABLE, FrameTable.HOLE_FIRST, 0x1234_5678_9abc_def0L);
        assertEquals(0, extended(PIN_L4, TABLE));
        long kernel = MachineFrames.address(rig.guest.processors.getFirst().kernelTable()) + 8L * FrameTable.HOLE_FIRST;
        assertEquals(rig.memory.getLong(kernel), get(TABLE, FrameTable.HOLE_FIRST));
        assertEquals(Errno.EINVAL, update(rig.physical(TABLE) + 8L * FrameTable.HOLE_FIRST, 0));
    }

    @Test
    void updateOfAnAddressWithoutTableIsRefused() {
        assertEquals(Errno.EINVAL, rig.call(0, UPDATE_VA, 0x1000, 0, 0));
        assertEquals(Errno.EINVAL, rig.call(0, UPDATE_VA, HypervisorHole.START, 0, 0));
        assertEquals(Errno.EINVAL, rig.call(0, UPDATE_VA, 0x8000_0000_0000L, 0, 0));
    }

    @Test
    void storeOfTheKernelToATableIsMadeIfItIsGood() {
        map(TABLE, Pte.PRESENT);
        extended(PIN_L1, TABLE);
        Cpu cpu = rig.cpu(0);
        // mov [rbx], rax
        rig.memory.write(rig.physical(PAGE), new byte[] {0x48, (byte) 0x89, 0x03});
        cpu.rip = PvRig.linear(PAGE);
        cpu.r[Cpu.RBX] = PvRig.linear(TABLE) + 0x18;
        cpu.r[Cpu.RAX] = entry(PAGE, Pte.PRESENT);
        rig.engine.step(cpu);
        assertEquals(entry(PAGE, Pte.PRESENT), get(TABLE, 3));
        assertEquals(PvRig.linear(PAGE) + 3, cpu.rip);
        cpu.rip = PvRig.linear(PAGE);
        cpu.r[Cpu.RAX] = entry(TABLE, Pte.LEAF);
        rig.engine.step(cpu);
        assertTrue(cpu.shutdown, "There is no handler for the page fault");
        assertEquals(entry(PAGE, Pte.PRESENT), get(TABLE, 3));
        assertTrue(rig.console().contains("no handler for vector 14"), rig.console());
    }

    @Test
    void pageTheHypervisorStoresToIsNoTable() {
        int ring = (int) (rig.cpu(0).r[Cpu.RSI] - TinyKernel.BASE >> 12) + 1;
        assertEquals(0, map(ring, Pte.PRESENT));
        assertEquals(Errno.EINVAL, extended(PIN_L1, ring));
    }

    @Test
    void machineToPhysicalTableIsToBeReadAndNotWritten() {
        Cpu cpu = rig.cpu(0);
        // mov rcx, [rbx]; mov [rbx], rcx
        rig.memory.write(rig.physical(PAGE), new byte[] {0x48, (byte) 0x8b, 0x0b, 0x48, (byte) 0x89, 0x0b});
        cpu.rip = PvRig.linear(PAGE);
        cpu.r[Cpu.RBX] = HypervisorHole.START + 8L * rig.guest.frames.guest[0xa0];
        rig.engine.step(cpu);
        assertEquals(0xa0, cpu.r[Cpu.RCX]);
        assertFalse(cpu.shutdown);
        rig.engine.step(cpu);
        assertTrue(cpu.shutdown);
    }

    /** Runs the store or the load at the linear address of a frame. */
    private Cpu step(int offset, int frame, long value) {
        Cpu cpu = rig.cpu(0);
        rig.memory.write(rig.physical(CODE), STORE_AND_LOAD);
        cpu.rip = PvRig.linear(CODE) + offset;
        cpu.r[Cpu.RBX] = PvRig.linear(frame);
        cpu.r[Cpu.RAX] = value;
        rig.engine.step(cpu);
        return cpu;
    }

    /** A second top table, like that of the builder. @return the first */
    private int copyOfTopTable(int frame) {
        int first = (int) rig.guest.processors.getFirst().kernelTable();
        byte[] content = new byte[4096];
        rig.memory.read(MachineFrames.address(first), content, 0, content.length);
        rig.memory.write(rig.physical(frame), content);
        assertEquals(0, map(frame, Pte.PRESENT));
        assertEquals(0, extended(PIN_L4, frame));
        return IntStream.range(0, rig.guest.frames.guest.length)
                .filter(n -> rig.guest.frames.guest[n] == first).findFirst().orElseThrow();
    }

    @Test
    void translationThatWasWritableIsNotOnceTheFrameIsATable() {
        step(0, TABLE, 0);
        assertEquals(0, map(TABLE, Pte.PRESENT));
        assertEquals(0, extended(PIN_L1, TABLE));
        Cpu cpu = step(0, TABLE, entry(TABLE, Pte.LEAF));
        assertTrue(cpu.shutdown, "A writable mapping of a table must not get into it");
        assertEquals(0, get(TABLE, 0));
    }

    @Test
    void switchBetweenTablesDropsWhatHasChanged() {
        int first = copyOfTopTable(TABLE);
        assertEquals(0, extended(NEW_BASE, TABLE));
        step(STORE_BYTES, PAGE, 0);
        assertEquals(0, map(PAGE, 0));
        assertEquals(0, extended(NEW_BASE, first));
        assertTrue(step(STORE_BYTES, PAGE, 0).shutdown);
        assertTrue(rig.console().contains("no handler for vector 14"), rig.console());
    }

    @Test
    void switchBetweenTablesKeepsWhatBothHave() {
        int first = copyOfTopTable(TABLE);
        assertEquals(0, extended(NEW_BASE, TABLE));
        step(STORE_BYTES, PAGE, 0);
        long at = rig.guest.pageTables.leafAddress(rig.guest.processors.getFirst().kernelTable(), PvRig.linear(PAGE));
        long leaf = rig.memory.getLong(at);
        rig.memory.putLong(at, 0);
        assertEquals(0, extended(NEW_BASE, first));
        assertFalse(step(STORE_BYTES, PAGE, 0).shutdown);
        rig.memory.putLong(at, leaf);
    }

    @Test
    void codeOfAPageThatIsMappedElsewhereIsTheNewPages() {
        Cpu cpu = step(STORE_BYTES, PAGE, 0);
        put(PAGE, 0, 0x0b8b_48_90L << 24);
        assertEquals(0, rig.call(0, UPDATE_VA, PvRig.linear(CODE), entry(PAGE, Pte.PRESENT), FLUSH_PAGE));
        cpu.rip = PvRig.linear(CODE) + STORE_BYTES;
        rig.engine.step(cpu);
        assertEquals(PvRig.linear(CODE) + STORE_BYTES + 1, cpu.rip, "The new page has a NOP there");
    }
}
