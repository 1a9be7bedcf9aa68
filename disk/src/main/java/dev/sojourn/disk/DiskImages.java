package dev.sojourn.disk;

import dev.sojourn.disk.qcow2.Qcow2Image;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Opens images by what they are. */
public final class DiskImages {
    /** Longer chains are slow, and one that comes back to its beginning has no end. */
    private static final int BACKINGS_MAX = 16;

    private static final Pattern NAME = Pattern.compile("\\.(qcow2|qcow|qcw2)$");
    private static final int QCOW2_MAGIC = 0x514649fb;

    private DiskImages() {}

    /**
     * Opens an image. A file is never taken for qcow2 by its content alone: a guest that writes its raw disk could make it name any
     * file of the host as its backing file.
     *
     * @param format what the file is; if empty, its name tells, and a raw image that looks like another kind is refused
     * @throws BadDisk if the file cannot be used as a disk
     */
    public static DiskImage open(Path path, Optional<DiskFormat> format, boolean readOnly) throws BadDisk {
        return open(path, format, readOnly, BACKINGS_MAX);
    }

    private static DiskImage open(Path path, Optional<DiskFormat> format, boolean readOnly, int backingsMax) throws BadDisk {
        DiskFile file = DiskFile.open(path, readOnly);
        boolean opened = false;
        try {
            DiskImage image = switch (format.isPresent() ? format.get() : byName(file)) {
                case RAW -> new RawImage(file);
                case QCOW2 -> new Qcow2Image(file, (name, kind) -> backing(path, name, kind, backingsMax - 1));
            };
            opened = true;
            return image;
        } catch (IOException e) {
            throw new BadDisk("The disk image " + path + " cannot be read: " + DiskFile.reason(e) + ".");
        } finally {
            if (!opened) {
                close(file);
            }
        }
    }

    private static DiskFormat byName(DiskFile file) throws BadDisk, IOException {
        boolean named = NAME.matcher(file.name()).find();
        byte[] start = new byte[4];
        file.readPadded(0, start, 0, start.length);
        if (!named && ByteBuffer.wrap(start).getInt(0) == QCOW2_MAGIC) {
            throw new BadDisk("The disk image " + file.name() + " looks like qcow2 but is not named so; say format=qcow2 or format=raw.");
        }
        return named ? DiskFormat.QCOW2 : DiskFormat.RAW;
    }

    /** A backing file lies in the folder of the image that names it, or below, so that an image cannot show files of the host. */
    private static DiskImage backing(Path image, String name, Optional<String> format, int backingsMax) throws BadDisk {
        try {
            Path folder = image.toRealPath().getParent();
            Path path = folder.resolve(name).toRealPath();
            if (!path.startsWith(folder)) {
                throw new BadDisk("The disk image " + image + " names " + name + " as its backing file, which is not in its folder;"
                        + " move it there and run 'qemu-img rebase -u'.");
            }
            if (backingsMax == 0) {
                throw new BadDisk("The disk image " + image + " has more than " + BACKINGS_MAX + " backing files, or is its own.");
            }
            return open(path, format.flatMap(DiskImages::known), true, backingsMax);
        } catch (IOException | InvalidPathException _) {
            throw new BadDisk("The disk image " + image + " needs the backing file " + name + ", which is not there.");
        }
    }

    private static Optional<DiskFormat> known(String format) {
        return switch (format) {
            case "raw" -> Optional.of(DiskFormat.RAW);
            case "qcow2" -> Optional.of(DiskFormat.QCOW2);
            default -> Optional.empty();
        };
    }

    private static void close(DiskFile file) {
        try {
            file.close();
        } catch (IOException _) {
            // What made it useless is being told already.
        }
    }
}
