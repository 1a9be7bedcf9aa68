package dev.sojourn.sandbox.matrix;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One kernel on one interface.
 *
 * @param guestInterface the interface's name
 * @param failure what went wrong, as a sentence; empty if nothing did
 * @param kernel the kernel's release, as it says; texts that did not come are empty
 * @param hypervisor what the kernel detected, or what it says it is booted on
 * @param clock its clock source
 * @param processors how many it brought up
 * @param userSpace from the first instruction to the first process, if it came to that
 * @param calls what it asked of the machine
 * @param lastLines the guest's own last words; only of a failure
 */
public record MatrixRow(String guestInterface, Optional<String> failure, String kernel, String hypervisor, String clock,
        int processors, Optional<Duration> userSpace, Calls calls, List<String> lastLines) {

    /**
     * Exits of the machine, by kind.
     *
     * @param registers model-specific registers of the interface read and written
     * @param ports ports of the interface read and written
     * @param refused calls of the interface that the guest was told do not exist
     * @param others exits to the chips and the processor model
     */
    public record Calls(long hypercalls, long registers, long ports, long refused, long others) {}

    public MatrixRow {
        lastLines = List.copyOf(lastLines);
    }

    public boolean passed() { return failure.isEmpty(); }
}
