package dev.sojourn.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;

/** JSON as this program prints it. */
final class Json {
    private Json() {}

    static String text(JsonObject object) {
        Gson gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
        return gson.toJson(object) + "\n";
    }

    /** A number of 64 bits, which readers of JSON would round. */
    static String hex(long value) { return "0x" + Long.toHexString(value); }
}
