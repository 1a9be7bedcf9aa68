package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.MachineType;
import dev.sojourn.net.Allowed;
import dev.sojourn.net.Forward;
import dev.sojourn.sandbox.Devices;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.Revival;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxSpec;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks, networks and shared directories, as the stock kernel uses them. */
class DevicesTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir Path folder;

    @Test void diskAndShareAreUsedAndKeptInARunThatRepeats() throws Exception {
        Path disk = blank("disk.img", 16 << 20);
        Path shared = Files.createDirectories(folder.resolve("shared"));
        Files.writeString(shared.resolve("given"), "from the host\n");
        Files.createSymbolicLink(shared.resolve("link"), Path.of("/etc/hostname"));
        Devices devices = new Devices(List.of(new Devices.Disk(disk, Optional.empty(), false, Optional.empty())), Optional.empty(),
                List.of(new Devices.Share(shared, "/s", false), new Devices.Share(shared, "/ro", true)));
        DefaultGuest.Run run = guest().devices(devices).deterministic(1, (_, _, _) -> {}).script("""
                mke2fs /dev/vda >/dev/null && mkdir /m && mount /dev/vda /m && echo kept >/m/file && umount /m
                cat /s/given /s/link; echo made >/s/new; mkdir /s/d; mv /s/new /s/d/old; cat /ro/d/old
                echo no >/ro/x || echo refused
                dd if=/dev/zero of=/s/large bs=100k count=10 2>/dev/null; ls -l /s/large | awk '{print $5}'; rm /s/large
                """);
        assertEquals("from the host\nsojourn\nmade\nrefused\n1024000\n", run.text(), run::errorText);
        assertEquals("made\n", Files.readString(shared.resolve("d/old")));
        assertTrue(Files.notExists(shared.resolve("large")));
        Devices again = new Devices(List.of(new Devices.Disk(disk, Optional.empty(), true, Optional.of("/m"))), Optional.empty(), List.of());
        assertEquals("kept\n", guest().devices(again).script("cat /m/file; echo no 2>/dev/null >/m/x").text());
    }

    @Test void guestIsAClientAndAServer() throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        CRC32 sum = new CRC32();
        sum.update(content);
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        int forwarded = freePort();
        Devices devices = new Devices(List.of(), Optional.of(new Devices.Network(List.of(new Allowed(Allowed.HOST, port)),
                List.of(new Forward(new InetSocketAddress(LOOPBACK, forwarded), 80)))), List.of());
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> ask(forwarded));
        try {
            DefaultGuest.Run run = guest().devices(devices).input(input(answer)).script("""
                    wget -q -O /tmp/got http://10.0.2.2:%d/ && crc32 /tmp/got | cut -c 1-8
                    ping -c 1 10.0.2.2 >/dev/null && echo ping
                    nslookup example.org 2>&1 | grep -o REFUSED | head -n 1
                    udhcpc -n -q -f -s /bin/true -i eth0 2>&1 | grep -o 'lease of 10.0.2.15'
                    mkdir /www && echo 'from the guest' >/www/index.html && httpd -h /www && read line </dev/stdin; echo done
                    """.formatted(port));
            String expected = "%08x\nping\nREFUSED\nlease of 10.0.2.15\ndone\n".formatted(sum.getValue());
            assertEquals(expected, run.text(), () -> run.errorText() + run.kernelLog());
            assertTrue(answer.join().endsWith("from the guest\n"), answer::join);
        } finally {
            server.stop(0);
        }
    }

    /** The program is killed as nobody can answer, in the middle of a guest's work, with its disk in a qcow2 file where there are any. */
    @Test void killedHostLosesNothingThatTheGuestKnewToBeDurable() throws Exception {
        assumeTrue(run("mkfs.ext4", "-V") && run("qemu-img", "--version"), "mkfs.ext4 or qemu-img is not installed");
        Path raw = blank("raw.img", 64 << 20);
        Path disk = folder.resolve("disk.qcow2");
        assertTrue(run("mkfs.ext4", "-q", raw.toString()));
        assertTrue(run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), disk.toString()));
        Process process = Launcher.built().builder("run", "--disk", disk + ",mount=/m", "--", "sh", "-c", """
                n=0; while :; do n=$((n + 1))
                dd if=/dev/urandom of=/m/filler bs=64k count=3 2>/dev/null
                echo $n | dd of=/m/row$n conv=fsync 2>/dev/null; echo $n; done""").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        int told = 0;
        try (BufferedReader rows = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            while (told < 12) {
                told = Integer.parseInt(rows.readLine());
            }
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            // By its handle: the process's own method would throw away what it has said.
            process.toHandle().destroyForcibly();
            process.waitFor();
            for (String row = rows.readLine(); row != null; row = rows.readLine()) {
                told = Integer.parseInt(row);
            }
        }
        assertTrue(run("sh", "-c", "qemu-img check " + disk + "; [ $? = 0 ] || [ $? = 3 ]"));
        Devices devices = new Devices(List.of(new Devices.Disk(disk, Optional.empty(), false, Optional.of("/m"))), Optional.empty(),
                List.of());
        DefaultGuest.Run after = guest().devices(devices).script("n=1; while [ \"$(cat /m/row$n 2>/dev/null)\" = $n ]; do n=$((n + 1));"
                + " done; echo $((n - 1))");
        assertTrue(Integer.parseInt(after.text().strip()) >= told, () -> after.text() + after.errorText());
    }

    @Test void sandboxWithADiskAndAShareGoesOnFromASnapshot() throws Exception {
        Path disk = blank("disk.img", 4 << 20);
        Path shared = Files.createDirectories(folder.resolve("shared"));
        Path snapshot = folder.resolve("snapshot");
        Devices devices = new Devices(List.of(new Devices.Disk(disk, Optional.empty(), false, Optional.empty())), Optional.empty(),
                List.of(new Devices.Share(shared, "/s", false)));
        Guest guest = new Guest.Command(DefaultGuest.files(), List.of("sh", "-c", """
                exec 3>/s/log; echo one >&3; dd if=/dev/urandom of=/dev/vda bs=1M count=2 conv=fsync 2>/dev/null
                echo ready; read line; echo two >&3; echo 3 >/proc/sys/vm/drop_caches; dd if=/dev/vda bs=1M count=2 2>/dev/null | md5sum
                """).stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toList(), List.of(), "/", List.of(), false, false);
        SandboxSpec spec = new SandboxSpec(MachineType.usual(), guest, 256 * SandboxSpec.MIB, 1, EngineKind.TRANSLATOR, "native", Optional.empty(),
                Optional.empty(), devices);
        CountDownLatch ready = new CountDownLatch(1);
        OutputStream watched = new OutputStream() {
            @Override public void write(int b) { ready.countDown(); }
        };
        try (Sandbox first = new Sandbox(spec, streams(new NeverReady(), watched))) {
            Thread runner = Thread.ofPlatform().start(first::run);
            assertTrue(ready.await(4, TimeUnit.MINUTES));
            first.snapshot(snapshot);
            first.stop();
            runner.join();
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (Sandbox second = Sandbox.restore(snapshot, new Revival(EngineKind.TRANSLATOR, Optional.empty(), Optional.empty(), devices),
                streams(InputStream.nullInputStream(), output))) {
            assertEquals(new Result.Exited(0), second.run());
        }
        assertEquals("one\ntwo\n", Files.readString(shared.resolve("log")));
        Process sum = new ProcessBuilder("sh", "-c", "head -c 2097152 " + disk + " | md5sum").start();
        assertArrayEquals(sum.getInputStream().readAllBytes(), output.toByteArray());
    }

    private static DefaultGuest guest() { return new DefaultGuest().engine(EngineKind.TRANSLATOR).memory(256); }

    private static HostStreams streams(InputStream input, OutputStream output) {
        return new HostStreams(input, output, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    }

    /** An input that ends when something is done. */
    private static InputStream input(CompletableFuture<String> done) {
        return new InputStream() {
            @Override public int read() {
                done.join();
                return -1;
            }
        };
    }

    /** An input that says nothing for as long as anybody listens. */
    private static final class NeverReady extends InputStream {
        @Override public int read() throws IOException {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return -1;
        }
    }

    /** Asks the guest's server until there is one. */
    private static String ask(int port) {
        while (true) {
            try (Socket socket = new Socket(LOOPBACK, port)) {
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                if (!answer.isEmpty()) return answer;
                Thread.sleep(100);
            } catch (IOException _) {
                // Not yet.
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Path blank(String name, long bytes) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(bytes);
        }
        return file;
    }

    private static int freePort() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            return server.getLocalPort();
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
