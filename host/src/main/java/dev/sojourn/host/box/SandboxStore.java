package dev.sojourn.host.box;

import dev.sojourn.host.HostError;
import dev.sojourn.host.command.Fields;
import dev.sojourn.host.command.SandboxName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder of records: one folder for each sandbox. */
final class SandboxStore {
    private static final String RECORD = "record.json";
    private static final long RECORD_BYTES_MAX = 16 << 20;

    private final Path folder;

    SandboxStore(Path folder) { this.folder = folder; }

    Path folder(SandboxName name) { return folder.resolve(name.text()); }

    /** All that can be read; what was cut off while it was made, or is none of ours, is left alone. */
    List<SandboxRecord> load() throws IOException {
        PrivateFiles.createFolder(folder);
        List<Path> folders;
        try (Stream<Path> all = Files.list(folder)) {
            folders = all.filter(path -> SandboxName.isOne(path.getFileName().toString())).sorted().toList();
        }
        List<SandboxRecord> records = new ArrayList<>();
        for (Path path : folders) {
            try {
                if (Files.size(path.resolve(RECORD)) > RECORD_BYTES_MAX) continue;
                SandboxRecord record = SandboxRecord.of(Fields.parse(Files.readString(path.resolve(RECORD))));
                if (record.name().text().equals(path.getFileName().toString())) records.add(record);
            } catch (NoSuchFileException | HostError _) {
                // Left alone.
            }
        }
        return records;
    }

    /** Makes a folder with a record; what was left without one under that name is removed. */
    void create(SandboxRecord record) throws IOException {
        delete(record.name());
        PrivateFiles.createFolder(folder(record.name()));
        save(record);
    }

    void save(SandboxRecord record) throws IOException {
        PrivateFiles.replace(folder(record.name()).resolve(RECORD), record.toJson().toString());
    }

    /** Removes the record first: what has none does not count. */
    void delete(SandboxName name) throws IOException {
        Path own = folder(name);
        Files.deleteIfExists(own.resolve(RECORD));
        if (!Files.exists(own)) return;
        List<Path> files;
        try (Stream<Path> walk = Files.walk(own)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) Files.deleteIfExists(file);
    }
}
