package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import dev.sojourn.sandbox.matrix.Matrix;
import dev.sojourn.sandbox.matrix.MatrixRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The distribution's 32-bit kernels, without and with PAE, with 32-bit user space: fetched as packages, a minute for each boot. */
@Tag("long")
class Kernels32Test {
    private static final List<String> INTERFACES = List.of("native", "kvm", "vmware");
    private static final Pattern DEPENDENCY = Pattern.compile("(?m)^Depends:.*?\\b(linux-image-[0-9][0-9a-z.+-]*)");

    @ParameterizedTest
    @ValueSource(strings = {"linux-image-686", "linux-image-686-pae"})
    void kernelIsContentOnEveryInterface(String name, @TempDir Path folder) throws IOException, InterruptedException, SandboxError {
        prepare(folder);
        run(folder, "apt-get", "-c", "apt.conf", "-q", "-q", "update");
        Matcher dependency = DEPENDENCY.matcher(run(folder, "apt-cache", "-c", "apt.conf", "show", "--no-all-versions", name));
        assertTrue(dependency.find(), name);
        String release = dependency.group(1).substring("linux-image-".length());
        run(folder, "apt-get", "-c", "apt.conf", "-q", "-q", "download", "linux-image-" + release, "busybox-static");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".deb")).toList()) {
                run(folder, "dpkg-deb", "-x", file.toString(), "unpacked");
            }
        }
        Matrix matrix = new Matrix(folder.resolve("unpacked/boot/vmlinuz-" + release), folder.resolve("unpacked/bin/busybox"),
                SandboxSpec.MEMORY_BYTES_DEFAULT, 2, EngineKind.TRANSLATOR, Duration.ofMinutes(5));
        List<MatrixRow> failed = new ArrayList<>();
        for (String each : INTERFACES) {
            MatrixRow row = matrix.boot(each, _ -> {});
            if (!row.passed() || !row.kernel().equals(release) || row.processors() != 2) failed.add(row);
        }
        assertEquals(List.of(), failed);
    }

    /** A client with lists of its own, for the other architecture: nothing of the system changes. */
    private static void prepare(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("state/lists/partial"));
        Files.createDirectories(folder.resolve("cache/archives/partial"));
        Files.createFile(folder.resolve("status"));
        Files.writeString(folder.resolve("apt.conf"), """
                Dir::State "%1$s/state";
                Dir::State::status "%1$s/status";
                Dir::Cache "%1$s/cache";
                Dir::Log "%1$s";
                APT::Architecture "i386";
                #clear APT::Architectures;
                APT::Architectures { "i386"; };
                APT::Sandbox::User "";
                Acquire::Languages "none";
                #clear APT::Update::Post-Invoke;
                #clear APT::Update::Post-Invoke-Success;
                """.formatted(folder));
    }

    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + " failed");
        return output;
    }
}
