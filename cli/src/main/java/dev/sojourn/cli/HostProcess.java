package dev.sojourn.cli;

import dev.sojourn.host.Daemon;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostLimits;
import dev.sojourn.host.move.MoveKey;
import dev.sojourn.host.StateFolder;
import java.lang.management.ManagementFactory;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Carries out {@code sojourn host}: this process is the host until it is asked to end. */
final class HostProcess {
    static final int PORT_DEFAULT = 7600;

    private final Invocation.Host asked;
    private final HostPlace place;
    private final Signals signals;

    HostProcess(Invocation.Host asked, HostPlace place, Signals signals) {
        this.asked = asked;
        this.place = place;
        this.signals = signals;
    }

    int status() {
        if (asked.background()) signals.ignoreTerminal();
        // A bug on a thread of one sandbox is no reason to end the others.
        Thread.setDefaultUncaughtExceptionHandler((_, bug) -> {
            Complaints.say("This is an error in Sojourn itself; please report it with what follows.");
            bug.printStackTrace();
        });
        // The server warns of every strange request: anybody on this computer could fill the log.
        Logger.getLogger("").setLevel(Level.SEVERE);
        try (Daemon daemon = Daemon.ofGuests(StateFolder.of(System.getenv(), System.getProperty("user.home")), settings(),
                place.cache())) {
            signals.onSignal(daemon::end);
            int port = daemon.address().port();
            Complaints.say("The host listens at http://127.0.0.1:" + port + "; 'sojourn console' prints the address of its web console.");
            daemon.await();
            return ExitStatus.OK;
        } catch (HostError e) {
            Complaints.say(e.getMessage());
            return ExitStatus.FAILED;
        } catch (InterruptedException e) {
            throw new AssertionError("Nobody interrupts this thread", e);
        }
    }

    private Daemon.Settings settings() {
        HostLimits limits = new HostLimits(HostLimits.SANDBOXES_DEFAULT,
                asked.memoryBytesMax().orElseGet(HostProcess::computerMemory), HostLimits.RECORDS_DEFAULT);
        return new Daemon.Settings(place.version(), asked.port().orElse(PORT_DEFAULT), asked.port().isEmpty() && asked.background(),
                asked.idle(), limits, MoveKey.path(System.getenv(), System.getProperty("user.home")));
    }

    private static long computerMemory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() : Long.MAX_VALUE;
    }
}
