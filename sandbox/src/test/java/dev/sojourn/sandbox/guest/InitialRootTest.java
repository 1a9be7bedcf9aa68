package dev.sojourn.sandbox.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitialRootTest {
    @TempDir private Path folder;
    private final InitialRoot root = new InitialRoot();

    @Test void archiveHoldsEveryKindOfEntry() throws IOException {
        root.directory("bin", 0755);
        root.file("bin/tool", 0755, "content".getBytes());
        root.link("bin/sh", "tool");
        root.device("dev/console", InitialRoot.CHARACTER_DEVICE | 0600, 5, 1);
        Map<String, String> entries = entries();
        assertEquals("40755 ", entries.get("bin"));
        assertEquals("100755 content", entries.get("bin/tool"));
        assertEquals("120777 tool", entries.get("bin/sh"));
        assertEquals("20600 5:1", entries.get("dev/console"));
        assertEquals("40755 ", entries.get("dev"));
    }

    @Test void linkReplacesDirectoryWithAllBelowIt() throws IOException {
        root.file("bin/tool", 0755, new byte[1]);
        root.link("bin", "usr/bin");
        assertFalse(entries().containsKey("bin/tool"));
        assertTrue(entries().containsKey("bin"));
    }

    @Test void directoryOfTheHostIsLaidOver() throws IOException {
        root.file("etc/name", 0644, "old".getBytes());
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(folder.resolve("etc/name"), "new");
        Files.setPosixFilePermissions(folder.resolve("etc/name"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.createSymbolicLink(folder.resolve("broken"), Path.of("no/where"));
        root.layDirectory(folder);
        assertEquals("100751 new", entries().get("etc/name"));
        assertEquals("120777 no/where", entries().get("broken"));
    }

    @Test void tarIsLaidOverPlainOrPacked() throws IOException {
        root.layTar(tar("plain.tar", false, "./a/b"));
        root.layTar(tar("packed.tgz", true, "/c"));
        assertEquals("100640 text", entries().get("a/b"));
        assertEquals("100640 text", entries().get("c"));
    }

    @Test void tarThatLeadsOutIsRefused() throws IOException {
        Path tar = tar("bad.tar", false, "a/../../b");
        assertThrows(IOException.class, () -> root.layTar(tar));
    }

    @Test void fileThatIsNoTarIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "this is no archive ".repeat(100));
        assertThrows(IOException.class, () -> root.layTar(file));
    }

    private Path tar(String name, boolean packed, String entryName) throws IOException {
        Path file = folder.resolve(name);
        OutputStream stream = Files.newOutputStream(file);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(packed ? new GZIPOutputStream(stream) : stream)) {
            TarArchiveEntry entry = new TarArchiveEntry(entryName, true);
            entry.setMode(0640);
            entry.setSize(4);
            tar.putArchiveEntry(entry);
            tar.write("text".getBytes());
            tar.closeArchiveEntry();
        }
        return file;
    }

    /** What another reader of the format finds: mode and content of each path. */
    private Map<String, String> entries() throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (CpioArchiveInputStream archive = new CpioArchiveInputStream(new ByteArrayInputStream(root.toArchive()))) {
            for (CpioArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                String content = entry.isCharacterDevice() ? entry.getRemoteDeviceMaj() + ":" + entry.getRemoteDeviceMin()
                        : new String(archive.readAllBytes());
                entries.put(entry.getName(), Long.toOctalString(entry.getMode()) + " " + content);
            }
        }
        return entries;
    }
}
