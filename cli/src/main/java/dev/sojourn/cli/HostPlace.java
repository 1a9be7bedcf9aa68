package dev.sojourn.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Where this program stands on its host, as the launcher found it.
 *
 * @param cache the user's folder for what can be fetched or made again
 * @param aotCache the file that makes the JVM start faster, whether or not it is there yet
 */
record HostPlace(String version, Path cache, Optional<Path> aotCache) {
    static HostPlace fromProperties(Properties properties, Map<String, String> environment) {
        return new HostPlace(properties.getProperty("sojourn.version", "0.1.0-SNAPSHOT"),
                Optional.ofNullable(properties.getProperty("sojourn.cache")).map(Path::of)
                        .orElseGet(() -> userCache(properties, environment)),
                Optional.ofNullable(properties.getProperty("sojourn.aot")).map(Path::of));
    }

    private static Path userCache(Properties properties, Map<String, String> environment) {
        String base = environment.getOrDefault("XDG_CACHE_HOME", "");
        return (base.startsWith("/") ? Path.of(base) : Path.of(properties.getProperty("user.home"), ".cache"))
                .resolve("sojourn");
    }
}
