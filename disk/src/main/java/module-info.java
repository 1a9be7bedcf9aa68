/** Disk images: files of the host that hold what a guest sees as a disk. */
module dev.sojourn.disk {
    exports dev.sojourn.disk;
}
