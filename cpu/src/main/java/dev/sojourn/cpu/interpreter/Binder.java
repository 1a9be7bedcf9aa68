package dev.sojourn.cpu.interpreter;

import dev.sojourn.isa.Instruction;

/** Chooses the step for an instruction, chapter by chapter. */
final class Binder {
    private Binder() {}

    /** @param at the instruction pointer of the instruction */
    static Step bind(Instruction i, long at) {
        long next = at + i.length;
        Step step = switch (i.op) {
            case ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST, INC, DEC, NEG, NOT -> AluSteps.bind(i, next);
            case MOV, MOVZX, MOVSX, LEA, CMOV, SET, MOVNTI, NOP, XCHG, BSWAP, XLAT -> MoveSteps.bind(i, next);
            case PUSH, POP, PUSHA, POPA, PUSHF, POPF, ENTER, LEAVE -> StackSteps.bind(i, next);
            case JCC, JMP, CALL, RET, JMP_INDIRECT, CALL_INDIRECT, LOOP, LOOPE, LOOPNE, JCXZ -> BranchSteps.bind(i, next);
            case ROL, ROR, RCL, RCR, SHL, SHR, SAR, SHLD, SHRD -> ShiftSteps.bind(i, next);
            case MUL, IMUL, IMUL2, IMUL3, DIV, IDIV, CBW, CWD -> MultiplySteps.bind(i, next);
            case BT, BTS, BTR, BTC, BSF, BSR, POPCNT, CRC32 -> BitSteps.bind(i, next);
            case XADD, CMPXCHG, CMPXCHG8B -> ExchangeSteps.bind(i, next);
            case DAA, DAS, AAA, AAS, AAM, AAD, SAHF, LAHF, CLC, STC, CMC, CLD, STD, SALC, BOUND -> FlagSteps.bind(i, next);
            case MOVS, CMPS, STOS, LODS, SCAS, INS, OUTS -> StringSteps.bind(i, at);
            case IN, OUT, CLI, STI, HLT, RDTSC, RDTSCP, CPUID, RDMSR, WRMSR, RDPMC, RDRAND, RDSEED, RDFSBASE, RDGSBASE, WRFSBASE,
                 WRGSBASE, INVD, WBINVD, LFENCE, MFENCE, SFENCE, CLFLUSH, VMCALL, VMMCALL, SWAPGS, CLTS, INVLPG -> MachineSteps.bind(i, next);
            case PUSH_SEGMENT, POP_SEGMENT, MOV_FROM_SEGMENT, MOV_TO_SEGMENT, LES, LDS, LSS, LFS, LGS, SGDT, SIDT, LGDT, LIDT, SMSW,
                 LMSW, SLDT, STR, LLDT, LTR, VERR, VERW, LAR, LSL, ARPL, MOV_FROM_CONTROL, MOV_TO_CONTROL, MOV_FROM_DEBUG,
                 MOV_TO_DEBUG -> SystemSteps.bind(i, next);
            case JMP_FAR, CALL_FAR, JMP_FAR_INDIRECT, CALL_FAR_INDIRECT, RET_FAR, INT, INT3, INT1, INTO, IRET, SYSCALL, SYSRET,
                 SYSENTER, SYSEXIT -> TransferSteps.bind(i, next);
            case VECTOR -> VectorSteps.bind(i, next);
            case FXSAVE, FXRSTOR, LDMXCSR, STMXCSR -> StateSteps.bind(i, next);
            case XSAVE, XRSTOR, XGETBV, XSETBV -> XsaveSteps.bind(i, next);
            case FWAIT, X87 -> X87Steps.bind(i, next);
            default -> null;
        };
        return step != null ? step : new Undefined(i.op == dev.sojourn.isa.Op.TOO_LONG);
    }

    /** No instruction: #UD, or #GP(0) if it is too long. */
    static final class Undefined extends Step {
        private final boolean tooLong;

        Undefined(boolean tooLong) { this.tooLong = tooLong; }

        @Override
        void run(dev.sojourn.cpu.Cpu cpu) {
            throw cpu.fault(tooLong ? dev.sojourn.cpu.Vector.GP : dev.sojourn.cpu.Vector.UD, 0);
        }
    }
}
