package dev.sojourn.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house that a machine can check, over every module's classes and sources. */
class HouseRulesTest {
    /** A longer method is never compiled by HotSpot (HugeMethodLimit). */
    private static final int METHOD_BYTES_MAX = 8_000;

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> ORDER = List.of("state", "assembler", "memory", "isa", "cpu", "translator", "device", "abi", "boot",
            "interfaces", "disk", "net", "share", "machine", "probe", "snapshot", "migration", "sandbox", "host", "cli", "junit", "testkit", "conformance", "fuzz",
            "bench", "tidy");
    private static final Pattern EDGE = Pattern.compile("<artifactId>sojourn-([a-z]+)</artifactId>");

    @Test
    void everyMethodIsShortEnoughToBeCompiled() {
        List<String> tooLong = new ArrayList<>();
        for (ClassModel type : classes()) {
            for (MethodModel method : type.methods()) {
                int bytes = method.findAttribute(Attributes.code()).map(code -> code.codeLength()).orElse(0);
                if (bytes > METHOD_BYTES_MAX) {
                    tooLong.add(type.thisClass().asInternalName() + "." + method.methodName() + ": " + bytes);
                }
            }
        }
        assertEquals(List.of(), tooLong);
    }

    @Test
    void noStaticFieldCanBeAssigned() {
        List<String> mutable = new ArrayList<>();
        for (ClassModel type : classes()) {
            for (FieldModel field : type.fields()) {
                if (field.flags().has(AccessFlag.STATIC) && !field.flags().has(AccessFlag.FINAL)) {
                    mutable.add(type.thisClass().asInternalName() + "." + field.fieldName());
                }
            }
        }
        assertEquals(List.of(), mutable);
    }

    @Test
    void everyPackageSaysWhatItIs() {
        List<Path> silent = new ArrayList<>();
        for (Path folder : sources().map(Path::getParent).distinct().toList()) {
            boolean isPackage = folder.toString().contains("/dev/sojourn");
            if (isPackage && !Files.exists(folder.resolve("package-info.java"))) {
                silent.add(ROOT.relativize(folder));
            }
        }
        assertEquals(List.of(), silent);
    }

    @Test
    void aModuleUsesOnlyThoseBeforeIt() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String module : modules()) {
            Matcher edges = EDGE.matcher(Files.readString(ROOT.resolve(module).resolve("pom.xml")));
            while (edges.find()) {
                if (!edges.group(1).equals(module) && ORDER.indexOf(edges.group(1)) > ORDER.indexOf(module)) {
                    wrong.add(module + " -> " + edges.group(1));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyModuleStandsInTheOrder() { assertEquals(List.of(), modules().stream().filter(m -> !ORDER.contains(m)).toList()); }

    private static List<String> modules() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(f -> Files.exists(f.resolve("pom.xml"))).map(f -> f.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(String below, String ending) {
        List<Path> found = new ArrayList<>();
        for (String module : modules()) {
            Path start = ROOT.resolve(module).resolve(below);
            if (Files.isDirectory(start)) {
                try (Stream<Path> files = Files.walk(start)) {
                    files.filter(f -> f.toString().endsWith(ending)).forEach(found::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        assertFalse(found.isEmpty(), "Nothing to check below */" + below);
        return found;
    }

    private static Stream<Path> sources() { return files("src/main/java", ".java").stream(); }

    private static List<ClassModel> classes() {
        return files("target/classes", ".class").stream().map(HouseRulesTest::parse).toList();
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
