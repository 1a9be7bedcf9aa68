package dev.sojourn.cli;

import com.google.gson.JsonObject;
import dev.sojourn.cli.Invocation.OnHost;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.client.HostClient;
import dev.sojourn.host.command.HostCommand;
import java.util.Locale;

/** Moves a sandbox to another host, and shows how that goes on. Ctrl-C cancels it, if it is not too late. */
final class MigrateCommand {
    private static final int POLL_MILLIS = 50;
    private static final long SHOWN_AFTER_NANOS = 1_000_000_000;

    private final HostClient host;
    private final OnHost.Migrate asked;
    private final String path;

    MigrateCommand(HostClient host, OnHost.Migrate asked) {
        this.host = host;
        this.asked = asked;
        path = "/v1/sandboxes/" + asked.name() + "/migration";
    }

    int status(Signals signals) throws HostError, InterruptedException {
        JsonObject move = host.carryOut(new HostCommand.Migrate(asked.name(), asked.target(), asked.downtime(), asked.bytesPerSecond()));
        // The host asks until it knows, whoever listens.
        signals.onSignal(() -> signals.endNow(signals.status().orElse(ExitStatus.FAILED), this::cancel));
        long begin = System.nanoTime();
        boolean shown = false;
        while (!move.has("moved")) {
            Thread.sleep(POLL_MILLIS);
            move = host.get(path);
            if (!asked.json() && System.nanoTime() - begin > SHOWN_AFTER_NANOS && System.console() != null) {
                System.err.print("\r" + progress(move));
                shown = true;
            }
        }
        if (shown) System.err.println();
        if (asked.json()) {
            int said = Main.say(Json.text(move));
            return said != ExitStatus.OK ? said : move.get("moved").getAsBoolean() ? ExitStatus.OK : ExitStatus.FAILED;
        }
        if (!move.get("moved").getAsBoolean()) throw new HostError(Code.WRONG_STATE, move.get("reason").getAsString());
        return Main.say(String.format(Locale.ROOT, "%s moved to %s: %d rounds, %d MiB, stood still for %.1f ms%n", asked.name(), asked.target(),
                move.get("rounds").getAsInt(), move.get("sentBytes").getAsLong() >> 20, move.get("downtimeMicros").getAsLong() / 1000.0));
    }

    private static String progress(JsonObject move) {
        return String.format(Locale.ROOT, "%-12s round %d: %d of %d pages, %d MiB sent   ", move.get("state").getAsString(),
                move.get("round").getAsInt() + 1, move.get("sentPages").getAsInt(), move.get("pages").getAsInt(),
                move.get("sentBytes").getAsLong() >> 20);
    }

    private void cancel() {
        try {
            host.cancelMove(asked.name());
        } catch (HostError e) {
            Complaints.say(e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
