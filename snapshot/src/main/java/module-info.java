/** Snapshots of whole machines: one file format, its writer, its readers, and a verifier. */
module dev.sojourn.snapshot {
    requires transitive dev.sojourn.machine;
    requires transitive dev.sojourn.memory;
    requires transitive dev.sojourn.state;
    exports dev.sojourn.snapshot;
}
