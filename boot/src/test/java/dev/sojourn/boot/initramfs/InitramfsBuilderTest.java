package dev.sojourn.boot.initramfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.boot.image.BadImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitramfsBuilderTest {
    @TempDir
    private Path host;

    @Test
    void everyKindIsWrittenWithItsMode() throws BadImage {
        Map<String, CpioReader.Entry> entries = CpioReader.read(new InitramfsBuilder()
                .file("/init", 0755, bytes("#!/bin/sh\n"))
                .directory("/dev", 0700)
                .characterDevice("/dev/console", 0600, 5, 1)
                .blockDevice("/dev/sda", 0660, 8, 300)
                .symbolicLink("/bin/sh", "busybox")
                .toBytes());
        assertEquals(List.of("bin", "bin/sh", "dev", "dev/console", "dev/sda", "init"), List.copyOf(entries.keySet()));
        assertEquals(0100755, entries.get("init").mode());
        assertEquals("#!/bin/sh\n", entries.get("init").text());
        assertEquals(040700, entries.get("dev").mode());
        assertEquals(020600, entries.get("dev/console").mode());
        assertEquals(5, entries.get("dev/console").major());
        assertEquals(1, entries.get("dev/console").minor());
        assertEquals(060660, entries.get("dev/sda").mode());
        assertEquals(300, entries.get("dev/sda").minor());
        assertEquals(0120777, entries.get("bin/sh").mode());
        assertEquals("busybox", entries.get("bin/sh").text());
        assertEquals(040755, entries.get("bin").mode());
    }

    @Test
    void archiveFillsWholeBlocks() throws BadImage {
        assertEquals(0, new InitramfsBuilder().file("a", 0644, bytes("x")).toBytes().length % 512);
    }

    @Test
    void orderOfAdditionDoesNotShow() throws BadImage {
        byte[] one = new InitramfsBuilder().file("a", 0644, bytes("1")).file("b/c", 0644, bytes("2")).toBytes();
        byte[] other = new InitramfsBuilder().file("b/c", 0644, bytes("2")).file("a", 0644, bytes("1")).toBytes();
        assertArrayEquals(one, other);
    }

    @Test
    void laterFileReplacesADirectoryWithAllBelow() throws BadImage {
        Map<String, CpioReader.Entry> entries = CpioReader.read(new InitramfsBuilder()
                .file("a/b/c", 0644, bytes("1"))
                .file("a-b", 0644, bytes("2"))
                .file("a", 0600, bytes("3"))
                .toBytes());
        assertEquals(List.of("a", "a-b"), List.copyOf(entries.keySet()));
    }

    @Test
    void fileBelowAFileMakesItADirectory() throws BadImage {
        Map<String, CpioReader.Entry> entries = CpioReader.read(
                new InitramfsBuilder().file("a", 0600, bytes("3")).file("a/b", 0644, bytes("1")).toBytes());
        assertEquals(040755, entries.get("a").mode());
        assertEquals("1", entries.get("a/b").text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"usr/bin", "/usr/bin", "../usr/bin", "./usr/../usr//bin/"})
    void pathThroughALinkLandsAtItsTarget(String target) throws BadImage {
        Map<String, CpioReader.Entry> entries = CpioReader.read(
                new InitramfsBuilder().symbolicLink("bin", target).file("bin/app", 0755, bytes("x")).toBytes());
        assertEquals(List.of("bin", "usr", "usr/bin", "usr/bin/app"), List.copyOf(entries.keySet()));
    }

    @Test
    void directoryOverALinkToADirectoryKeepsTheLink() throws BadImage {
        Map<String, CpioReader.Entry> entries = CpioReader.read(new InitramfsBuilder()
                .directory("usr/bin", 0755)
                .symbolicLink("bin", "usr/bin")
                .directory("bin", 0755)
                .toBytes());
        assertEquals(0120777, entries.get("bin").mode());
    }

    @Test
    void linkToItselfIsRefused() throws BadImage {
        InitramfsBuilder builder = new InitramfsBuilder().symbolicLink("a", "b").symbolicLink("b", "a");
        assertThrows(BadImage.class, () -> builder.file("a/x", 0644, bytes("")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "a\0b", "TRAILER!!!"})
    void namesThatLeadOutAreRefused(String name) {
        assertThrows(BadImage.class, () -> new InitramfsBuilder().file(name, 0644, bytes("")));
    }

    @Test
    void gzipHoldsTheSameArchive() throws BadImage, IOException {
        InitramfsBuilder builder = new InitramfsBuilder().file("a", 0644, bytes("hello"));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        builder.writeGzipTo(packed);
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
            assertArrayEquals(builder.toBytes(), unpacked.readAllBytes());
        }
    }

    @Test
    void directoryOfTheHostIsLaidOver() throws IOException, BadImage {
        Files.createDirectories(host.resolve("etc/empty"));
        Files.writeString(host.resolve("etc/motd"), "new");
        Files.setPosixFilePermissions(host.resolve("etc/motd"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.createSymbolicLink(host.resolve("etc/out"), Path.of("../up"));
        Files.createSymbolicLink(host.resolve("abs"), host.resolve("etc"));
        Files.createLink(host.resolve("motd2"), host.resolve("etc/motd"));
        Map<String, CpioReader.Entry> entries = CpioReader.read(new InitramfsBuilder()
                .file("etc/motd", 0644, bytes("old"))
                .file("etc/hosts", 0644, bytes("kept"))
                .overlay(host)
                .toBytes());
        assertEquals(List.of("abs", "etc", "etc/empty", "etc/hosts", "etc/motd", "etc/out", "motd2"),
                List.copyOf(entries.keySet()));
        assertEquals(0100751, entries.get("etc/motd").mode());
        assertEquals("", entries.get("etc/motd").text());
        assertEquals("new", entries.get("motd2").text());
        assertEquals(2, entries.get("motd2").links());
        assertEquals(entries.get("etc/motd").inode(), entries.get("motd2").inode());
        assertEquals("../up", entries.get("etc/out").text());
        assertEquals(host.resolve("etc").toString(), entries.get("abs").text());
        assertEquals("kept", entries.get("etc/hosts").text());
        assertEquals(0, entries.get("etc/motd").uid());
    }

    @Test
    void timesOfTheHostDoNotShow() throws IOException, BadImage {
        Files.writeString(host.resolve("a"), "x");
        byte[] before = new InitramfsBuilder().overlay(host).toBytes();
        Files.setLastModifiedTime(host.resolve("a"), FileTime.fromMillis(1));
        assertArrayEquals(before, new InitramfsBuilder().overlay(host).toBytes());
    }

    @Test
    void fileThatGrewIsRefused() throws IOException, BadImage {
        Files.writeString(host.resolve("a"), "x");
        InitramfsBuilder builder = new InitramfsBuilder().overlay(host);
        Files.writeString(host.resolve("a"), "xy");
        assertTrue(assertThrows(BadImage.class, builder::toBytes).getMessage().contains("changed"));
    }

    @Test
    void fileThatWentAwayIsRefused() throws IOException, BadImage {
        Files.writeString(host.resolve("a"), "x");
        InitramfsBuilder builder = new InitramfsBuilder().overlay(host);
        Files.delete(host.resolve("a"));
        assertTrue(assertThrows(BadImage.class, builder::toBytes).getMessage().contains("not there"));
    }

    @Test
    void missingOverlayIsRefused() {
        BadImage e = assertThrows(BadImage.class, () -> new InitramfsBuilder().overlay(host.resolve("none")));
        assertTrue(e.getMessage().endsWith("it is not there; check the name."), e.getMessage());
    }

    @Test
    void fileWithoutPermissionIsNamedInASentence() {
        BadImage e = DirectoryOverlay.unreadable(Path.of("/root/x"), new AccessDeniedException("/root/x"));
        assertEquals("The file '/root/x' cannot be read: permission is denied; change its permissions or leave it out.",
                e.getMessage());
    }

    @Test
    void archiveOverItsBoundIsRefused() throws BadImage {
        InitramfsBuilder builder = new InitramfsBuilder(1 << 20).file("a", 0644, new byte[1 << 20]);
        assertThrows(BadImage.class, builder::toBytes);
    }

    private static byte[] bytes(String text) { return text.getBytes(StandardCharsets.UTF_8); }
}
