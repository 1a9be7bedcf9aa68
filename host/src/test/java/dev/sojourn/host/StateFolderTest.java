package dev.sojourn.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir private Path folder;

    @Test void folderIsFoundByTheRules() throws HostError {
        assertEquals(Path.of("/h/.local/state/sojourn"), StateFolder.of(Map.of(), "/h").path());
        assertEquals(Path.of("/h/.local/state/sojourn"), StateFolder.of(Map.of("XDG_STATE_HOME", "relative"), "/h").path());
        assertEquals(Path.of("/s/sojourn"), StateFolder.of(Map.of("XDG_STATE_HOME", "/s"), "/h").path());
        assertEquals(Path.of("/own"), StateFolder.of(Map.of("XDG_STATE_HOME", "/s", "SOJOURN_HOME", "/own"), "/h").path());
        assertThrows(HostError.class, () -> StateFolder.of(Map.of("SOJOURN_HOME", "own"), "/h"));
    }

    @Test void folderAndFilesAreTheUsersAlone() throws Exception {
        StateFolder state = new StateFolder(folder.resolve("a/b"));
        state.prepare();
        state.take().orElseThrow();
        state.publish(new StateFolder.Address(7600, 1, "t"));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(state.path())));
        for (String name : new String[] {"lock", "token", "host.json"}) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(state.path().resolve(name))), name);
        }
    }

    @Test void folderOthersCanEnterIsRefused() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        HostError error = assertThrows(HostError.class, () -> new StateFolder(folder).prepare());
        assertTrue(error.getMessage().contains("chmod 700"), error.getMessage());
    }

    @Test void whatADeadHostLeftDoesNotCount() throws Exception {
        StateFolder state = new StateFolder(folder.resolve("s"));
        state.prepare();
        assertFalse(state.isHosted());
        Files.createFile(state.path().resolve("lock"));
        Files.writeString(state.path().resolve("host.json"), "{\"port\":1,\"pid\":1,\"token\":\"stale\"}");
        assertFalse(state.isHosted());
        state.take().orElseThrow();
        assertEquals(Optional.empty(), state.address());
    }
}
