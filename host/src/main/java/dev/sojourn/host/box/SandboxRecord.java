package dev.sojourn.host.box;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.host.command.Creation;
import dev.sojourn.host.command.CreationJson;
import dev.sojourn.host.command.Fields;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.sandbox.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a sandbox beyond its host's life.
 *
 * <p>In JSON: {@code record} is the layout's number, 1; {@code name}, {@code created}, {@code creation}; once it ended
 * {@code ended}, {@code status}, {@code sentence} and {@code lastLines}, and {@code lost} if nobody saw how. Times are in
 * milliseconds since 1970.
 *
 * @param share how many like this one are counted as one when memory is given away; of use while it lives, and not kept
 */
record SandboxRecord(SandboxName name, Instant created, Creation creation, int share, Optional<End> end) {
    private static final int LAYOUT = 1;
    private static final long MILLIS_MAX = 1L << 52;

    /** @param lost whether the host ended first, so that the verdict is only that */
    record End(Instant time, boolean lost, Verdict verdict) {}

    SandboxRecord ended(End how) { return new SandboxRecord(name, created, creation, share, Optional.of(how)); }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("record", LAYOUT);
        json.addProperty("name", name.text());
        json.addProperty("created", created.toEpochMilli());
        json.add("creation", CreationJson.write(creation));
        end.ifPresent(how -> {
            json.addProperty("ended", how.time.toEpochMilli());
            json.addProperty("lost", how.lost);
            json.addProperty("status", how.verdict.status());
            json.addProperty("sentence", how.verdict.sentence());
            json.add("lastLines", lines(how.verdict.lastLines()));
        });
        return json;
    }

    static SandboxRecord of(Fields fields) throws HostError {
        if (fields.whole("record", LAYOUT, LAYOUT).isEmpty()) {
            throw new HostError(HostError.Code.BAD_REQUEST, "The record has no number of its layout.");
        }
        SandboxName name = SandboxName.of(fields.textOr("name", ""));
        Instant created = Instant.ofEpochMilli(fields.whole("created", 0, MILLIS_MAX).orElse(0L));
        Fields inner = new Fields(fields.object("creation"));
        Creation creation = CreationJson.read(inner);
        inner.end();
        Optional<Long> ended = fields.whole("ended", 0, MILLIS_MAX);
        boolean lost = fields.flag("lost");
        Verdict verdict = new Verdict(fields.whole("status", 0, 255).orElse(0L).intValue(), fields.textOr("sentence", ""),
                fields.texts("lastLines"));
        fields.end();
        return new SandboxRecord(name, created, creation, 1,
                ended.map(time -> new End(Instant.ofEpochMilli(time), lost, verdict)));
    }

    static JsonArray lines(List<String> lines) {
        JsonArray array = new JsonArray();
        lines.forEach(array::add);
        return array;
    }
}
