/** Everything a guest finds in memory when it starts: kernel, tables, memory map, initramfs. Executes nothing. */
module dev.sojourn.boot {
    requires transitive dev.sojourn.memory;
    requires dev.sojourn.cpu;
    requires org.tukaani.xz;
    requires org.apache.commons.compress;
    requires aircompressor;
    exports dev.sojourn.boot;
    exports dev.sojourn.boot.acpi;
    exports dev.sojourn.boot.image;
    exports dev.sojourn.boot.initramfs;
}
