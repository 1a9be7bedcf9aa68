package dev.sojourn.host.http;

import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who gets in.
 *
 * <p>A page of another site can make the user's browser call this host, under a name that leads to 127.0.0.1. Such a call names
 * that other site as its host or origin, and is refused before its token is looked at.
 */
final class Gate {
    /** A socket of a browser carries its token as a subprotocol, behind this: a page cannot set its headers. */
    static final String TOKEN_PROTOCOL = "token.";

    private static final String BEARER = "Bearer ";

    private final Set<String> hosts;
    private final byte[] token;

    /** @param port on which this host listens, at the loopback address */
    Gate(int port, String token) {
        hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
        this.token = token.getBytes(StandardCharsets.US_ASCII);
    }

    /** Refuses what was sent by way of another site. */
    void checkHost(Optional<String> host, Optional<String> origin) throws HostError {
        if (host.isEmpty() || !hosts.contains(host.get())) {
            throw new HostError(Code.WRONG_HOST, "This host answers to 127.0.0.1 and localhost with its port, and to no other name.");
        }
        if (origin.isPresent() && !(origin.get().startsWith("http://") && hosts.contains(origin.get().substring("http://".length())))) {
            throw new HostError(Code.WRONG_HOST, "This host does not answer pages of other sites.");
        }
    }

    /** Refuses who does not know the token. */
    void checkToken(Optional<String> authorization, List<String> subprotocols) throws HostError {
        boolean known = authorization.filter(text -> text.startsWith(BEARER)).map(text -> isToken(text.substring(BEARER.length())))
                .orElse(false);
        for (String protocol : subprotocols) {
            known |= protocol.startsWith(TOKEN_PROTOCOL) && isToken(protocol.substring(TOKEN_PROTOCOL.length()));
        }
        if (!known) {
            throw new HostError(Code.NO_TOKEN,
                    "The token is missing or wrong; send 'Authorization: Bearer' with what is in the file 'token' of the state folder.");
        }
    }

    /** Takes as long for a wrong token as for another wrong one of its length. */
    private boolean isToken(String text) { return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), token); }
}
