/** Moving a running guest to another host. */
module dev.sojourn.migration {
    requires transitive dev.sojourn.state;
    requires aircompressor;
    exports dev.sojourn.migration;
    exports dev.sojourn.migration.handover;
}
