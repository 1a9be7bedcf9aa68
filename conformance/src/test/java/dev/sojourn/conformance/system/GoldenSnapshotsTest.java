package dev.sojourn.conformance.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sojourn.snapshot.SnapshotFile;
import dev.sojourn.snapshot.SnapshotWriter;
import dev.sojourn.snapshot.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Snapshots that were written once and are restored for ever: {@link BusyGuest} in the middle of its work on each interface, with
 * what it says from there to its end. One is never changed; what a new release writes is added under a new name.
 *
 * <p>With {@code -Ddev.sojourn.golden=FOLDER} those of this release are written there.
 */
class GoldenSnapshotsTest {
    private static final String RELEASE = "0.1.0";
    private static final List<String> INTERFACES = List.of("native", "kvm", "vmware", "hyperv", "xen-pvh", "vmi");
    private static final int SAVED_AT_MILLIONS = 1;

    @TempDir Path folder;

    /** Every one that there is to be. */
    static List<String> names() { return INTERFACES.stream().map(name -> RELEASE + "-" + name).toList(); }

    @Test void theListIsNotEmpty() { assertFalse(names().isEmpty()); }

    @ParameterizedTest
    @MethodSource("names")
    void goldenSnapshotIsWholeAndGoesOn(String name) throws Exception {
        Path file = folder.resolve("snapshot");
        try (InputStream packed = new GZIPInputStream(resource(name + ".snap.gz"))) {
            Files.copy(packed, file);
        }
        String expected;
        try (InputStream text = resource(name + ".txt")) {
            expected = new String(text.readAllBytes());
        }
        try (SnapshotFile snapshot = SnapshotFile.open(file)) {
            snapshot.verify();
            try (SavedMachine restored = SavedMachine.restored(snapshot)) {
                assertEquals(expected, restored.runToEnd());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("interfaces")
    void savedGuestSaysTheRestOfWhatItWouldHaveSaid(String guestInterface) throws Exception {
        byte[] kernel = BusyGuest.kernel(guestInterface);
        String whole;
        try (SavedMachine machine = SavedMachine.of(kernel, 2, guestInterface)) {
            whole = machine.runToEnd();
        }
        Path file = folder.resolve("snapshot");
        String begun;
        try (SavedMachine machine = SavedMachine.of(kernel, 2, guestInterface)) {
            machine.runTo(SAVED_AT_MILLIONS);
            begun = machine.text();
            new SnapshotWriter(Storage.FILES, RELEASE).write(file, machine.machine(), List.of(), Optional.empty(), () -> {});
        }
        try (SnapshotFile snapshot = SnapshotFile.open(file); SavedMachine restored = SavedMachine.restored(snapshot)) {
            String rest = restored.runToEnd();
            assertEquals(whole, begun + rest);
            keep(RELEASE + "-" + guestInterface, file, rest);
        }
    }

    static List<String> interfaces() { return INTERFACES; }

    private static void keep(String name, Path file, String rest) throws IOException {
        String golden = System.getProperty("dev.sojourn.golden");
        if (golden != null) {
            Files.writeString(Path.of(golden, name + ".txt"), rest);
            try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(Path.of(golden, name + ".snap.gz")))) {
                Files.copy(file, packed);
            }
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream resource = GoldenSnapshotsTest.class.getResourceAsStream("golden/" + name);
        if (resource == null) {
            throw new IOException("The golden snapshot " + name + " is missing");
        }
        return resource;
    }
}
