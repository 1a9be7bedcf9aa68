package dev.sojourn.migration;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.state.Section;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that say anything in any order, well framed: a receiver breaks off and nothing runs. */
class HostileSourceTest {
    private static final int TALKS = 3000;
    private static final String ID = "0123456789abcdef0123456789abcdef";

    @Test
    void whateverASourceSaysOnlyAWholeGuestIsStarted(@TempDir Path folder) throws IOException {
        Random chance = new Random(7);
        List<byte[]> seeds = seeds();
        for (int i = 0; i < TALKS; i++) {
            ByteArrayOutputStream talk = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(talk);
            out.writeLong(0x736f_6a6f_7572_6e4dL);
            out.writeInt(1);
            for (int n = chance.nextInt(8); n >= 0; n--) {
                frame(out, chance.nextInt(17), content(seeds, chance));
            }
            Receiver receiver = new Receiver(_ -> new StrictGuest(), new Journal(folder));
            receiver.serve(new Wire(new ByteArrayInputStream(talk.toByteArray()), new ByteArrayOutputStream(), () -> {}));
            assertTrue(receiver.waiting().size() <= 1);
        }
    }

    /** The content of each kind of message as a source would say it. */
    private static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        FakeGuest guest = new FakeGuest(new FakeWorld());
        PageBatch batch = new PageBatch();
        batch.add(0);
        batch.content()[0] = 1;
        batch.add(4096);
        seeds.add(guest.offer(ID).toBytes());
        seeds.add(batch.take());
        seeds.add(ID.getBytes());
        for (Message message : List.of(new Message.Mark(7), new Message.Part(new Section("counter", 1, false, new byte[40])),
                new Message.Refused("No."))) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Wire wire = new Wire(new ByteArrayInputStream(new byte[0]), bytes, () -> {});
            wire.send(message);
            wire.flush();
            seeds.add(java.util.Arrays.copyOfRange(bytes.toByteArray(), 9, bytes.size()));
        }
        return seeds;
    }

    private static byte[] content(List<byte[]> seeds, Random chance) {
        byte[] content = seeds.get(chance.nextInt(seeds.size())).clone();
        for (int n = chance.nextInt(4); n > 0 && content.length > 0; n--) {
            content[chance.nextInt(content.length)] = (byte) chance.nextInt();
        }
        return chance.nextInt(5) == 0 ? java.util.Arrays.copyOf(content, chance.nextInt(content.length + 20)) : content;
    }

    private static void frame(DataOutputStream out, int kind, byte[] content) throws IOException {
        CRC32C sum = new CRC32C();
        sum.update(kind);
        for (int shift = 24; shift >= 0; shift -= 8) {
            sum.update(content.length >> shift);
        }
        sum.update(content);
        out.writeByte(kind);
        out.writeInt(content.length);
        out.writeInt((int) sum.getValue());
        out.write(content);
    }

    /** Wants pages that exist, as a machine does. */
    private static final class StrictGuest implements ArrivingGuest {
        private boolean isReady;

        @Override public void page(long address, byte[] content, int offset) throws IOException {
            if (address >= 16 * PageBatch.PAGE_BYTES) {
                throw new IOException("No RAM there");
            }
        }

        @Override public void ready(List<Section> state) { isReady = true; }

        @Override public void start() { assertTrue(isReady); }

        @Override public void discard() {}
    }
}
