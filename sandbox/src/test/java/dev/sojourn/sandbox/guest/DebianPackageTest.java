package dev.sojourn.sandbox.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class DebianPackageTest {
    private static final byte[] KERNEL = "kernel".repeat(500).getBytes();

    @ParameterizedTest @ValueSource(strings = {"data.tar", "data.tar.gz", "data.tar.xz"})
    void wantedFilesComeOut(String member) throws IOException {
        Map<String, byte[]> files = DebianPackage.files(new ByteArrayInputStream(deb(member)), path ->
                path.startsWith("/boot/"));
        assertEquals(Set.of("/boot/vmlinuz-1"), files.keySet());
        assertArrayEquals(KERNEL, files.get("/boot/vmlinuz-1"));
    }

    @Test void unknownPackingIsRefused() throws IOException {
        byte[] deb = deb("data.tar.rar");
        assertThrows(IOException.class, () -> DebianPackage.files(new ByteArrayInputStream(deb), _ -> true));
    }

    @Test void otherFilesAreRefused() {
        assertThrows(IOException.class, () -> DebianPackage.files(new ByteArrayInputStream(new byte[5000]), _ -> true));
        assertThrows(IOException.class, () -> DebianPackage.files(new ByteArrayInputStream(new byte[0]), _ -> true));
    }

    @ParameterizedTest @ValueSource(strings = {"data.tar", "data.tar.gz", "data.tar.xz"})
    void damagedFilesAreRefusedOrRead(String member) throws IOException {
        byte[] good = deb(member);
        Random random = new Random(17);
        for (int i = 0; i < 1_500; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            for (int j = random.nextInt(4); j >= 0 && bad.length > 0; j--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                DebianPackage.files(new ByteArrayInputStream(bad), _ -> true);
            } catch (IOException _) {
                // Refused in good order.
            }
        }
    }

    private static byte[] deb(String member) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ArArchiveOutputStream archive = new ArArchiveOutputStream(bytes)) {
            add(archive, "debian-binary", "2.0\n".getBytes());
            add(archive, "control.tar", new byte[100]);
            add(archive, member, packed(member));
        }
        return bytes.toByteArray();
    }

    private static void add(ArArchiveOutputStream archive, String name, byte[] content) throws IOException {
        archive.putArchiveEntry(new ArArchiveEntry(name, content.length));
        archive.write(content);
        archive.closeArchiveEntry();
    }

    private static byte[] packed(String member) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        OutputStream packing = switch (member) {
            case "data.tar.gz" -> new java.util.zip.GZIPOutputStream(bytes);
            case "data.tar.xz" -> new XZOutputStream(bytes, new LZMA2Options(0));
            default -> bytes;
        };
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(packing)) {
            for (String name : new String[] {"./boot/vmlinuz-1", "./usr/share/doc/x"}) {
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setSize(KERNEL.length);
                tar.putArchiveEntry(entry);
                tar.write(KERNEL);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
