package dev.sojourn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.CallText.Argument;
import dev.sojourn.interfaces.ExitTrace.Exit;
import dev.sojourn.interfaces.ExitTrace.Kind;
import dev.sojourn.sandbox.matrix.MatrixRow;
import dev.sojourn.sandbox.trace.ExitTally;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The tables of {@code matrix} and {@code trace}. */
class ReportTest {
    @Test void matrixStandsInColumnsWithComplaintsBelow() {
        MatrixRow good = new MatrixRow("native", Optional.empty(), "6.1.0", "bare hardware", "tsc", 2,
                Optional.of(Duration.ofMillis(4321)), new MatrixRow.Calls(0, 0, 0, 0, 17), List.of());
        MatrixRow bad = new MatrixRow("kvm", Optional.of("The kernel panicked."), "", "", "", 0, Optional.empty(),
                new MatrixRow.Calls(3, 1000, 0, 1, 5), List.of("Kernel panic - not syncing: no reason"));
        assertEquals("""
                interface  result  kernel  hypervisor     clock source  cpus  user space  hypercalls  MSRs  ports  refused  other exits
                native     ok      6.1.0   bare hardware  tsc              2       4.3 s           0     0      0        0           17
                kvm        FAILED  -       -              -                -           -           3  1000      0        1            5

                kvm: The kernel panicked.
                  | Kernel panic - not syncing: no reason
                """, MatrixCommand.toText(List.of(good, bad)));
    }

    @Test void traceHasCountsThenCalls() {
        ExitTally tally = new ExitTally(1, false);
        CallText kick = CallText.of("KICK_CPU", 5, new Argument("flags", 0), new Argument("apic", 1));
        tally.exit(new Exit(0, 1_500_000_000L, Kind.HYPERCALL, true, kick, 0, false, 2500));
        tally.exit(new Exit(1, 1_600_000_000L, Kind.HYPERCALL, true, kick, -1000, true, 1500));
        tally.exit(new Exit(0, 0, Kind.PORT_OUT, false, CallText.of("UART", 0x3f8), 0, false, 1_000_000));
        assertEquals("""
                Exits on kvm:

                       count   refused     total ms  kind                     name
                           2         1        0.004  hypercall                KICK_CPU
                           1         -        1.000  port out                 UART

                The first 1 of 2 calls:

                   1.500000000 cpu0 hypercall            KICK_CPU flags=0x0 apic=0x1 = 0x0, 2.5 us
                """, TraceCommand.toText("kvm", tally));
    }
}
