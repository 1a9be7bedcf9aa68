package dev.sojourn.host.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.sojourn.host.HostError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A JSON object from outside, read field by field: a wrong type, a value out of range or a field nobody asked for is refused. */
public final class Fields {
    /** The largest whole number that every reader of JSON holds exactly. */
    private static final long WHOLE_MAX = 1L << 53;

    /** Longer texts are of no use in any field. */
    private static final int TEXT_MAX = 1 << 16;

    private static final int LIST_MAX = 4096;

    private final JsonObject object;
    private final Set<String> taken = new HashSet<>();

    public Fields(JsonObject object) { this.object = object; }

    /** @param text a whole document; an empty one is taken as an object without fields */
    public static Fields parse(String text) throws HostError {
        if (text.isBlank()) return new Fields(new JsonObject());
        try {
            if (JsonParser.parseString(text) instanceof JsonObject object) return new Fields(object);
        } catch (JsonParseException | NumberFormatException _) {
            throw wrong("The body is not JSON.");
        }
        throw wrong("The body is JSON but not an object.");
    }

    public Optional<String> text(String name) throws HostError {
        Optional<JsonElement> element = take(name);
        return element.isEmpty() ? Optional.empty() : Optional.of(text(name, element.get()));
    }

    public String textOr(String name, String otherwise) throws HostError { return text(name).orElse(otherwise); }

    public boolean flag(String name) throws HostError {
        Optional<JsonElement> element = take(name);
        if (element.isEmpty()) return false;
        if (element.get() instanceof JsonPrimitive value && value.isBoolean()) return value.getAsBoolean();
        throw wrong("The field '" + name + "' is to be true or false.");
    }

    public Optional<Long> whole(String name, long min, long max) throws HostError {
        Optional<JsonElement> element = take(name);
        if (element.isEmpty()) return Optional.empty();
        if (element.get() instanceof JsonPrimitive value && value.isNumber()) {
            double number = value.getAsDouble();
            if (number == Math.rint(number) && Math.abs(number) <= WHOLE_MAX && number >= min && number <= max) {
                return Optional.of((long) number);
            }
        }
        throw wrong("The field '" + name + "' is to be a whole number from " + min + " to " + max + ".");
    }

    public List<JsonElement> list(String name) throws HostError {
        Optional<JsonElement> element = take(name);
        if (element.isEmpty()) return List.of();
        if (element.get() instanceof JsonArray array && array.size() <= LIST_MAX) return array.asList();
        throw wrong("The field '" + name + "' is to be a list of at most " + LIST_MAX + ".");
    }

    public List<String> texts(String name) throws HostError {
        List<String> texts = new ArrayList<>();
        for (JsonElement element : list(name)) texts.add(text(name, element));
        return texts;
    }

    /** An object of texts. */
    public JsonObject object(String name) throws HostError {
        Optional<JsonElement> element = take(name);
        if (element.isEmpty()) return new JsonObject();
        if (element.get() instanceof JsonObject inner && inner.size() <= LIST_MAX) return inner;
        throw wrong("The field '" + name + "' is to be an object of at most " + LIST_MAX + " fields.");
    }

    /** Refuses what was not asked for. */
    public void end() throws HostError {
        for (String name : object.keySet()) {
            if (!taken.contains(name)) throw wrong("There is no field '" + shown(name) + "' here.");
        }
    }

    static String text(String name, JsonElement element) throws HostError {
        if (element instanceof JsonPrimitive value && value.isString() && value.getAsString().length() <= TEXT_MAX) {
            return value.getAsString();
        }
        throw wrong("The field '" + name + "' is to be a text of at most " + TEXT_MAX + " characters.");
    }

    static HostError wrong(String sentence) { return new HostError(HostError.Code.BAD_REQUEST, sentence); }

    /** A text from outside, fit to stand in a sentence. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(60).map(c -> Character.isISOControl(c) ? '?' : c).forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private Optional<JsonElement> take(String name) {
        taken.add(name);
        return Optional.ofNullable(object.get(name)).filter(element -> !element.isJsonNull());
    }
}
