/** What tests are made of: the real processor as an oracle, and cases to put to it. */
module dev.sojourn.testkit {
    requires transitive dev.sojourn.assembler;
    requires dev.sojourn.isa;
    exports dev.sojourn.testkit.oracle;
    exports dev.sojourn.testkit.generator;
}
