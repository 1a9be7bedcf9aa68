package dev.sojourn.testkit.oracle;

/** Cases by hand. */
final class Cases {
    private static final int RFLAGS = 0x202;

    private Cases() {}

    static Case of(boolean bits32, long rax, long rcx, int... code) {
        return withFlags(bits32, RFLAGS, rax, rcx, code);
    }

    static Case withFlags(boolean bits32, long rflags, long rax, long rcx, int... code) {
        byte[] bytes = new byte[code.length];
        for (int i = 0; i < code.length; i++) {
            bytes[i] = (byte) code[i];
        }
        long[] general = new long[ProcessorState.GENERAL];
        general[0] = rax;
        general[1] = rcx;
        general[4] = Layout.SECOND;
        byte[] fx = new byte[ProcessorState.FX_BYTES];
        fx[0] = 0x7f;
        fx[1] = 3;
        fx[ProcessorState.FX_MXCSR] = (byte) 0x80;
        fx[ProcessorState.FX_MXCSR + 1] = 0x1f;
        ProcessorState before = new ProcessorState(Layout.CODE, rflags, general, fx, new byte[Layout.WINDOWS_BYTES]);
        return new Case("by hand", 0, bytes, bits32, before, Looseness.NONE);
    }
}
