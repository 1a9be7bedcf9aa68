package dev.sojourn.sandbox.guest;

import dev.sojourn.net.Addresses;
import dev.sojourn.sandbox.Devices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the first process of the default guest is told of devices: modules to load, and settings that {@code init.sh} reads. */
final class DeviceSettings {
    private DeviceSettings() {}

    /** Names of kernel modules. */
    static List<String> modules(Devices devices) {
        List<String> names = new ArrayList<>(List.of("virtio_mmio", "virtio_console"));
        if (!devices.disks().isEmpty()) names.addAll(List.of("crc32c_intel", "virtio_blk", "ext4"));
        if (devices.network().isPresent()) names.add("virtio_net");
        if (!devices.shares().isEmpty()) names.add("virtiofs");
        return names;
    }

    /** Lines of shell. */
    static String of(Devices devices) {
        StringBuilder lines = new StringBuilder("mount_disks() {\n    :\n");
        for (int i = 0; i < devices.disks().size(); i++) {
            Devices.Disk disk = devices.disks().get(i);
            String how = disk.readOnly() ? "ro" : "rw";
            String name = Devices.serial(i);
            disk.mountPoint().ifPresent(path -> lines.append("    mount_disk ").append(name).append(' ').append(how).append(' ')
                    .append(quoted(path)).append('\n'));
        }
        for (int i = 0; i < devices.shares().size(); i++) {
            Devices.Share share = devices.shares().get(i);
            lines.append("    mount_share ").append(Devices.tag(i)).append(share.readOnly() ? " ro " : " rw ")
                    .append(quoted(share.mountPoint())).append('\n');
        }
        lines.append("}\n");
        if (devices.network().isPresent()) {
            lines.append("network='").append(Addresses.text(Addresses.GUEST)).append(' ').append(Addresses.text(Addresses.NETMASK))
                    .append(' ').append(Addresses.text(Addresses.GATEWAY)).append(' ').append(Addresses.text(Addresses.NAME_SERVER))
                    .append("'\n");
        }
        return lines.toString();
    }

    private static String quoted(String text) {
        return new String(ShellQuote.word(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
