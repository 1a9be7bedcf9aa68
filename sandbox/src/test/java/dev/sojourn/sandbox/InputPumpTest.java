package dev.sojourn.sandbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InputPumpTest {
    private final Semaphore bell = new Semaphore(0);

    @Test void everyByteArrivesInOrderAndThenTheEnd() throws InterruptedException {
        byte[] sent = new byte[5 * InputPump.RING_BYTES + 13];
        new Random(3).nextBytes(sent);
        assertArrayEquals(sent, drain(new InputPump(new ByteArrayInputStream(sent), bell::release)));
    }

    @Test void emptyInputEndsAtOnce() throws InterruptedException {
        assertEquals(0, drain(new InputPump(InputStream.nullInputStream(), bell::release)).length);
    }

    @Test void failingInputEnds() throws InterruptedException {
        InputStream failing = new InputStream() {
            @Override public int read() throws IOException { throw new IOException("broken"); }
        };
        assertEquals(0, drain(new InputPump(failing, bell::release)).length);
    }

    @Test void readingAheadIsBounded() throws InterruptedException {
        CountingStream endless = new CountingStream();
        InputPump pump = new InputPump(endless, bell::release);
        pump.start();
        byte[] target = new byte[InputPump.RING_BYTES];
        while (pump.read(target, 0, 1) == 0) bell.acquire();
        assertTrue(endless.read <= InputPump.RING_BYTES + (1 << 16));
        pump.close();
    }

    @Test void nothingThereIsNotTheEnd() {
        assertEquals(0, new InputPump(new CountingStream(), bell::release).read(new byte[8], 0, 8));
    }

    private byte[] drain(InputPump pump) throws InterruptedException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        byte[] chunk = new byte[1000];
        pump.start();
        for (int length = pump.read(chunk, 0, 1000); length >= 0; length = pump.read(chunk, 0, 1000)) {
            if (length == 0) bell.acquire();
            received.write(chunk, 0, length);
        }
        return received.toByteArray();
    }

    private static final class CountingStream extends InputStream {
        private volatile long read;

        @Override public int read() { throw new AssertionError("read in bulk"); }

        @Override public int read(byte[] target, int offset, int length) {
            read += length;
            return length;
        }
    }
}
