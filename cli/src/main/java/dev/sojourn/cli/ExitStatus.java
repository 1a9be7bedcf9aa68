package dev.sojourn.cli;

import dev.sojourn.sandbox.Verdict;

/** The statuses this program ends with when it is not the command's own. */
final class ExitStatus {
    static final int OK = 0;

    /** {@code doctor} found something missing. */
    static final int LACKING = 1;

    /** The command line made no sense. */
    static final int USAGE = 2;

    /** The time limit ran out; as the coreutils program of that purpose has it. */
    static final int TIMED_OUT = Verdict.TIMED_OUT;

    /** Sojourn or the guest failed, not the command. */
    static final int FAILED = Verdict.FAILED;

    /** A signal ended it: this plus the signal's number, as a shell has it. */
    static final int SIGNAL = 128;

    /** Nobody reads the output: what a program ended by SIGPIPE leaves. */
    static final int OUTPUT_CLOSED = Verdict.OUTPUT_CLOSED;

    private ExitStatus() {}
}
