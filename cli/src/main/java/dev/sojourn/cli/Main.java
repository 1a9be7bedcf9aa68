package dev.sojourn.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The program. */
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        Signals signals = new Signals();
        Thread.setDefaultUncaughtExceptionHandler((_, bug) -> signals.endNow(ExitStatus.FAILED, () -> complain(bug)));
        int status = status(List.of(words), signals);
        System.exit(signals.status().orElse(status));
    }

    private static int status(List<String> words, Signals signals) {
        HostPlace place = HostPlace.fromProperties(System.getProperties(), System.getenv());
        Arguments arguments = new Arguments(RawArguments.of(words), System.getenv(), place.version());
        try {
            return switch (arguments.parse(words)) {
                case Invocation.Say(String text) -> say(text);
                case Invocation.Doctor(boolean json) -> doctor(new Doctor(place).examine(), json);
                case Invocation.Run run -> new Run(run, place, signals).status();
                case Invocation.Trace trace -> new TraceCommand(trace, place, signals).status();
                case Invocation.Types types -> new MachineCommand(types).status();
                case Invocation.Probe probe -> MachineCommand.probe(probe);
                case Invocation.Detach detach -> new HostVerbs(place, signals).detach(detach);
                case Invocation.Host host -> new HostProcess(host, place, signals).status();
                case Invocation.VerifySnapshot verify -> SnapshotCommand.verify(verify);
                case Invocation.OnHost verb -> new HostVerbs(place, signals).status(verb);
                case Invocation.Matrix matrix -> new MatrixCommand(matrix, place, signals).status();
            };
        } catch (UsageError e) {
            Complaints.say(e.getMessage());
            Complaints.line("Try 'sojourn --help' or 'sojourn run --help'.");
            return ExitStatus.USAGE;
        }
    }

    /** What nobody expected. */
    private static void complain(Throwable bug) {
        if (bug instanceof OutOfMemoryError) {
            Complaints.say("The JVM ran out of memory; give smaller images or less --memory, or end other programs.");
        } else {
            Complaints.say("This is an error in Sojourn itself; please report it with what follows.");
            bug.printStackTrace();
        }
    }

    private static int doctor(Doctor.Report report, boolean json) {
        int written = say(json ? Json.text(report.toJson()) : report.toText());
        return written != ExitStatus.OK ? written : report.ready() ? ExitStatus.OK : ExitStatus.LACKING;
    }

    /** Writes to standard output. @return a status */
    static int say(String text) {
        try (OutputStream output = new FileOutputStream(FileDescriptor.out)) {
            output.write(text.getBytes(StandardCharsets.UTF_8));
            return ExitStatus.OK;
        } catch (IOException e) {
            Complaints.say("Standard output cannot be written: " + e.getMessage() + ".");
            return ExitStatus.FAILED;
        }
    }
}
