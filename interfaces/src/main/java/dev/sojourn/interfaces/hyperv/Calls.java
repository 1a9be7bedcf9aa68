package dev.sojourn.interfaces.hyperv;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.CallText.Argument;
import dev.sojourn.memory.GuestMemory;

/**
 * The hypercalls (TLFS 3): a control word, and input in two registers ("fast") or in memory.
 *
 * <pre>
 * control word    0-15 call code, 16 fast, 17-26 quadwords of variable header, 32-43 repetitions, 48-59 first repetition
 * result          0-15 status, 32-43 repetitions done
 * </pre>
 */
final class Calls {
    static final int SUCCESS = 0;
    static final int INVALID_CODE = 2;
    static final int INVALID_INPUT = 3;
    static final int INVALID_ALIGNMENT = 4;
    static final int INVALID_PARAMETER = 5;
    static final int ACCESS_DENIED = 6;

    private static final int FLUSH_SPACE = 2;
    private static final int FLUSH_LIST = 3;
    private static final int LONG_SPIN_WAIT = 8;
    private static final int SEND_IPI = 0xb;
    private static final int FLUSH_SPACE_EX = 0x13;
    private static final int FLUSH_LIST_EX = 0x14;
    private static final int SEND_IPI_EX = 0x15;
    private static final int GET_PARTITION_ID = 0x46;
    private static final int POST_MESSAGE = 0x5c;
    private static final int SIGNAL_EVENT = 0x5d;
    private static final int QUERY_CAPABILITIES = 0x8001;

    private static final long FAST = 1 << 16;
    private static final long RESERVED = 0xf000_f000_f800_0000L;
    private static final int R8 = 8;

    private final Partition partition;
    private final Cpu cpu;
    private final ProcessorCalls work;

    Calls(Partition partition, Cpu cpu) {
        this.partition = partition;
        this.cpu = cpu;
        work = new ProcessorCalls(partition);
    }

    /**
     * One call, decoded.
     *
     * @param first the input's address, or the first of two registers of input if it is fast
     * @param second the output's address, or the second register
     */
    record Call(int code, boolean fast, int headerWords, int repetitions, int start, boolean wellFormed, long first,
            long second) {
        boolean isSimple() { return repetitions == 0 && start == 0; }

        boolean isRepeated() { return repetitions > 0 && start < repetitions; }
    }

    /** What a status and a count of repetitions done make. */
    static long result(int status, int done) { return (long) done << 32 | status; }

    private static long low(long value) { return value & 0xffff_ffffL; }

    private Call decode() {
        boolean wide = cpu.is64Bit();
        long control = wide ? cpu.r[Cpu.RCX] : cpu.r[Cpu.RDX] << 32 | low(cpu.r[Cpu.RAX]);
        long first = wide ? cpu.r[Cpu.RDX] : cpu.r[Cpu.RBX] << 32 | low(cpu.r[Cpu.RCX]);
        long second = wide ? cpu.r[R8] : cpu.r[Cpu.RDI] << 32 | low(cpu.r[Cpu.RSI]);
        return new Call((int) control & 0xffff, (control & FAST) != 0, (int) (control >>> 17) & 0x3ff,
                (int) (control >>> 32) & 0xfff, (int) (control >>> 48) & 0xfff, (control & RESERVED) == 0, first, second);
    }

    CallOutcome serve() {
        if (!cpu.isProtected() || cpu.cpl != 0 || !partition.takesHypercalls()) {
            return CallOutcome.ABSENT;
        }
        long result = result(decode());
        if (cpu.is64Bit()) {
            cpu.r[Cpu.RAX] = result;
        } else {
            cpu.r[Cpu.RAX] = low(result);
            cpu.r[Cpu.RDX] = result >>> 32;
        }
        int status = (int) result & 0xffff;
        return status == INVALID_CODE || status == ACCESS_DENIED ? CallOutcome.REFUSED : CallOutcome.SERVED;
    }

    private long result(Call call) {
        if (!call.wellFormed) {
            return INVALID_INPUT;
        }
        return switch (call.code) {
            case FLUSH_SPACE, FLUSH_SPACE_EX -> withMemory(call, call.isSimple(), call.code == FLUSH_SPACE_EX);
            case FLUSH_LIST, FLUSH_LIST_EX -> withMemory(call, call.isRepeated(), call.code == FLUSH_LIST_EX);
            case SEND_IPI_EX -> withMemory(call, call.isSimple(), true);
            case SEND_IPI -> call.fast && call.isSimple() && call.headerWords == 0
                    ? work.sendInterrupt(call.first, call.second) : withMemory(call, call.isSimple(), false);
            case LONG_SPIN_WAIT -> {
                if (!call.fast || !call.isSimple() || call.headerWords != 0) {
                    yield INVALID_INPUT;
                }
                partition.processors.get(cpu.id).ops.endTurn();
                yield SUCCESS;
            }
            case GET_PARTITION_ID, POST_MESSAGE, SIGNAL_EVENT, QUERY_CAPABILITIES -> ACCESS_DENIED;
            default -> INVALID_CODE;
        };
    }

    /** The calls whose input lies in memory. */
    private long withMemory(Call call, boolean formFits, boolean takesHeader) {
        if (call.fast || !formFits || !takesHeader && call.headerWords != 0) {
            return INVALID_INPUT;
        }
        int bytes = switch (call.code) {
            case SEND_IPI -> 16;
            case FLUSH_SPACE_EX, FLUSH_LIST_EX -> 32;
            default -> 24;
        } + 8 * (call.headerWords + call.repetitions);
        int inPage = (int) call.first & GuestMemory.PAGE_BYTES - 1;
        if (inPage % 8 != 0 || inPage + bytes > GuestMemory.PAGE_BYTES) {
            return INVALID_ALIGNMENT;
        }
        if (!partition.ops.memory().isRam(call.first, bytes)) {
            return INVALID_PARAMETER;
        }
        return switch (call.code) {
            case SEND_IPI -> work.sendInterrupt(word(call, 0), word(call, 8));
            case SEND_IPI_EX -> work.sendInterrupt(call);
            default -> work.flush(call);
        };
    }

    private long word(Call call, int offset) { return partition.ops.memory().getLong(call.first + offset); }

    CallText describe() {
        Call call = decode();
        String name = switch (call.code) {
            case FLUSH_SPACE -> "FLUSH_VIRTUAL_ADDRESS_SPACE";
            case FLUSH_LIST -> "FLUSH_VIRTUAL_ADDRESS_LIST";
            case LONG_SPIN_WAIT -> "NOTIFY_LONG_SPIN_WAIT";
            case SEND_IPI -> "SEND_IPI";
            case FLUSH_SPACE_EX -> "FLUSH_VIRTUAL_ADDRESS_SPACE_EX";
            case FLUSH_LIST_EX -> "FLUSH_VIRTUAL_ADDRESS_LIST_EX";
            case SEND_IPI_EX -> "SEND_IPI_EX";
            case GET_PARTITION_ID -> "GET_PARTITION_ID";
            case POST_MESSAGE -> "POST_MESSAGE";
            case SIGNAL_EVENT -> "SIGNAL_EVENT";
            case QUERY_CAPABILITIES -> "QUERY_CAPABILITIES";
            default -> "unknown";
        };
        return CallText.of(name, call.code, new Argument("fast", call.fast ? 1 : 0),
                new Argument("header", call.headerWords), new Argument("repetitions", call.repetitions),
                new Argument("start", call.start), new Argument("input", call.first), new Argument("output", call.second));
    }
}
