package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.sandbox.SandboxError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input that cannot be used: one sentence on standard error, nothing on standard output, the right status. */
class BadInputTest {
    @TempDir private Path folder;

    @Test void kernelThatIsNotThere() throws IOException, InterruptedException {
        assertRefused(125, "There is no kernel at /no/such; check the path.", "--kernel", "/no/such");
    }

    @Test void directoryAsKernel() throws IOException, InterruptedException {
        assertRefused(125, "is not a regular file", "--kernel", folder.toString());
    }

    @Test void truncatedKernel() throws IOException, InterruptedException, SandboxError {
        byte[] kernel = kernel();
        assertRefused(125, "", "--kernel", file("cut", Arrays.copyOf(kernel, kernel.length / 2)));
        assertRefused(125, "", "--kernel", file("cut", Arrays.copyOf(kernel, 700)));
        assertRefused(125, "", "--kernel", file("cut", Arrays.copyOf(kernel, 100)));
    }

    @Test void garbageWhereTheKernelIsPacked() throws IOException, InterruptedException, SandboxError {
        byte[] kernel = kernel();
        byte[] garbage = new byte[kernel.length - 0x20000];
        new Random(3).nextBytes(garbage);
        System.arraycopy(garbage, 0, kernel, 0x10000, garbage.length);
        assertRefused(125, "", "--kernel", file("garbage", kernel));
        // What it is packed with is still seen.
        byte[] damaged = kernel();
        System.arraycopy(garbage, 0, damaged, 0x100000, 0x1000);
        assertRefused(125, "", "--kernel", file("damaged", damaged));
    }

    @Test void garbageAsKernel() throws IOException, InterruptedException {
        byte[] garbage = new byte[1 << 20];
        new Random(4).nextBytes(garbage);
        assertRefused(125, "", "--kernel", file("garbage", garbage));
        assertRefused(125, "is empty", "--kernel", file("empty", new byte[0]));
    }

    @Test void programOf32BitsAsKernel() throws IOException, InterruptedException {
        assertRefused(125, "32", "--kernel", file("program", Programs.int80()));
    }

    @Test void initialRootThatDoesNotFit() throws IOException, InterruptedException, SandboxError {
        Path large = folder.resolve("large");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(200 << 20);
        }
        assertRefused(125, "does not fit into the 128 MiB", "--memory", "128M",
                "--kernel", DefaultGuest.files().kernel().toString(), "--initrd", large.toString());
        assertRefused(125, "There is no initrd at /no/such; check the path.",
                "--kernel", DefaultGuest.files().kernel().toString(), "--initrd", "/no/such");
    }

    @Test void rootThatIsNotThere() throws IOException, InterruptedException {
        assertRefused(125, "check the path", "--rootfs", "/no/such", "--", "true");
    }

    @Test void memoryThatIsTooLittle() throws IOException, InterruptedException {
        assertMisused("--memory 3M is too little", "--memory", "3M", "--", "true");
    }

    @Test void tooManyProcessors() throws IOException, InterruptedException {
        assertMisused("--cpus needs a number from 1 to 8, not '9'.", "--cpus", "9", "--", "true");
    }

    @Test void optionThatIsNotKnown() throws IOException, InterruptedException {
        assertMisused("Unknown option: '--no-such'", "--no-such", "--", "true");
    }

    @Test void noCommand() throws IOException, InterruptedException { assertMisused("What shall run?"); }

    @Test void kernelThatTripleFaults() throws IOException, InterruptedException {
        assertRefused(125, "The guest's processor shut down after a triple fault",
                "--kernel", file("fault", Programs.tripleFault()));
    }

    private static byte[] kernel() throws SandboxError, IOException { return Files.readAllBytes(DefaultGuest.files().kernel()); }

    private String file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content).toString();
    }

    private static void assertRefused(int status, String part, String... words) throws IOException, InterruptedException {
        Launcher.Run run = run(words);
        assertEquals(status, run.status(), run::toString);
        assertEquals("", run.text());
        assertTrue(run.errorText().matches("sojourn: [A-Z][^\n]*[.]\n"), run::toString);
        assertTrue(run.errorText().contains(part), run::toString);
        System.out.print(run.errorText());
    }

    /** A command line that makes no sense is answered by a sentence, and by where to read. */
    private static void assertMisused(String part, String... words) throws IOException, InterruptedException {
        Launcher.Run run = run(words);
        assertEquals(2, run.status(), run::toString);
        assertEquals("", run.text());
        assertTrue(run.errorText().matches("sojourn: [^\n]*[.?]?[^\n]*\nTry '[^\n]*\n"), run::toString);
        assertTrue(run.errorText().contains(part), run::toString);
    }

    private static Launcher.Run run(String... words) throws IOException, InterruptedException {
        String[] all = new String[words.length + 1];
        all[0] = "run";
        System.arraycopy(words, 0, all, 1, words.length);
        return Launcher.built().run(all);
    }
}
