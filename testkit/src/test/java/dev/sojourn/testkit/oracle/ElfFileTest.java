package dev.sojourn.testkit.oracle;

import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.EAX;
import static dev.sojourn.assembler.Register.EDI;
import static dev.sojourn.assembler.Register.EDX;
import static dev.sojourn.assembler.Register.RSI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfFileTest {
    private static final long BASE = 0x40_0000;

    @Test void programPrintsAndExitsOnThisComputer(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(NativeProcessor.available());
        Path file = folder.resolve("hello");
        Files.write(file, hello());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        Process process = new ProcessBuilder(file.toString()).start();
        assertEquals("hi\n", new String(process.getInputStream().readAllBytes()));
        assertEquals(7, process.waitFor());
    }

    private static byte[] hello() {
        Assembler a = new Assembler(ElfFile.codeAddress(BASE));
        a.mov(EAX, 1);
        a.mov(EDI, 1);
        a.lea(RSI, at("text"));
        a.mov(EDX, 3);
        a.syscall();
        a.mov(EAX, 60);
        a.mov(EDI, 7);
        a.syscall();
        a.label("text");
        a.ascii("hi\n");
        return ElfFile.executable(BASE, a.assemble(), a.origin(), 0);
    }
}
