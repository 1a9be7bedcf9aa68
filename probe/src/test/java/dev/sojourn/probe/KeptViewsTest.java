package dev.sojourn.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.Inputs;
import dev.sojourn.machine.MachineType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What guests see of each machine type on each interface is what is kept of it. */
class KeptViewsTest {
    /** The property that has the files of types that are not released written instead of compared. */
    private static final String RENEW = "sojourn.renew";
    private static final Path FOLDER = Path.of("src/main/resources/dev/sojourn/probe");
    private static final String HOW_TO_RENEW = "If that is meant, and the type is not released: run mvn -pl probe -am test"
            + " -Dtest=KeptViewsTest -Dsurefire.failIfNoSpecifiedTests=false -D" + RENEW + "=true, and review the difference.";
    /** A kept view that lost its content would be shorter. */
    private static final int LINES_MIN = 1000;

    static Stream<Arguments> views() {
        return Arrays.stream(MachineType.values()).flatMap(type -> Probe.interfaces().stream().map(name -> Arguments.of(type, name)));
    }

    @ParameterizedTest
    @MethodSource("views")
    void viewIsTheOneThatIsKept(MachineType type, String guestInterface) throws IOException {
        Path file = FOLDER.resolve(type.id()).resolve(Probe.file(guestInterface));
        String seen = Probe.view(type, guestInterface);
        if (Boolean.getBoolean(RENEW) && type.stage() != MachineType.Stage.RELEASED) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, seen);
        }
        if (!Files.exists(file)) {
            fail("There is no " + file + ": nobody would notice a change of " + type.id() + " on " + guestInterface + ".\n" + HOW_TO_RENEW);
        }
        compare(type.id() + " on " + guestInterface, Files.readString(file), seen);
    }

    @ParameterizedTest
    @MethodSource("views")
    @DisabledIfSystemProperty(named = RENEW, matches = "true")
    void keptViewIsWholeAndInOrder(MachineType type, String guestInterface) throws IOException {
        List<String> lines = Files.readAllLines(FOLDER.resolve(type.id()).resolve(Probe.file(guestInterface)));
        assertTrue(lines.size() > LINES_MIN, type + " on " + guestInterface + " has " + lines.size() + " lines");
        assertEquals(lines.stream().sorted().toList(), lines);
    }

    @Test
    @DisabledIfSystemProperty(named = RENEW, matches = "true")
    void noViewIsKeptOfWhatIsNotThere() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String type = file.getParent().getFileName().toString();
                String name = file.getFileName().toString();
                assertTrue(MachineType.find(type).isPresent() && Probe.interfaces().stream().map(Probe::file).anyMatch(name::equals),
                        file.toString());
            }
        }
    }

    @Test
    @DisabledIfSystemProperty(named = RENEW, matches = "true")
    void typesDiffer() {
        assertNotEquals(Probe.kept(MachineType.SOJOURN_1, "native"), Probe.kept(MachineType.SOJOURN_2, "native"));
    }

    @Test
    @DisabledIfSystemProperty(named = RENEW, matches = "true")
    void viewDoesNotTellTheEngine() throws IOException {
        compare("the translator", Files.readString(FOLDER.resolve("sojourn-2/native.txt")),
                Probe.view(MachineType.SOJOURN_2, "native", () -> Inputs.deterministic(5), EngineKind.TRANSLATOR));
    }

    @Test
    @DisabledIfSystemProperty(named = RENEW, matches = "true")
    void guestsOfTwoTypesRunSideBySide() throws IOException, InterruptedException {
        AtomicReference<String> other = new AtomicReference<>("");
        Thread thread = Thread.ofPlatform().start(() -> other.set(Probe.view(MachineType.SOJOURN_1, "native")));
        String seen = Probe.view(MachineType.SOJOURN_2, "native");
        thread.join();
        compare("sojourn-2 beside another", Files.readString(FOLDER.resolve("sojourn-2/native.txt")), seen);
        compare("sojourn-1 beside another", Files.readString(FOLDER.resolve("sojourn-1/native.txt")), other.get());
    }

    /** Fails with the first lines that are in one of them alone. */
    static void compare(String what, String kept, String seen) {
        if (!kept.equals(seen)) {
            List<String> old = kept.lines().toList();
            List<String> now = seen.lines().toList();
            List<String> gone = old.stream().filter(l -> !now.contains(l)).limit(12).toList();
            List<String> come = now.stream().filter(l -> !old.contains(l)).limit(12).toList();
            fail("A guest of " + what + " sees a difference.\nkept: " + String.join("\n      ", gone) + "\nseen: "
                    + String.join("\n      ", come) + "\n" + HOW_TO_RENEW);
        }
    }
}
