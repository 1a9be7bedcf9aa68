package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.SandboxError;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The stock kernel on one processor. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StockKernelTest {
    private DefaultGuest.Run run;

    @BeforeAll void boot(@TempDir Path root) throws IOException, SandboxError {
        program(root.resolve("int80"), Programs.int80());
        program(root.resolve("vdso"), Programs.vdso());
        run = new DefaultGuest().overlay(root).script("""
                echo '== uname'; uname -srm
                echo '== nproc'; nproc
                echo '== int80'; /int80; echo $?
                echo '== vdso'; /vdso; echo $?
                echo '== loader'; cat /proc/sys/kernel/bootloader_type
                echo '== clock'; cat /sys/devices/system/clocksource/clocksource0/current_clocksource
                echo '== cpu'; cat /proc/cpuinfo
                echo '== fault'; sh -c 'kill -SEGV $$'; echo $?
                echo '== files'
                dd if=/dev/urandom of=/tmp/a bs=64k count=16 2>/dev/null
                gzip -c /tmp/a | gunzip -c | cmp - /tmp/a && echo same
                echo '== processes'
                for i in 1 2 3 4 5 6 7 8; do (sleep 0.1; echo $((i * i)) >/tmp/$i) & done; wait
                cat /tmp/[1-8] | sort -n | tr '\\n' ' '; echo
                echo '== arithmetic'; awk 'BEGIN { f = s = 1; for (i = 1; i < 30; i++) { f /= i; s += f }; printf "%.30f\\n", s }'
                echo '== dmesg'; dmesg
                """);
    }

    static void program(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test void commandEndsWithZero() { assertEquals(new Result.Exited(0), run.result(), run::kernelLog); }

    @Test void kernelIsTheDistributionsOwn() {
        assertTrue(run.section("uname").matches("Linux 6\\.[0-9.]+-[0-9]+-cloud-amd64 x86_64\n"), run.section("uname"));
    }

    @Test void oneProcessorCameUp() { assertEquals("1\n", run.section("nproc")); }

    @Test void kernelFindsNothingWrong() { KernelLog.assertClean(run.section("dmesg")); }

    @Test void kernelWasEnteredByPvh() { assertEquals("176\n", run.section("loader")); }

    @Test void clockIsTheTimeStampCounter() { assertEquals("tsc\n", run.section("clock")); }

    @Test void programOf32BitsRunsByInterrupt() { assertEquals("32 bits\n32\n", run.section("int80")); }

    @Test void programOf32BitsRunsByTheVdso() { assertEquals("through the vDSO\n33\n", run.section("vdso")); }

    @Test void signalKillsWith128AndItsNumber() { assertEquals("139\n", run.section("fault").replaceAll("(?m)^[^0-9].*\n", "")); }

    @Test void compressedFileComesBack() { assertEquals("same\n", run.section("files")); }

    @Test void processesRunSideBySide() { assertEquals("1 4 9 16 25 36 49 64 \n", run.section("processes")); }

    @Test void floatingPointAgreesWithTheHost() {
        double term = 1;
        double sum = 1;
        for (int i = 1; i < 30; i++) {
            term /= i;
            sum += term;
        }
        assertEquals(new BigDecimal(sum).setScale(30, RoundingMode.HALF_EVEN) + "\n", run.section("arithmetic"));
    }

    @Test void processorHasWhatX8664V2Needs() {
        String flags = " " + run.section("cpu").lines().filter(line -> line.startsWith("flags")).findFirst().orElseThrow() + " ";
        for (String flag : "cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3 pni".split(" ")) {
            assertTrue(flags.contains(" " + flag + " "), flag + " in" + flags);
        }
    }

    @Test void machineWasSwitchedOff() {
        assertTrue(run.kernelLog().contains("reboot: Power down"), run::kernelLog);
    }
}
