/** The x86 processor: state, operations and the interpreter. */
module dev.sojourn.cpu {
    requires transitive dev.sojourn.state;
    requires transitive dev.sojourn.memory;
    requires transitive dev.sojourn.isa;
    exports dev.sojourn.cpu;
    exports dev.sojourn.cpu.interpreter;
    exports dev.sojourn.cpu.operation;
    exports dev.sojourn.cpu.operation.vector;
    exports dev.sojourn.cpu.operation.x87;
}
