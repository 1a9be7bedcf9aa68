/** Benchmarks beside QEMU's translator. */
module dev.sojourn.bench {
    requires dev.sojourn.sandbox;
    requires dev.sojourn.interfaces;
    requires dev.sojourn.cpu;
    requires dev.sojourn.conformance;
    requires dev.sojourn.testkit;
    requires com.google.gson;
}
