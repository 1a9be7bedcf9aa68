package dev.sojourn.sandbox;

import dev.sojourn.snapshot.BadSnapshot;
import dev.sojourn.snapshot.SnapshotAbout;
import dev.sojourn.snapshot.SnapshotFile;
import dev.sojourn.state.BadState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a snapshot tells of the sandbox in it.
 *
 * @param arguments of the command that runs inside; empty if it is a kernel of its own
 * @param terminal whether that command has a terminal
 */
public record SavedSandbox(SnapshotAbout about, List<String> arguments, boolean terminal) {
    /** @throws SandboxError if the file is not a snapshot that this release can restore, with its reason and advice */
    public static SavedSandbox of(Path file) throws SandboxError { return of(file, false); }

    /** As {@link #of(Path)}, having read and checked all of it. */
    public static SavedSandbox verified(Path file) throws SandboxError { return of(file, true); }

    private static SavedSandbox of(Path file, boolean all) throws SandboxError {
        try (SnapshotFile snapshot = SnapshotFile.open(file)) {
            if (all) snapshot.verify();
            SandboxState state = SandboxState.of(snapshot.host());
            return new SavedSandbox(snapshot.about(), state.arguments(), state.kind() == GuestKind.TERMINAL);
        } catch (BadSnapshot | BadState e) {
            throw new SandboxError(e.getMessage());
        } catch (IOException e) {
            throw new SandboxError("The snapshot " + file + " cannot be read: " + IoReasons.of(e) + ".");
        }
    }
}
