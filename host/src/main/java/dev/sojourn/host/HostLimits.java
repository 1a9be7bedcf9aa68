package dev.sojourn.host;

/**
 * What one host holds at most, so that it does not take down the computer it runs on.
 *
 * @param sandboxes live ones
 * @param memoryBytes guest memory of all live ones together
 * @param records of sandboxes, live or not
 */
public record HostLimits(int sandboxes, long memoryBytes, int records) {
    /** A thread and some tens of megabytes each. */
    public static final int SANDBOXES_DEFAULT = 256;

    /** Each may keep sixteen megabytes of output. */
    public static final int RECORDS_DEFAULT = 1024;
}
