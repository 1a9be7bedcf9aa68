/** The chips of a machine and the contracts they are wired by. */
module dev.sojourn.device {
    requires transitive dev.sojourn.memory;
    exports dev.sojourn.device;
}
