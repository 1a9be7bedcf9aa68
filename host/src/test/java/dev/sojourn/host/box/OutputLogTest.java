package dev.sojourn.host.box;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sojourn.host.box.OutputLog.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OutputLogTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(5), ZoneOffset.UTC);

    private final ScheduledExecutorService moments = Executors.newSingleThreadScheduledExecutor();
    @TempDir private Path folder;

    @AfterEach void end() { moments.shutdownNow(); }

    @Test void bytesOfALineAreOnePiece() throws Exception {
        ScheduledThreadPoolExecutor never = new ScheduledThreadPoolExecutor(1) {
            @Override public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) { return null; }
        };
        OutputLog log = new OutputLog(folder, CLOCK, never, OutputLog.FILE_BYTES_MAX);
        for (char c : "byte by byte\n".toCharArray()) log.append(Stream.OUTPUT, new byte[] {(byte) c}, 0, 1);
        assertEquals(List.of("{\"n\":1,\"time\":5,\"stream\":\"output\",\"text\":\"byte by byte\\n\"}"), lines());
        never.shutdownNow();
    }

    @Test void whatNeverEndsItsLineIsWrittenAMomentLater() throws Exception {
        OutputLog log = log(folder, OutputLog.FILE_BYTES_MAX);
        log.append(Stream.OUTPUT, new byte[] {'$'}, 0, 1);
        try (OutputReader reader = new OutputReader(folder, log)) {
            assertEquals("$", text(reader.await(30_000).line().orElseThrow()));
        }
    }

    @Test void pieceIsALineOfJson() throws Exception {
        OutputLog log = log(folder, OutputLog.FILE_BYTES_MAX);
        append(log, "a\nä\0\n");
        assertEquals(List.of("{\"n\":1,\"time\":5,\"stream\":\"output\",\"text\":\"a\\nä\\u0000\\n\"}"), lines());
        log.append(Stream.ERROR, new byte[] {9, -1, '\n', 9}, 1, 2);
        assertEquals("{\"n\":2,\"time\":5,\"stream\":\"error\",\"base64\":\"/wo=\"}", lines().get(1));
    }

    @Test void onlyTheUserCanReadIt() throws Exception {
        append(log(folder, OutputLog.FILE_BYTES_MAX), "secret\n");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("output-000001.ndjson"))));
    }

    @Test void oldestFilesGoAndNumbersTell() throws Exception {
        OutputLog log = log(folder, 200);
        for (int i = 0; i < 100; i++) append(log, "line " + i + '\n');
        List<String> lines = lines();
        assertTrue(lines.size() < 20 && lines.size() > 5, lines::toString);
        assertTrue(lines.getLast().contains("\"n\":100,"), lines::toString);
        try (java.util.stream.Stream<Path> files = Files.list(folder)) {
            assertEquals(OutputLog.FILES_MAX, files.count());
        }
    }

    @Test void readerGoesOnWhereFilesChange() throws Exception {
        OutputLog log = log(folder, 200);
        StringBuilder read = new StringBuilder();
        try (LogCursor cursor = new LogCursor(folder)) {
            for (int i = 0; i < 50; i++) {
                append(log, i + ";" + '\n');
                for (Optional<String> line = cursor.next(); line.isPresent(); line = cursor.next()) read.append(text(line.get()));
            }
        }
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 50; i++) all.append(i).append(";\n");
        assertEquals(all.toString(), read.toString());
    }

    @Test void lineThatWasCutOffIsLeftOut() throws Exception {
        append(log(folder, OutputLog.FILE_BYTES_MAX), "whole\n");
        Files.writeString(folder.resolve("output-000001.ndjson"), "{\"n\":2,", StandardOpenOption.APPEND);
        assertEquals(1, lines().size());
    }

    @Test void bytesArriveAsTheyWereWritten() throws Exception {
        Random random = new Random(3);
        OutputLog log = log(folder, OutputLog.FILE_BYTES_MAX);
        byte[] all = new byte[200_000];
        random.nextBytes(all);
        for (int at = 0; at < all.length;) {
            int length = Math.min(all.length - at, random.nextInt(30_000));
            log.append(Stream.OUTPUT, all, at, length);
            at += length;
        }
        log.close();
        java.io.ByteArrayOutputStream read = new java.io.ByteArrayOutputStream();
        for (String line : lines()) read.writeBytes(text(line).getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(java.util.Arrays.equals(all, read.toByteArray()));
    }

    @Test void tailIsTheLastPieces() throws Exception {
        OutputLog log = log(folder, OutputLog.FILE_BYTES_MAX);
        for (int i = 0; i < 10; i++) append(log, "" + i + '\n');
        log.close();
        try (OutputReader reader = new OutputReader(folder, log)) {
            reader.skipToTail(2);
            assertEquals("8\n", text(reader.next().orElseThrow()));
            assertEquals("9\n", text(reader.next().orElseThrow()));
            assertEquals(OutputReader.Pause.END, reader.await(10_000).pause());
        }
    }

    @Test void whoWaitsHearsOfMoreAndOfTheEnd() throws Exception {
        OutputLog log = log(folder, OutputLog.FILE_BYTES_MAX);
        Thread writer = Thread.ofPlatform().start(() -> {
            append(log, "late\n");
            log.close();
        });
        try (OutputReader reader = new OutputReader(folder, log)) {
            assertEquals("late\n", text(reader.await(30_000).line().orElseThrow()));
            assertFalse(reader.await(30_000).line().isPresent());
        }
        writer.join();
    }

    @Test void fullDiskCostsOutputOnly() throws Exception {
        Path gone = folder.resolve("gone");
        OutputLog log = log(gone, OutputLog.FILE_BYTES_MAX);
        append(log, "lost\n");
        Files.createDirectory(gone);
        append(log, "kept\n");
        try (LogCursor cursor = new LogCursor(gone)) {
            assertTrue(cursor.next().orElseThrow().startsWith("{\"n\":2,"));
        }
    }

    @Test void whatIsNoLogIsReadWithoutHarm() throws Exception {
        Random random = new Random(1);
        for (int i = 1; i < 20; i++) {
            byte[] bytes = new byte[random.nextInt(400_000)];
            random.nextBytes(bytes);
            Files.write(folder.resolve("output-%06d.ndjson".formatted(i)), bytes);
        }
        Files.writeString(folder.resolve("output-x.ndjson"), "x");
        assertTrue(lines().size() > 100);
    }

    private OutputLog log(Path folder, int fileBytesMax) { return new OutputLog(folder, CLOCK, moments, fileBytesMax); }

    private static void append(OutputLog log, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        log.append(Stream.OUTPUT, bytes, 0, bytes.length);
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        try (LogCursor cursor = new LogCursor(folder)) {
            for (Optional<String> line = cursor.next(); line.isPresent(); line = cursor.next()) lines.add(line.get());
        }
        return lines;
    }

    /** Bytes as Latin-1 where they are no UTF-8. */
    private static String text(String line) {
        JsonObject json = JsonParser.parseString(line).getAsJsonObject();
        return json.has("text") ? new String(json.get("text").getAsString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                : new String(Base64.getDecoder().decode(json.get("base64").getAsString()), StandardCharsets.ISO_8859_1);
    }
}
