package dev.sojourn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sojourn.sandbox.guest.GuestCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stock kernel and busybox, from the command line to the status. Fetches them where they are not there yet. */
@Timeout(300)
class DefaultGuestTest {
    @TempDir private Path folder;
    private Program program;

    @BeforeEach void findGuest() throws Exception {
        Path cache = HostPlace.fromProperties(System.getProperties(), System.getenv()).cache();
        assumeTrue(new GuestCache(cache).present().isPresent() || GuestCache.packageClient().isPresent(),
                "no default guest");
        program = new Program(folder, cache);
    }

    @Test void streamsArgumentsEnvironmentAndStatusAreTheCommands() throws Exception {
        Program.Outcome outcome = program.run("data\n", "run", "--memory", "256M", "--timeout", "120s", "-e", "A=b c",
                "--", "sh", "-c",
                "cat; cat /dev/stdin | wc -c; echo \"$A|$1\" >&2; printf '\\377\\000\\n'; sleep 100 & exit 7", "x",
                "it's\n*");
        assertEquals("data\n0\n\u00ff\0\n", outcome.output());
        assertTrue(outcome.error().endsWith("b c|it's\n*\n"), outcome.error());
        assertEquals(7, outcome.status());
    }

    @Test void rootIsLaidOverAndProcessorsComeUp() throws Exception {
        Path tool = Files.writeString(Files.createDirectory(folder.resolve("bin")).resolve("uname"),
                "#!/bin/sh\nnproc\necho mine $1\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        Program.Outcome outcome = program.run("", "run", "--cpus", "2", "--timeout", "200s", "--rootfs",
                folder.toString(), "--",
                "uname", "-a");
        assertEquals("2\nmine -a\n", outcome.output(), outcome.error());
        assertEquals(0, outcome.status());
    }

    @Test void panicShowsTheGuestsLastLines() throws Exception {
        Program.Outcome outcome = program.run("", "run", "--timeout", "120s", "--", "sh", "-c",
                "echo c >/proc/sysrq-trigger");
        assertEquals(125, outcome.status(), outcome.error());
        assertTrue(outcome.error().contains("sojourn: The guest kernel panicked. Its last lines:\n"), outcome.error());
        assertTrue(outcome.error().contains("Kernel panic - not syncing: sysrq triggered crash"), outcome.error());
    }
}
