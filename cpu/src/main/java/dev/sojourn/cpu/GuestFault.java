package dev.sojourn.cpu;

/** An exception of the guest on its way to the guest: one for each processor, made before it is needed, without a trace. */
@SuppressWarnings("serial")
public final class GuestFault extends RuntimeException {
    private int vector;
    private int errorCode;

    GuestFault() { super("A fault of the guest.", null, false, false); }

    GuestFault with(int vector, int errorCode) {
        this.vector = vector;
        this.errorCode = errorCode;
        return this;
    }

    public int vector() { return vector; }

    public int errorCode() { return errorCode; }

    @Override
    public String getMessage() { return "Guest exception " + vector + ", error code 0x" + Integer.toHexString(errorCode); }
}
