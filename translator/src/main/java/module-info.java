/** Hot guest code to JVM bytecode. */
module dev.sojourn.translator {
    requires transitive dev.sojourn.cpu;
    exports dev.sojourn.translator;
}
