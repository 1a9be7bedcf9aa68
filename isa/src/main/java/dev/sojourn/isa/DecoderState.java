package dev.sojourn.isa;

/** The fields of an instruction while its bytes are read. */
final class DecoderState {
    Mode mode;
    byte[] code;
    int start;
    int position;
    int limit;

    int opcode;
    int length;
    int operandBytes;
    int addressBytes;
    boolean operandPrefix;
    boolean addressPrefix;
    boolean lock;
    boolean rep;
    boolean repne;
    int rex;
    boolean rexPresent;
    int modrm;
    int reg;
    int rm;
    int base;
    int index;
    int scale;
    long displacement;
    boolean ripRelative;
    int segment;
    boolean segmentOverride;
    long immediate;
    int immediate2;

    DecoderState(byte[] code, int start, int limit, Mode mode) {
        this.code = code;
        this.start = start;
        this.position = start;
        this.limit = limit;
        this.mode = mode;
        modrm = 0xc0;
        base = Instruction.NO_REGISTER;
        index = Instruction.NO_REGISTER;
        segment = Instruction.DS;
    }

    int next() {
        if (position >= limit) {
            throw Decoder.TRUNCATED;
        }
        return code[position++] & 0xff;
    }

    long next(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) next() << 8 * i;
        }
        return value;
    }

    long nextSigned(int bytes) {
        int unused = 64 - 8 * bytes;
        return next(bytes) << unused >> unused;
    }
}
