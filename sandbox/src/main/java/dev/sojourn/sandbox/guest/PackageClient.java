package dev.sojourn.sandbox.guest;

import dev.sojourn.sandbox.IoReasons;
import dev.sojourn.sandbox.SandboxError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The distribution's ordinary package client, apt, used as any user may: no root, and nothing of the system changes.
 *
 * <p>It works with the system's sources and keys but with lists, caches and a package status of its own, in a folder
 * that is thrown away afterwards. What the system's configuration would have run after an update is switched off, for
 * the same reason. The guest's architecture is asked for by name, so the host's does not matter.
 */
final class PackageClient {
    private static final String ADVICE =
            " You can run a kernel of your own with --kernel and --initrd, which needs none of this.";
    private static final Pattern DEPENDENCY = Pattern.compile("(?m)^Depends:.*?\\b(linux-image-[0-9][0-9a-z.+-]*)");

    private final Path folder;
    private final Progress progress;

    /** @param folder an empty folder for this client alone */
    PackageClient(Path folder, Progress progress) {
        this.folder = folder;
        this.progress = progress;
    }

    /** Where the client's programs are looked for. */
    static Optional<Path> program() {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin").split(":"))
                .map(directory -> Path.of(directory, "apt-get")).filter(Files::isExecutable).findFirst();
    }

    /** Fetches the newest kernel and busybox. */
    Fetched fetch() throws SandboxError {
        if (program().isEmpty()) {
            throw new SandboxError("The default guest is fetched by the package client 'apt-get', "
                    + "which is not on the PATH."
                    + ADVICE);
        }
        prepare();
        progress.step("Fetching the package lists ...");
        run("The package lists cannot be fetched", List.of("apt-get", "-q", "-q", "update"));
        String kernel = kernelPackage(reason("W: Failed to fetch "));
        progress.step("Fetching " + kernel + " and busybox-static ...");
        run("The default guest's packages cannot be fetched",
                List.of("apt-get", "-q", "-q", "download", kernel + ":amd64", "busybox-static:amd64"));
        return new Fetched(packageFile("linux-image-"), packageFile("busybox-static"));
    }

    /** Two package files. */
    record Fetched(Path kernel, Path busybox) {}

    /**
     * The package behind the one that always depends on the newest cloud kernel.
     *
     * @param listFailure why some list could not be fetched, which the client does not take for an error; may be empty
     */
    private String kernelPackage(String listFailure) throws SandboxError {
        String record = run(listFailure.isEmpty() ? "The cloud kernel is in none of this system's package sources"
                : "The package lists cannot be fetched" + listFailure,
                List.of("apt-cache", "show", "--no-all-versions", "linux-image-cloud-amd64:amd64"));
        Matcher dependency = DEPENDENCY.matcher(record);
        if (!dependency.find()) throw new SandboxError("The package linux-image-cloud-amd64 names no kernel." + ADVICE);
        return dependency.group(1);
    }

    private void prepare() throws SandboxError {
        try {
            for (String part : List.of("state/lists/partial", "cache/archives/partial")) {
                Files.createDirectories(folder.resolve(part));
            }
            Files.createFile(folder.resolve("status"));
            Files.writeString(folder.resolve("apt.conf"), """
                    Dir::State "%1$s/state";
                    Dir::State::status "%1$s/status";
                    Dir::Cache "%1$s/cache";
                    Dir::Log "%1$s";
                    Dir::Etc::preferences "/dev/null";
                    Dir::Etc::preferencesparts "/dev/null";
                    APT::Architecture "amd64";
                    #clear APT::Architectures;
                    APT::Architectures { "amd64"; };
                    APT::Get::List-Cleanup "false";
                    APT::Sandbox::User "";
                    Acquire::Languages "none";
                    Acquire::Retries "3";
                    #clear APT::Update::Pre-Invoke;
                    #clear APT::Update::Post-Invoke;
                    #clear APT::Update::Post-Invoke-Success;
                    #clear DPkg::Pre-Invoke;
                    #clear DPkg::Post-Invoke;
                    """.formatted(folder));
        } catch (IOException e) {
            throw new SandboxError("The folder " + folder + " cannot be written: " + IoReasons.of(e) + ".");
        }
    }

    private String run(String failure, List<String> command) throws SandboxError {
        List<String> line = new ArrayList<>(command);
        line.addAll(1, List.of("-c", folder.resolve("apt.conf").toString()));
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(complaints().toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        builder.environment().remove("APT_CONFIG");
        try {
            Process process = builder.start();
            try {
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (process.waitFor() == 0) return output;
            } finally {
                process.destroy();
            }
            throw new SandboxError(failure + (failure.contains(":") ? "" : reason("E: ")) + "." + ADVICE);
        } catch (IOException e) {
            throw new SandboxError(failure + ": " + IoReasons.of(e) + "." + ADVICE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new SandboxError(failure + ": interrupted.");
        }
    }

    private Path complaints() { return folder.resolve("complaints"); }

    /** The client's own first complaint of a kind at its last run, as the end of a sentence; empty if it gave none. */
    private String reason(String kind) throws SandboxError {
        try (Stream<String> lines = Files.lines(complaints(), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(kind)).findFirst()
                    .map(line -> ": " + line.substring(kind.length()).strip().replaceFirst("\\.$", "")).orElse("");
        } catch (IOException e) {
            throw new SandboxError("The folder " + folder + " cannot be read: " + IoReasons.of(e) + ".");
        }
    }

    private Path packageFile(String prefix) throws SandboxError {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix)
                            && file.getFileName().toString().endsWith(".deb"))
                    .findFirst().orElseThrow(() -> new SandboxError("The package client fetched no " + prefix
                            + " package."));
        } catch (IOException e) {
            throw new SandboxError("The folder " + folder + " cannot be read: " + IoReasons.of(e) + ".");
        }
    }
}
