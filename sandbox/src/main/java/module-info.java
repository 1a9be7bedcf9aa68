/** Sandboxes: the embedding API, and the default guest. */
module dev.sojourn.sandbox {
    requires transitive dev.sojourn.machine;
    requires transitive dev.sojourn.snapshot;
    requires transitive dev.sojourn.migration;
    requires org.apache.commons.compress;
    requires org.tukaani.xz;
    exports dev.sojourn.sandbox;
    exports dev.sojourn.sandbox.guest;
    exports dev.sojourn.sandbox.matrix;
    exports dev.sojourn.sandbox.trace;
}
