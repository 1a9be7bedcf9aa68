package dev.sojourn.sandbox;

import dev.sojourn.disk.BadDisk;
import dev.sojourn.disk.DiskImage;
import dev.sojourn.disk.DiskImages;
import dev.sojourn.machine.Attachment;
import dev.sojourn.net.Addresses;
import dev.sojourn.net.UserNetwork;
import java.io.IOException;
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
        }
    }
}
