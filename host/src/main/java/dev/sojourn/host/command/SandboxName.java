package dev.sojourn.host.command;

import dev.sojourn.host.HostError;

/** What a sandbox is called: 1 to 63 small letters, digits and dashes, the first no dash. It is also a folder's name. */
public record SandboxName(String text) implements Comparable<SandboxName> {
    /** As for a label of a host name. */
    public static final int LENGTH_MAX = 63;

    public SandboxName {
        if (!isOne(text)) throw new IllegalArgumentException("not a name: " + text);
    }

    /** @throws HostError if the text is no name */
    public static SandboxName of(String text) throws HostError {
        if (isOne(text)) return new SandboxName(text);
        throw new HostError(HostError.Code.BAD_REQUEST,
                "A sandbox's name is made of 1 to 63 small letters, digits and dashes, and does not start with a dash.");
    }

    public static boolean isOne(String text) { return text.matches("[a-z0-9][a-z0-9-]{0," + (LENGTH_MAX - 1) + "}"); }

    @Override public int compareTo(SandboxName other) { return text.compareTo(other.text); }

    @Override public String toString() { return text; }
}
