package dev.sojourn.host.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.box.EventLog;
import dev.sojourn.host.box.HostedSandbox;
import dev.sojourn.host.box.Sandboxes;
import dev.sojourn.host.box.SnapshotFolder;
import dev.sojourn.host.command.Creation;
import dev.sojourn.host.command.CreationJson;
import dev.sojourn.host.command.Fields;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.host.move.Moves;
import dev.sojourn.sandbox.trace.ExitTally;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Server;

/** What can be asked, by method and path; docs/control-protocol.md has the same list for people. */
public final class Api {
    private static final List<String> DOOR = List.of("v1", "door");
    private static final long WAIT_MILLIS_MAX = 30_000;

    private final Sandboxes sandboxes;
    private final EventLog events;
    private final SnapshotFolder snapshots;
    private final JsonObject host;
    private final Runnable end;
    private final Moves moves;
    private final Metrics metrics;
    private final ConsoleFiles console = new ConsoleFiles();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong lastCall = new AtomicLong(System.nanoTime());
    private Optional<AttachDoor> attachDoor = Optional.empty();

    /**
     * @param snapshots for those that nobody named a file for
     * @param host what there is to tell of the host itself
     * @param end has the host end, soon
     */
    public Api(Sandboxes sandboxes, EventLog events, SnapshotFolder snapshots, JsonObject host, Moves moves, Runnable end) {
        this.sandboxes = sandboxes;
        this.snapshots = snapshots;
        this.events = events;
        this.host = host;
        this.end = end;
        this.moves = moves;
        metrics = new Metrics(sandboxes);
    }

    /** For how long nobody has asked for anything. */
    public Duration quiet() {
        return open.get() > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastCall.get());
    }

    void joinTo(Server server) { attachDoor = Optional.of(new AttachDoor(server, open)); }

    /** Whether it may be had without the token: the console's files, and where guests arrive, which are no secrets. */
    boolean isPublic(Exchange exchange) { return isConsole(exchange) || exchange.path().equals(DOOR); }

    private static boolean isConsole(Exchange exchange) {
        return exchange.path().isEmpty() || exchange.path().getFirst().equals("console");
    }

    void handle(Exchange exchange) throws HostError, IOException, InterruptedException {
        open.incrementAndGet();
        try {
            route(exchange);
        } finally {
            lastCall.set(System.nanoTime());
            open.decrementAndGet();
        }
    }

    private void route(Exchange exchange) throws HostError, IOException, InterruptedException {
        List<String> path = exchange.path();
        if (isConsole(exchange)) {
            only("GET", exchange);
            console.answer(exchange);
        } else if (path.equals(DOOR)) {
            only("GET", exchange);
            JsonObject json = new JsonObject();
            json.addProperty("port", moves.port());
            exchange.answer(200, json);
        } else if (path.equals(List.of("metrics"))) {
            only("GET", exchange);
            exchange.answer(200, Metrics.TYPE, metrics.text());
        } else if (!path.getFirst().equals("v1") || path.size() < 2) {
            throw noSuchPath();
        } else {
            switch (path.get(1)) {
                case "host" -> host(exchange);
                case "events" -> events(exchange);
                case "restore" -> restore(exchange);
                case "arrivals" -> arrivals(exchange);
                case "snapshots" -> {
                    if (path.size() != 2) throw noSuchPath();
                    only("GET", exchange);
                    exchange.answer(200, snapshots.toJson());
                }
                case "sandboxes" -> sandboxes(exchange);
                default -> throw noSuchPath();
            }
        }
    }

    private void host(Exchange exchange) throws HostError {
        if (exchange.path().size() == 2) {
            only("GET", exchange);
            JsonObject json = host.deepCopy();
            json.addProperty("sandboxesMax", sandboxes.limits().sandboxes());
            json.addProperty("memoryBytesMax", sandboxes.limits().memoryBytes());
            exchange.answer(200, json);
        } else if (exchange.path().subList(2, exchange.path().size()).equals(List.of("stop"))) {
            only("POST", exchange);
            if (sandboxes.anyLive() && !exchange.flag("force")) {
                throw new HostError(Code.WRONG_STATE, "The host has sandboxes that run; stop them first, or use force.");
            }
            exchange.answer(202, new JsonObject());
            end.run();
        } else {
            throw noSuchPath();
        }
    }

    private void events(Exchange exchange) throws HostError, IOException, InterruptedException {
        if (exchange.path().size() != 2) throw noSuchPath();
        only("GET", exchange);
        Streams.events(exchange, events);
    }

    private void sandboxes(Exchange exchange) throws HostError, IOException, InterruptedException {
        List<String> path = exchange.path();
        if (path.size() == 2) {
            switch (exchange.request().getMethod()) {
                case "GET" -> exchange.answer(200, list(sandboxes.all()));
                case "POST" -> create(exchange);
                default -> throw wrongMethod("GET or POST");
            }
            return;
        }
        SandboxName name = SandboxName.of(path.get(2));
        if (path.size() == 3) {
            switch (exchange.request().getMethod()) {
                case "GET" -> exchange.answer(200, sandboxes.get(name).toJson());
                case "DELETE" -> exchange.answer(200,
                        sandboxes.carryOut(new HostCommand.Remove(name, exchange.flag("force"))).getFirst().toJson());
                default -> throw wrongMethod("GET or DELETE");
            }
        } else if (path.size() == 4) {
            verb(exchange, name, path.get(3));
        } else {
            throw noSuchPath();
        }
    }

    private void verb(Exchange exchange, SandboxName name, String verb) throws HostError, IOException, InterruptedException {
        switch (verb) {
            case "stop" -> {
                only("POST", exchange);
                Fields fields = exchange.body();
                Duration timeout = fields.whole("timeoutMillis", 0, HostCommand.Stop.TIMEOUT_MAX.toMillis()).map(Duration::ofMillis)
                        .orElse(HostCommand.Stop.TIMEOUT_DEFAULT);
                fields.end();
                one(exchange, new HostCommand.Stop(name, timeout));
            }
            case "pause" -> {
                only("POST", exchange);
                one(exchange, new HostCommand.Pause(name));
            }
            case "resume" -> {
                only("POST", exchange);
                one(exchange, new HostCommand.Resume(name));
            }
            case "snapshot" -> {
                only("POST", exchange);
                Fields fields = exchange.body();
                Path file = CreationJson.path(fields, "file").orElseGet(() -> snapshots.fresh(name));
                fields.end();
                JsonObject json = sandboxes.carryOut(new HostCommand.Snapshot(name, file)).getFirst().toJson();
                json.addProperty("file", file.toString());
                exchange.answer(200, json);
            }
            case "clone" -> {
                only("POST", exchange);
                Fields fields = exchange.body();
                int count = fields.whole("count", 1, HostCommand.Clone.COUNT_MAX).orElse(1L).intValue();
                fields.end();
                exchange.answer(201, list(sandboxes.carryOut(new HostCommand.Clone(name, count))));
            }
            case "wait" -> {
                only("GET", exchange);
                HostedSandbox sandbox = sandboxes.get(name);
                sandbox.await(Duration.ofMillis(exchange.number("timeoutMillis", WAIT_MILLIS_MAX).orElse(WAIT_MILLIS_MAX)));
                exchange.answer(200, sandbox.toJson());
            }
            case "exits" -> {
                only("GET", exchange);
                exchange.answer(200, exits(sandboxes.get(name)));
            }
            case "log" -> {
                only("GET", exchange);
                Streams.log(exchange, sandboxes.get(name));
            }
            case "migration" -> migration(exchange, name);
            case "attach" -> {
                only("GET", exchange);
                attachDoor.orElseThrow().open(exchange, sandboxes.get(name));
            }
            default -> throw noSuchPath();
        }
    }

    private static JsonObject exits(HostedSandbox sandbox) {
        JsonArray array = new JsonArray();
        sandbox.use().exits().forEach(row -> array.add(toJson(row)));
        JsonObject json = new JsonObject();
        json.add("exits", array);
        return json;
    }

    private static JsonObject toJson(ExitTally.Row row) {
        JsonObject json = new JsonObject();
        json.addProperty("kind", row.what().kind().name().toLowerCase(Locale.ROOT));
        json.addProperty("ofInterface", row.what().ofInterface());
        json.addProperty("name", row.what().name());
        json.addProperty("count", row.count());
        json.addProperty("refused", row.refused());
        json.addProperty("nanos", row.nanos());
        return json;
    }

    private void one(Exchange exchange, HostCommand command) throws HostError, InterruptedException {
        exchange.answer(200, sandboxes.carryOut(command).getFirst().toJson());
    }

    private static HostError missing(String field) {
        return new HostError(Code.BAD_REQUEST, "The field '" + field + "' is missing.");
    }

    private void restore(Exchange exchange) throws HostError, IOException, InterruptedException {
        if (exchange.path().size() != 2) throw noSuchPath();
        only("POST", exchange);
        Fields fields = exchange.body();
        Path file = CreationJson.path(fields, "file").orElseThrow(() -> missing("file"));
        HostCommand command = new HostCommand.Restore(file, name(fields), CreationJson.engine(fields), CreationJson.timeLimit(fields));
        fields.end();
        exchange.answer(201, sandboxes.carryOut(command).getFirst().toJson());
    }

    private static Optional<SandboxName> name(Fields fields) throws HostError {
        Optional<String> name = fields.text("name");
        return name.isEmpty() ? Optional.empty() : Optional.of(SandboxName.of(name.get()));
    }

    private static JsonObject list(List<HostedSandbox> sandboxes) {
        JsonArray array = new JsonArray();
        sandboxes.forEach(sandbox -> array.add(sandbox.toJson()));
        JsonObject json = new JsonObject();
        json.add("sandboxes", array);
        return json;
    }

    private void create(Exchange exchange) throws HostError, IOException, InterruptedException {
        Fields fields = exchange.body();
        Optional<SandboxName> name = name(fields);
        Creation creation = CreationJson.read(fields);
        fields.end();
        if (creation.what() instanceof Creation.What.Saved) {
            throw new HostError(Code.BAD_REQUEST, "A snapshot is restored by POST to /v1/restore.");
        }
        exchange.answer(201, sandboxes.carryOut(new HostCommand.Create(name, creation)).getFirst().toJson());
    }

    private void migration(Exchange exchange, SandboxName name) throws HostError, IOException {
        switch (exchange.request().getMethod()) {
            case "GET" -> exchange.answer(200, moves.of(name).toJson());
            case "DELETE" -> exchange.answer(200, moves.cancel(name).toJson());
            case "POST" -> {
                Fields fields = exchange.body();
                String target = fields.textOr("target", "");
                Duration downtime = fields.whole("maxDowntimeMillis", 1, HostCommand.Migrate.DOWNTIME_MAX.toMillis())
                        .map(Duration::ofMillis).orElse(HostCommand.Migrate.DOWNTIME_DEFAULT);
                Optional<Long> bytesPerSecond = fields.whole("bytesPerSecond", 1, Long.MAX_VALUE);
                boolean takeBack = fields.flag("takeBack");
                fields.end();
                if (takeBack) {
                    exchange.answer(200, moves.takeBack(name).toJson());
                    return;
                }
                if (!HostCommand.Migrate.isTarget(target)) {
                    throw new HostError(Code.BAD_REQUEST, "The field 'target' is to be an address and a port, such as 127.0.0.1:7601.");
                }
                exchange.answer(202, moves.begin(new HostCommand.Migrate(name, target, downtime, bytesPerSecond)).toJson());
            }
            default -> throw wrongMethod("GET, POST or DELETE");
        }
    }

    private void arrivals(Exchange exchange) throws HostError {
        List<String> path = exchange.path();
        if (path.size() == 2) {
            only("GET", exchange);
            exchange.answer(200, moves.waiting());
        } else if (path.size() == 4 && path.get(3).equals("take-over")) {
            only("POST", exchange);
            moves.takeOver(path.get(2));
            exchange.answer(200, moves.waiting());
        } else {
            throw noSuchPath();
        }
    }

    private static void only(String method, Exchange exchange) throws HostError {
        if (!exchange.request().getMethod().equals(method)) throw wrongMethod(method);
    }

    private static HostError wrongMethod(String right) { return new HostError(Code.WRONG_METHOD, "This path takes " + right + "."); }

    private static HostError noSuchPath() { return new HostError(Code.NO_SUCH_PATH, "There is no such path."); }
}
