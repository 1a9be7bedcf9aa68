package dev.sojourn.migration;

import dev.sojourn.migration.handover.SourceRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a host must still know of its migrations after it was killed: a folder with a file for each, which is named by the migration
 * and what is true of it. A record is durable when the call returns. To abort renames, which needs no space on a full disk.
 */
public final class Journal {
    private static final String PREPARED = ".prepared";
    private static final String ABORTED = ".aborted";
    private static final String STARTED = ".started";
    private static final int ADDRESS_BYTES_MAX = 1000;

    private final Path folder;

    /**
     * A departure that was under way.
     *
     * @param target where the guest was to go
     */
    public record Departure(String id, SourceRules.Record record, String target) {}

    public Journal(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
    }

    void prepared(String id, String target) throws IOException { write(id + PREPARED, target); }

    void aborted(String id) throws IOException {
        Path prepared = folder.resolve(id + PREPARED);
        if (Files.exists(prepared)) {
            Files.move(prepared, folder.resolve(id + ABORTED), StandardCopyOption.ATOMIC_MOVE);
            settle();
        }
    }

    void erase(String id) throws IOException {
        boolean any = Files.deleteIfExists(folder.resolve(id + PREPARED));
        any |= Files.deleteIfExists(folder.resolve(id + ABORTED));
        if (any) {
            settle();
        }
    }

    void started(String id) throws IOException { write(id + STARTED, ""); }

    boolean hasStarted(String id) { return Files.exists(folder.resolve(id + STARTED)); }

    /** Departures that no one has ended yet. */
    public List<Departure> departures() throws IOException {
        List<Departure> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String id = name.substring(0, Math.max(0, name.indexOf('.')));
                if (Offer.isId(id) && (name.endsWith(PREPARED) || name.endsWith(ABORTED))) {
                    all.add(new Departure(id, name.endsWith(PREPARED) ? SourceRules.Record.PREPARED : SourceRules.Record.ABORTED,
                            address(file)));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return all;
    }

    private static String address(Path file) throws IOException {
        if (Files.size(file) > ADDRESS_BYTES_MAX) {
            throw new IOException(file + " is no record of a migration");
        }
        return Files.readString(file);
    }

    private void write(String name, String text) throws IOException {
        Path fresh = folder.resolve(name + ".new");
        Files.writeString(fresh, text);
        try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        settle();
    }

    /** Makes the folder's entries durable, where the platform has a way. */
    private void settle() throws IOException {
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        } catch (java.nio.file.AccessDeniedException _) {
            // Windows opens no folders, and keeps entries in order by itself.
        }
    }
}
