package dev.sojourn.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusProtocolTest {
    private final AtomicInteger answers = new AtomicInteger();
    private final StatusProtocol protocol = new StatusProtocol(answers::incrementAndGet);

    @Test void exitIsTakenAndAnswered() {
        say("ready\nexit 7\n");
        assertEquals(Optional.of(new StatusProtocol.Outcome.Exit(7)), protocol.outcome());
        assertEquals(1, answers.get());
        assertEquals("bye\n", hear(100));
        assertEquals("", hear(100));
    }

    @Test void answerIsReadInPieces() {
        say("exit 0\n");
        assertEquals("b", hear(1));
        assertEquals("ye", hear(2));
        assertEquals("\n", hear(2));
    }

    @Test void failureCarriesItsReason() {
        say("failed no such port\n");
        assertEquals(Optional.of(new StatusProtocol.Outcome.Failure("no such port")), protocol.outcome());
    }

    @Test void stopIsSaidOnceTheGuestIsReady() {
        protocol.askToStop();
        assertEquals("", hear(100));
        say("ready\n");
        assertEquals(2, answers.get());
        assertEquals("stop\n", hear(100));
        assertEquals("", hear(100));
        protocol.askToStop();
        assertEquals("stop\n", hear(100));
    }

    @Test void answerFollowsAWholeStop() {
        say("ready\n");
        protocol.askToStop();
        assertEquals("st", hear(2));
        say("exit 143\n");
        assertEquals("op\nbye\n", hear(100));
    }

    @Test void whoHasEndedIsNotStopped() {
        say("ready\nexit 0\n");
        protocol.askToStop();
        assertEquals("bye\n", hear(100));
        assertEquals("", hear(100));
    }

    @Test void firstOutcomeStands() {
        say("exit 3\nexit 4\nfailed x\n");
        assertEquals(Optional.of(new StatusProtocol.Outcome.Exit(3)), protocol.outcome());
        assertEquals(1, answers.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 256\n", "exit -1\n", "exit\n", "exit 1 \n", "exit 7", " exit 7\n", "failed\n",
            "failed \033[2J\n",
        "exit 99999999999999999999\n", "\n\n\n"})
    void nonsenseIsIgnored(String said) {
        say(said);
        assertEquals(Optional.empty(), protocol.outcome());
    }

    @Test void overlongLineIsIgnoredAndTheNextOneCounts() {
        say("x".repeat(10_000) + "exit 1\nexit 2\n");
        assertEquals(Optional.of(new StatusProtocol.Outcome.Exit(2)), protocol.outcome());
    }

    @Test void anyBytesAreSurvived() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            protocol.write(bytes, 0, bytes.length);
        }
        assertEquals(Optional.empty(), protocol.outcome());
    }

    private void say(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        protocol.write(bytes, 0, bytes.length);
    }

    private String hear(int length) {
        byte[] bytes = new byte[length];
        return new String(bytes, 0, protocol.read(bytes, 0, length), StandardCharsets.US_ASCII);
    }
}
