package dev.sojourn.sandbox.guest;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A Debian package file: an "ar" archive whose member {@code data.tar}, plain or compressed, holds the files.
 *
 * <p>It may come damaged or hostile: whatever is wrong is an {@link IOException}, and no more than
 * {@link #WANTED_BYTES_MAX} is held in memory.
 */
final class DebianPackage {
    /** A kernel with a handful of modules is a tenth of this. */
    static final long WANTED_BYTES_MAX = 256L << 20;

    /** More than this a package's decompressor does not need. */
    private static final int XZ_MEMORY_KIBIBYTES_MAX = 256 << 10;

    private DebianPackage() {}

    /** The regular files whose path, such as {@code /boot/vmlinuz}, is wanted. */
    static Map<String, byte[]> files(Path file, Predicate<String> wanted) throws IOException {
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return files(stream, wanted);
        }
    }

    static Map<String, byte[]> files(InputStream stream, Predicate<String> wanted) throws IOException {
        try (ArArchiveInputStream archive = new ArArchiveInputStream(stream)) {
            for (ArArchiveEntry member = archive.getNextEntry(); member != null; member = archive.getNextEntry()) {
                if (member.getName().startsWith("data.tar")) return unpack(decompressed(archive, member.getName()),
                        wanted);
            }
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw new IOException("damaged package", e);
        }
        throw new IOException("a package without data");
    }

    private static InputStream decompressed(InputStream member, String name) throws IOException {
        return switch (name.substring("data.tar".length())) {
            case "" -> member;
            case ".gz" -> new GzipCompressorInputStream(member);
            case ".xz" -> new XZInputStream(member, XZ_MEMORY_KIBIBYTES_MAX);
            default -> throw new IOException("packed in an unknown way (" + name + ")");
        };
    }

    private static Map<String, byte[]> unpack(InputStream tar, Predicate<String> wanted) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        TarArchiveInputStream archive = new TarArchiveInputStream(tar);
        long left = WANTED_BYTES_MAX;
        for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
            String path = "/" + entry.getName().replaceFirst("^\\./", "").replaceFirst("^/+", "");
            if (!entry.isFile() || entry.isLink() || !wanted.test(path)) continue;
            left -= entry.getSize();
            if (left < 0) throw new IOException("larger than a package of this kind can be");
            files.put(path, unpackModule(path, archive.readNBytes((int) entry.getSize())));
        }
        return files;
    }

    /** Some distributions ship each module compressed once more; it is stored plain, under the same name. */
    private static byte[] unpackModule(String path, byte[] content) throws IOException {
        if (!path.endsWith(".ko.xz")) return content;
        try (XZInputStream plain = new XZInputStream(new ByteArrayInputStream(content), XZ_MEMORY_KIBIBYTES_MAX)) {
            byte[] bytes = plain.readNBytes((int) (WANTED_BYTES_MAX >> 4));
            if (plain.read() >= 0) throw new IOException("a module larger than any can be");
            return bytes;
        }
    }
}
