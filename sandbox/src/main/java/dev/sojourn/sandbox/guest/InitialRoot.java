package dev.sojourn.sandbox.guest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A file tree in memory that becomes an uncompressed "newc" cpio archive.
 *
 * <p>Later entries replace earlier ones of the same path; something that is no directory replaces a whole directory.
 */
final class InitialRoot {
    static final int CHARACTER_DEVICE = 0020000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int SYMBOLIC_LINK = 0120000;

    /** The archive is one array. */
    private static final long BYTES_MAX = 1L << 30;

    private record Node(int mode, int user, int group, int major, int minor, byte[] content) {
        boolean isDirectory() { return (mode & 0170000) == DIRECTORY; }
    }

    private final TreeMap<String, Node> nodes = new TreeMap<>();

    void directory(String path, int permissions) { put(path, new Node(DIRECTORY | permissions, 0, 0, 0, 0, new byte[0])); }

    void file(String path, int permissions, byte[] content) {
        put(path, new Node(REGULAR | permissions, 0, 0, 0, 0, content));
    }

    void link(String path, String target) {
        put(path, new Node(SYMBOLIC_LINK | 0777, 0, 0, 0, 0, target.getBytes(StandardCharsets.UTF_8)));
    }

    void device(String path, int mode, int major, int minor) { put(path, new Node(mode, 0, 0, major, minor, new byte[0])); }

    /** Takes a path and all below it away. */
    void remove(String path) {
        nodes.remove(path);
        nodes.subMap(path + "/", path + "0").clear();
    }

    /** Lays a directory of the host over this tree; every file belongs to root. */
    void layDirectory(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) walk.skip(1)::iterator) {
                String path = directory.relativize(file).toString();
                if (Files.isSymbolicLink(file)) {
                    link(path, Files.readSymbolicLink(file).toString());
                } else if (Files.isDirectory(file)) {
                    directory(path, permissions(file));
                } else if (Files.isRegularFile(file)) {
                    file(path, permissions(file), Files.readAllBytes(file));
                }
            }
        }
    }

    /** Lays a tar file, plain or compressed by gzip or xz, over this tree. */
    void layTar(Path tar) throws IOException {
        try (InputStream plain = decompressed(tar); TarArchiveInputStream archive = new TarArchiveInputStream(plain, "UTF-8")) {
            long left = BYTES_MAX;
            for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                left -= entry.getSize();
                if (left < 0) throw new IOException("it holds more than 1 GiB");
                layEntry(archive, entry);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("it is not a tar file", e);
        }
    }

    byte[] toArchive() {
        Cpio cpio = new Cpio();
        nodes.forEach((path, node) -> cpio.entry(path, node.mode, node.user, node.group, node.major, node.minor, node.content));
        return cpio.end();
    }

    private void layEntry(InputStream archive, TarArchiveEntry entry) throws IOException {
        String path = clean(entry.getName());
        if (path.isEmpty()) return;
        int permissions = entry.getMode() & 07777;
        int user = (int) entry.getLongUserId();
        int group = (int) entry.getLongGroupId();
        if (entry.isDirectory()) {
            put(path, new Node(DIRECTORY | permissions, user, group, 0, 0, new byte[0]));
        } else if (entry.isSymbolicLink()) {
            put(path, new Node(SYMBOLIC_LINK | 0777, user, group, 0, 0, entry.getLinkName().getBytes(StandardCharsets.UTF_8)));
        } else if (entry.isLink()) {
            Node original = nodes.get(clean(entry.getLinkName()));
            if (original == null) throw new IOException("its hard link " + path + " leads nowhere");
            put(path, original);
        } else if (entry.isFile()) {
            put(path, new Node(REGULAR | permissions, user, group, 0, 0, archive.readAllBytes()));
        }
    }

    /** Adds an entry, with the directories above it where they are missing. */
    private void put(String path, Node node) {
        int slash = path.lastIndexOf('/');
        if (slash > 0) {
            String above = path.substring(0, slash);
            Node parent = nodes.get(above);
            if (parent == null || !parent.isDirectory() && (parent.mode & 0170000) != SYMBOLIC_LINK) directory(above, 0755);
        }
        if (!node.isDirectory()) remove(path);
        nodes.put(path, node);
    }

    private static String clean(String name) throws IOException {
        StringBuilder path = new StringBuilder();
        for (String part : name.split("/")) {
            if (part.isEmpty() || part.equals(".")) continue;
            if (part.equals("..")) throw new IOException("its entry " + name + " leads out of it");
            path.append(path.isEmpty() ? "" : "/").append(part);
        }
        return path.toString();
    }

    private static int permissions(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }

    private static InputStream decompressed(Path tar) throws IOException {
        BufferedInputStream stream = new BufferedInputStream(Files.newInputStream(tar));
        try {
            stream.mark(8);
            byte[] magic = stream.readNBytes(6);
            stream.reset();
            if (GzipCompressorInputStream.matches(magic, magic.length)) return new GzipCompressorInputStream(stream, true);
            if (XZCompressorInputStream.matches(magic, magic.length)) return new XZCompressorInputStream(stream, true);
            return stream;
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    /**
     * The "newc" format: a header of the magic "070701" and 13 numbers of 8 hexadecimal digits, the name with a zero byte,
     * padding to 4 bytes, the content, padding to 4 bytes; ended by an entry named TRAILER!!!.
     */
    private static final class Cpio {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 22);
        private int inode = 1;

        void entry(String path, int mode, int user, int group, int major, int minor, byte[] content) {
            byte[] name = path.getBytes(StandardCharsets.UTF_8);
            String header = String.format("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", inode++, mode, user,
                    group, 1, 0, content.length, 0, 0, major, minor, name.length + 1, 0);
            bytes.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(name);
            bytes.write(0);
            pad();
            bytes.writeBytes(content);
            pad();
        }

        byte[] end() {
            entry("TRAILER!!!", 0, 0, 0, 0, 0, new byte[0]);
            return bytes.toByteArray();
        }

        private void pad() {
            while (bytes.size() % 4 != 0) bytes.write(0);
        }
    }

    /** What is in the tree, for those who look. */
    Map<String, Integer> modes() {
        Map<String, Integer> modes = new TreeMap<>();
        nodes.forEach((path, node) -> modes.put(path, node.mode));
        return modes;
    }
}
