package dev.sojourn.boot.initramfs;

import dev.sojourn.boot.image.BadImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Collects the files of a guest's first root file system and writes them as an initramfs.
 *
 * <p>What is added later replaces what is there by the same name: a directory over a directory merges, anything else
 * replaces it with all below. Missing directories on the way are made, owned by root with mode 0755. All files belong
 * to root unless a tar archive says otherwise, and all times are zero.
 *
 * <p>Uncompressed output is the better choice: a guest unpacks far slower than it copies.
 */
public final class InitramfsBuilder {
    /** The default for {@link #InitramfsBuilder(long)}: what a machine of common size could hold anyway. */
    public static final long CONTENT_BYTES_MAX = 1L << 30;

    private static final int COPY_BYTES = 1 << 16;

    private final FileTree tree = new FileTree();
    private final long contentBytesMax;

    public InitramfsBuilder() { this(CONTENT_BYTES_MAX); }

    /** @param contentBytesMax what an overlay may unpack to, and the archive may have */
    public InitramfsBuilder(long contentBytesMax) { this.contentBytesMax = contentBytesMax; }

    public InitramfsBuilder directory(String path, int permissions) throws BadImage {
        return put(path, new Node.Directory(Node.DIRECTORY | permissions & Node.PERMISSION_MASK, 0, 0));
    }

    /** Adds a file with a content that must not change until the archive is written. */
    public InitramfsBuilder file(String path, int permissions, byte[] content) throws BadImage {
        return put(path, new Node.RegularFile(permissions, 0, 0, new Node.InMemory(content)));
    }

    /** Adds a file with the content of a host file, which is read when the archive is written. */
    public InitramfsBuilder file(String path, int permissions, Path host) throws BadImage {
        try {
            return put(path, new Node.RegularFile(permissions, 0, 0, new Node.OnHost(host, Files.size(host))));
        } catch (IOException e) {
            throw DirectoryOverlay.unreadable(host, e);
        }
    }

    public InitramfsBuilder symbolicLink(String path, String target) throws BadImage {
        return put(path, new Node.SymbolicLink(byteString(target), 0, 0));
    }

    public InitramfsBuilder characterDevice(String path, int permissions, int major, int minor) throws BadImage {
        return device(Node.CHARACTER_DEVICE, path, permissions, major, minor);
    }

    public InitramfsBuilder blockDevice(String path, int permissions, int major, int minor) throws BadImage {
        return device(Node.BLOCK_DEVICE, path, permissions, major, minor);
    }

    /** Lays a directory of the host, or a tar archive, over what is there. */
    public InitramfsBuilder overlay(Path source) throws BadImage {
        if (Files.isDirectory(source)) {
            DirectoryOverlay.lay(source, tree);
        } else {
            TarOverlay.lay(source, tree, contentBytesMax);
        }
        return this;
    }

    /** Writes the archive. @throws BadImage if a file of the host can no longer be read, or all is too large */
    public void writeTo(OutputStream out) throws IOException, BadImage {
        archiveBytes();
        new Archive(new CpioWriter(out)).write(tree.nodes());
    }

    /** Writes the archive, compressed by gzip. */
    public void writeGzipTo(OutputStream out) throws IOException, BadImage {
        GZIPOutputStream gzip = new GZIPOutputStream(out, COPY_BYTES);
        writeTo(gzip);
        gzip.finish();
    }

    public byte[] toBytes() throws BadImage {
        Array out = new Array(new byte[archiveBytes()]);
        try {
            writeTo(out);
        } catch (IOException e) {
            throw new AssertionError("An array cannot fail.", e);
        }
        assert out.count == out.bytes.length : out.count + " of " + out.bytes.length;
        return out.bytes;
    }

    /** A string of bytes, in which each character is one byte of the UTF-8 form. */
    static String byteString(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private InitramfsBuilder device(int kind, String path, int permissions, int major, int minor) throws BadImage {
        return put(path, new Node.Special(kind | permissions & Node.PERMISSION_MASK, 0, 0, major, minor));
    }

    private InitramfsBuilder put(String path, Node node) throws BadImage {
        tree.put(byteString(path), node);
        return this;
    }

    /** The archive's size to the byte. */
    private int archiveBytes() throws BadImage {
        long bytes = CpioWriter.headerBytes(CpioWriter.TRAILER);
        Map<Node, Boolean> seen = new IdentityHashMap<>();
        for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
            bytes += CpioWriter.headerBytes(entry.getKey());
            if (seen.put(entry.getValue(), true) == null) {
                bytes += CpioWriter.aligned(contentBytes(entry.getValue()), CpioWriter.ALIGNMENT);
            }
        }
        bytes = CpioWriter.aligned(bytes, CpioWriter.BLOCK_BYTES);
        if (bytes > Math.min(contentBytesMax, Integer.MAX_VALUE - COPY_BYTES)) {
            throw new BadImage("The root file system has " + (bytes >> 20) + " MiB, more than the "
                    + (contentBytesMax >> 20) + " MiB allowed; leave something out, or put it on a disk.");
        }
        return (int) bytes;
    }

    private static long contentBytes(Node node) {
        return switch (node) {
            case Node.RegularFile file -> file.content().bytes();
            case Node.SymbolicLink link -> link.target().length();
            case Node.Directory _, Node.Special _ -> 0;
        };
    }

    /** An array of the right size, to be written to. */
    private static final class Array extends OutputStream {
        private final byte[] bytes;
        private int count;

        Array(byte[] bytes) { this.bytes = bytes; }

        @Override
        public void write(int value) { bytes[count++] = (byte) value; }

        @Override
        public void write(byte[] source, int offset, int length) {
            System.arraycopy(source, offset, bytes, count, length);
            count += length;
        }
    }

    /** One pass over the tree; inode numbers count files in the order of their first names. */
    private static final class Archive {
        private final CpioWriter cpio;
        private final Map<Node, Integer> inodes = new IdentityHashMap<>();
        private final Map<Node, Integer> links = new IdentityHashMap<>();
        private final Map<Node, Integer> linksWritten = new IdentityHashMap<>();
        private int inodeLast;

        Archive(CpioWriter cpio) { this.cpio = cpio; }

        void write(Map<String, Node> nodes) throws IOException, BadImage {
            for (Node node : nodes.values()) {
                if (node instanceof Node.RegularFile) {
                    links.merge(node, 1, Integer::sum);
                }
            }
            for (Map.Entry<String, Node> entry : nodes.entrySet()) {
                entry(entry.getKey(), entry.getValue());
            }
            cpio.end();
        }

        private void entry(String name, Node node) throws IOException, BadImage {
            switch (node) {
                case Node.Directory _ -> header(name, node, ++inodeLast, 2, 0, 0, 0);
                case Node.Special special ->
                    header(name, node, ++inodeLast, 1, 0, special.major(), special.minor());
                case Node.SymbolicLink link -> {
                    byte[] target = link.target().getBytes(StandardCharsets.ISO_8859_1);
                    header(name, node, ++inodeLast, 1, target.length, 0, 0);
                    cpio.content(target, target.length);
                    cpio.endContent();
                }
                case Node.RegularFile file -> file(name, file);
            }
        }

        /** Of a file with several names, the last carries the content: so cpio has always written it. */
        private void file(String name, Node.RegularFile file) throws IOException, BadImage {
            int count = links.get(file);
            boolean isLast = linksWritten.merge(file, 1, Integer::sum) == count;
            Integer known = inodes.putIfAbsent(file, inodeLast + 1);
            int inode = known == null ? ++inodeLast : known;
            header(name, file, inode, count, isLast ? file.content().bytes() : 0, 0, 0);
            if (isLast) {
                content(file.content());
                cpio.endContent();
            }
        }

        private void header(String name, Node node, int inode, int count, long bytes, int major, int minor)
                throws IOException {
            cpio.header(inode, node.mode(), node.uid(), node.gid(), count, bytes, major, minor, name);
        }

        private void content(Node.Content content) throws IOException, BadImage {
            switch (content) {
                case Node.InMemory memory -> cpio.content(memory.data(), memory.data().length);
                case Node.OnHost host -> copy(host);
            }
        }

        private void copy(Node.OnHost host) throws IOException, BadImage {
            try (InputStream in = open(host.path())) {
                byte[] part = new byte[COPY_BYTES];
                long left = host.bytes();
                while (left > 0) {
                    int count = readPart(in, part, (int) Math.min(left, part.length), host.path());
                    if (count <= 0) {
                        throw changed(host.path());
                    }
                    cpio.content(part, count);
                    left -= count;
                }
                if (readPart(in, part, 1, host.path()) > 0) {
                    throw changed(host.path());
                }
            }
        }

        private static InputStream open(Path path) throws BadImage {
            try {
                return Files.newInputStream(path);
            } catch (IOException e) {
                throw DirectoryOverlay.unreadable(path, e);
            }
        }

        private static int readPart(InputStream in, byte[] part, int length, Path path) throws BadImage {
            try {
                return in.read(part, 0, length);
            } catch (IOException e) {
                throw DirectoryOverlay.unreadable(path, e);
            }
        }

        private static BadImage changed(Path path) {
            return new BadImage("The file " + FileTree.shown(path.toString())
                    + " changed while it was read; try again when nothing writes to it.");
        }
    }
}
