package dev.sojourn.host.box;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.sandbox.IoReasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** Where snapshots go that nobody named a file for: {@code NAME-MILLIS.snap}. Nothing here is ever removed by the host. */
public final class SnapshotFolder {
    private static final String ENDING = ".snap";

    private final Path folder;
    private final Clock clock;

    public SnapshotFolder(Path folder, Clock clock) throws IOException {
        this.folder = folder;
        this.clock = clock;
        PrivateFiles.createFolder(folder);
    }

    /** A file of a new name. */
    public Path fresh(SandboxName name) { return folder.resolve(name + "-" + clock.millis() + ENDING); }

    /** Those that are there. */
    public JsonObject toJson() throws HostError {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(path -> path.getFileName().toString().endsWith(ENDING)).sorted().toList();
        } catch (IOException e) {
            throw new HostError(Code.HOST_FAILED, "The folder " + folder + " cannot be read: " + IoReasons.of(e) + ".");
        }
        JsonArray array = new JsonArray();
        files.forEach(file -> array.add(file.toString()));
        JsonObject json = new JsonObject();
        json.add("snapshots", array);
        return json;
    }
}
