package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sojourn run} as the README has it. */
class CommandTest {
    @Test void firstCommandOfTheReadmePrintsTheGuestsName() throws IOException, InterruptedException {
        Launcher.Run run = Launcher.built().run("run", "--", "uname", "-a");
        assertEquals(0, run.status(), run::toString);
        assertTrue(run.text().matches("Linux sojourn 6\\.[0-9.]+-[0-9]+-cloud-amd64 .* x86_64 GNU/Linux\n"), run::toString);
        assertEquals("", run.errorText());
    }

    @Test void everyOptionReachesTheCommand(@TempDir Path folder) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(folder.resolve("directory/data"));
        StockKernelTest.program(directory.resolve("app"), "#!/bin/sh\ncat /data/text /packed\n".getBytes(StandardCharsets.US_ASCII));
        Files.writeString(directory.resolve("text"), "from a directory\n");
        Files.createSymbolicLink(directory.resolve("link"), Path.of("text"));
        Files.writeString(folder.resolve("packed"), "from a tar\n");
        Path tar = folder.resolve("root.tar.gz");
        assertEquals(0, new ProcessBuilder("tar", "-C", folder.toString(), "-czf", tar.toString(), "packed").start().waitFor());
        Process process = Launcher.built().start("run", "--memory", "96M", "--cpus", "2", "--timeout", "200s",
                "--rootfs", folder.resolve("directory").toString(), "--rootfs", tar.toString(),
                "--env", "NAME=a 'value' $HOME", "--env=EMPTY=", "--workdir", "/data", "--",
                "sh", "-c", "pwd; echo \"$NAME\"; echo \"${EMPTY-unset}\"; /data/app; readlink link; nproc; wc -c; exit 7");
        Launcher.Run run = Launcher.finish(process, "data\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("""
                /data
                a 'value' $HOME

                from a directory
                from a tar
                text
                2
                5
                """, run.text(), run::toString);
        assertEquals("", run.errorText());
        assertEquals(7, run.status());
    }

    /** The words pass through a shell of the host, since Java has no way to start a program with bytes that are no text. */
    @Test void argumentsArriveByteForByte() throws IOException, InterruptedException {
        ProcessBuilder builder = Launcher.built().builder();
        builder.command().addAll(0, List.of("sh", "-c",
                "exec \"$0\" run -- printf '[%s]' 'a\nb' \"it's\" '\"$x`' '' \"$(printf '\\377\\376')\" '-n' '\\' '*'"));
        Launcher.Run run = Launcher.finish(builder.start(), new byte[0]);
        assertEquals(0, run.status(), run::toString);
        byte[] expected = "[a\nb][it's][\"$x`][][\u00ff\u00fe][-n][\\][*]".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(HexFormat.of().formatHex(expected), HexFormat.of().formatHex(run.output()), run::toString);
    }
}
