/** The x86 instruction set as data: opcode rows, decoder, disassembler. */
module dev.sojourn.isa {
    exports dev.sojourn.isa;
}
