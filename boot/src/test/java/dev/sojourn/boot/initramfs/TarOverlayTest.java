package dev.sojourn.boot.initramfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.boot.Fuzz;
import dev.sojourn.boot.image.BadImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class TarOverlayTest {
    private static final int ROUNDS = Integer.getInteger("sojourn.fuzz.rounds", 300);

    private enum Packing { NONE, GZIP, BZIP2, XZ }

    private interface Members {
        void writeTo(TarArchiveOutputStream tar) throws IOException;
    }

    @TempDir
    private Path host;

    @ParameterizedTest
    @EnumSource
    void archiveIsLaidOverWhatIsThere(Packing packing) throws IOException, BadImage {
        Path archive = host.resolve("root.tar");
        Files.write(archive, packed(packing, sample()));
        Map<String, CpioReader.Entry> entries = CpioReader.read(new InitramfsBuilder()
                .file("etc/motd", 0600, bytes("old"))
                .file("etc/kept", 0644, bytes("kept"))
                .overlay(archive)
                .toBytes());
        assertEquals(List.of("bin", "dev", "dev/null", "etc", "etc/kept", "etc/motd", "etc/motd2", "usr", "usr/bin",
                "usr/bin/é", "x".repeat(150)), List.copyOf(entries.keySet()));
        assertEquals(0104755, entries.get("etc/motd").mode());
        assertEquals(1000, entries.get("etc/motd").uid());
        assertEquals(100, entries.get("etc/motd").gid());
        assertEquals(0, entries.get("etc/motd").time());
        assertEquals("hello", entries.get("etc/motd2").text());
        assertEquals(2, entries.get("etc/motd2").links());
        assertEquals(020644, entries.get("dev/null").mode());
        assertEquals(3, entries.get("dev/null").minor());
        assertEquals("usr/bin", entries.get("bin").text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/../x"})
    void nameThatLeadsOutIsRefused(String name) throws IOException {
        byte[] tar = tar(out -> file(out, name, 0644, "x"));
        assertTrue(refusal(tar, 1 << 20).getMessage().contains("could leave its root"));
    }

    @Test
    void absoluteNameCountsFromTheGuestsRoot() throws IOException, BadImage {
        FileTree tree = new FileTree();
        lay(tar(out -> file(out, "/etc/x", 0644, "x")), tree, 1 << 20);
        assertEquals(List.of("etc", "etc/x"), List.copyOf(tree.nodes().keySet()));
    }

    @ParameterizedTest
    @CsvSource({"missing", "/etc/passwd", "dir"})
    void hardLinkToNoFileIsRefused(String target) throws IOException {
        byte[] tar = tar(out -> {
            directory(out, "dir/");
            link(out, "a", target, TarConstants.LF_LINK);
        });
        assertTrue(refusal(tar, 1 << 20).getMessage().contains("hard link"));
    }

    @Test
    void hardLinkToASymbolicLinkIsAnotherSymbolicLink() throws IOException, BadImage {
        FileTree tree = new FileTree();
        lay(tar(out -> {
            link(out, "a", "target", TarConstants.LF_SYMLINK);
            link(out, "b", "a", TarConstants.LF_LINK);
        }), tree, 1 << 20);
        assertEquals(new Node.SymbolicLink("target", 0, 0), tree.nodes().get("b"));
    }

    @Test
    void hardLinkOutOfTheRootIsRefused() throws IOException {
        byte[] tar = tar(out -> link(out, "a", "../../etc/passwd", TarConstants.LF_LINK));
        refusal(tar, 1 << 20);
    }

    @Test
    void archiveThatUnpacksTooFarIsRefused() throws IOException {
        byte[] tar = packed(Packing.GZIP, tar(out -> file(out, "a", 0644, "x".repeat(3 << 20))));
        assertTrue(refusal(tar, 1 << 20).getMessage().contains("unpacks to more than 1 MiB"));
    }

    @ParameterizedTest
    @EnumSource
    void cutOffArchiveIsRefused(Packing packing) throws IOException {
        byte[] tar = packed(packing, sample());
        refusal(Arrays.copyOf(tar, packing == Packing.NONE ? 2048 + 512 + 3 : tar.length / 2), 1 << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "#!/bin/sh\necho this is a script and not an archive at all\n"})
    void otherFilesAreRefused(String content) {
        refusal(bytes(content), 1 << 20);
    }

    @ParameterizedTest
    @EnumSource
    void damagedArchiveIsLaidOrRefused(Packing packing) throws IOException {
        byte[] tar = packed(packing, sample());
        for (int seed = 0; seed < ROUNDS; seed++) {
            try {
                lay(Fuzz.damaged(tar, new Random(seed)), new FileTree(), 1 << 20);
            } catch (BadImage e) {
                assertTrue(e.getMessage().matches("The .*[.]"), e.getMessage());
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static byte[] sample() throws IOException {
        return tar(out -> {
            directory(out, "./");
            directory(out, "./etc/");
            file(out, "./etc/motd", 04755, "hello");
            link(out, "./etc/motd2", "./etc/motd", TarConstants.LF_LINK);
            link(out, "./bin", "usr/bin", TarConstants.LF_SYMLINK);
            file(out, "./bin/é", 0755, "in a directory that comes only now");
            file(out, "x".repeat(150), 0644, "long name");
            TarArchiveEntry device = new TarArchiveEntry("dev/null", TarConstants.LF_CHR);
            device.setMode(0644);
            device.setDevMajor(1);
            device.setDevMinor(3);
            out.putArchiveEntry(device);
            out.closeArchiveEntry();
        });
    }

    private static byte[] tar(Members members) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            members.writeTo(tar);
        }
        return bytes.toByteArray();
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, String content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setMode(mode);
        entry.setIds(1000, 100);
        entry.setModTime(12_345_678L);
        entry.setSize(bytes(content).length);
        tar.putArchiveEntry(entry);
        tar.write(bytes(content));
        tar.closeArchiveEntry();
    }

    private static void directory(TarArchiveOutputStream tar, String name) throws IOException {
        tar.putArchiveEntry(new TarArchiveEntry(name));
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String target, byte kind) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static byte[] packed(Packing packing, byte[] tar) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = switch (packing) {
            case NONE -> bytes;
            case GZIP -> new GZIPOutputStream(bytes);
            case BZIP2 -> new BZip2CompressorOutputStream(bytes);
            case XZ -> new XZOutputStream(bytes, new LZMA2Options());
        }) {
            out.write(tar);
        }
        return bytes.toByteArray();
    }

    private static void lay(byte[] tar, FileTree tree, long bytesMax) throws BadImage {
        TarOverlay.lay(new ByteArrayInputStream(tar), "'root.tar'", tree, bytesMax);
    }

    private static BadImage refusal(byte[] tar, long bytesMax) {
        return assertThrows(BadImage.class, () -> lay(tar, new FileTree(), bytesMax));
    }

    private static byte[] bytes(String text) { return text.getBytes(StandardCharsets.UTF_8); }
}
