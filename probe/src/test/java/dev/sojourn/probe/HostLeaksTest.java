package dev.sojourn.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.machine.MachineType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of the host reaches a guest's view: another JVM, locale, number of processors, date and clock show the same. */
class HostLeaksTest {
    private static final List<String> JVM = List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");

    @TempDir
    private Path folder;

    @Test
    void arabicHostOf1970WithOneProcessorAndAnotherHeap() throws IOException, InterruptedException {
        seesWhatIsKept(Probe.interfaces(), List.of("-Duser.language=ar", "-Duser.country=SA", "-Duser.timezone=Asia/Riyadh",
                "-Djava.vendor=Nobody", "-Djava.vm.vendor=Nobody", "-Dos.name=Unknown", "-Dline.separator=\r\n", "-XX:ActiveProcessorCount=1",
                "-XX:+UseParallelGC", "-Xmx300m"), "1970-01-01T00:00:00Z", "-1", "7");
    }

    @Test
    void turkishHostOf2200WithManyProcessorsAndNoCompiler() throws IOException, InterruptedException {
        seesWhatIsKept(List.of("native", "xen-pv"), List.of("-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Pacific/Apia",
                "-Dfile.encoding=UTF-16", "-XX:ActiveProcessorCount=64", "-XX:TieredStopAtLevel=1", "-XX:+UseG1GC", "-XX:UseSSE=2"),
                "2200-12-31T23:59:59.999999999Z", "0", "3");
    }

    private void seesWhatIsKept(List<String> interfaces, List<String> options, String... absurdities)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(JVM);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AbsurdHost.class.getName()));
        command.addAll(List.of(absurdities));
        command.addAll(interfaces);
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectOutput(output.toFile()).redirectErrorStream(true).start();
        int status = process.waitFor();
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        assertEquals(0, status, text);
        StringBuilder kept = new StringBuilder();
        interfaces.forEach(name -> kept.append("== ").append(name).append('\n').append(keptView(name)));
        KeptViewsTest.compare("an absurd host", kept.toString(), text);
    }

    private static String keptView(String name) {
        try {
            return Files.readString(Path.of("src/main/resources/dev/sojourn/probe/" + MachineType.SOJOURN_1.id(), Probe.file(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
