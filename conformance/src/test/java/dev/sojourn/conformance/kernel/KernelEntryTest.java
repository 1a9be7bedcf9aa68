package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.boot.Entry;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.initramfs.InitramfsBuilder;
import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.machine.Ending;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.Host;
import dev.sojourn.machine.Machine;
import dev.sojourn.machine.MachineSpec;
import dev.sojourn.machine.MachineType;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.guest.GuestFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every way into the stock kernel, on a machine with nothing but a serial console. */
class KernelEntryTest {
    private static final String INIT = """
            #!/bin/busybox sh
            /bin/busybox mount -t proc proc /proc
            echo "loader $(/bin/busybox cat /proc/sys/kernel/bootloader_type)"
            /bin/busybox dmesg
            echo 'end of messages'
            /bin/busybox poweroff -f
            """;

    @Test void kernelUnpacksItselfFromThe64BitEntry() throws SandboxError, BadImage, IOException {
        assertBoots(Entry.LINUX_64, "loader 255");
    }

    @Tag("long")
    @Test void kernelUnpacksItselfFromThe32BitEntry() throws SandboxError, BadImage, IOException {
        assertBoots(Entry.LINUX_32, "loader 255");
    }

    @Tag("long")
    @Test void unpackedKernelStartsFromThePvhEntry() throws SandboxError, BadImage, IOException {
        assertBoots(Entry.PVH, "loader 176");
    }

    private static void assertBoots(Entry entry, String loader) throws SandboxError, BadImage, IOException {
        Console console = new Console();
        MachineSpec spec = new MachineSpec(MachineType.SOJOURN_1, 256 << 20, 1, Files.readAllBytes(DefaultGuest.files().kernel()),
                initialRoot(), "console=ttyS0 panic=-1", entry, EngineKind.INTERPRETER, "native");
        try (Machine machine = new Machine(spec, console)) {
            assertEquals(new Ending.PoweredOff(), machine.run(), console::text);
        }
        assertTrue(console.text().contains(loader), console::text);
        KernelLog.assertClean(console.text());
    }

    private static byte[] initialRoot() throws SandboxError, BadImage, IOException {
        GuestFiles files = DefaultGuest.files();
        return new InitramfsBuilder().directory("bin", 0755).directory("proc", 0755).directory("dev", 0755)
                .characterDevice("dev/console", 0600, 5, 1)
                .file("bin/busybox", 0755, Files.readAllBytes(files.busybox()))
                .file("init", 0755, INIT.getBytes(StandardCharsets.US_ASCII)).toBytes();
    }

    /** Collects what comes over the serial line. */
    private static final class Console implements Host {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        String text() { return bytes.toString(StandardCharsets.UTF_8); }

        @Override public ByteSink output(String port) { return port.equals(SERIAL) ? bytes::write : ByteSink.NONE; }

        @Override public ByteSource input(String port) { return ByteSource.NONE; }
    }
}
