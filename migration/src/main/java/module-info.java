/** Moving a running guest to another host. */
module dev.sojourn.migration {
    exports dev.sojourn.migration.handover;
}
