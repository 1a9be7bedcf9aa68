package dev.sojourn.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sojourn.cli.Invocation.OnHost;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.client.HostClient;
import dev.sojourn.host.command.Creation;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.guest.GuestCache;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Carries out what is asked of the host. */
final class HostVerbs {
    private final HostPlace place;
    private final Signals signals;

    HostVerbs(HostPlace place, Signals signals) {
        this.place = place;
        this.signals = signals;
    }

    int detach(Invocation.Detach asked) {
        return attempt(() -> {
            Creation creation = creation(asked);
            try (HostClient host = new HostDoor().started()) {
                return sayName(host.carryOut(new HostCommand.Create(asked.name(), creation)));
            }
        });
    }

    int status(OnHost verb) {
        // What is begun on the host goes on there: a signal ends this program and nothing else.
        signals.onSignal(() -> signals.endNow(signals.status().orElse(ExitStatus.FAILED), () -> {}));
        return attempt(() -> {
            HostDoor door = new HostDoor();
            Optional<HostClient> host = switch (verb) {
                case OnHost.EndHost _ -> door.running();
                case OnHost.Restore _ -> Optional.of(door.started());
                default -> door.ofRecords();
            };
            if (host.isEmpty()) return withoutHost(verb);
            try (HostClient client = host.get()) {
                return status(verb, client);
            }
        });
    }

    private int status(OnHost verb, HostClient host) throws HostError, InterruptedException {
        return switch (verb) {
            case OnHost.Ps(boolean json) -> ps(host.get("/v1/sandboxes"), json);
            case OnHost.Logs logs -> logs(host, logs);
            case OnHost.Stop(var names, var timeout) -> {
                for (SandboxName name : names) host.carryOut(new HostCommand.Stop(name, timeout));
                yield ExitStatus.OK;
            }
            case OnHost.Remove(var names, boolean force) -> {
                for (SandboxName name : names) host.carryOut(new HostCommand.Remove(name, force));
                yield ExitStatus.OK;
            }
            case OnHost.Pause(var names) -> {
                for (SandboxName name : names) host.carryOut(new HostCommand.Pause(name));
                yield ExitStatus.OK;
            }
            case OnHost.Resume(var names) -> {
                for (SandboxName name : names) host.carryOut(new HostCommand.Resume(name));
                yield ExitStatus.OK;
            }
            case OnHost.Snapshot(var name, var file) -> {
                host.carryOut(new HostCommand.Snapshot(name, file));
                yield ExitStatus.OK;
            }
            case OnHost.Restore(var file, var name, var engine, var limit) ->
                    sayName(host.carryOut(new HostCommand.Restore(file, name, engine, limit)));
            case OnHost.Clone(var name, int count) -> {
                StringBuilder names = new StringBuilder();
                host.carryOut(new HostCommand.Clone(name, count)).getAsJsonArray("sandboxes")
                        .forEach(clone -> names.append(clone.getAsJsonObject().get("name").getAsString()).append('\n'));
                yield Main.say(names.toString());
            }
            case OnHost.Wait(var name) -> await(host, name);
            case OnHost.Migrate migrate -> new MigrateCommand(host, migrate).status(signals);
            case OnHost.Attach(var name) -> new AttachCommand(host, name, signals).status();
            case OnHost.Events(boolean json) -> events(host, json);
            case OnHost.Top(boolean json) -> new TopCommand(host, json).status();
            case OnHost.Console() -> Main.say(host.console() + "\n");
            case OnHost.EndHost(boolean force) -> {
                host.end(force);
                yield ExitStatus.OK;
            }
        };
    }

    private static int sayName(JsonObject sandbox) { return Main.say(sandbox.get("name").getAsString() + "\n"); }

    /** No host runs, and none has left anything to tell of. */
    private static int withoutHost(OnHost verb) throws HostError {
        return switch (verb) {
            case OnHost.Ps(boolean json) -> {
                JsonObject none = new JsonObject();
                none.add("sandboxes", new JsonArray());
                yield ps(none, json);
            }
            case OnHost.EndHost _ -> ExitStatus.OK;
            case OnHost.Logs(var name, var _, var _, var _) -> throw missing(name);
            case OnHost.Wait(var name) -> throw missing(name);
            case OnHost.Migrate migrate -> throw missing(migrate.name());
            case OnHost.Attach(var name) -> throw missing(name);
            case OnHost.Stop(var names, var _) -> throw missing(names.getFirst());
            case OnHost.Pause(var names) -> throw missing(names.getFirst());
            case OnHost.Resume(var names) -> throw missing(names.getFirst());
            case OnHost.Snapshot(var name, var _) -> throw missing(name);
            case OnHost.Clone(var name, var _) -> throw missing(name);
            case OnHost.Remove(var names, var _) -> throw missing(names.getFirst());
            case OnHost.Events _, OnHost.Top _, OnHost.Console _, OnHost.Restore _ -> throw new HostError(Code.HOST_FAILED,
                    "No host runs; 'sojourn host' starts one, and so does 'sojourn run --detach'.");
        };
    }

    private static HostError missing(SandboxName name) {
        return new HostError(Code.NO_SUCH_SANDBOX, "There is no sandbox '" + name + "'.");
    }

    private static int ps(JsonObject answer, boolean json) {
        if (json) return Main.say(Json.text(answer));
        return Main.say(SandboxTable.of(answer.getAsJsonArray("sandboxes"), System.currentTimeMillis()));
    }

    private static int logs(HostClient host, OnHost.Logs asked) throws HostError, InterruptedException {
        String path = "/v1/sandboxes/" + asked.name() + "/log?follow=" + asked.follow()
                + asked.tail().map(count -> "&tail=" + count).orElse("");
        try (Stream<String> lines = host.lines(path); OutputStream output = new FileOutputStream(FileDescriptor.out);
                OutputStream error = new FileOutputStream(FileDescriptor.err)) {
            for (String line : (Iterable<String>) lines.filter(text -> !text.isEmpty())::iterator) {
                if (asked.json()) {
                    output.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                } else {
                    JsonObject piece = JsonParser.parseString(line).getAsJsonObject();
                    (piece.get("stream").getAsString().equals("output") ? output : error).write(bytes(piece));
                }
            }
            return ExitStatus.OK;
        } catch (UncheckedIOException e) {
            throw new HostError(Code.HOST_FAILED, "The host has gone: " + e.getCause().getMessage() + ".");
        } catch (IOException _) {
            return ExitStatus.OUTPUT_CLOSED;
        }
    }

    private static byte[] bytes(JsonObject piece) {
        return piece.has("text") ? piece.get("text").getAsString().getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(piece.get("base64").getAsString());
    }

    private static int await(HostClient host, SandboxName name) throws HostError, InterruptedException {
        JsonObject sandbox = host.get("/v1/sandboxes/" + name + "/wait");
        while (!sandbox.has("ended")) sandbox = host.get("/v1/sandboxes/" + name + "/wait");
        return ended(sandbox);
    }

    /** Says how a sandbox ended as {@code sojourn run} would have. */
    static int ended(JsonObject sandbox) {
        String sentence = sandbox.get("sentence").getAsString();
        if (!sentence.isEmpty()) {
            Complaints.say(sentence, sandbox.getAsJsonArray("lastLines").asList().stream().map(JsonElement::getAsString).toList());
        }
        return sandbox.get("status").getAsInt();
    }

    private static int events(HostClient host, boolean json) throws HostError, InterruptedException {
        try (Stream<String> lines = host.lines("/v1/events")) {
            for (String line : (Iterable<String>) lines.filter(text -> text.startsWith("data: "))::iterator) {
                String data = line.substring("data: ".length());
                System.out.println(json ? data : SandboxTable.event(JsonParser.parseString(data).getAsJsonObject()));
                if (System.out.checkError()) return ExitStatus.OUTPUT_CLOSED;
            }
            throw new HostError(Code.HOST_FAILED, "The host has ended.");
        } catch (UncheckedIOException _) {
            throw new HostError(Code.HOST_FAILED, "The host has ended.");
        }
    }

    private Creation creation(Invocation.Detach asked) throws SandboxError {
        Invocation.Run run = asked.run();
        Creation.What what = switch (run.what()) {
            case Invocation.What.Image(var kernel, var initialRoot, var commandLine) -> new Creation.What.Image(
                    kernel.toAbsolutePath(), initialRoot.map(Path::toAbsolutePath), commandLine);
            case Invocation.What.Command command -> {
                // Fetched here, where somebody sees how it goes.
                new GuestCache(place.cache()).get(Complaints::say);
                List<Guest.Variable> environment = new ArrayList<>();
                String kind = System.getenv("TERM");
                if (run.terminal() && kind != null) environment.add(new Guest.Variable("TERM", kind));
                environment.addAll(command.environment());
                yield new Creation.What.Words(command.arguments(), environment, command.workingDirectory(),
                        command.overlays().stream().map(Path::toAbsolutePath).toList());
            }
        };
        Invocation.Limits limits = run.limits();
        return new Creation(what, limits.type(), limits.memoryBytes(), limits.cpus(), limits.engine(), limits.guestInterface(), limits.time(),
                run.terminal(), asked.input(), run.verbose());
    }

    /** Something that may be refused. */
    private interface Attempt {
        int status() throws HostError, SandboxError, InterruptedException;
    }

    private int attempt(Attempt attempt) {
        try {
            return attempt.status();
        } catch (HostError | SandboxError e) {
            if (signals.status().isEmpty()) Complaints.say(e.getMessage());
            return ExitStatus.FAILED;
        } catch (InterruptedException e) {
            throw new AssertionError("Nobody interrupts this thread", e);
        }
    }
}
