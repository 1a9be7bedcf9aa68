package dev.sojourn.share;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A directory of the host, open. Its entries are reached by its handle, whatever becomes of its path, and links are never followed.
 *
 * <p>For four things the platform wants a path: to make a directory or a link, to read a link. Their path is built from the shared
 * directory's real one, and used only if it leads, link-free, to the very directory that is open. Who can move directories of the
 * host in just that instant could make such a call land elsewhere; the guest itself cannot, as its requests are served one by one.
 */
final class HostDirectory implements AutoCloseable {
    private final SecureDirectoryStream<Path> handle;
    private final Path path;

    private HostDirectory(SecureDirectoryStream<Path> handle, Path path) {
        this.handle = handle;
        this.path = path;
    }

    /** Opens a directory below a root, whose path is a real one, step by step. */
    static HostDirectory open(Path root, List<String> names) throws IOException {
        HostDirectory directory = new HostDirectory(secure(Files.newDirectoryStream(root)), root);
        for (String name : names) {
            HostDirectory outer = directory;
            try (outer) {
                directory = new HostDirectory(outer.handle.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS),
                        outer.path.resolve(name));
            }
        }
        return directory;
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new IOException("this platform cannot open directories safely");
    }

    PosixFileAttributes attributes() throws IOException {
        return handle.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    }

    PosixFileAttributes attributes(String name) throws IOException { return view(name).readAttributes(); }

    FileChannel open(String name, Set<? extends OpenOption> options, int mode) throws IOException {
        return (FileChannel) handle.newByteChannel(Path.of(name), options,
                PosixFilePermissions.asFileAttribute(permissions(mode)));
    }

    void deleteFile(String name) throws IOException { handle.deleteFile(Path.of(name)); }

    void deleteDirectory(String name) throws IOException { handle.deleteDirectory(Path.of(name)); }

    void move(String name, HostDirectory target, String newName) throws IOException {
        handle.move(Path.of(name), target.handle, Path.of(newName));
    }

    void permissions(String name, int mode) throws IOException { view(name).setPermissions(permissions(mode)); }

    BasicFileAttributeView times(String name) { return view(name); }

    void makeDirectory(String name, int mode) throws IOException {
        Files.createDirectory(checked(name), PosixFilePermissions.asFileAttribute(permissions(mode)));
    }

    void makeSymbolicLink(String name, String target) throws IOException { Files.createSymbolicLink(checked(name), Path.of(target)); }

    String readSymbolicLink(String name) throws IOException { return Files.readSymbolicLink(checked(name)).toString(); }

    void makeLink(String name, HostDirectory existing, String existingName) throws IOException {
        // The platform follows a link that is to get another name.
        if (existing.attributes(existingName).isSymbolicLink()) {
            throw new Errno.Failure(Errno.EOPNOTSUPP);
        }
        Files.createLink(checked(name), existing.checked(existingName));
    }

    /** Names of entries, in no order. */
    List<String> names(int max) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path entry : handle) {
            if (names.size() == max) {
                throw new Errno.Failure(Errno.ENOMEM);
            }
            names.add(entry.getFileName().toString());
        }
        return names;
    }

    @Override
    public void close() throws IOException { handle.close(); }

    private PosixFileAttributeView view(String name) {
        return handle.getFileAttributeView(Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private Path checked(String name) throws IOException {
        if (!path.toRealPath().equals(path)
                || !Files.readAttributes(path, PosixFileAttributes.class).fileKey().equals(attributes().fileKey())) {
            throw new Errno.Failure(Errno.ENOENT);
        }
        return path.resolve(name);
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = new java.util.HashSet<>();
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }
}
