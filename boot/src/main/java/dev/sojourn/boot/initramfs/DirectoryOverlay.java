package dev.sojourn.boot.initramfs;

import dev.sojourn.boot.image.BadImage;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A directory of the host, laid over the guest's files.
 *
 * <p>Symbolic links stay symbolic links and none is followed, except that the directory itself may be named by one.
 * Kind and permissions of a file are taken over, hard links inside the directory too; owners and times are not.
 * Sockets mean nothing without their processes and are left out.
 */
final class DirectoryOverlay {
    private static final int DEPTH_MAX = 256;
    private static final int SOCKET = 0140000;

    private final FileTree tree;
    private final Map<Object, Node> linked = new HashMap<>();

    private DirectoryOverlay(FileTree tree) { this.tree = tree; }

    static void lay(Path directory, FileTree tree) throws BadImage {
        new DirectoryOverlay(tree).children(directory, "", 0);
    }

    static BadImage unreadable(Path path, IOException cause) {
        String why = switch (cause) {
            case AccessDeniedException _ -> "permission is denied; change its permissions or leave it out.";
            case NoSuchFileException _ -> "it is not there; check the name.";
            default -> "the computer reports: " + cause.getMessage() + "; check it or leave it out.";
        };
        return new BadImage("The file " + FileTree.shown(path.toString()) + " cannot be read: " + why, cause);
    }

    private void children(Path directory, String name, int depth) throws BadImage {
        if (depth > DEPTH_MAX) {
            throw new BadImage("The directory " + FileTree.shown(directory.toString()) + " is nested more than "
                    + DEPTH_MAX + " deep; leave it out.");
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                add(child, name.isEmpty() ? HostName.of(child) : name + '/' + HostName.of(child), depth);
            }
        } catch (DirectoryIteratorException e) {
            throw unreadable(directory, e.getCause());
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private void add(Path path, String name, int depth) throws BadImage {
        try {
            HostFile file = HostFile.of(path);
            int permissions = file.mode() & Node.PERMISSION_MASK;
            switch (file.mode() & Node.FORMAT_MASK) {
                case Node.DIRECTORY -> {
                    tree.put(name, new Node.Directory(file.mode(), 0, 0));
                    children(path, name, depth + 1);
                }
                case Node.REGULAR -> tree.put(name, regular(path, permissions, file));
                case Node.SYMBOLIC_LINK ->
                    tree.put(name, new Node.SymbolicLink(HostName.ofTarget(Files.readSymbolicLink(path)), 0, 0));
                case Node.CHARACTER_DEVICE, Node.BLOCK_DEVICE, Node.FIFO ->
                    tree.put(name, new Node.Special(file.mode(), 0, 0, file.major(), file.minor()));
                case SOCKET -> {}
                default -> throw new BadImage("The file " + FileTree.shown(path.toString())
                        + " is of a kind that an initramfs does not have; leave it out.");
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private Node regular(Path path, int permissions, HostFile file) throws BadImage {
        if (!Files.isReadable(path)) {
            throw unreadable(path, new AccessDeniedException(path.toString()));
        }
        if (file.links() > 1) {
            return linked.computeIfAbsent(file.key(), _ -> newFile(path, permissions, file));
        }
        return newFile(path, permissions, file);
    }

    private static Node newFile(Path path, int permissions, HostFile file) {
        return new Node.RegularFile(permissions, 0, 0, new Node.OnHost(path, file.bytes()));
    }

    /** What the host knows of a file, without following it. */
    private record HostFile(int mode, long bytes, int links, Object key, int major, int minor) {
        static HostFile of(Path path) throws IOException {
            if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
                return ofPlain(path);
            }
            Map<String, Object> all = Files.readAttributes(path, "unix:mode,size,nlink,fileKey,rdev",
                    LinkOption.NOFOLLOW_LINKS);
            long device = (Long) all.get("rdev");
            return new HostFile((Integer) all.get("mode"), (Long) all.get("size"), (Integer) all.get("nlink"),
                    all.get("fileKey"), major(device), minor(device));
        }

        /** A host without Unix permissions: every file may be read and run. */
        private static HostFile ofPlain(Path path) throws IOException {
            int kind = Files.isSymbolicLink(path) ? Node.SYMBOLIC_LINK
                    : Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? Node.DIRECTORY
                    : Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Node.REGULAR : SOCKET;
            return new HostFile(kind | 0755, kind == Node.REGULAR ? Files.size(path) : 0, 1, path, 0, 0);
        }

        /** Device numbers as the C library of Linux packs them. */
        private static int major(long device) { return (int) (device >>> 8 & 0xfff | device >>> 32 & 0xffff_f000); }

        private static int minor(long device) { return (int) (device & 0xff | device >>> 12 & 0xffff_ff00); }
    }
}
