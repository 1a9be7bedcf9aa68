package dev.sojourn.assembler;

/**
 * Instructions as methods, named as in the manual.
 *
 * {@snippet :
 * Assembler a = new Assembler(0x100000);
 * a.mov(RAX, 5);
 * a.label("loop");
 * a.dec(RAX);
 * a.jcc(NZ, "loop");
 * byte[] code = a.assemble();
 * }
 *
 * <p>The operand size comes from a register or from {@link Memory#bytes}. Branches to labels are near and as wide as
 * the code segment.
 */
public final class Assembler extends Encoder {
    /** @param origin the address of the first byte */
    public Assembler(long origin) { super(origin); }

    // Data transfer

    public void mov(Operand to, Operand from) {
        if (to instanceof Register r && !r.isGeneral() && r.kind() != Register.Kind.XMM) {
            special(r, from, 2);
        } else if (from instanceof Register r && !r.isGeneral()) {
            special(r, to, 0);
        } else {
            binary(0x88, to, from);
        }
    }

    /** The shortest form that holds the value: an 8-byte immediate only where it must be. */
    public void mov(Operand to, long value) {
        int bytes = size(to);
        if (to instanceof Register r && (bytes < 8 || value != (int) value)) {
            boolean low = bytes == 8 && value >>> 32 == 0;
            if (bytes == 1) {
                short_(0xb0, 1, false, r);
            } else {
                short_(0xb8, low ? 4 : bytes, low, r);
            }
            emit(value, low ? 4 : bytes);
        } else {
            modrm(0, bytes == 1 ? 0xc6 : 0xc7, bytes, false, 0, to, Math.min(bytes, 4));
            emit(value, Math.min(bytes, 4));
        }
    }

    /** The address of a label, as wide as the register. */
    public void mov(Register to, String label) {
        short_(0xb8, to.bytes(), false, to);
        absolute(label, 0, to.bytes());
    }

    private void special(Register register, Operand other, int toRegister) {
        switch (register.kind()) {
            case SEGMENT -> modrm(0, 0x8c + toRegister, other instanceof Register r ? r.bytes() : 0, toRegister != 0,
                    register, other, 0);
            case CONTROL -> modrm(0, 0x0f20 + toRegister, 0, true, register, other, 0);
            case DEBUG -> modrm(0, 0x0f21 + toRegister, 0, true, register, other, 0);
            default -> throw new IllegalArgumentException("No such move: " + register);
        }
    }

    public void lea(Register to, Memory from) { modrm(0, 0x8d, to.bytes(), false, to, from, 0); }

    public void movzx(Register to, Operand from) { extend(0x0fb6, to, from); }

    public void movsx(Register to, Operand from) { extend(0x0fbe, to, from); }

    public void movsxd(Register to, Operand from) { modrm(0, 0x63, to.bytes(), false, to, from, 0); }

    private void extend(int opcode, Register to, Operand from) {
        modrm(0, opcode + (from.bytes() == 2 ? 1 : 0), to.bytes(), false, to, from, 0);
    }

    public void xchg(Operand a, Register b) { modrm(0, b.bytes() == 1 ? 0x86 : 0x87, b.bytes(), false, b, a, 0); }

    public void xadd(Operand to, Register from) { wide(0x0fc0, from.bytes(), from, to); }

    public void cmpxchg(Operand to, Register from) { wide(0x0fb0, from.bytes(), from, to); }

    public void cmpxchg8b(Memory to) { modrm(0, 0x0fc7, 0, false, 1, to, 0); }

    public void cmpxchg16b(Memory to) { modrm(0, 0x0fc7, 8, false, 1, to, 0); }

    public void bswap(Register register) { short_(0x0fc8, register.bytes(), false, register); }

    public void cmovcc(Condition condition, Register to, Operand from) {
        modrm(0, 0x0f40 + condition.ordinal(), to.bytes(), false, to, from, 0);
    }

    public void setcc(Condition condition, Operand to) { modrm(0, 0x0f90 + condition.ordinal(), 1, false, 0, to, 0); }

    public void push(Operand from) {
        switch (from) {
            case Register r when r.kind() == Register.Kind.SEGMENT -> {
                if (r.code() < 4) {
                    db(0x06 | r.code() << 3);
                } else {
                    db(0x0f, 0x80 | r.code() << 3);
                }
            }
            case Register r -> short_(0x50, r.bytes(), true, r);
            case Memory m -> modrm(0, 0xff, stackBytes(m), true, 6, m, 0);
        }
    }

    public void push(int value) {
        db(0x68);
        emit(value, bits() == 16 ? 2 : 4);
    }

    public void push(String label) {
        db(0x68);
        absolute(label, 0, bits() == 16 ? 2 : 4);
    }

    public void pop(Operand to) {
        switch (to) {
            case Register r when r.kind() == Register.Kind.SEGMENT -> {
                if (r.code() < 4) {
                    db(0x07 | r.code() << 3);
                } else {
                    db(0x0f, 0x81 | r.code() << 3);
                }
            }
            case Register r -> short_(0x58, r.bytes(), true, r);
            case Memory m -> modrm(0, 0x8f, stackBytes(m), true, 0, m, 0);
        }
    }

    public void pusha() { db(0x60); }

    public void popa() { db(0x61); }

    public void pushf() { db(0x9c); }

    public void popf() { db(0x9d); }

    public void lahf() { db(0x9f); }

    public void sahf() { db(0x9e); }

    public void in(Register accumulator, int port) { io(0xe4, accumulator, port); }

    public void out(int port, Register accumulator) { io(0xe6, accumulator, port); }

    /** IN from the port in DX. */
    public void in(Register accumulator) { ioDx(0xec, accumulator); }

    /** OUT to the port in DX. */
    public void out(Register accumulator) { ioDx(0xee, accumulator); }

    private void io(int opcode, Register accumulator, int port) {
        ioDx(opcode, accumulator);
        db(port);
    }

    private void ioDx(int opcode, Register accumulator) {
        sizePrefix(accumulator.bytes());
        db(opcode + (accumulator.bytes() == 1 ? 0 : 1));
    }

    // Arithmetic and logic

    public void add(Operand to, Operand from) { binary(0x00, to, from); }

    public void add(Operand to, int value) { binary(0, to, value); }

    public void or(Operand to, Operand from) { binary(0x08, to, from); }

    public void or(Operand to, int value) { binary(1, to, value); }

    public void adc(Operand to, Operand from) { binary(0x10, to, from); }

    public void adc(Operand to, int value) { binary(2, to, value); }

    public void sbb(Operand to, Operand from) { binary(0x18, to, from); }

    public void sbb(Operand to, int value) { binary(3, to, value); }

    public void and(Operand to, Operand from) { binary(0x20, to, from); }

    public void and(Operand to, int value) { binary(4, to, value); }

    public void sub(Operand to, Operand from) { binary(0x28, to, from); }

    public void sub(Operand to, int value) { binary(5, to, value); }

    public void xor(Operand to, Operand from) { binary(0x30, to, from); }

    public void xor(Operand to, int value) { binary(6, to, value); }

    public void cmp(Operand to, Operand from) { binary(0x38, to, from); }

    public void cmp(Operand to, int value) { binary(7, to, value); }

    public void test(Operand a, Register b) { wide(0x84, b.bytes(), b, a); }

    public void test(Operand a, int value) {
        int immediate = Math.min(size(a), 4);
        modrm(0, size(a) == 1 ? 0xf6 : 0xf7, size(a), false, 0, a, immediate);
        emit(value, immediate);
    }

    private void binary(int opcode, Operand to, Operand from) {
        if (from instanceof Register r) {
            wide(opcode, r.bytes(), r, to);
        } else {
            wide(opcode + 2, to.bytes(), to, from);
        }
    }

    private void binary(int extension, Operand to, int value) {
        int bytes = size(to);
        boolean small = bytes == 1 || value == (byte) value;
        int immediate = small ? 1 : Math.min(bytes, 4);
        modrm(0, bytes == 1 ? 0x80 : small ? 0x83 : 0x81, bytes, false, extension, to, immediate);
        emit(value, immediate);
    }

    public void inc(Operand operand) { unary(0xfe, 0, operand); }

    public void dec(Operand operand) { unary(0xfe, 1, operand); }

    public void not(Operand operand) { unary(0xf6, 2, operand); }

    public void neg(Operand operand) { unary(0xf6, 3, operand); }

    public void mul(Operand operand) { unary(0xf6, 4, operand); }

    public void imul(Operand operand) { unary(0xf6, 5, operand); }

    public void div(Operand operand) { unary(0xf6, 6, operand); }

    public void idiv(Operand operand) { unary(0xf6, 7, operand); }

    public void imul(Register to, Operand from) { modrm(0, 0x0faf, to.bytes(), false, to, from, 0); }

    public void imul(Register to, Operand from, int value) {
        modrm(0, 0x69, to.bytes(), false, to, from, Math.min(to.bytes(), 4));
        emit(value, Math.min(to.bytes(), 4));
    }

    public void rol(Operand operand, int count) { shift(0, operand, count); }

    public void ror(Operand operand, int count) { shift(1, operand, count); }

    public void rcl(Operand operand, int count) { shift(2, operand, count); }

    public void rcr(Operand operand, int count) { shift(3, operand, count); }

    public void shl(Operand operand, int count) { shift(4, operand, count); }

    public void shr(Operand operand, int count) { shift(5, operand, count); }

    public void sar(Operand operand, int count) { shift(7, operand, count); }

    /** Shift by CL. */
    public void shlCl(Operand operand) { unary(0xd2, 4, operand); }

    /** Shift by CL. */
    public void shrCl(Operand operand) { unary(0xd2, 5, operand); }

    /** Shift by CL. */
    public void sarCl(Operand operand) { unary(0xd2, 7, operand); }

    private void unary(int opcode, int extension, Operand operand) {
        modrm(0, opcode + (size(operand) == 1 ? 0 : 1), size(operand), false, extension, operand, 0);
    }

    private void shift(int extension, Operand operand, int count) {
        modrm(0, size(operand) == 1 ? 0xc0 : 0xc1, size(operand), false, extension, operand, 1);
        db(count);
    }

    public void bt(Operand operand, Register bit) { modrm(0, 0x0fa3, bit.bytes(), false, bit, operand, 0); }

    public void bts(Operand operand, Register bit) { modrm(0, 0x0fab, bit.bytes(), false, bit, operand, 0); }

    public void btr(Operand operand, Register bit) { modrm(0, 0x0fb3, bit.bytes(), false, bit, operand, 0); }

    public void bsf(Register to, Operand from) { modrm(0, 0x0fbc, to.bytes(), false, to, from, 0); }

    public void bsr(Register to, Operand from) { modrm(0, 0x0fbd, to.bytes(), false, to, from, 0); }

    public void popcnt(Register to, Operand from) { modrm(0xf3, 0x0fb8, to.bytes(), false, to, from, 0); }

    /** CBW, CWDE or CDQE by the size of the result. */
    public void convert(int bytes) { sized(0x98, bytes); }

    /** CWD, CDQ or CQO by the size of the source. */
    public void convertToPair(int bytes) { sized(0x99, bytes); }

    public void clc() { db(0xf8); }

    public void stc() { db(0xf9); }

    public void cmc() { db(0xf5); }

    public void cld() { db(0xfc); }

    public void std() { db(0xfd); }

    // Strings; the argument is the element size in bytes.

    public void rep() { db(0xf3); }

    public void repne() { db(0xf2); }

    public void movs(int bytes) { string(0xa4, bytes); }

    public void cmps(int bytes) { string(0xa6, bytes); }

    public void stos(int bytes) { string(0xaa, bytes); }

    public void lods(int bytes) { string(0xac, bytes); }

    public void scas(int bytes) { string(0xae, bytes); }

    public void ins(int bytes) { string(0x6c, bytes); }

    public void outs(int bytes) { string(0x6e, bytes); }

    private void string(int opcode, int bytes) {
        if (bytes == 1) {
            db(opcode);
        } else {
            sized(opcode + 1, bytes);
        }
    }

    // Control transfer

    public void jmp(String label) {
        db(0xe9);
        relative(label, branchBytes());
    }

    public void jmp(Operand target) { modrm(0, 0xff, stackBytes(target), true, 4, target, 0); }

    public void jmpShort(String label) {
        db(0xeb);
        relative(label, 1);
    }

    public void jcc(Condition condition, String label) {
        db(0x0f, 0x80 + condition.ordinal());
        relative(label, branchBytes());
    }

    public void jccShort(Condition condition, String label) {
        db(0x70 + condition.ordinal());
        relative(label, 1);
    }

    public void loop(String label) {
        db(0xe2);
        relative(label, 1);
    }

    /** JCXZ, JECXZ or JRCXZ by the size of the code segment. */
    public void jcxz(String label) {
        db(0xe3);
        relative(label, 1);
    }

    public void call(String label) {
        db(0xe8);
        relative(label, branchBytes());
    }

    public void call(Operand target) { modrm(0, 0xff, stackBytes(target), true, 2, target, 0); }

    public void ret() { db(0xc3); }

    public void ret(int bytes) {
        db(0xc2);
        dw(bytes);
    }

    /** A far return that pops offset and selector of a given size. */
    public void retf(int bytes) { sized(0xcb, bytes); }

    /** A direct far jump; {@code bytes} is the offset's size, 2 or 4. Not in 64-bit code. */
    public void farJump(int selector, String label, int bytes) {
        farDirect(0xea, selector, bytes);
        absolute(label, 0, bytes);
        dw(selector);
    }

    public void farCall(int selector, String label, int bytes) {
        farDirect(0x9a, selector, bytes);
        absolute(label, 0, bytes);
        dw(selector);
    }

    private void farDirect(int opcode, int selector, int bytes) {
        if (bits() == 64 || selector >>> 16 != 0) {
            throw new IllegalArgumentException("No direct far branch in 64-bit code: " + selector);
        }
        sizePrefix(bytes);
        db(opcode);
    }

    /** A far jump by a pointer in memory; {@code bytes} is the size of its offset. */
    public void farJump(Memory pointer, int bytes) { modrm(0, 0xff, bytes, false, 5, pointer, 0); }

    public void farCall(Memory pointer, int bytes) { modrm(0, 0xff, bytes, false, 3, pointer, 0); }

    public void int3() { db(0xcc); }

    public void interrupt(int vector) { db(0xcd, vector); }

    /** IRET, IRETD or IRETQ by the size of what it pops. */
    public void iret(int bytes) { sized(0xcf, bytes); }

    public void iretq() { iret(8); }

    public void syscall() { db(0x0f, 0x05); }

    /** SYSRET to 64-bit code with 8, to 32-bit code with 4. */
    public void sysret(int bytes) { wideOpcode(0x0f07, bytes); }

    public void sysenter() { db(0x0f, 0x34); }

    public void sysexit(int bytes) { wideOpcode(0x0f35, bytes); }

    public void enter(int frame, int level) {
        db(0xc8);
        dw(frame);
        db(level);
    }

    public void leave() { db(0xc9); }

    public void nop() { db(0x90); }

    public void pause() { db(0xf3, 0x90); }

    public void ud2() { db(0x0f, 0x0b); }

    public void lock() { db(0xf0); }

    // System

    public void hlt() { db(0xf4); }

    public void cli() { db(0xfa); }

    public void sti() { db(0xfb); }

    public void sgdt(Memory to) { modrm(0, 0x0f01, 0, true, 0, to, 0); }

    public void sidt(Memory to) { modrm(0, 0x0f01, 0, true, 1, to, 0); }

    /** In 16-bit code this loads 24 bits of base; see {@link #lgdtWide}. */
    public void lgdt(Memory from) { modrm(0, 0x0f01, 0, true, 2, from, 0); }

    public void lidt(Memory from) { modrm(0, 0x0f01, 0, true, 3, from, 0); }

    /** LGDT with a 32-bit base also in 16-bit code. */
    public void lgdtWide(Memory from) { modrm(0, 0x0f01, 4, true, 2, from, 0); }

    public void smsw(Operand to) { modrm(0, 0x0f01, to.bytes(), false, 4, to, 0); }

    public void lmsw(Operand from) { modrm(0, 0x0f01, 0, true, 6, from, 0); }

    public void invlpg(Memory address) { modrm(0, 0x0f01, 0, true, 7, address, 0); }

    public void swapgs() { db(0x0f, 0x01, 0xf8); }

    public void xgetbv() { db(0x0f, 0x01, 0xd0); }

    public void xsetbv() { db(0x0f, 0x01, 0xd1); }

    public void rdtscp() { db(0x0f, 0x01, 0xf9); }

    public void sldt(Operand to) { modrm(0, 0x0f00, 0, true, 0, to, 0); }

    public void str(Operand to) { modrm(0, 0x0f00, 0, true, 1, to, 0); }

    public void lldt(Operand from) { modrm(0, 0x0f00, 0, true, 2, from, 0); }

    public void ltr(Operand from) { modrm(0, 0x0f00, 0, true, 3, from, 0); }

    public void verr(Operand from) { modrm(0, 0x0f00, 0, true, 4, from, 0); }

    public void verw(Operand from) { modrm(0, 0x0f00, 0, true, 5, from, 0); }

    public void lar(Register to, Operand from) { modrm(0, 0x0f02, to.bytes(), false, to, from, 0); }

    public void lsl(Register to, Operand from) { modrm(0, 0x0f03, to.bytes(), false, to, from, 0); }

    public void clts() { db(0x0f, 0x06); }

    public void invd() { db(0x0f, 0x08); }

    public void wbinvd() { db(0x0f, 0x09); }

    public void wrmsr() { db(0x0f, 0x30); }

    public void rdtsc() { db(0x0f, 0x31); }

    public void rdmsr() { db(0x0f, 0x32); }

    public void rdpmc() { db(0x0f, 0x33); }

    public void cpuid() { db(0x0f, 0xa2); }

    // Floating point and vectors

    public void fninit() { db(0xdb, 0xe3); }

    public void fnclex() { db(0xdb, 0xe2); }

    public void fxsave(Memory to) { modrm(0, 0x0fae, to.bytes(), false, 0, to, 0); }

    public void fxrstor(Memory from) { modrm(0, 0x0fae, from.bytes(), false, 1, from, 0); }

    public void ldmxcsr(Memory from) { modrm(0, 0x0fae, 0, true, 2, from, 0); }

    public void stmxcsr(Memory to) { modrm(0, 0x0fae, 0, true, 3, to, 0); }

    public void xsave(Memory to) { modrm(0, 0x0fae, to.bytes(), false, 4, to, 0); }

    public void xrstor(Memory from) { modrm(0, 0x0fae, from.bytes(), false, 5, from, 0); }

    public void mfence() { db(0x0f, 0xae, 0xf0); }

    public void movups(Operand to, Operand from) { vector(0, 0x0f10, to, from); }

    public void movaps(Operand to, Operand from) { vector(0, 0x0f28, to, from); }

    public void movdqu(Operand to, Operand from) {
        if (to instanceof Register r) {
            modrm(0xf3, 0x0f6f, 0, true, r, from, 0);
        } else {
            modrm(0xf3, 0x0f7f, 0, true, from, to, 0);
        }
    }

    public void pcmpeqb(Register to, Operand from) { sse(0x66, 0x0f74, to, from); }

    public void pand(Register to, Operand from) { sse(0x66, 0x0fdb, to, from); }

    public void pxor(Register to, Operand from) { sse(0x66, 0x0fef, to, from); }

    public void pmovmskb(Register to, Register from) { sse(0x66, 0x0fd7, to, from); }

    /** Any instruction with an XMM register in ModRM.reg: prefix (or 0), opcode, operands. */
    public void sse(int prefix, int opcode, Register to, Operand from) { modrm(prefix, opcode, 0, true, to, from, 0); }

    private void vector(int prefix, int opcode, Operand to, Operand from) {
        if (to instanceof Register r) {
            modrm(prefix, opcode, 0, true, r, from, 0);
        } else {
            modrm(prefix, opcode + 1, 0, true, from, to, 0);
        }
    }

    // Shapes

    /** An opcode whose lowest bit says "not a byte". */
    private void wide(int opcode, int bytes, Object reg, Operand rm) {
        modrm(0, opcode + (bytes == 1 ? 0 : 1), bytes, false, reg, rm, 0);
    }

    /** An opcode without ModRM in an operand size of 2, 4 or 8 bytes. */
    private void sized(int opcode, int bytes) {
        sizePrefix(bytes);
        wideOpcode(opcode, bytes);
    }

    private void wideOpcode(int opcode, int bytes) {
        if (bytes == 8) {
            db(0x48);
        }
        if (opcode == 0) {
            throw new IllegalArgumentException("No opcode");
        }
        opcode(opcode);
    }

    private int branchBytes() { return bits() == 16 ? 2 : 4; }

    /** Size of an operand of PUSH, CALL and their like: memory that says nothing is as wide as the stack. */
    private int stackBytes(Operand operand) { return operand.bytes() == 0 ? bits() / 8 : operand.bytes(); }

    private static int size(Operand operand) {
        if (operand.bytes() == 0) {
            throw new IllegalArgumentException("Size of the operand is not known: " + operand);
        }
        return operand.bytes();
    }
}
