package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.SandboxError;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stock kernel on each interface: what it says it runs on, and whether its clocks, timers and processors are right. */
class InterfacesTest {
    private static final String CHECKS = """
            echo '== nproc'; nproc
            echo '== clock'; cat /sys/devices/system/clocksource/clocksource0/current_clocksource
            echo '== timers'; cat /sys/devices/system/clockevents/clockevent[0-9]/current_device
            echo '== hypervisor'; cd /sys/hypervisor; cat type version/major version/minor guest_type 2>/dev/null; cd /
            echo '== flags'; grep -c '^flags.* hypervisor' /proc/cpuinfo
            echo '== frequencies'; grep -c '^cpu MHz.*: 1000.000$' /proc/cpuinfo
            echo '== sleep'; cut -d ' ' -f 1 /proc/uptime; sleep 1.5; cut -d ' ' -f 1 /proc/uptime
            echo '== talk'
            i=0; while [ $i -lt 50 ]; do echo $i | taskset 2 cat | taskset 1 cat; i=$((i + 1)); done | tail -n 1
            echo '== work'
            for i in 1 2 3 4; do (seq 20000 | sort -n | tail -n 1) & done; wait
            echo '== interrupts'; cat /proc/interrupts
            echo '== dmesg'; dmesg
            echo '== date'; date +%s
            """;

    /**
     * What is to be found.
     *
     * @param timer of each processor
     * @param messages what the kernel says while it starts
     */
    record Expectation(String name, String clock, String timer, List<String> messages) {
        /** What there is in {@code /sys/hypervisor}. */
        String hypervisor() {
            return name.startsWith("xen-") ? "xen\n4\n17\n" + name.substring(4).toUpperCase(Locale.ROOT) + "\n" : "";
        }

        boolean isVirtual() { return !name.equals("native"); }

        @Override public String toString() { return name; }
    }

    static Stream<Expectation> interfaces() {
        return Stream.of(
                new Expectation("native", "tsc", "lapic-deadline", List.of("Booting paravirtualized kernel on bare hardware",
                        "tsc: Detected 1000.000 MHz processor", "clocksource: Switched to clocksource tsc")),
                new Expectation("kvm", "kvm-clock", "lapic-deadline", List.of("Hypervisor detected: KVM",
                        "kvm-clock: Using msrs 4b564d01 and 4b564d00", "Booting paravirtualized kernel on KVM",
                        "kvm-guest: KVM setup pv remote TLB flush", "kvm-guest: setup PV sched yield",
                        "kvm-guest: setup PV IPIs", "kvm-guest: PV spinlocks enabled", "tsc: Detected 1000.000 MHz processor",
                        "clocksource: Switched to clocksource kvm-clock")),
                new Expectation("vmware", "tsc", "lapic-deadline", List.of("vmware: hypercall mode: 0x02", "Hypervisor detected: VMware",
                        "vmware: TSC freq read from hypervisor : 1000.000 MHz",
                        "vmware: Host bus clock speed read from hypervisor : 25000000 Hz",
                        "Booting paravirtualized kernel on VMware hypervisor", "vmware: vmware-stealtime: cpu 1",
                        "tsc: Detected 1000.000 MHz processor")),
                new Expectation("hyperv", "hyperv_clocksource_tsc_page", "Hyper-V clockevent", List.of(
                        "Hypervisor detected: Microsoft Hyper-V",
                        "Hyper-V: privilege flags low 0xeff, high 0x0, hints 0xe2c, misc 0x80120",
                        "Hyper-V: LAPIC Timer Frequency: 0x186a0", "Booting paravirtualized kernel on Hyper-V",
                        "Hyper-V: PV spinlocks enabled", "Hyper-V: Using hypercall for remote TLB flush",
                        "Hyper-V: Using IPI hypercalls", "Hyper-V: Using enlightened APIC (xapic mode)",
                        "tsc: Detected 1000.000 MHz processor")),
                new Expectation("xen-pvh", "xen", "xen", List.of("Hypervisor detected: Xen HVM", "Xen version 4.17.",
                        "Booting kernel on Xen PVH", "xen: PV spinlocks enabled", "xen:events: Using FIFO-based ABI",
                        "xen:events: Xen HVM callback vector for event delivery is enabled", "Xen: using vcpuop timer interface",
                        "installing Xen timer for CPU 1", "xen:grant_table: Grant tables using version 1 layout",
                        "printk: console [hvc0] enabled", "tsc: Detected 1000.000 MHz processor",
                        "clocksource: Switched to clocksource xen")),
                new Expectation("xen-pv", "xen", "xen", List.of("ACPI in unprivileged domain disabled", "Hypervisor detected: Xen PV",
                        "Booting kernel on Xen", "(preserve-AD)", "xen: PV spinlocks enabled", "xen:events: Using FIFO-based ABI",
                        "Xen: using vcpuop timer interface", "installing Xen timer for CPU 1", "xen:grant_table: Grant tables using version 1 layout", "Grant table initialized",
                        "printk: console [hvc0] enabled", "tsc: Detected 1000.000 MHz processor", "No controller found",
                        "clocksource: Switched to clocksource xen")));
    }

    @ParameterizedTest
    @MethodSource("interfaces")
    void kernelIsAtHomeOnTwoProcessors(Expectation expected) throws SandboxError { check(expected, 2); }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("interfaces")
    void kernelIsAtHomeOnFourProcessors(Expectation expected) throws SandboxError { check(expected, 4); }

    private static void check(Expectation expected, int cpus) throws SandboxError {
        long start = System.nanoTime();
        DefaultGuest.Run run = new DefaultGuest().on(expected.name).cpus(cpus).script(CHECKS);
        double secondsOutside = (System.nanoTime() - start) / 1e9;
        long now = Instant.now().getEpochSecond();
        assertEquals(new Result.Exited(0), run.result(), run::kernelLog);
        String messages = run.section("dmesg");
        expected.messages.forEach(message -> assertTrue(messages.contains(message), () -> message + " in\n" + messages));
        // Linux compares what its driver for "no APIC" answers, and says this of every second processor on Xen itself too.
        KernelLog.assertClean(expected.name.equals("xen-pv") ? messages.replaceAll(".*CPU[0-9]: APIC id mismatch.*\n", "") : messages);
        assertFalse(messages.toLowerCase(Locale.ROOT).contains("unsupported"), messages);
        assertEquals(expected.clock, run.section("clock").strip());
        assertEquals(cpus, Integer.parseInt(run.section("nproc").strip()));
        assertEquals((expected.timer + "\n").repeat(cpus), run.section("timers"));
        assertEquals(expected.hypervisor(), run.section("hypervisor"));
        assertEquals(expected.isVirtual() ? cpus : 0, Integer.parseInt(run.section("flags").strip()));
        assertEquals(cpus, Integer.parseInt(run.section("frequencies").strip()));
        assertEquals("49\n", run.section("talk"));
        assertEquals("20000\n".repeat(4), run.section("work"));
        double[] uptimes = run.section("sleep").lines().mapToDouble(Double::parseDouble).toArray();
        double slept = uptimes[1] - uptimes[0];
        assertTrue(slept >= 1.49 && slept < 4, () -> "Slept " + slept + " s instead of 1.5");
        assertTrue(uptimes[1] < secondsOutside, () -> "Up for " + uptimes[1] + " s, " + secondsOutside + " s outside");
        long date = Long.parseLong(run.section("date").strip());
        assertTrue(Math.abs(now - date) < 60, () -> "Date " + date + ", outside " + now);
        if (expected.name.equals("hyperv")) {
            String timers = run.section("interrupts").lines().filter(line -> line.contains("stimer0")).findFirst().orElseThrow();
            assertTrue(Integer.parseInt(timers.strip().split(" +")[1]) > 0, timers);
        }
    }
}
