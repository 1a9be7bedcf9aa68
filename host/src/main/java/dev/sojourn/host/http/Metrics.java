package dev.sojourn.host.http;

import dev.sojourn.host.box.HostedSandbox;
import dev.sojourn.host.box.HostedSandbox.State;
import dev.sojourn.host.box.Sandboxes;
import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.sandbox.trace.ExitTally;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The host's figures in Prometheus' text format, taken when somebody asks. */
final class Metrics {
    static final String TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final Sandboxes sandboxes;
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    Metrics(Sandboxes sandboxes) { this.sandboxes = sandboxes; }

    String text() {
        List<HostedSandbox> all = sandboxes.all();
        MetricSnapshots snapshots = MetricSnapshots.builder().metricSnapshot(states(all)).metricSnapshot(memory(all))
                .metricSnapshot(processorTime(all)).metricSnapshot(instructions(all)).metricSnapshot(exits(all))
                .metricSnapshot(heap()).build();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, snapshots);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static GaugeSnapshot states(List<HostedSandbox> all) {
        GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name("sojourn_sandboxes").help("Sandboxes by state.");
        for (State state : State.values()) {
            builder.dataPoint(point(Labels.of("state", state.name().toLowerCase(Locale.ROOT)),
                    all.stream().filter(sandbox -> sandbox.state() == state).count()));
        }
        return builder.build();
    }

    private static GaugeSnapshot memory(List<HostedSandbox> all) {
        GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name("sojourn_sandbox_memory_bytes").unit(Unit.BYTES)
                .help("Memory the guest was given.");
        all.stream().filter(HostedSandbox::isLive).forEach(sandbox -> builder.dataPoint(point(labels(sandbox), sandbox.memoryBytes())));
        return builder.build();
    }

    private static CounterSnapshot processorTime(List<HostedSandbox> all) {
        CounterSnapshot.Builder builder = CounterSnapshot.builder().name("sojourn_sandbox_cpu_seconds").unit(Unit.SECONDS)
                .help("Processor time of the sandbox's thread.");
        all.forEach(sandbox -> builder.dataPoint(CounterDataPointSnapshot.builder().labels(labels(sandbox))
                .value(sandbox.cpuNanos() / 1e9).build()));
        return builder.build();
    }

    private static CounterSnapshot instructions(List<HostedSandbox> all) {
        CounterSnapshot.Builder builder = CounterSnapshot.builder().name("sojourn_sandbox_instructions")
                .help("Guest instructions executed.");
        all.forEach(sandbox -> builder.dataPoint(CounterDataPointSnapshot.builder().labels(labels(sandbox))
                .value(sandbox.use().instructions()).build()));
        return builder.build();
    }

    private static CounterSnapshot exits(List<HostedSandbox> all) {
        CounterSnapshot.Builder builder = CounterSnapshot.builder().name("sojourn_sandbox_exits")
                .help("Exits of the guest's processors to the machine, by kind.");
        for (HostedSandbox sandbox : all) {
            Map<ExitTrace.Kind, Long> counts = sandbox.use().exits().stream()
                    .collect(Collectors.groupingBy(row -> row.what().kind(), TreeMap::new, Collectors.summingLong(ExitTally.Row::count)));
            counts.forEach((kind, count) -> {
                Labels labels = Labels.of("sandbox", sandbox.name().text(), "kind", kind.name().toLowerCase(Locale.ROOT));
                builder.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(count).build());
            });
        }
        return builder.build();
    }

    private static GaugeSnapshot heap() {
        return GaugeSnapshot.builder().name("sojourn_host_heap_bytes").unit(Unit.BYTES).help("Heap of the host's JVM in use.")
                .dataPoint(point(Labels.EMPTY, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed())).build();
    }

    private static Labels labels(HostedSandbox sandbox) { return Labels.of("sandbox", sandbox.name().text()); }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
