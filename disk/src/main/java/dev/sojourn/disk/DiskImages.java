package dev.sojourn.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens images by what they are. */
public final class DiskImages {
    private DiskImages() {}

    /**
     * Opens an image.
     *
     * @param format what the file is; if empty, its first bytes tell
     * @throws BadDisk if the file cannot be used as a disk
     */
    public static DiskImage open(Path path, Optional<DiskFormat> format, boolean readOnly) throws BadDisk {
        DiskFile file = DiskFile.open(path, readOnly);
        boolean opened = false;
        try {
            DiskImage image = new RawImage(file);
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

    private static void close(DiskFile file) {
        try {
            file.close();
        } catch (IOException _) {
            // What made it useless is being told already.
        }
    }
}
