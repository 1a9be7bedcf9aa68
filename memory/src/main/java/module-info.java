/** Guest RAM and the physical address map; knows no processor. */
module dev.sojourn.memory {
    requires jdk.unsupported;
    exports dev.sojourn.memory;
}
