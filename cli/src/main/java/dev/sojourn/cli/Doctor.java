package dev.sojourn.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import dev.sojourn.sandbox.guest.GuestCache;
import dev.sojourn.sandbox.guest.GuestFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at what this computer has for running guests. Changes nothing. */
final class Doctor {
    /** A guest's memory comes on top of what the JVM itself takes. */
    private static final long JVM_BYTES = 256L << 20;

    /** Package lists, packages and the unpacked guest, with room to spare. */
    private static final long CACHE_BYTES_MIN = 200L << 20;

    enum State { OK, HINT, LACKING }

    /** @param advice what to do; empty if there is nothing to do */
    record Check(String name, State state, String finding, String advice) {}

    record Report(List<Check> checks) {
        boolean ready() { return checks.stream().noneMatch(check -> check.state == State.LACKING); }

        String toText() {
            String lines = checks.stream().map(check -> "%-8s %-15s %s%n".formatted(
                    check.state.name().toLowerCase(Locale.ROOT), check.name, check.finding)
                    + (check.advice.isEmpty() ? "" : "%-24s %s%n".formatted("", check.advice)))
                    .collect(Collectors.joining());
            return lines + (ready() ? "Guests can be run here.\n" : "Guests cannot be run here yet.\n");
        }

        JsonObject toJson() {
            JsonArray list = new JsonArray();
            for (Check check : checks) {
                JsonObject entry = new JsonObject();
                entry.addProperty("name", check.name);
                entry.addProperty("state", check.state.name().toLowerCase(Locale.ROOT));
                entry.addProperty("finding", check.finding);
                entry.addProperty("advice", check.advice);
                list.add(entry);
            }
            JsonObject report = new JsonObject();
            report.addProperty("ready", ready());
            report.add("checks", list);
            return report;
        }
    }

    private final HostPlace place;

    Doctor(HostPlace place) { this.place = place; }

    Report examine() {
        Optional<GuestFiles> guest = guest();
        return new Report(List.of(jdk(), memory(), processors(), cacheFolder(), packageClient(guest.isPresent()),
                defaultGuest(guest), aotCache()));
    }

    private static Check jdk() {
        Runtime.Version version = Runtime.version();
        String finding = version + " in " + System.getProperty("java.home");
        return version.feature() >= 25 ? ok("jdk", finding)
                : lacking("jdk", finding, "Install a JDK 25 or newer, or point SOJOURN_JAVA_HOME at one.");
    }

    private static Check memory() {
        long available = availableMemory();
        long wanted = SandboxSpec.MEMORY_BYTES_DEFAULT + JVM_BYTES;
        String finding = (available >> 20) + " MiB available";
        if (available >= wanted) return ok("memory", finding);
        return available >= SandboxSpec.DEFAULT_GUEST_MEMORY_BYTES_MIN + JVM_BYTES
                ? hint("memory", finding, "Give guests less than the usual 512M by --memory.")
                : lacking("memory", finding, "End other programs: the smallest guest takes about "
                        + ((SandboxSpec.DEFAULT_GUEST_MEMORY_BYTES_MIN + JVM_BYTES) >> 20) + " MiB.");
    }

    private static long availableMemory() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"), StandardCharsets.US_ASCII)) {
            return lines.filter(line -> line.matches("MemAvailable: +[0-9]+ kB")).findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10).orElse(Long.MAX_VALUE);
        } catch (IOException _) {
            return Long.MAX_VALUE;
        }
    }

    private static Check processors() {
        int count = Runtime.getRuntime().availableProcessors();
        return count >= 2 ? ok("processors", count + " usable")
                : hint("processors", "1 usable",
                        "Guests run, but slower: the JVM's compiler has no processor of its own.");
    }

    private Check cacheFolder() {
        Path folder = place.cache();
        Path existing = folder;
        while (!Files.exists(existing) && existing.getParent() != null) existing = existing.getParent();
        if (!Files.isWritable(existing)) {
            return lacking("cache-folder", folder + " cannot be written", "Set XDG_CACHE_HOME to a folder that can.");
        }
        long free = existing.toFile().getUsableSpace();
        String finding = folder + ", " + (free >> 20) + " MiB free";
        return free >= CACHE_BYTES_MIN ? ok("cache-folder", finding)
                : hint("cache-folder", finding, "Fetching the default guest takes about " + (CACHE_BYTES_MIN >> 20)
                        + " MiB.");
    }

    private static Check packageClient(boolean guestPresent) {
        Optional<Path> client = GuestCache.packageClient();
        if (client.isPresent()) return ok("package-client", client.get().toString());
        return guestPresent ? hint("package-client", "apt-get is not on the PATH",
                "It is not needed: the default guest is here.")
                : lacking("package-client", "apt-get is not on the PATH",
                        "Run a kernel of your own with --kernel and --initrd, which needs no package client.");
    }

    private Optional<GuestFiles> guest() {
        try {
            return new GuestCache(place.cache()).present();
        } catch (SandboxError _) {
            return Optional.empty();
        }
    }

    private static Check defaultGuest(Optional<GuestFiles> guest) {
        return guest.map(files -> ok("default-guest", files.version()))
                .orElseGet(() -> hint("default-guest", "not here yet",
                "The first run fetches it: sojourn run -- uname -a"));
    }

    private Check aotCache() {
        Optional<Path> file = place.aotCache().filter(Files::isRegularFile);
        return file.map(path -> ok("aot-cache", path.toString()))
                .orElseGet(() -> hint("aot-cache", "not here yet",
                "It is made after the first run and makes later ones start faster."));
    }

    private static Check ok(String name, String finding) { return new Check(name, State.OK, finding, ""); }

    private static Check hint(String name, String finding, String advice) {
        return new Check(name, State.HINT, finding, advice);
    }

    private static Check lacking(String name, String finding, String advice) {
        return new Check(name, State.LACKING, finding, advice);
    }
}
