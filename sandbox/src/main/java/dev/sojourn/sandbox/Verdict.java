package dev.sojourn.sandbox;

import java.time.Duration;
import java.util.List;

/**
 * What a run's end comes to for whoever asked for it.
 *
 * @param status as a program ends with it: the command's own, or one of those named here
 * @param sentence what there is to say; empty if the status says it all
 * @param lastLines what the guest said last on its console, where that may tell why
 */
public record Verdict(int status, String sentence, List<String> lastLines) {
    /** The time limit ran out; as the coreutils program of that purpose has it. */
    public static final int TIMED_OUT = 124;

    /** The sandbox or its guest failed, not the command. */
    public static final int FAILED = 125;

    /** Nobody reads the output: what a program ended by SIGPIPE leaves. */
    public static final int OUTPUT_CLOSED = 128 + 13;

    public Verdict { lastLines = List.copyOf(lastLines); }

    /** @param openEnded whether the guest's own end is an ordinary one: there is no command whose status is missing */
    public static Verdict of(Result result, boolean openEnded) {
        return switch (result) {
            case Result.Exited(int status) -> silent(status);
            case Result.PoweredOff() when openEnded -> silent(0);
            case Result.PoweredOff() -> failed("The guest switched itself off before its command ended.");
            case Result.Restarted() when openEnded -> silent(0);
            case Result.Restarted() -> failed("The guest restarted itself before its command ended.");
            case Result.EnginesDiffer(String difference, _) -> failed(
                    "Compiled code did something else than the interpreter (name, compiled, interpreted).",
                    difference.lines().toList());
            case Result.Stopped() -> silent(FAILED);
            case Result.Moved() -> new Verdict(FAILED, "The guest moved to another host.", List.of());
            case Result.OutputClosed() -> silent(OUTPUT_CLOSED);
            case Result.OutputFailed(String reason) -> failed(reason);
            case Result.TimedOut(var limit, var lastLines) -> new Verdict(TIMED_OUT,
                    "The guest was ended at its time limit of " + timeText(limit) + ".", lastLines);
            case Result.Panicked(var lastLines) -> failed("The guest kernel panicked.", lastLines);
            case Result.TripleFaulted(String detail, var lastLines) -> failed(
                    "The guest's processor shut down after a triple fault"
                            + (detail.isEmpty() ? "." : " (" + detail + ")."), lastLines);
            case Result.Halted(var lastLines) ->
                    failed("The guest halted: its processors wait for an interrupt that none will accept.", lastLines);
            case Result.Failed(String reason, var lastLines) ->
                    failed("The command could not be started: " + reason + ".", lastLines);
        };
    }

    public static Verdict failed(String sentence) { return failed(sentence, List.of()); }

    private static Verdict failed(String sentence, List<String> lastLines) { return new Verdict(FAILED, sentence, lastLines); }

    private static Verdict silent(int status) { return new Verdict(status, "", List.of()); }

    /** A time for people, in the largest unit that keeps it whole. */
    public static String timeText(Duration time) {
        long millis = time.toMillis();
        if (millis % 1000 != 0) return millis + "ms";
        long seconds = millis / 1000;
        if (seconds % 3600 == 0) return seconds / 3600 + "h";
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
