package dev.sojourn.cpu.operation.x87;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The floating-point unit of the computer the tests run on, where that is Linux on x86-64. */
final class X87Processor {
    private static final int CODE = 0;
    private static final int BEFORE = 0x100;
    private static final int AFTER = 0x200;
    private static final int MEMORY = 0x300;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final MemorySegment page;
    private final MethodHandle code;

    X87Processor() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle mmap = linker.downcallHandle(linker.defaultLookup().findOrThrow("mmap"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        MemorySegment address = (MemorySegment) mmap.invokeExact(MemorySegment.NULL, 4096L, 7, 0x22, -1, 0L);
        page = address.reinterpret(4096, Arena.global(), null);
        code = linker.downcallHandle(page, FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS,
                ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    }

    static boolean present() {
        return System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
    }

    X87Outcome run(X87Case given) throws Throwable {
        int modrm = given.memory() ? given.modrm() | 7 : given.modrm();
        // push rcx; frstor [rsi]; popf; the instruction, with its operand at rdi; pushf; pop rax; fnsave [rdx];
        // fninit; ret
        int[] bytes = {0x51, 0xdd, 0x26, 0x9d, given.opcode(), modrm, 0x9c, 0x58, 0xdd, 0x32, 0xdb, 0xe3, 0xc3};
        for (int i = 0; i < bytes.length; i++) {
            page.set(ValueLayout.JAVA_BYTE, CODE + i, (byte) bytes[i]);
        }
        page.asSlice(BEFORE, 28).fill((byte) 0);
        page.set(INT, BEFORE, given.control());
        page.set(INT, BEFORE + 4, given.status());
        page.set(INT, BEFORE + 8, given.tags());
        for (int i = 0; i < 8; i++) {
            page.set(LONG, BEFORE + 28 + 10 * i, given.significand(i));
            page.set(SHORT, BEFORE + 36 + 10 * i, (short) given.exponent(i));
        }
        page.set(LONG, MEMORY, given.low());
        page.set(SHORT, MEMORY + 8, (short) given.high());
        long eflags = (long) code.invokeExact(page.asSlice(MEMORY), page.asSlice(BEFORE), page.asSlice(AFTER),
                0x202L | given.eflags());
        int status = word(AFTER + 4);
        int tags = word(AFTER + 8);
        boolean empty0 = (tags >> 2 * (status >> 11 & 7) & 3) == 3;
        boolean empty1 = (tags >> 2 * ((status >> 11) + 1 & 7) & 3) == 3;
        return new X87Outcome(word(AFTER), status, tags,
                empty0 ? 0 : word(AFTER + 36), empty0 ? 0 : page.get(LONG, AFTER + 28),
                empty1 ? 0 : word(AFTER + 46), empty1 ? 0 : page.get(LONG, AFTER + 38),
                word(MEMORY + 8), page.get(LONG, MEMORY), (int) eflags & 0x45);
    }

    private int word(int offset) { return page.get(SHORT, offset) & 0xffff; }
}
