package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.SandboxError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More processors than one, and more memory than fits below 4 GiB. */
class ProcessorsTest {
    @Test void twoProcessorsComeUpAndShareTheWork() throws SandboxError {
        DefaultGuest.Run run = new DefaultGuest().cpus(2).memory(4096).script("""
                echo '== nproc'; nproc
                for i in 1 2; do (j=0; while [ $j -lt 20000 ]; do j=$((j + 1)); done) & done; wait
                echo '== worked'; grep '^cpu[01] ' /proc/stat
                echo '== talk'
                i=0; while [ $i -lt 50 ]; do echo $i | taskset 2 cat | taskset 1 cat; i=$((i + 1)); done | tail -n 1
                echo '== memory'; grep MemTotal /proc/meminfo
                echo '== dmesg'; dmesg
                exit 1
                """);
        assertEquals(new Result.Exited(1), run.result(), run::kernelLog);
        assertEquals("2\n", run.section("nproc"));
        assertEquals("49\n", run.section("talk"));
        assertTrue(run.section("dmesg").contains("Brought up 1 node, 2 CPUs"));
        KernelLog.assertClean(run.section("dmesg"));
        run.section("worked").lines().forEach(line ->
                assertTrue(Integer.parseInt(line.split(" ")[1]) > 0, () -> "User time of each: " + line));
        int kibibytes = Integer.parseInt(run.section("memory").replaceAll("[^0-9]", ""));
        assertTrue(kibibytes > 3_900_000 && kibibytes < 4 << 20, run.section("memory"));
    }

    @Tag("long")
    @Test void eightProcessorsComeUp() throws SandboxError {
        DefaultGuest.Run run = new DefaultGuest().cpus(8).script("""
                echo '== nproc'; nproc
                for i in 1 2 3 4 5 6 7 8; do seq 20000 | sort -n | tail -n 1 & done; wait
                echo '== dmesg'; dmesg
                """);
        assertEquals(new Result.Exited(0), run.result(), run::kernelLog);
        assertEquals("8\n" + "20000\n".repeat(8), run.section("nproc"));
        assertTrue(run.section("dmesg").contains("Brought up 1 node, 8 CPUs"));
        KernelLog.assertClean(run.section("dmesg"));
    }
}
