/** Hot guest code to JVM bytecode. */
module dev.sojourn.translator {
    requires transitive dev.sojourn.cpu;
    requires jdk.jfr;
    exports dev.sojourn.translator;
}
