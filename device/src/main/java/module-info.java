/** The chips of a machine and the contracts they are wired by. */
module dev.sojourn.device {
    requires transitive dev.sojourn.state;
    requires transitive dev.sojourn.memory;
    exports dev.sojourn.device;
    exports dev.sojourn.device.acpipm;
    exports dev.sojourn.device.apic;
    exports dev.sojourn.device.bus;
    exports dev.sojourn.device.ioapic;
    exports dev.sojourn.device.pci;
    exports dev.sojourn.device.pic;
    exports dev.sojourn.device.pit;
    exports dev.sojourn.device.rtc;
    exports dev.sojourn.device.uart;
    exports dev.sojourn.device.virtio;
    exports dev.sojourn.device.virtio.block;
    exports dev.sojourn.device.virtio.console;
    exports dev.sojourn.device.virtio.entropy;
    exports dev.sojourn.device.virtio.fs;
    exports dev.sojourn.device.virtio.mmio;
    exports dev.sojourn.device.virtio.net;
}
