/** What is held against the real thing: the processor, and guests that run on every engine. */
module dev.sojourn.conformance {
    requires transitive dev.sojourn.testkit;
    requires dev.sojourn.translator;
    exports dev.sojourn.conformance;
}
