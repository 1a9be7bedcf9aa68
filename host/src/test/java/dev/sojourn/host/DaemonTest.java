package dev.sojourn.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.box.FakeOccupants;
import dev.sojourn.host.client.HostClient;
import dev.sojourn.host.command.Creation;
import dev.sojourn.host.command.CreationJson;
import dev.sojourn.host.command.Fields;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.HostCommand.Create;
import dev.sojourn.host.command.HostCommand.Remove;
import dev.sojourn.host.command.HostCommand.Stop;
import dev.sojourn.host.command.SandboxName;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host and its client over a real connection, with occupants that take no time. */
@Timeout(60)
class DaemonTest {
    private static final SandboxName WEB = new SandboxName("web");

    @TempDir private Path folder;
    private StateFolder state;
    private Daemon daemon;
    private HostClient client;

    @BeforeEach void start() throws Exception {
        state = new StateFolder(folder.resolve("state"));
        daemon = daemon(Optional.empty());
        client = new HostClient(daemon.address());
    }

    @AfterEach void end() {
        client.close();
        daemon.close();
    }

    @Test void sandboxIsMadeRunsAndIsForgotten() throws Exception {
        JsonObject made = create("web", "say", "hello\n");
        assertEquals("web", made.get("name").getAsString());
        JsonObject ended = client.get("/v1/sandboxes/web/wait");
        assertEquals("ended", ended.get("state").getAsString());
        assertEquals(7, ended.get("status").getAsInt());
        assertEquals(List.of("output hello\n", "error error\n"), log("web", ""));
        assertEquals(1, client.get("/v1/sandboxes").getAsJsonArray("sandboxes").size());
        client.carryOut(new Remove(WEB, false));
        assertEquals(0, client.get("/v1/sandboxes").getAsJsonArray("sandboxes").size());
        assertFalse(Files.exists(state.sandboxes().resolve("web")));
    }

    @Test void hostFindsANameAndKeepsOthersFromIt() throws Exception {
        assertEquals("box-1", create("", "sleep").get("name").getAsString());
        assertEquals("box-2", create("", "sleep").get("name").getAsString());
        refused(Code.NAME_TAKEN, "There is a sandbox 'box-1' already; choose another name.", () -> create("box-1", "sleep"));
        client.carryOut(new Stop(new SandboxName("box-1"), Duration.ofSeconds(30)));
        refused(Code.NAME_TAKEN, "There is a sandbox 'box-1' that has ended; remove it first, by 'sojourn rm box-1', or choose another"
                + " name.", () -> create("box-1", "sleep"));
    }

    @Test void stopAsksFirst() throws Exception {
        create("web", "sleep");
        assertEquals(143, client.carryOut(new Stop(WEB, Duration.ofSeconds(30))).get("status").getAsInt());
    }

    @Test void whoDoesNotListenIsEnded() throws Exception {
        create("web", "stubborn");
        JsonObject ended = client.carryOut(new Stop(WEB, Duration.ofMillis(50)));
        assertEquals(137, ended.get("status").getAsInt());
        assertEquals("The guest was ended by force.", ended.get("sentence").getAsString());
        assertEquals(137, client.carryOut(new Stop(WEB, Duration.ZERO)).get("status").getAsInt());
    }

    @Test void whatRunsIsNotForgottenButByForce() throws Exception {
        create("web", "stubborn");
        refused(Code.WRONG_STATE, "The sandbox 'web' still runs; stop it first, or use force.",
                () -> client.carryOut(new Remove(WEB, false)));
        client.carryOut(new Remove(WEB, true));
        refused(Code.NO_SUCH_SANDBOX, "There is no sandbox 'web'.", () -> client.get("/v1/sandboxes/web"));
    }

    @Test void whatCannotBeMadeLeavesNothing() throws Exception {
        refused(Code.CANNOT_START, "It cannot be made.", () -> create("web", "refuse"));
        assertFalse(Files.exists(state.sandboxes().resolve("web")));
        create("web", "sleep");
    }

    @Test void bugEndsItsOwnSandboxOnly() throws Exception {
        create("other", "sleep");
        create("web", "bug");
        JsonObject ended = client.get("/v1/sandboxes/web/wait");
        assertEquals(125, ended.get("status").getAsInt());
        assertEquals("running", client.get("/v1/sandboxes/other").get("state").getAsString());
    }

    @Test void pausedSandboxGoesOnAndStops() throws Exception {
        create("web", "sleep");
        assertEquals("paused", client.carryOut(new HostCommand.Pause(WEB)).get("state").getAsString());
        assertEquals("paused", client.carryOut(new HostCommand.Pause(WEB)).get("state").getAsString());
        assertEquals("running", client.carryOut(new HostCommand.Resume(WEB)).get("state").getAsString());
        client.carryOut(new HostCommand.Pause(WEB));
        assertEquals(143, client.carryOut(new Stop(WEB, Duration.ofSeconds(30))).get("status").getAsInt());
        refused(Code.WRONG_STATE, "The sandbox 'web' is ended; this needs one that runs.",
                () -> client.carryOut(new HostCommand.Pause(WEB)));
    }

    @Test void clonesAreNamedAfterTheirOriginAndLiveOnTheirOwn() throws Exception {
        create("web", "sleep");
        create("web-2", "sleep");
        List<String> names = client.carryOut(new HostCommand.Clone(WEB, 2)).getAsJsonArray("sandboxes").asList().stream()
                .map(clone -> clone.getAsJsonObject().get("name").getAsString()).toList();
        assertEquals(List.of("web-1", "web-3"), names);
        client.carryOut(new Remove(WEB, true));
        assertEquals("running", client.get("/v1/sandboxes/web-3").get("state").getAsString());
    }

    @Test void clonesThatCannotBeMadeLeaveNothing() throws Exception {
        create("web", "stubborn");
        refused(Code.CANNOT_START, "It cannot be cloned.", () -> client.carryOut(new HostCommand.Clone(WEB, 2)));
        create("other", "sleep");
        refused(Code.LIMIT_REACHED, "The host holds 5 sandboxes, as many as it may; stop some.",
                () -> client.carryOut(new HostCommand.Clone(new SandboxName("other"), 4)));
        assertEquals(2, client.get("/v1/sandboxes").getAsJsonArray("sandboxes").size());
    }

    @Test void snapshotReplacesNoFileThatIsNone() throws Exception {
        create("web", "sleep");
        Path file = Files.writeString(folder.resolve("notes"), "mine");
        refused(Code.CANNOT_START, "The file " + file + " is there and is no snapshot; choose another name.",
                () -> client.carryOut(new HostCommand.Snapshot(WEB, file)));
        assertEquals("mine", Files.readString(file));
        refused(Code.CANNOT_START, "", () -> client.carryOut(new HostCommand.Restore(file, Optional.empty(),
                dev.sojourn.machine.EngineKind.TRANSLATOR, Optional.empty())));
    }

    @Test void limitsAreOfAllTogether() throws Exception {
        for (int i = 0; i < 4; i++) create("", "sleep");
        refused(Code.LIMIT_REACHED, "The sandboxes of this host may have 1024 MiB of memory together, and 512 MiB are given away;"
                + " ask for less or stop some.", () -> client.carryOut(new Create(Optional.empty(), creation(1 << 30, "sleep"))));
        create("", "sleep");
        refused(Code.LIMIT_REACHED, "The host holds 5 sandboxes, as many as it may; stop some.", () -> create("", "sleep"));
    }

    @Test void secondHostOfAFolderIsRefused() {
        refused(Code.WRONG_STATE, "A host runs on the state folder " + state.path()
                + " already; use that one, or set SOJOURN_HOME to another folder.", () -> daemon(Optional.empty()).close());
    }

    @Test void endedAreRememberedByTheNextHost() throws Exception {
        create("web", "say", "x");
        client.get("/v1/sandboxes/web/wait");
        create("other", "stubborn");
        daemon.close();
        daemon = daemon(Optional.empty());
        client = new HostClient(daemon.address());
        assertEquals("ended", client.get("/v1/sandboxes/web").get("state").getAsString());
        assertEquals(List.of("output x", "error error\n"), log("web", ""));
        assertEquals(137, client.get("/v1/sandboxes/other").get("status").getAsInt());
    }

    @Test void followerSeesAllUpToTheEnd() throws Exception {
        create("web", "copy");
        WebSocket socket = client.attach("web", 0, new Heard());
        socket.sendBinary(ByteBuffer.wrap("one".getBytes(StandardCharsets.UTF_8)), true).join();
        socket.sendText("{\"end\":true}", true).join();
        assertEquals("one", String.join("", log("web", "?follow=true")).replace("output ", ""));
    }

    @Test void whoIsAttachedWritesReadsResizesAndHearsTheEnd() throws Exception {
        create("web", "copy");
        Heard heard = new Heard();
        WebSocket socket = client.attach("web", 0, heard);
        assertEquals("{\"live\":true}", heard.messages.take());
        socket.sendText("{\"resize\":{\"columns\":80,\"rows\":25}}", true).join();
        assertEquals("1:80x25", heard.messages.take());
        socket.sendBinary(ByteBuffer.wrap("keys".getBytes(StandardCharsets.UTF_8)), true).join();
        assertEquals("1:keys", heard.messages.take());
        socket.sendText("{\"end\":true}", true).join();
        JsonObject ended = JsonParser.parseString(heard.messages.take()).getAsJsonObject().getAsJsonObject("ended");
        assertEquals(0, ended.get("status").getAsInt());
    }

    @Test void eventsTellWhatHappens() throws Exception {
        create("web", "say", "x");
        client.get("/v1/sandboxes/web/wait");
        client.carryOut(new Remove(WEB, false));
        try (Stream<String> lines = client.lines("/v1/events?after=0")) {
            assertEquals(List.of("created", "started", "ended", "removed"), lines.filter(line -> line.startsWith("event: "))
                    .map(line -> line.substring("event: ".length())).limit(4).toList());
        }
    }

    @Test void idleHostEndsAndOneWithSandboxesDoesNot() throws Exception {
        daemon.close();
        daemon = daemon(Optional.of(Duration.ofMillis(1)));
        client = new HostClient(daemon.address());
        create("web", "sleep");
        Thread waits = Thread.ofPlatform().start(() -> {
            try {
                daemon.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertFalse(waits.join(Duration.ofMillis(2500)));
        client.carryOut(new Stop(WEB, Duration.ofSeconds(30)));
        waits.join();
    }

    @Test void hostEndsWhenAskedButNotUnderASandbox() throws Exception {
        create("web", "sleep");
        refused(Code.WRONG_STATE, "The host has sandboxes that run; stop them first, or use force.", () -> client.end(false));
        client.end(true);
        daemon.await();
    }

    private Daemon daemon(Optional<Duration> idle) throws Exception {
        return new Daemon(state, new Daemon.Settings("9", 0, false, idle, new HostLimits(5, 1 << 30, 100), FakeOccupants.KEY), new FakeOccupants());
    }

    private JsonObject create(String name, String... words) throws Exception {
        return client.carryOut(new Create(Optional.of(name).filter(text -> !text.isEmpty()).map(SandboxName::new),
                creation(128 << 20, words)));
    }

    private static Creation creation(long memory, String... words) throws HostError {
        JsonObject json = new JsonObject();
        com.google.gson.JsonArray command = new com.google.gson.JsonArray();
        for (String word : words) command.add(word);
        json.add("command", command);
        json.addProperty("memoryBytes", memory);
        json.addProperty("input", true);
        return CreationJson.read(new Fields(json));
    }

    private List<String> log(String name, String query) throws Exception {
        try (Stream<String> lines = client.lines("/v1/sandboxes/" + name + "/log" + query)) {
            return lines.filter(line -> !line.isEmpty()).map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .map(line -> line.get("stream").getAsString() + " " + line.get("text").getAsString()).toList();
        }
    }

    private interface Call {
        void make() throws Exception;
    }

    private static void refused(Code code, String sentence, Call call) {
        HostError error = assertThrows(HostError.class, call::make);
        if (!sentence.isEmpty()) assertEquals(sentence, error.getMessage());
        assertEquals(code, error.code());
    }

    /** Messages as text: binary ones behind the number of their stream. */
    private static final class Heard implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        @Override public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            assertTrue(last);
            messages.add(data.get() + ":" + StandardCharsets.UTF_8.decode(data));
            socket.request(1);
            return null;
        }

        @Override public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            messages.add(data.toString());
            socket.request(1);
            return null;
        }
    }
}
