package dev.sojourn.host.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.host.HostError;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.MachineType;
import dev.sojourn.sandbox.Guest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreationJsonTest {
    @Test void defaultsAreThoseOfTheCommandLine() throws HostError {
        Creation creation = read("{\"command\": [\"sh\", \"-c\", \"true\"]}");
        Creation.What.Words words = assertInstanceOf(Creation.What.Words.class, creation.what());
        assertEquals(List.of("sh", "-c", "true"), words.command().stream().map(word -> new String(word, StandardCharsets.UTF_8)).toList());
        assertEquals("/", words.directory());
        assertEquals(512 << 20, creation.memoryBytes());
        assertEquals(1, creation.cpus());
        assertEquals("native", creation.guestInterface());
        assertEquals(EngineKind.TRANSLATOR, creation.engine());
        assertEquals(Optional.empty(), creation.timeLimit());
        assertFalse(creation.terminal() || creation.input() || creation.verbose());
    }

    @Test void commandIsReadAsWritten() throws HostError {
        byte[] odd = {'a', -1, '"', '\n'};
        Creation creation = new Creation(new Creation.What.Words(List.of(odd, "ä".getBytes(StandardCharsets.UTF_8), new byte[0]),
                List.of(new Guest.Variable("A", "b\n")), "/app", List.of(Path.of("/x.tar"))), MachineType.SOJOURN_2, 128 << 20, 2, EngineKind.VERIFY, "kvm",
                Optional.of(Duration.ofMillis(1500)), true, true, true);
        String text = CreationJson.write(creation).toString();
        Creation read = read(text);
        assertEquals(text, CreationJson.write(read).toString());
        assertArrayEquals(odd, ((Creation.What.Words) read.what()).command().getFirst());
    }

    @Test void imageIsReadAsWritten() throws HostError {
        Creation creation = new Creation(new Creation.What.Image(Path.of("/k"), Optional.of(Path.of("/i")), "quiet"), MachineType.SOJOURN_1, 16 << 20, 1,
                EngineKind.INTERPRETER, "native", Optional.empty(), false, true, false);
        assertEquals(creation, read(CreationJson.write(creation).toString()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{                                              | The body is not JSON.",
        "[]                                             | The body is JSON but not an object.",
        "{}                                             | What shall run?",
        "{\"command\": []}                              | What shall run?",
        "{\"command\": \"sh\"}                          | The field 'command' is to be a list",
        "{\"command\": [1]}                             | The field 'command' is to be a text",
        "{\"command\": [{\"base64\": \"?\"}]}           | The field 'command' has a word that is not base64.",
        "{\"command\": [{\"base64\": \"AA==\"}]}        | The field 'command' has a word with a zero byte",
        "{\"command\": [\"x\"], \"fly\": 1}             | There is no field 'fly' here.",
        "{\"command\": [\"x\"], \"kernel\": \"/k\"}     | There is no field 'command' here.",
        "{\"command\": [\"x\"], \"memoryBytes\": 1}     | The field 'memoryBytes' is to be a whole number from 100663296",
        "{\"command\": [\"x\"], \"memoryBytes\": 1e300} | The field 'memoryBytes' is to be a whole number",
        "{\"command\": [\"x\"], \"memoryBytes\": 134217729} | The field 'memoryBytes' is to be a whole number of mebibytes.",
        "{\"command\": [\"x\"], \"cpus\": 1.5}          | The field 'cpus' is to be a whole number from 1 to 8.",
        "{\"command\": [\"x\"], \"cpus\": \"1\"}        | The field 'cpus' is to be a whole number from 1 to 8.",
        "{\"command\": [\"x\"], \"interface\": \"vax\"} | The field 'interface' is to be one of",
        "{\"command\": [\"x\"], \"engine\": \"warp\"}   | The field 'engine' is to be",
        "{\"command\": [\"x\"], \"directory\": \"x\"}   | The field 'directory' is to be an absolute path.",
        "{\"command\": [\"x\"], \"overlays\": [\"x\"]}  | The field 'overlays' is to hold absolute paths",
        "{\"command\": [\"x\"], \"environment\": {\"1\": \"x\"}} | The field 'environment' has a name",
        "{\"command\": [\"x\"], \"terminal\": 1}        | The field 'terminal' is to be true or false.",
        "{\"kernel\": \"/k\", \"terminal\": true}       | A kernel's console is no terminal",
        "{\"kernel\": \"k\"}                            | The field 'kernel' is to hold absolute paths",
    })
    void nonsenseIsOneSentence(String body, String sentence) {
        HostError error = assertThrows(HostError.class, () -> read(body));
        assertEquals(HostError.Code.BAD_REQUEST, error.code());
        assertTrue(error.getMessage().startsWith(sentence), error.getMessage());
    }

    @Test void depthIsBounded() {
        assertThrows(HostError.class, () -> read("{\"command\":" + "[".repeat(100_000)));
    }

    @Test void mutatedBodiesAreReadOrRefused() {
        String good = "{\"command\":[\"sh\",{\"base64\":\"/w==\"}],\"environment\":{\"A\":\"b\"},\"directory\":\"/\",\"overlays\":[\"/a\"],"
                + "\"memoryBytes\":134217728,\"cpus\":2,\"engine\":\"verify\",\"interface\":\"kvm\",\"timeLimitMillis\":5,\"terminal\":true}";
        Random random = new Random(7);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder body = new StringBuilder(good);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                int at = random.nextInt(body.length());
                switch (random.nextInt(3)) {
                    case 0 -> body.setCharAt(at, (char) random.nextInt(0x250));
                    case 1 -> body.deleteCharAt(at);
                    default -> body.insert(at, good, Math.min(at, good.length() - 8), Math.min(at, good.length() - 8) + random.nextInt(8));
                }
            }
            try {
                read(body.toString());
                read++;
            } catch (HostError e) {
                assertEquals(HostError.Code.BAD_REQUEST, e.code());
            }
        }
        assertTrue(read > 100, "only " + read + " were read");
    }

    private static Creation read(String body) throws HostError {
        Fields fields = Fields.parse(body);
        Creation creation = CreationJson.read(fields);
        fields.end();
        return creation;
    }
}
