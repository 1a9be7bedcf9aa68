package dev.sojourn.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedDirectoryTest {
    private static final long ROOT = 1;

    @TempDir Path folder;
    private Path inside;
    private Path outside;
    private SharedDirectory shared;
    private Client client;

    @BeforeEach void start() throws IOException {
        inside = Files.createDirectories(folder.resolve("inside"));
        outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        shared = new SharedDirectory(inside, false);
        client = new Client(shared);
    }

    @AfterEach void end() throws IOException {
        shared.close();
        assertEquals(List.of("secret"), list(outside));
        assertEquals("secret", Files.readString(outside.resolve("secret")));
    }

    @Test void filesAreMadeWrittenAndRead() throws IOException {
        Client.Answer made = client.create(ROOT, "file");
        assertEquals(0, made.errno());
        assertEquals(0100644, made.mode());
        long handle = made.body().getLong(128);
        assertEquals(5, client.write(handle, 2, "words").body().getInt(0));
        assertEquals("0:\0\0words", client.read(handle));
        assertEquals("\0\0words", Files.readString(inside.resolve("file")));
    }

    @Test void linksAreToldAndNeverFollowed() throws IOException {
        Files.createSymbolicLink(inside.resolve("link"), outside.resolve("secret"));
        Files.createSymbolicLink(inside.resolve("folder"), outside);
        Client.Answer link = client.lookUp(ROOT, "link");
        assertEquals(0120000, link.mode() & 0170000);
        assertEquals(Errno.ELOOP, client.open(link.node(), Client.O_RDONLY).errno());
        assertEquals(Errno.ELOOP, client.create(ROOT, "link").errno());
        long resize = 4;
        assertEquals(Errno.ELOOP, client.call((int) resize, link.node(), 8, 0, 0L, 0L, 0L, 0L, 0L, 0L, 0, 0, 0, 0, 0, 0, 0, 0).errno());
        long below = client.lookUp(ROOT, "folder").node();
        assertFalse(client.lookUp(below, "secret").errno() == 0);
        assertFalse(client.create(below, "new").errno() == 0);
        assertFalse(client.makeDirectory(below, "new").errno() == 0);
        assertFalse(client.call(27, below, 0, 0).errno() == 0);
        // A link that is given another name stays a link, or is refused.
        assertFalse(client.call(13, ROOT, link.node(), "hard").errno() == 0);
    }

    @Test void nameThatLeadsElsewhereIsInvalid() {
        for (String name : List.of("..", ".", "", "a/b", "/etc", "../outside/secret")) {
            assertEquals(Errno.EINVAL, client.lookUp(ROOT, name).errno(), name);
            assertEquals(Errno.EINVAL, client.makeDirectory(ROOT, name).errno(), name);
            assertEquals(Errno.EINVAL, client.call(12, ROOT, ROOT, "x", name).errno(), name);
        }
    }

    /** A directory the guest knows becomes a link behind its back. */
    @Test void directoryThatBecameALinkIsNotEntered() throws IOException {
        Files.createDirectories(inside.resolve("a/b"));
        long a = client.lookUp(ROOT, "a").node();
        long b = client.lookUp(a, "b").node();
        Files.delete(inside.resolve("a/b"));
        Files.createSymbolicLink(inside.resolve("a/b"), outside);
        assertFalse(client.create(b, "new").errno() == 0);
        assertFalse(client.makeDirectory(b, "new").errno() == 0);
        assertFalse(client.call(6, b, "new", "target").errno() == 0);
        assertFalse(client.lookUp(b, "secret").errno() == 0);
        assertFalse(client.call(10, b, "secret").errno() == 0);
        Files.delete(inside.resolve("a/b"));
        Files.delete(inside.resolve("a"));
        Files.createSymbolicLink(inside.resolve("a"), outside);
        assertFalse(client.call(10, a, "secret").errno() == 0);
        assertFalse(client.call(12, a, ROOT, "secret", "mine").errno() == 0);
    }

    @Test void entriesAreRenamedAndDeleted() throws IOException {
        long a = client.makeDirectory(ROOT, "a").node();
        client.create(a, "one");
        assertEquals(0, client.call(12, a, ROOT, "one", "two").errno());
        assertEquals(List.of("a", "two"), list(inside));
        assertEquals(Errno.EEXIST, client.call(45, ROOT, ROOT, 1, 0, "two", "a").errno());
        assertEquals(0, client.call(11, ROOT, "a").errno());
        assertEquals(0, client.call(10, ROOT, "two").errno());
        assertEquals(List.of(), list(inside));
        assertEquals(Errno.ENOENT, client.call(10, ROOT, "two").errno());
    }

    @Test void fileOfARenamedDirectoryIsFound() throws IOException {
        Files.createDirectories(inside.resolve("a/b"));
        Files.writeString(inside.resolve("a/b/c"), "deep");
        long a = client.lookUp(ROOT, "a").node();
        long c = client.lookUp(client.lookUp(a, "b").node(), "c").node();
        client.call(12, ROOT, ROOT, "a", "z");
        assertEquals("0:deep", client.read(client.open(c, Client.O_RDONLY).body().getLong(0)));
    }

    @Test void readOnlyDirectoryIsOnlyRead() throws IOException {
        Files.writeString(inside.resolve("file"), "text");
        try (SharedDirectory readOnly = new SharedDirectory(inside, true)) {
            Client reader = new Client(readOnly);
            long file = reader.lookUp(ROOT, "file").node();
            assertEquals("0:text", reader.read(reader.open(file, Client.O_RDONLY).body().getLong(0)));
            assertEquals(Errno.EROFS, reader.open(file, Client.O_WRONLY).errno());
            assertEquals(Errno.EROFS, reader.create(ROOT, "new").errno());
            assertEquals(Errno.EROFS, reader.call(10, ROOT, "file").errno());
            assertEquals(Errno.EROFS, reader.makeDirectory(ROOT, "new").errno());
        }
        assertEquals(List.of("file"), list(inside));
    }

    @Test void pipeIsNotOpened() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", inside.resolve("pipe").toString()).start().waitFor());
        assertEquals(Errno.EACCES, client.open(client.lookUp(ROOT, "pipe").node(), Client.O_RDONLY).errno());
    }

    @Test void whatTheGuestKnowsAndHasOpenGoesOnElsewhere() throws Exception {
        long a = client.makeDirectory(ROOT, "a").node();
        Client.Answer file = client.create(a, "file");
        long handle = file.body().getLong(128);
        client.write(handle, 0, "before");
        StateWriter out = new StateWriter();
        shared.save(out);
        try (SharedDirectory other = new SharedDirectory(inside, false)) {
            StateReader in = new StateReader("share", 1, out.toBytes());
            other.restore(in);
            in.finish();
            Client after = new Client(other);
            assertEquals("0:before", after.read(handle));
            assertEquals(6, after.write(handle, 6, " after").body().getInt(0));
            assertEquals(0, after.call(12, a, ROOT, "file", "moved").errno());
            assertEquals("0:before after", after.read(after.open(file.node(), Client.O_RDONLY).body().getLong(0)));
        }
    }

    /** Requests of any kind with any content: nothing is thrown, and nothing outside is touched, which {@link #end} checks. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void hostileGuestBreaksNothing(long seed) throws IOException {
        Random random = new Random(seed);
        Files.createSymbolicLink(inside.resolve("n0"), outside);
        String[] names = {"n0", "n1", "n2", "n3", "..", "", "n1/n2", "../outside", "x".repeat(300)};
        byte[] reply = new byte[4096];
        int served = 0;
        for (int i = 0; i < 6000; i++) {
            String name = names[random.nextInt(random.nextInt(8) == 0 ? names.length : 4)];
            String other = random.nextInt(3) == 0 ? outside + "/secret" : names[random.nextInt(4)];
            long node = random.nextInt(20) == 0 ? random.nextLong() : random.nextInt(30);
            long handle = random.nextInt(40);
            int flags = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3) | random.nextInt(2) << 6;
            Client.Answer answer = switch (random.nextInt(12)) {
                case 0 -> client.lookUp(node, name);
                case 1 -> client.call(35, node, flags, 0100644, 0, 0, name);
                case 2 -> client.open(node, flags);
                case 3 -> client.makeDirectory(node, name);
                case 4 -> client.call(12, node, (long) random.nextInt(30), name, other);
                case 5 -> client.call(6, node, name, other);
                case 6 -> client.call(10 + random.nextInt(2), node, name);
                case 7 -> client.write(handle, random.nextInt(5000), "text");
                case 8 -> client.call(4, node, flags, 0, handle, (long) random.nextInt(5000), 0L, 5L, 5L, 0L, 0, 0, 0, 0755, 0, 0, 0, 0);
                case 9 -> client.call(28 + 16 * random.nextInt(2), node, handle, (long) random.nextInt(4), random.nextInt(5000), 0);
                case 10 -> client.call(2, node, (long) random.nextInt(3));
                default -> client.call(random.nextInt(60), node, random.nextLong(), random.nextInt(), handle, name);
            };
            served += answer.errno() == 0 ? 1 : 0;
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            shared.answer(noise, noise.length, reply, random.nextInt(reply.length));
        }
        assertTrue(served > 100, "served " + served);
    }

    private static List<String> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
