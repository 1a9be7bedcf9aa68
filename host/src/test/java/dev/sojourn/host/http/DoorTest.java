package dev.sojourn.host.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.host.Daemon;
import dev.sojourn.host.HostLimits;
import dev.sojourn.host.StateFolder;
import dev.sojourn.host.box.FakeOccupants;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What anybody on this computer may send to the port, as bytes. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoorTest {
    private Daemon daemon;

    @BeforeAll void start(@TempDir Path folder) throws Exception {
        daemon = new Daemon(new StateFolder(folder.resolve("state")),
                new Daemon.Settings("9", 0, false, Optional.empty(), new HostLimits(5, 1 << 30, 100), FakeOccupants.KEY), new FakeOccupants());
    }

    @AfterAll void end() { daemon.close(); }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GET /v1/host            | Host: 127.0.0.1:P; Authorization: Bearer T                            | 200",
        "GET /v1/host            | Host: localhost:P; Authorization: Bearer T                            | 200",
        "GET /v1/host            | Host: 127.0.0.1:P; Authorization: Bearer T; Origin: http://127.0.0.1:P | 200",
        "GET /v1/host            | Host: 127.0.0.1:P                                                     | 401 no-token",
        "GET /v1/host            | Host: 127.0.0.1:P; Authorization: Bearer x                            | 401 no-token",
        "GET /v1/host            | Host: 127.0.0.1:P; Authorization: Basic T                             | 401 no-token",
        "GET /v1/host?token=T    | Host: 127.0.0.1:P                                                     | 401 no-token",
        "GET /metrics            | Host: 127.0.0.1:P                                                     | 401 no-token",
        "GET /v1/host            | Host: evil.example:P; Authorization: Bearer T                         | 403 wrong-host",
        "GET /v1/host            | Host: 127.0.0.1; Authorization: Bearer T                              | 403 wrong-host",
        "GET /v1/host            | Host: 127.0.0.1:P; Authorization: Bearer T; Origin: http://evil.example | 403 wrong-host",
        "GET /v1/host            | Host: 127.0.0.1:P; Authorization: Bearer T; Origin: null              | 403 wrong-host",
        "GET /v1/host            | Authorization: Bearer T                                               | 400",
        "GET /v1/nothing         | Host: 127.0.0.1:P; Authorization: Bearer T                            | 404 no-such-path",
        "GET /v1                 | Host: 127.0.0.1:P; Authorization: Bearer T                            | 404 no-such-path",
        "GET /v1/sandboxes/web/x | Host: 127.0.0.1:P; Authorization: Bearer T                            | 404 no-such-path",
        "GET /v1/sandboxes/none  | Host: 127.0.0.1:P; Authorization: Bearer T                            | 404 no-such-sandbox",
        "GET /v1/sandboxes/NONE  | Host: 127.0.0.1:P; Authorization: Bearer T                            | 400 bad-request",
        "GET /v1/sandboxes/..%2f | Host: 127.0.0.1:P; Authorization: Bearer T                            | 400",
        "GET /v1/../v1/host      | Host: 127.0.0.1:P; Authorization: Bearer T                            | 200",
        "PUT /v1/host            | Host: 127.0.0.1:P; Authorization: Bearer T                            | 405 wrong-method",
        "DELETE /v1/sandboxes    | Host: 127.0.0.1:P; Authorization: Bearer T                            | 405 wrong-method",
        "GET /v1/events?after=-1 | Host: 127.0.0.1:P; Authorization: Bearer T                            | 400 bad-request",
        "GET /v1/%zz             | Host: 127.0.0.1:P; Authorization: Bearer T                            | 400 bad-request",
        "POST /v1/sandboxes      | Host: 127.0.0.1:P; Authorization: Bearer T; Content-Length: 999999999 | 413 too-large",
        "POST /v1/sandboxes      | Host: 127.0.0.1:P; Authorization: Bearer T; Content-Length: 2         | 400 bad-request",
    })
    void whoGetsInAndWhoDoesNot(String line, String headers, String answer) throws IOException {
        String request = (line + " HTTP/1.1\r\n" + headers.strip().replace("; ", "\r\n") + "\r\nConnection: close\r\n\r\n")
                .replace(":P", ":" + daemon.address().port()).replace("Bearer T", "Bearer " + daemon.address().token())
                .replace("Basic T", "Basic " + daemon.address().token()).replace("token=T", "token=" + daemon.address().token());
        String heard = send((request + "{]").getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(heard.startsWith("HTTP/1.1 " + answer.split(" ")[0] + " "), heard);
        if (answer.contains(" ")) assertTrue(heard.contains("{\"error\":{\"code\":\"" + answer.split(" ")[1] + "\""), heard);
    }

    @Test void bytesOfAnyKindDoNoHarm() throws IOException {
        Random random = new Random(11);
        String good = "POST /v1/sandboxes?x=y HTTP/1.1\r\nHost: 127.0.0.1:" + daemon.address().port() + "\r\nAuthorization: Bearer "
                + daemon.address().token() + "\r\nConnection: close\r\nContent-Length: 21\r\n\r\n{\"command\": [\"refuse\"]}";
        for (int i = 0; i < 400; i++) {
            byte[] bytes = good.getBytes(StandardCharsets.ISO_8859_1);
            for (int changes = random.nextInt(6); changes > 0; changes--) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            String heard = send(bytes);
            assertTrue(heard.isEmpty() || heard.matches("(?s)HTTP/1.1 ([24]..|505) .*"), heard);
        }
        assertEquals(200, Integer.parseInt(send(("GET /v1/host HTTP/1.1\r\nHost: localhost:" + daemon.address().port()
                + "\r\nAuthorization: Bearer " + daemon.address().token() + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1)).split(" ")[1]));
    }

    /** Sends, says that it was all, and gives what came back. */
    private String send(byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), daemon.address().port())) {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException _) {
            return "";
        }
    }
}
