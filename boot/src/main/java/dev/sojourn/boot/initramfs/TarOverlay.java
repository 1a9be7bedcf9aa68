package dev.sojourn.boot.initramfs;

import dev.sojourn.boot.compression.Compression;
import dev.sojourn.boot.image.BadImage;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A tar archive, plain or compressed, laid over the guest's files.
 *
 * <p>Absolute names count from the guest's root, names with ".." are refused, a hard link must name a file that is
 * already there. Names are taken as UTF-8. Owners are the archive's, times are dropped. The bound on its size holds
 * for the unpacked stream, headers included, so that a small archive cannot grow without end.
 */
final class TarOverlay {
    private static final int HEAD_BYTES = 8;

    /** Archives are made of these; the library takes a part of one for the end. */
    private static final int RECORD_BYTES = 512;

    private final FileTree tree;
    private final String source;

    private long contentBytesLeft;

    private TarOverlay(FileTree tree, String source, long bytesMax) {
        this.tree = tree;
        this.source = source;
        contentBytesLeft = bytesMax;
    }

    static void lay(Path archive, FileTree tree, long bytesMax) throws BadImage {
        try (InputStream in = Files.newInputStream(archive)) {
            lay(in, FileTree.shown(String.valueOf(archive.getFileName())), tree, bytesMax);
        } catch (IOException e) {
            throw DirectoryOverlay.unreadable(archive, e);
        }
    }

    static void lay(InputStream in, String source, FileTree tree, long bytesMax) throws BadImage {
        TarOverlay overlay = new TarOverlay(tree, source, bytesMax);
        try (Bounded bounded = new Bounded(unpacked(in), bytesMax);
                TarArchiveInputStream tar = new TarArchiveInputStream(bounded, StandardCharsets.UTF_8.name())) {
            overlay.entries(tar);
            if ((bytesMax - bounded.left) % RECORD_BYTES != 0) {
                throw new EOFException("it ends inside a header");
            }
        } catch (TooLarge e) {
            throw new BadImage("The archive " + source + " unpacks to more than " + (bytesMax >> 20)
                    + " MiB; leave something out, or put it on a disk.", e);
        } catch (IOException | RuntimeException e) {
            // The library meets some damaged headers with unchecked exceptions.
            throw new BadImage("The archive " + source + " cannot be read as tar (" + e.getMessage()
                    + "); it may be damaged or of another kind, so make it again with tar.", e);
        }
    }

    private static InputStream unpacked(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(HEAD_BYTES);
        byte[] head = buffered.readNBytes(HEAD_BYTES);
        buffered.reset();
        Compression compression = Compression.of(head, 0, head.length);
        return compression == null ? buffered : compression.open(buffered);
    }

    private void entries(TarArchiveInputStream tar) throws IOException, BadImage {
        int count = 0;
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            count++;
            add(tar, entry);
        }
        if (count == 0) {
            throw new EOFException("no file in it");
        }
    }

    private void add(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException, BadImage {
        String name = InitramfsBuilder.byteString(entry.getName());
        int permissions = entry.getMode() & Node.PERMISSION_MASK;
        int uid = id(entry.getLongUserId());
        int gid = id(entry.getLongGroupId());
        if (entry.isLink()) {
            hardLink(name, InitramfsBuilder.byteString(entry.getLinkName()));
        } else if (entry.isSymbolicLink()) {
            tree.put(name, new Node.SymbolicLink(InitramfsBuilder.byteString(entry.getLinkName()), uid, gid));
        } else if (entry.isDirectory()) {
            tree.put(name, new Node.Directory(Node.DIRECTORY | permissions, uid, gid));
        } else if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
            int kind = entry.isFIFO() ? Node.FIFO
                    : entry.isBlockDevice() ? Node.BLOCK_DEVICE : Node.CHARACTER_DEVICE;
            tree.put(name, new Node.Special(kind | permissions, uid, gid, entry.getDevMajor(), entry.getDevMinor()));
        } else if (entry.isFile()) {
            byte[] content = content(tar, entry);
            tree.put(name, new Node.RegularFile(permissions, uid, gid, new Node.InMemory(content)));
        } else {
            throw new IOException("a member of unknown kind, " + FileTree.shown(name));
        }
    }

    private void hardLink(String name, String target) throws BadImage {
        Node file = tree.get(target);
        if (file == null || file instanceof Node.Directory) {
            throw new BadImage("The archive " + source + " has a hard link " + FileTree.shown(name) + " to "
                    + FileTree.shown(target) + ", which is no file before it; make the archive again with tar.");
        }
        tree.put(name, file);
    }

    /** A file with holes is longer than what the stream has of it, so contents are bounded on their own. */
    private byte[] content(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
        long bytes = entry.getRealSize();
        if (bytes > contentBytesLeft) {
            throw new TooLarge();
        }
        contentBytesLeft -= bytes;
        byte[] content = tar.readNBytes((int) Math.min(bytes, Integer.MAX_VALUE - 8));
        if (content.length != bytes) {
            throw new EOFException("it ends inside " + FileTree.shown(entry.getName()));
        }
        return content;
    }

    private static int id(long number) throws IOException {
        if (number < 0 || number > 0xffff_ffffL) {
            throw new IOException("an owner of number " + number);
        }
        return (int) number;
    }

    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Ends a stream with an exception where it passes its bound. */
    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long bytesMax) {
            super(in);
            left = bytesMax;
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            take(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            take(Math.max(0, count));
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = in.skip(count);
            take(skipped);
            return skipped;
        }

        @Override
        public boolean markSupported() { return false; }

        private void take(long count) throws IOException {
            left -= count;
            if (left < 0) {
                throw new TooLarge();
            }
        }
    }
}
