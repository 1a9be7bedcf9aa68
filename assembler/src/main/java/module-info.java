/** A small x86 assembler: programs of ours for guests, written as Java statements. */
module dev.sojourn.assembler {
    exports dev.sojourn.assembler;
}
