/** Directories of the host that a guest may use, by the FUSE protocol. */
module dev.sojourn.share {
    exports dev.sojourn.share;
}
