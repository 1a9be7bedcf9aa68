package dev.sojourn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sojourn.host.HostError;
import dev.sojourn.host.StateFolder;
import dev.sojourn.host.client.HostClient;
import dev.sojourn.host.command.Creation;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.machine.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A counting guest moves to and fro between two hosts, each a process, which are killed on the way. */
@Timeout(value = 4, unit = java.util.concurrent.TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MovingProgramTest {
    /** One of each kind; {@code -Dsojourn.moves=1000} asks for more. */
    private static final int MOVES = Integer.getInteger("sojourn.moves", 4);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SandboxName NAME = new SandboxName("web");

    private enum Fault { NONE, CANCEL, KILL_TARGET, KILL_SOURCE }

    /** One of the two. */
    private final class Side {
        private final Program program;
        private Process process;
        private HostClient client;

        Side(Path folder) throws IOException {
            Files.createDirectories(folder);
            program = new Program(folder, HostPlace.fromProperties(System.getProperties(), System.getenv()).cache());
        }

        void start() throws IOException, HostError, InterruptedException {
            ProcessBuilder builder = program.start("host", "--listen", "127.0.0.1:0");
            builder.environment().put("SOJOURN_KEY", key.toString());
            process = builder.redirectErrorStream(true).redirectOutput(program.folder().resolve("host.out").toFile()).start();
            Optional<HostClient> found = Optional.empty();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (found.isEmpty() && System.nanoTime() < end && process.isAlive()) {
                found = HostClient.of(new StateFolder(program.folder().resolve("state")), PATIENCE);
            }
            client = found.orElseThrow();
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
            client.close();
        }

        String address() { return "127.0.0.1:" + client.address().port(); }

        /** The state of the guest; empty if it is not known here. */
        Optional<String> state() throws HostError, InterruptedException {
            for (JsonElement sandbox : client.get("/v1/sandboxes").getAsJsonArray("sandboxes")) {
                return Optional.of(sandbox.getAsJsonObject().get("state").getAsString());
            }
            return Optional.empty();
        }

        boolean runs() throws HostError, InterruptedException { return state().filter("running"::equals).isPresent(); }

        void forget() throws HostError, InterruptedException {
            if (state().isPresent()) client.carryOut(new HostCommand.Remove(NAME, true));
        }

        /** What it has written here; only whole lines. */
        List<Long> said() throws HostError, InterruptedException {
            StringBuilder text = new StringBuilder();
            try (Stream<String> lines = client.lines("/v1/sandboxes/" + NAME + "/log?follow=false")) {
                lines.filter(line -> !line.isEmpty())
                        .forEach(line -> text.append(JsonParser.parseString(line).getAsJsonObject().get("text").getAsString()));
            }
            assertFalse(text.toString().contains("X"), "the guest found its memory wrong: " + text);
            return text.substring(0, text.lastIndexOf("\n") + 1).lines().filter(line -> line.length() == 8)
                    .map(line -> Long.parseLong(line, 16)).toList();
        }
    }

    @TempDir private Path folder;
    private Path key;
    private Path kernel;
    private final List<Side> sides = new ArrayList<>();
    private final Random chance = new Random(Long.getLong("sojourn.seed", 20261122));
    /** How long an undisturbed move took last. */
    private long moveNanos;
    private final Map<Fault, Map<String, Integer>> seen = new EnumMap<>(Fault.class);

    @BeforeEach void start() throws Exception {
        key = folder.resolve("key.p12");
        kernel = Files.write(folder.resolve("kernel"), CountingKernel.image());
        for (String name : List.of("a", "b")) sides.add(new Side(folder.resolve(name)));
        for (Side side : sides) side.start();
    }

    @AfterEach void end() throws Exception {
        for (Side side : sides) side.kill();
    }

    @Test void nothingIsLostAndNothingRunsTwice() throws Exception {
        int at = 0;
        create(sides.getFirst());
        for (int i = 0; i < MOVES; i++) {
            Side source = sides.get(at);
            Side target = sides.get(1 - at);
            Fault fault = Fault.values()[i % Fault.values().length];
            String outcome = move(source, target, fault);
            seen.computeIfAbsent(fault, _ -> new java.util.TreeMap<>()).merge(outcome, 1, Integer::sum);
            boolean here = source.runs();
            boolean there = target.runs();
            assertFalse(here && there, fault + ": both run it");
            if (!here && !there) {
                assertEquals("died with its host", outcome, () -> "move " + fault + " lost it");
                source.forget();
                target.forget();
                create(source);
                there = false;
            }
            requireOrder(there ? target : source);
            if (there) {
                source.forget();
                at = 1 - at;
            } else {
                target.forget();
            }
        }
        System.out.println("moves: " + seen);
        assertTrue(seen.get(Fault.NONE).keySet().equals(java.util.Set.of("moved")), seen::toString);
    }

    private void create(Side side) throws Exception {
        side.client.carryOut(new HostCommand.Create(Optional.of(NAME), new Creation(new Creation.What.Image(kernel, Optional.empty(), ""),
                32 << 20, 1, EngineKind.INTERPRETER, "native", Optional.empty(), false, false, false)));
        while (side.said().isEmpty()) Thread.onSpinWait();
    }

    private String move(Side source, Side target, Fault fault) throws Exception {
        long begin = System.nanoTime();
        source.client.carryOut(new HostCommand.Migrate(NAME, target.address(), Duration.ofSeconds(20), Optional.empty()));
        if (fault != Fault.NONE) {
            // Anywhere while it goes on, or soon after.
            Thread.sleep(Duration.ofNanos((long) (moveNanos * chance.nextDouble(1.3))));
        }
        switch (fault) {
            case NONE -> {
                String outcome = afterMove(source, target);
                moveNanos = System.nanoTime() - begin;
                return outcome;
            }
            case CANCEL -> source.client.cancelMove(NAME);
            case KILL_TARGET -> {
                target.kill();
                target.start();
            }
            case KILL_SOURCE -> {
                source.kill();
                source.start();
                return afterSource(target);
            }
        }
        return afterMove(source, target);
    }

    private String afterMove(Side source, Side target) throws Exception {
        JsonObject move = source.client.get("/v1/sandboxes/" + NAME + "/migration");
        while (!move.has("moved")) move = source.client.get("/v1/sandboxes/" + NAME + "/migration");
        if (move.get("state").getAsString().equals("in-doubt")) {
            // The target ran it and is gone: nobody has it but this one.
            assertFalse(target.runs());
            source.client.takeBack(NAME);
            return "taken back";
        }
        if (!move.get("moved").getAsBoolean()) return "kept";
        return target.runs() ? "moved" : "died with its host";
    }

    /** It died with its host, or all of it was at the target: that is told so, as often as it takes. */
    private static String afterSource(Side target) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Optional<String> state = target.state();
            if (state.isEmpty()) return "died with its host";
            if (state.get().equals("running")) return "moved";
        }
        throw new AssertionError("The guest waits at the target: " + target.state());
    }

    /** The numbers that it said where it is now follow each other. */
    private static void requireOrder(Side side) throws Exception {
        List<Long> said = side.said();
        for (int i = 1; i < said.size(); i++) {
            assertEquals(said.get(i - 1) + 1, said.get(i), "a gap or a repetition");
        }
    }
}
