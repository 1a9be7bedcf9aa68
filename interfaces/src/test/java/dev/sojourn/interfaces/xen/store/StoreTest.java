package dev.sojourn.interfaces.xen.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.memory.GuestMemory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The store by its ring, as a guest uses it. An answer is its type, its transaction if it has one, and its text; zeros are bars.
 */
class StoreTest {
    private static final int RING = 0x1000;
    private static final int DIRECTORY = 1;
    private static final int READ = 2;
    private static final int GET_PERMS = 3;
    private static final int WATCH = 4;
    private static final int START = 6;
    private static final int END = 7;
    private static final int WRITE = 11;
    private static final int MKDIR = 12;
    private static final int RM = 13;
    private static final int SET_PERMS = 14;

    private final GuestMemory memory = new GuestMemory(1 << 20);
    private final Store store = new Store(1);
    private int events;
    private final StoreServer server = new StoreServer(memory, RING, store, () -> events++);

    StoreTest() {
        store.readable("/local/domain/1");
        store.owned("/local/domain/1/data");
    }

    @AfterEach
    void close() { memory.close(); }

    private int get(int field) { return memory.getInt(RING + field); }

    private void send(byte[] bytes) {
        for (byte b : bytes) {
            int at = get(2052);
            if (at - get(2048) == 1024) server.notified();
            memory.putByte(RING + (at & 1023), b);
            memory.putInt(RING + 2052, at + 1);
        }
        server.notified();
    }

    /** All there is to read, message by message. */
    private String received() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (get(2060) != get(2056)) {
            int at = get(2056);
            bytes.write(memory.getByte(RING + 1024 + (at & 1023)));
            memory.putInt(RING + 2056, at + 1);
            if (get(2060) == get(2056)) server.notified();
        }
        ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        StringBuilder text = new StringBuilder();
        while (all.hasRemaining()) {
            int type = all.getInt();
            all.getInt();
            int transaction = all.getInt();
            byte[] payload = new byte[all.getInt()];
            all.get(payload);
            text.append(type).append(transaction == 0 ? "" : "/" + transaction).append(' ')
                    .append(new String(payload, StandardCharsets.ISO_8859_1).replace('\0', '|')).append('\n');
        }
        return text.toString();
    }

    private String ask(int type, int transaction, String text) {
        byte[] payload = text.replace('|', '\0').getBytes(StandardCharsets.ISO_8859_1);
        send(ByteBuffer.allocate(16 + payload.length).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(7).putInt(transaction)
                .putInt(payload.length).put(payload).array());
        return received();
    }

    private String ask(int type, String text) { return ask(type, 0, text); }

    @Test
    void writtenValueIsRead() {
        assertEquals("11 OK|\n", ask(WRITE, "data/a/b|hello"));
        assertEquals("2 hello\n", ask(READ, "/local/domain/1/data/a/b|"));
        assertEquals("2 \n", ask(READ, "data/a|"));
        assertEquals("1 b|\n", ask(DIRECTORY, "data/a|"));
        assertTrue(events > 0);
    }

    @Test
    void whatIsNotThereOrNotTheGuestsIsRefused() {
        assertEquals("16 ENOENT|\n", ask(READ, "data/none|"));
        assertEquals("16 EACCES|\n", ask(WRITE, "name|me"));
        assertEquals("16 EACCES|\n", ask(MKDIR, "/local/domain/2|"));
        assertEquals("16 ENOENT|\n", ask(RM, "data/x/y|"));
        assertEquals("13 OK|\n", ask(RM, "data/x|"));
        for (String path : new String[] {"|", "/a//b|", "/a/|", "a b|", "data", "/" + "x".repeat(3072) + "|"}) {
            assertEquals("16 EINVAL|\n", ask(READ, path), path);
        }
        assertEquals("16 ENOSPC|\n", ask(WRITE, "data/a|" + "x".repeat(2049)));
        assertEquals("16 ENOSYS|\n", ask(22, "data|0|"));
        assertEquals("16 ENOSYS|\n", ask(99, ""));
    }

    @Test
    void watchFiresAtOnceAndForWhatIsBelow() {
        assertEquals("4 OK|\n15 data|token|\n", ask(WATCH, "data|token|"));
        assertEquals("16 EEXIST|\n", ask(WATCH, "data|token|"));
        assertEquals("15 data/a|token|\n11 OK|\n", ask(WRITE, "data/a|1"));
        store.write("/local/domain/1/data/b", "2");
        server.notified();
        assertEquals("15 data/b|token|\n", received());
        assertEquals("5 OK|\n", ask(5, "data|token|"));
        assertEquals("11 OK|\n", ask(WRITE, "data/a|1"));
        assertEquals("16 ENOENT|\n", ask(5, "data|token|"));
    }

    @Test
    void transactionIsSeenWhenItEnds() {
        assertEquals("6 1|\n", ask(START, "|"));
        assertEquals("11/1 OK|\n", ask(WRITE, 1, "data/a|1"));
        assertEquals("16 ENOENT|\n", ask(READ, "data/a|"));
        assertEquals("2/1 1\n", ask(READ, 1, "data/a|"));
        assertEquals("7/1 OK|\n", ask(END, 1, "T|"));
        assertEquals("2 1\n", ask(READ, "data/a|"));
        assertEquals("16/1 ENOENT|\n", ask(READ, 1, "data/a|"));
    }

    @Test
    void transactionFailsOnlyByARealConflict() {
        ask(START, "|");
        ask(START, "|");
        ask(READ, 1, "data/a|");
        ask(WRITE, 1, "data/mine|1");
        ask(WRITE, "data/other|x");
        assertEquals("7/1 OK|\n", ask(END, 1, "T|"));
        assertEquals("2 x\n", ask(READ, "data/other|"));
        assertEquals("2 1\n", ask(READ, "data/mine|"));
        ask(READ, 2, "data/a|");
        ask(WRITE, "data/a|now");
        assertEquals("16/2 EAGAIN|\n", ask(END, 2, "T|"));
    }

    @Test
    void permissionsAreTheOwnersToSet() {
        ask(WRITE, "data/a|1");
        assertEquals("3 n1|\n", ask(GET_PERMS, "data/a|"));
        assertEquals("14 OK|\n", ask(SET_PERMS, "data/a|n1|r0|"));
        assertEquals("3 n1|r0|\n", ask(GET_PERMS, "data/a|"));
        assertEquals("16 EPERM|\n", ask(SET_PERMS, "data/a|n0|"));
        assertEquals("16 EACCES|\n", ask(SET_PERMS, "/local|n1|"));
        assertEquals("16 EINVAL|\n", ask(SET_PERMS, "data/a|x1|"));
    }

    @Test
    void countersThatCannotBeEndTheRing() {
        memory.putInt(RING + 2052, 5000);
        server.notified();
        assertEquals(2, get(2072));
    }

    @Test
    void messageThatIsTooLongEndsTheRing() {
        send(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(READ).putInt(1).putInt(0).putInt(5000).array());
        assertEquals(3, get(2072));
    }

    @Test
    void anyBytesGetAnAnswerOrEndTheRing() {
        Random random = new Random(17);
        for (int round = 0; round < 20_000 && get(2072) == 0; round++) {
            StringBuilder text = new StringBuilder();
            String[] parts = {"data", "/local/domain/1", "a", "/", "|", "|", "T", "n1", "r0", "@x", "\u0001", "1", "token"};
            for (int i = random.nextInt(6); i >= 0; i--) text.append(parts[random.nextInt(parts.length)]);
            String answer = ask(random.nextInt(24), random.nextInt(3), text.toString());
            assertTrue(answer.endsWith("\n"), answer);
        }
        assertEquals(0, get(2072));
        assertTrue(store.root().count() <= 1100);
    }
}
