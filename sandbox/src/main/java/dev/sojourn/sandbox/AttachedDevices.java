package dev.sojourn.sandbox;

import dev.sojourn.disk.BadDisk;
import dev.sojourn.disk.DiskImage;
import dev.sojourn.disk.DiskImages;
import dev.sojourn.machine.Attachment;
import dev.sojourn.net.Addresses;
import dev.sojourn.net.UserNetwork;
import dev.sojourn.share.SharedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Opens the host's side of a sandbox's devices. */
final class AttachedDevices {
    private AttachedDevices() {}

    /** All of them, or none: what was opened is closed again if another cannot be. */
    static List<Attachment> open(Devices devices) throws SandboxError {
        List<Attachment> opened = new ArrayList<>();
        boolean complete = false;
        try {
            for (Devices.Disk disk : devices.disks()) {
                opened.add(new Attachment.Disk(DiskImages.open(disk.file(), disk.format(), disk.readOnly()),
                        Devices.serial(opened.size())));
            }
            if (devices.network().isPresent()) {
                Devices.Network network = devices.network().get();
                opened.add(new Attachment.Network(Addresses.guestMac(), new UserNetwork(network.allowed(), network.forwards())));
            }
            for (int i = 0; i < devices.shares().size(); i++) {
                opened.add(new Attachment.Share(open(devices.shares().get(i)), Devices.tag(i)));
            }
            complete = true;
            return opened;
        } catch (BadDisk e) {
            throw new SandboxError(e.getMessage());
        } catch (IOException e) {
            throw new SandboxError("The network cannot be set up: " + IoReasons.of(e) + ".");
        } finally {
            if (!complete) opened.forEach(AttachedDevices::close);
        }
    }

    private static SharedDirectory open(Devices.Share share) throws SandboxError {
        if (!Files.isDirectory(share.directory())) {
            throw new SandboxError("There is no directory to share at " + share.directory() + "; check the path.");
        }
        try {
            return new SharedDirectory(share.directory(), share.readOnly());
        } catch (IOException e) {
            throw new SandboxError("The directory " + share.directory() + " cannot be shared: " + IoReasons.of(e) + ".");
        }
    }

    private static void close(Attachment attachment) {
        switch (attachment) {
            case Attachment.Disk(DiskImage image, var _) -> {
                try {
                    image.close();
                } catch (IOException _) {
                    // Nothing was written, and something else is being told.
                }
            }
            case Attachment.Network(var _, var cable) -> cable.close();
            case Attachment.Share _ -> {}    // nothing is open yet
        }
    }
}
