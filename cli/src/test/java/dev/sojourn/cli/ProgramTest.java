package dev.sojourn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole program in a process of its own: statuses, and who gets to hear what. */
@Timeout(60)
class ProgramTest {
    @TempDir private Path folder;

    @Test void wrongUsageIs2AndOneSentence() throws Exception {
        Program.Outcome outcome = run("run", "--memory", "3M", "--", "true");
        assertEquals(2, outcome.status());
        assertEquals("", outcome.output());
        assertEquals("sojourn: --memory 3M is too little: the default guest needs at least 96M.",
                outcome.error().lines().findFirst().orElseThrow());
    }

    @Test void machineTypesAreComparedAndTheStatusTells() throws Exception {
        Program.Outcome same = run("machine", "diff", "sojourn-1", "sojourn-1", "--interface", "kvm");
        assertEquals(0, same.status());
        assertEquals("kvm: no difference\n", same.output());
        Program.Outcome different = run("machine", "diff", "sojourn-1", "sojourn-2", "--interface", "kvm");
        assertEquals(1, different.status());
        assertTrue(different.output().contains("  + opcode-enabled.rdfsbase ok\n"), different.output());
    }

    @Test void missingKernelIs125() throws Exception {
        complains("There is no kernel at " + folder + "/none; check the path.", "run", "--kernel", folder + "/none");
    }

    @Test void directoryAsKernelIs125() throws Exception {
        complains("The kernel " + folder + " is not a regular file; give the path of an image.", "run", "--kernel",
                folder.toString());
    }

    @Test void emptyInitrdIs125() throws Exception {
        Path kernel = Files.write(folder.resolve("kernel"), new byte[100]);
        Path empty = Files.createFile(folder.resolve("empty"));
        complains("The initrd " + empty + " is empty.", "run", "--kernel", kernel.toString(), "--initrd",
                empty.toString());
    }

    @Test void garbageKernelIs125AndOneSentence() throws Exception {
        Path kernel = Files.write(folder.resolve("kernel"), new byte[100]);
        Program.Outcome outcome = run("run", "--kernel", kernel.toString());
        assertEquals(125, outcome.status(), outcome.error());
        assertEquals(1, outcome.error().lines().count(), outcome.error());
    }

    @Test void versionIsOnStandardOutput() throws Exception {
        Program.Outcome outcome = run("--version");
        assertEquals(0, outcome.status());
        assertTrue(outcome.output().startsWith("sojourn "));
        assertEquals("", outcome.error());
    }

    @Test void doctorReportsInJson() throws Exception {
        Program.Outcome outcome = run("doctor", "--json");
        JsonObject report = JsonParser.parseString(outcome.output()).getAsJsonObject();
        assertEquals(report.get("ready").getAsBoolean() ? 0 : 1, outcome.status());
        assertEquals("jdk", report.getAsJsonArray("checks").get(0).getAsJsonObject().get("name").getAsString());
    }

    private void complains(String sentence, String... words) throws Exception {
        Program.Outcome outcome = run(words);
        assertEquals("sojourn: " + sentence + "\n", outcome.error());
        assertEquals(125, outcome.status());
        assertEquals("", outcome.output());
    }

    private Program.Outcome run(String... words) throws IOException, InterruptedException {
        return new Program(folder, folder.resolve("cache")).run("", words);
    }
}
