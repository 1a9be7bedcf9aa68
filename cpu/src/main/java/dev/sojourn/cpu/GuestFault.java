package dev.sojourn.cpu;

/** An exception of the guest on its way to the guest: one for each processor, made before it is needed, without a trace. */
@SuppressWarnings("serial")
public final class GuestFault extends RuntimeException {
    private int vector;
    private int errorCode;
    private boolean notCanonical;
    private boolean retry;
    private long linear;

    GuestFault() { super("A fault of the guest.", null, false, false); }

    GuestFault with(int vector, int errorCode) {
        this.vector = vector;
        this.errorCode = errorCode;
        notCanonical = false;
        retry = false;
        return this;
    }

    GuestFault notCanonical(long linear) {
        with(Vector.GP, 0);
        notCanonical = true;
        this.linear = linear;
        return this;
    }

    /** None of the guest's: compiled code cannot run this instruction, and has changed nothing for it. */
    GuestFault retry() {
        retry = true;
        notCanonical = false;
        return this;
    }

    /** Whether the instruction must run again outside compiled code. */
    public boolean isRetry() { return retry; }

    public int vector() { return vector; }

    public int errorCode() { return errorCode; }

    /** Whether it is #GP(0) for an address that is not canonical; #SS(0) if the stack segment was meant. */
    public boolean isNotCanonical() { return notCanonical; }

    /** The address, if it is one that is not canonical. */
    public long linear() { return linear; }

    @Override
    public String getMessage() { return "Guest exception " + vector + ", error code 0x" + Integer.toHexString(errorCode); }
}
