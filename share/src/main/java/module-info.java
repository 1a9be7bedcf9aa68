/** Directories of the host that a guest may use, by the FUSE protocol. */
module dev.sojourn.share {
    requires transitive dev.sojourn.state;
    exports dev.sojourn.share;
}
