package dev.sojourn.host.http;

import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.command.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * One request and its answer.
 *
 * @param path its parts, decoded
 */
record Exchange(Request request, Response response, Callback callback, java.util.List<String> path) {
    /** A command line of Linux has two megabytes at most. */
    static final int BODY_BYTES_MAX = 4 << 20;

    /** The body's fields. */
    Fields body() throws HostError, IOException {
        if (request.getLength() > BODY_BYTES_MAX) throw tooLarge();
        byte[] bytes;
        try (InputStream stream = Content.Source.asInputStream(request)) {
            bytes = stream.readNBytes(BODY_BYTES_MAX + 1);
        }
        if (bytes.length > BODY_BYTES_MAX) throw tooLarge();
        return Fields.parse(new String(bytes, StandardCharsets.UTF_8));
    }

    /** A number of the query. */
    Optional<Long> number(String name, long max) throws HostError {
        Optional<String> text = Optional.ofNullable(Request.extractQueryParameters(request).getValue(name));
        if (text.isEmpty()) return Optional.empty();
        if (text.get().matches("[0-9]{1,15}") && Long.parseLong(text.get()) <= max) return text.map(Long::parseLong);
        throw new HostError(Code.BAD_REQUEST, "The parameter '" + name + "' is to be a whole number from 0 to " + max + ".");
    }

    boolean flag(String name) throws HostError {
        String text = Request.extractQueryParameters(request).getValue(name);
        if (text == null || text.equals("false")) return false;
        if (text.equals("true")) return true;
        throw new HostError(Code.BAD_REQUEST, "The parameter '" + name + "' is to be true or false.");
    }

    Optional<String> header(HttpHeader name) {
        return Optional.ofNullable(request.getHeaders().getField(name)).map(HttpField::getValue);
    }

    void answer(int status, JsonObject json) { answer(status, "application/json", json + "\n"); }

    void answer(int status, String type, String text) { answer(status, type, text.getBytes(StandardCharsets.UTF_8)); }

    void answer(int status, String type, byte[] bytes) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }

    void refuse(HostError error) { answer(error.code().httpStatus(), errorJson(error)); }

    static JsonObject errorJson(HostError error) {
        JsonObject inner = new JsonObject();
        inner.addProperty("code", error.code().text());
        inner.addProperty("message", error.getMessage());
        JsonObject json = new JsonObject();
        json.add("error", inner);
        return json;
    }

    /** A body that comes bit by bit; the caller closes it and then calls {@code callback}. */
    OutputStream stream(String type) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        return Content.Sink.asOutputStream(response);
    }

    private static HostError tooLarge() {
        return new HostError(Code.TOO_LARGE, "The body is larger than " + (BODY_BYTES_MAX >> 20) + " MiB.");
    }
}
