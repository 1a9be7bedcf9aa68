package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.SandboxError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three streams carry every byte, in order, and keep apart. */
class StreamsTest {
    private static final int MIB = 1 << 20;

    @Test void everyByteOfInputComesBackOnOutput() throws SandboxError {
        byte[] input = random(1, 12 * MIB + 5);
        DefaultGuest.Run run = new DefaultGuest().input(input).script("cat; printf '\\377\\000\\r no line end' >&2; exit 7");
        assertEquals(new Result.Exited(7), run.result(), run::kernelLog);
        assertArrayEquals(input, run.output());
        assertArrayEquals(new byte[] {-1, 0, '\r', ' ', 'n', 'o', ' ', 'l', 'i', 'n', 'e', ' ', 'e', 'n', 'd'}, run.error());
    }

    @Test void aHundredMegabytesComeOut(@TempDir Path root) throws SandboxError, IOException, NoSuchAlgorithmException {
        byte[] piece = random(2, MIB);
        Files.write(root.resolve("piece"), piece);
        MessageDigest expected = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < 100; i++) expected.update(piece);
        MessageDigest actual = MessageDigest.getInstance("SHA-256");
        DefaultGuest.Run run = new DefaultGuest().overlay(root)
                .output(new DigestOutputStream(OutputStream.nullOutputStream(), actual)).script("""
                wc -c >&2
                read -r start _ </proc/uptime
                i=0; while [ $i -lt 100 ]; do cat /piece; i=$((i + 1)); done
                read -r end _ </proc/uptime
                echo $start $end >&2
                exit 255
                """);
        assertEquals(new Result.Exited(255), run.result(), run::kernelLog);
        assertEquals(HexFormat.of().formatHex(expected.digest()), HexFormat.of().formatHex(actual.digest()), run::errorText);
        assertEquals("0", run.errorText().lines().findFirst().orElseThrow());
        System.out.println("100 MiB between these seconds of the guest: " + run.errorText().lines().skip(1).toList());
    }

    @Test void streamsCanBeOpenedAgainByTheirNames() throws SandboxError {
        DefaultGuest.Run run = new DefaultGuest().input("one\ntwo\n".getBytes()).script("""
                echo a >/dev/stdout; echo b >>/dev/stderr; echo c >/proc/self/fd/1; echo d >/dev/fd/2
                read -r first </dev/stdin; echo "$first"
                cat /dev/stdin | tee /dev/stderr >/dev/null
                kill -KILL $$
                """);
        assertEquals(new Result.Exited(137), run.result(), run::kernelLog);
        assertEquals("a\nc\none\n", run.text());
        assertEquals("b\nd\ntwo\n", run.errorText());
    }

    @Test void nothingIsAddedToSilence() throws SandboxError {
        DefaultGuest.Run run = new DefaultGuest().run("/no/such/program");
        assertEquals(new Result.Exited(127), run.result(), run::kernelLog);
        assertEquals("", run.text());
        assertEquals("sojourn: /no/such/program: not found\n", run.errorText());
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
