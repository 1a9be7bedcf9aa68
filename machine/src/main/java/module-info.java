/** Machine types, wiring, and the loop that runs a machine. */
module dev.sojourn.machine {
    requires transitive dev.sojourn.state;
    requires transitive dev.sojourn.device;
    requires transitive dev.sojourn.boot;
    requires transitive dev.sojourn.disk;
    requires transitive dev.sojourn.net;
    requires transitive dev.sojourn.share;
    requires transitive dev.sojourn.interfaces;
    requires dev.sojourn.cpu;
    requires dev.sojourn.translator;
    exports dev.sojourn.machine;
}
