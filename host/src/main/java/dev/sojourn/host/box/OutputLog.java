package dev.sojourn.host.box;

import com.google.gson.JsonObject;
import dev.sojourn.host.command.CreationJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a sandbox has written, in files of limited size; the oldest is removed when there are too many.
 *
 * <p>A line for each piece, in JSON: {@code n} counts pieces from 1, {@code time} is in milliseconds since 1970,
 * {@code stream} is {@code output}, {@code error} or {@code kernel}, and the bytes are {@code text}, or {@code base64} where
 * they are no UTF-8. What ends with a line feed is handed to the operating system before the guest goes on, so that a killed host
 * loses none; what does not waits a moment for its line's rest, because many a console writes byte by byte. A disk that is full
 * costs output, not the guest: lines are left out, and {@code n} shows a gap.
 */
final class OutputLog implements AutoCloseable {
    enum Stream { OUTPUT, ERROR, KERNEL }

    static final String NAME = "output-%06d.ndjson";
    static final int FILES_MAX = 4;
    static final int FILE_BYTES_MAX = 4 << 20;
    /** A piece has at most so many bytes, so that a line has a bound. */
    static final int PIECE_BYTES_MAX = 1 << 14;

    /** Nobody notices the delay, and it is long for a machine. */
    private static final long MOMENT_MILLIS = 10;

    private final Path folder;
    private final ScheduledExecutorService moments;
    private final int fileBytesMax;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private FileChannel file;
    private int fileNumber;
    private long fileBytes;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private Stream begunStream = Stream.OUTPUT;
    private boolean awaited;
    private long pieces;
    private boolean ended;

    /** @param moments does what is left for a moment later */
    OutputLog(Path folder, Clock clock, ScheduledExecutorService moments) { this(folder, clock, moments, FILE_BYTES_MAX); }

    OutputLog(Path folder, Clock clock, ScheduledExecutorService moments, int fileBytesMax) {
        this.folder = folder;
        this.moments = moments;
        this.clock = clock;
        this.fileBytesMax = fileBytesMax;
    }

    /** An end for a stream of the guest's. Never fails. */
    OutputStream stream(Stream stream) {
        return new OutputStream() {
            @Override public void write(int b) { append(stream, new byte[] {(byte) b}, 0, 1); }

            @Override public void write(byte[] source, int offset, int length) { append(stream, source, offset, length); }
        };
    }

    void append(Stream stream, byte[] source, int offset, int length) {
        if (length == 0) return;
        lock.lock();
        try {
            if (ended) return;
            if (stream != begunStream) writeBegun();
            begunStream = stream;
            for (int from = offset; from < offset + length;) {
                int taken = Math.min(offset + length - from, PIECE_BYTES_MAX - begun.size());
                begun.write(source, from, taken);
                from += taken;
                if (begun.size() == PIECE_BYTES_MAX) writeBegun();
            }
            if (source[offset + length - 1] == '\n') {
                writeBegun();
            } else if (begun.size() > 0 && !awaited) {
                awaited = true;
                moments.schedule(this::momentOver, MOMENT_MILLIS, TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void momentOver() {
        lock.lock();
        try {
            awaited = false;
            writeBegun();
        } finally {
            lock.unlock();
        }
    }

    /** How many pieces there were. */
    long pieces() {
        lock.lock();
        try {
            return pieces;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there were more pieces than these, or all have come, or the time is over. @return whether more may come */
    boolean await(long seen, long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (pieces == seen && !ended && left > 0) left = grown.awaitNanos(left);
            return !ended || pieces != seen;
        } finally {
            lock.unlock();
        }
    }

    /** Says that all has come. */
    @Override public void close() {
        lock.lock();
        try {
            writeBegun();
            ended = true;
            closeFile();
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void writeBegun() {
        if (begun.size() == 0) return;
        write(begunStream, begun.toByteArray());
        begun.reset();
        grown.signalAll();
    }

    private void write(Stream stream, byte[] piece) {
        JsonObject line = new JsonObject();
        line.addProperty("n", ++pieces);
        line.addProperty("time", clock.millis());
        line.addProperty("stream", stream.name().toLowerCase(Locale.ROOT));
        CreationJson.text(piece).ifPresentOrElse(text -> line.addProperty("text", text),
                () -> line.addProperty("base64", Base64.getEncoder().encodeToString(piece)));
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (file == null || fileBytes + bytes.length > fileBytesMax) nextFile();
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) fileBytes += file.write(buffer);
        } catch (IOException _) {
            // A line that was cut off is ended with its file.
            closeFile();
        }
    }

    private void nextFile() throws IOException {
        closeFile();
        Files.deleteIfExists(folder.resolve(NAME.formatted(fileNumber + 1 - FILES_MAX)));
        file = FileChannel.open(folder.resolve(NAME.formatted(++fileNumber)),
                EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                PrivateFiles.mode("rw-------"));
        fileBytes = 0;
    }

    private void closeFile() {
        if (file == null) return;
        try {
            file.close();
        } catch (IOException _) {
            // What it had was written or is lost already.
        }
        file = null;
    }
}
