package dev.sojourn.conformance.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.machine.Machine;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.snapshot.BadSnapshot;
import dev.sojourn.snapshot.SnapshotAbout;
import dev.sojourn.snapshot.SnapshotFile;
import dev.sojourn.snapshot.SnapshotWriter;
import dev.sojourn.snapshot.Storage;
import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file a snapshot is kept in: whole or not there, and nothing in it is believed. */
class SnapshotFileTest {
    private static final int HEAD_BYTES = 1 << 16;

    @TempDir Path folder;
    private Path file;

    @BeforeEach void names() { file = folder.resolve("web.snap"); }

    private static SavedMachine begun() {
        SavedMachine machine = SavedMachine.of(BusyGuest.kernel("native"), 2, "native");
        machine.runTo(1);
        return machine;
    }

    private static SnapshotAbout write(Storage storage, Path path, Machine machine, SnapshotAbout.Base base)
            throws IOException, BadState {
        return new SnapshotWriter(storage, "test").write(path, machine, List.of(), Optional.ofNullable(base), () -> {});
    }

    @Test void ramIsMappedAsItWas() throws Exception {
        try (SavedMachine machine = begun()) {
            write(Storage.FILES, file, machine.machine(), null);
            try (SnapshotFile snapshot = SnapshotFile.open(file); SavedMachine restored = SavedMachine.restored(snapshot)) {
                assertArrayEquals(ram(machine), ram(restored));
                assertEquals(machine.machine().shape(), restored.machine().shape());
                assertSame(machine.machine().save().sections(), restored.machine().save().sections());
            }
        }
    }

    @Test void interfaceThatDoesNotTellItsStateIsRefusedByName() {
        try (SavedMachine machine = SavedMachine.of(BusyGuest.kernel("postcard"), 2, "postcard")) {
            BadState refused = assertThrows(BadState.class, () -> write(Storage.FILES, file, machine.machine(), null));
            assertEquals("The interface postcard does not tell its state: a machine on it can be neither saved nor restored.",
                    refused.getMessage());
            assertFalse(Files.exists(file));
        }
    }

    @Test void writesToRestoredRamDoNotReachTheFile() throws Exception {
        try (SavedMachine machine = begun()) {
            write(Storage.FILES, file, machine.machine(), null);
        }
        try (SnapshotFile snapshot = SnapshotFile.open(file)) {
            String first;
            try (SavedMachine restored = SavedMachine.restored(snapshot)) {
                first = restored.runToEnd();
            }
            snapshot.verify();
            try (SavedMachine restored = SavedMachine.restored(snapshot)) {
                assertEquals(first, restored.runToEnd());
            }
        }
    }

    @Test void changesSinceAnotherSnapshotAreEnough() throws Exception {
        Path changes = folder.resolve("later.snap");
        try (SavedMachine machine = begun()) {
            SnapshotAbout whole = write(Storage.FILES, file, machine.machine(), null);
            GuestMemory memory = machine.machine().memory();
            memory.putLong(0x50_0000, 77);
            memory.clear(0x10_0000, 4096);
            write(Storage.FILES, changes, machine.machine(), new SnapshotAbout.Base(whole.id(), "web.snap"));
            assertTrue(Files.size(changes) < 1 << 20, () -> changes + " is large");
            try (SnapshotFile snapshot = SnapshotFile.open(changes); SavedMachine restored = SavedMachine.restored(snapshot)) {
                snapshot.verify();
                assertArrayEquals(ram(machine), ram(restored));
            }
            write(Storage.FILES, file, machine.machine(), null);
        }
        assertEquals("The snapshot is based on another web.snap than the one beside it; put the right one there.", refusal(changes));
        Files.delete(file);
        assertEquals("The snapshot is based on web.snap, which is not beside it; put it there.", refusal(changes));
    }

    @Test void lossOfPowerAtAnyWriteLeavesTheOldFileWhole() throws Exception {
        try (SavedMachine machine = begun()) {
            SnapshotAbout old = write(Storage.FILES, file, machine.machine(), null);
            int writes = 0;
            boolean whole = false;
            while (!whole) {
                FailingStorage storage = new FailingStorage(writes++);
                try {
                    write(storage, file, machine.machine(), null);
                    whole = true;
                } catch (IOException _) {
                    try (SnapshotFile snapshot = SnapshotFile.open(file)) {
                        assertEquals(old.id(), snapshot.about().id());
                        snapshot.verify();
                    }
                }
            }
            assertTrue(writes > 10, writes + " writes");
            try (Stream<Path> left = Files.list(folder)) {
                assertEquals(List.of(file), left.toList());
            }
        }
    }

    @Test void failedWriteKeepsWhatIsMarkedAsChanged() throws Exception {
        try (SavedMachine machine = begun()) {
            SnapshotAbout old = write(Storage.FILES, file, machine.machine(), null);
            machine.machine().memory().putLong(0x50_0000, 78);
            SnapshotAbout.Base base = new SnapshotAbout.Base(old.id(), "web.snap");
            Path changes = folder.resolve("later.snap");
            assertThrows(IOException.class, () -> write(new FailingStorage(5), changes, machine.machine(), base));
            write(Storage.FILES, changes, machine.machine(), base);
            try (SnapshotFile snapshot = SnapshotFile.open(changes); SavedMachine restored = SavedMachine.restored(snapshot)) {
                assertEquals(78, restored.machine().memory().getLong(0x50_0000));
            }
        }
    }

    @Test void damageIsToldByTheSectionsName() throws Exception {
        try (SavedMachine machine = begun()) {
            write(Storage.FILES, file, machine.machine(), null);
        }
        byte[] bytes = Files.readAllBytes(file);
        assertEquals("The file is not a snapshot; check the path.", refusal(with(bytes, 0, 'X')));
        assertEquals("The snapshot is in format 9, and this release knows format 1; use a newer release.", refusal(with(bytes, 8, 9)));
        assertEquals("The snapshot's header is damaged; use another copy.", refusal(with(bytes, 12, 9)));
        assertEquals("The snapshot's table is damaged; use another copy.", refusal(with(bytes, 90, 0)));
        Path cut = folder.resolve("cut");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
        assertEquals("The snapshot has " + bytes.length / 2 + " bytes of its " + bytes.length + "; it was not copied whole.",
                refusal(cut));
        byte[] wrong = bytes.clone();
        wrong[wrong.length - 0x20_0000] ^= 1;
        Path damaged = folder.resolve("damaged");
        Files.write(damaged, wrong);
        try (SnapshotFile snapshot = SnapshotFile.open(damaged)) {
            BadSnapshot refused = assertThrows(BadSnapshot.class, snapshot::verify);
            assertEquals("The snapshot's section ram is damaged; use another copy.", refused.getMessage());
        }
    }

    /** Whatever a byte of a section becomes, the machine is restored or refused with a sentence; nothing else is thrown. */
    @Test void anySectionIsRestoredOrRefused() throws Exception {
        Random random = new Random(3);
        for (String name : GoldenSnapshotsTest.interfaces()) {
            try (SavedMachine machine = SavedMachine.of(BusyGuest.kernel(name), 2, name)) {
                machine.runTo(1);
                write(Storage.FILES, file, machine.machine(), null);
            }
            try (SnapshotFile snapshot = SnapshotFile.open(file)) {
                for (int i = 0; i < 150; i++) {
                    HostileSections.restore(snapshot, random);
                }
            }
        }
    }

    @Test void anyHeadIsReadOrRefused() throws Exception {
        try (SavedMachine machine = begun()) {
            write(Storage.FILES, file, machine.machine(), null);
        }
        byte[] bytes = Files.readAllBytes(file);
        Random random = new Random(4);
        Path hostile = folder.resolve("hostile");
        Files.write(hostile, bytes);
        for (int i = 0; i < 1000; i++) {
            byte[] head = Arrays.copyOf(bytes, HEAD_BYTES);
            HostileSections.spoil(head, random);
            HostileSections.sign(head);
            try (SeekableByteChannel channel = Files.newByteChannel(hostile, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(head));
            }
            try (SnapshotFile snapshot = SnapshotFile.open(hostile)) {
                snapshot.state();
            } catch (BadSnapshot e) {
                assertTrue(e.getMessage().endsWith("."), e::getMessage);
            }
        }
    }

    private Path with(byte[] bytes, int at, int value) throws IOException {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        Path path = folder.resolve("changed");
        Files.write(path, changed);
        return path;
    }

    private static String refusal(Path path) {
        return assertThrows(BadSnapshot.class, () -> SnapshotFile.open(path).close()).getMessage();
    }

    private static void assertSame(List<Section> expected, List<Section> found) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).name(), found.get(i).name());
            String name = expected.get(i).name();
            assertArrayEquals(expected.get(i).bytes(), found.get(i).bytes(), name);
        }
    }

    private static byte[] ram(SavedMachine machine) {
        GuestMemory memory = machine.machine().memory();
        byte[] all = new byte[(int) memory.bytes()];
        int end = (int) GuestMemory.HOLE_END;
        memory.read(0, all, 0, (int) GuestMemory.HOLE_START);
        memory.read(end, all, end, all.length - end);
        return all;
    }
}
