package dev.sojourn.host.move;

import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.box.PrivateFiles;
import dev.sojourn.sandbox.IoReasons;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The key that hosts share who send each other guests: a PKCS #12 file with one private key and its certificate.
 *
 * <p>Both sides of a connection show that they have the private key, and trust nothing else; names do not matter. The file's own
 * permissions protect it, not its password, which is always the same.
 */
public final class MoveKey {
    private static final char[] PASSWORD = "sojourn".toCharArray();
    private static final int DAYS = 36_500;
    private static final int SECONDS_MAX = 60;

    private MoveKey() {}

    /** Where a user's hosts look: {@code SOJOURN_KEY}, or {@code sojourn/move.p12} in {@code XDG_CONFIG_HOME} or {@code ~/.config}. */
    public static Path path(Map<String, String> environment, String home) {
        String own = environment.getOrDefault("SOJOURN_KEY", "");
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        return own.isEmpty() ? (config.startsWith("/") ? Path.of(config) : Path.of(home, ".config")).resolve("sojourn/move.p12")
                : Path.of(own).toAbsolutePath();
    }

    /** Connections by a key, which is made if it is not there. */
    public static SSLContext open(Path file) throws HostError, InterruptedException {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            requirePrivate(file);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                keys.load(in, PASSWORD);
            }
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(keys, PASSWORD);
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("host", keys.getCertificate(keys.aliases().nextElement()));
            TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            others.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(own.getKeyManagers(), others.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | java.util.NoSuchElementException e) {
            throw new HostError(Code.HOST_FAILED, "The key file " + file + " is no PKCS #12 file with a key as Sojourn makes it; "
                    + "remove it, or copy it from the host that guests are to move to or from.");
        } catch (IOException e) {
            throw new HostError(Code.HOST_FAILED, "The key file " + file + " cannot be used: " + IoReasons.of(e) + ".");
        }
    }

    private static void requirePrivate(Path file) throws IOException, HostError {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.GROUP_READ) || permissions.contains(PosixFilePermission.OTHERS_READ)) {
            throw new HostError(Code.HOST_FAILED, "The key file " + file + " can be read by others; 'chmod 600 " + file + "' prevents that.");
        }
    }

    /** By the JDK's own tool, under another name first: two hosts may do so at once. */
    private static void make(Path file) throws IOException, HostError, InterruptedException {
        PrivateFiles.createFolder(file.toAbsolutePath().getParent());
        Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), ".move", ".p12");
        Files.delete(fresh);
        Process tool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                "host", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=sojourn", "-validity", Integer.toString(DAYS),
                "-storetype", "PKCS12", "-keystore", fresh.toString(), "-storepass", new String(PASSWORD))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (!tool.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || tool.exitValue() != 0) {
            tool.destroyForcibly();
            throw new HostError(Code.HOST_FAILED, "The key file " + file + " could not be made by the JDK's keytool; give one with SOJOURN_KEY.");
        }
        Files.setPosixFilePermissions(fresh, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        if (Files.exists(file)) {
            Files.delete(fresh);
        } else {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
