package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import dev.sojourn.sandbox.guest.GuestFiles;
import dev.sojourn.sandbox.matrix.Matrix;
import dev.sojourn.sandbox.matrix.MatrixRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The distribution's other kernels of the same version, fetched as packages, on every interface.
 *
 * <p>The real-time kernel is left out on xen-pv, where it hangs itself: see docs/xen.md.
 */
@Tag("long")
class KernelFlavoursTest {
    private static final List<String> INTERFACES = List.of("native", "kvm", "vmware", "hyperv", "xen-pvh", "xen-pv");

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "rt-amd64"})
    void kernelIsContentOnEveryInterface(String flavour, @TempDir Path folder)
            throws IOException, InterruptedException, SandboxError {
        GuestFiles files = DefaultGuest.files();
        String release = files.version().replaceFirst("-cloud-amd64_.*", "-" + flavour);
        Path kernel = fetch(release, folder);
        List<MatrixRow> failed = new ArrayList<>();
        Matrix matrix = new Matrix(kernel, files.busybox(), SandboxSpec.MEMORY_BYTES_DEFAULT, 2,
                EngineKind.INTERPRETER, Duration.ofMinutes(5));
        for (String name : INTERFACES) {
            if (flavour.startsWith("rt-") && name.equals("xen-pv")) continue;
            MatrixRow row = matrix.boot(name, _ -> {});
            if (!row.passed() || !row.kernel().equals(release)) failed.add(row);
        }
        assertEquals(List.of(), failed);
    }

    private static Path fetch(String release, Path folder) throws IOException, InterruptedException {
        run(folder, "apt-get", "-q", "-q", "download", "linux-image-" + release + ":amd64");
        Optional<Path> fetched;
        try (Stream<Path> files = Files.list(folder)) {
            fetched = files.filter(file -> file.toString().endsWith(".deb")).findFirst();
        }
        run(folder, "dpkg-deb", "-x", fetched.orElseThrow().toString(), "unpacked");
        return folder.resolve("unpacked/boot/vmlinuz-" + release);
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
        assertTrue(process.waitFor() == 0, () -> String.join(" ", command) + " failed");
    }
}
