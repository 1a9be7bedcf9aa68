/** What tests are made of: an assembler, the real processor as an oracle, and cases to put to it. */
module dev.sojourn.testkit {
    requires dev.sojourn.isa;
    exports dev.sojourn.testkit.assembler;
    exports dev.sojourn.testkit.oracle;
    exports dev.sojourn.testkit.generator;
}
