package dev.sojourn.host.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.interfaces.Interfaces;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.MachineType;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.SandboxSpec;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A {@link Creation} in JSON.
 *
 * <p>{@code command} is a list of words, each a text, or {@code {"base64": …}} if its bytes are no UTF-8; beside it may stand
 * {@code environment} (an object of texts), {@code directory} and {@code overlays} (absolute paths). Or {@code kernel} is an
 * absolute path, with {@code initrd} and {@code commandLine}; or {@code snapshot} is one. All others have the defaults of the command line.
 */
public final class CreationJson {
    private static final long TIME_LIMIT_MILLIS_MAX = Duration.ofDays(366).toMillis();

    private CreationJson() {}

    /** Takes what belongs to a creation; the caller refuses what is left over. */
    public static Creation read(Fields fields) throws HostError {
        Optional<Path> kernel = path(fields, "kernel");
        Optional<Path> snapshot = path(fields, "snapshot");
        Creation.What what = kernel.isPresent() ? image(fields, kernel.get())
                : snapshot.isPresent() ? new Creation.What.Saved(snapshot.get(), command(fields)) : words(fields);
        long memory = fields.whole("memoryBytes", memoryBytesMin(what), SandboxSpec.MEMORY_BYTES_MAX)
                .orElse(SandboxSpec.MEMORY_BYTES_DEFAULT);
        if (memory % SandboxSpec.MIB != 0) throw Fields.wrong("The field 'memoryBytes' is to be a whole number of mebibytes.");
        int cpus = fields.whole("cpus", 1, SandboxSpec.CPUS_MAX).orElse(1L).intValue();
        String guestInterface = fields.textOr("interface", "native");
        if (!Interfaces.names().contains(guestInterface)) {
            throw Fields.wrong("The field 'interface' is to be one of " + String.join(", ", Interfaces.names()) + ".");
        }
        Optional<Duration> limit = timeLimit(fields);
        boolean terminal = fields.flag("terminal");
        if (terminal && kernel.isPresent()) {
            throw Fields.wrong("A kernel's console is no terminal that can be given: leave out 'terminal'.");
        }
        return new Creation(what, type(fields), memory, cpus, engine(fields), guestInterface, limit, terminal, fields.flag("input"),
                fields.flag("verbose"));
    }

    public static JsonObject write(Creation creation) {
        JsonObject json = new JsonObject();
        switch (creation.what()) {
            case Creation.What.Words words -> {
                json.add("command", command(words.command()));
                JsonObject environment = new JsonObject();
                words.environment().forEach(variable -> environment.addProperty(variable.name(), variable.value()));
                json.add("environment", environment);
                json.addProperty("directory", words.directory());
                JsonArray overlays = new JsonArray();
                words.overlays().forEach(path -> overlays.add(path.toString()));
                json.add("overlays", overlays);
            }
            case Creation.What.Image(var kernel, var initialRoot, var commandLine) -> {
                json.addProperty("kernel", kernel.toString());
                initialRoot.ifPresent(path -> json.addProperty("initrd", path.toString()));
                json.addProperty("commandLine", commandLine);
            }
            case Creation.What.Saved(var snapshot, var command) -> {
                json.addProperty("snapshot", snapshot.toString());
                json.add("command", command(command));
            }
        }
        json.addProperty("machineType", creation.type().id());
        json.addProperty("memoryBytes", creation.memoryBytes());
        json.addProperty("cpus", creation.cpus());
        json.addProperty("engine", creation.engine().name().toLowerCase(Locale.ROOT));
        json.addProperty("interface", creation.guestInterface());
        creation.timeLimit().ifPresent(limit -> json.addProperty("timeLimitMillis", limit.toMillis()));
        json.addProperty("terminal", creation.terminal());
        json.addProperty("input", creation.input());
        json.addProperty("verbose", creation.verbose());
        return json;
    }

    private static Creation.What words(Fields fields) throws HostError {
        List<byte[]> command = command(fields);
        if (command.isEmpty()) throw Fields.wrong("What shall run? Give a 'command' or a 'kernel'.");
        List<Guest.Variable> environment = new ArrayList<>();
        for (Map.Entry<String, JsonElement> entry : fields.object("environment").entrySet()) {
            String value = Fields.text("environment", entry.getValue());
            if (!entry.getKey().matches("[A-Za-z_][A-Za-z0-9_]*") || value.indexOf(0) >= 0) {
                throw Fields.wrong("The field 'environment' has a name or a value that no variable can have.");
            }
            environment.add(new Guest.Variable(entry.getKey(), value));
        }
        String directory = fields.textOr("directory", "/");
        if (!directory.startsWith("/") || directory.indexOf(0) >= 0) {
            throw Fields.wrong("The field 'directory' is to be an absolute path.");
        }
        List<Path> overlays = new ArrayList<>();
        for (String overlay : fields.texts("overlays")) overlays.add(path("overlays", overlay));
        return new Creation.What.Words(command, environment, directory, overlays);
    }

    private static List<byte[]> command(Fields fields) throws HostError {
        List<byte[]> command = new ArrayList<>();
        for (JsonElement word : fields.list("command")) command.add(word(word));
        return command;
    }

    private static Creation.What image(Fields fields, Path kernel) throws HostError {
        Optional<Path> initialRoot = path(fields, "initrd");
        String commandLine = fields.textOr("commandLine", "console=ttyS0");
        if (commandLine.indexOf(0) >= 0) throw Fields.wrong("The field 'commandLine' holds a zero byte.");
        return new Creation.What.Image(kernel, initialRoot, commandLine);
    }

    private static long memoryBytesMin(Creation.What what) {
        return switch (what) {
            case Creation.What.Words _ -> SandboxSpec.DEFAULT_GUEST_MEMORY_BYTES_MIN;
            case Creation.What.Image _, Creation.What.Saved _ -> SandboxSpec.MEMORY_BYTES_MIN;
        };
    }

    private static MachineType type(Fields fields) throws HostError {
        Optional<String> id = fields.text("machineType");
        if (id.isEmpty()) return MachineType.usual();
        return MachineType.find(id.get()).orElseThrow(() -> Fields.wrong("The field 'machineType' is to be one of "
                + String.join(", ", MachineType.ids()) + "."));
    }

    /** The field {@code engine}. */
    public static EngineKind engine(Fields fields) throws HostError {
        return switch (fields.textOr("engine", "translator")) {
            case "interpreter" -> EngineKind.INTERPRETER;
            case "translator" -> EngineKind.TRANSLATOR;
            case "verify" -> EngineKind.VERIFY;
            default -> throw Fields.wrong("The field 'engine' is to be interpreter, translator or verify.");
        };
    }

    /** The field {@code timeLimitMillis}. */
    public static Optional<Duration> timeLimit(Fields fields) throws HostError {
        return fields.whole("timeLimitMillis", 1, TIME_LIMIT_MILLIS_MAX).map(Duration::ofMillis);
    }

    /** A field with an absolute path. */
    public static Optional<Path> path(Fields fields, String name) throws HostError {
        Optional<String> text = fields.text(name);
        return text.isEmpty() ? Optional.empty() : Optional.of(path(name, text.get()));
    }

    private static Path path(String name, String text) throws HostError {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) return path;
        } catch (InvalidPathException _) {
            // Said below.
        }
        throw Fields.wrong("The field '" + name + "' is to hold absolute paths of the host.");
    }

    private static byte[] word(JsonElement word) throws HostError {
        byte[] bytes;
        if (word instanceof JsonObject object) {
            Fields fields = new Fields(object);
            try {
                bytes = Base64.getDecoder().decode(fields.textOr("base64", ""));
            } catch (IllegalArgumentException _) {
                throw Fields.wrong("The field 'command' has a word that is not base64.");
            }
            fields.end();
        } else {
            bytes = Fields.text("command", word).getBytes(StandardCharsets.UTF_8);
        }
        for (byte b : bytes) {
            if (b == 0) throw Fields.wrong("The field 'command' has a word with a zero byte, which no program can be given.");
        }
        return bytes;
    }

    private static JsonArray command(List<byte[]> words) {
        JsonArray array = new JsonArray();
        words.forEach(word -> array.add(text(word).map(CreationJson::primitive).orElseGet(() -> encoded(word))));
        return array;
    }

    private static JsonElement primitive(String text) { return new com.google.gson.JsonPrimitive(text); }

    private static JsonElement encoded(byte[] word) {
        JsonObject object = new JsonObject();
        object.addProperty("base64", Base64.getEncoder().encodeToString(word));
        return object;
    }

    /** The bytes as text, if they are UTF-8. */
    public static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }
}
