package dev.sojourn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.cli.Invocation.OnHost;
import dev.sojourn.disk.DiskFormat;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.MachineType;
import dev.sojourn.net.Allowed;
import dev.sojourn.net.Forward;
import dev.sojourn.sandbox.Devices;
import dev.sojourn.sandbox.Guest;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    @Test void commandIsEverythingBehindTheDashes() throws UsageError {
        assertEquals(List.of("uname", "-a", "--memory", "--", "x"),
                command("run", "--", "uname", "-a", "--memory", "--", "x"));
    }

    @Test void commandStartsAtTheFirstPlainWord() throws UsageError {
        assertEquals(List.of("sh", "-c", "exit 7", "--", "-t", "@file", ""),
                command("run", "--cpus", "2", "sh", "-c", "exit 7", "--",
                "-t", "@file", ""));
    }

    @Test void limitsAreAsGiven() throws UsageError {
        Invocation.Run run = run("run", "--memory", "256M", "--timeout=60s", "--cpus", "8", "--engine", "interpreter",
                "--", "x");
        assertEquals(256L << 20, run.limits().memoryBytes());
        assertEquals(8, run.limits().cpus());
        assertEquals(Optional.of(Duration.ofMinutes(1)), run.limits().time());
        assertFalse(run.terminal());
    }

    @Test void defaultsAreModest() throws UsageError {
        Invocation.Limits limits = run("run", "x").limits();
        assertEquals(512L << 20, limits.memoryBytes());
        assertEquals(1, limits.cpus());
        assertEquals(Optional.empty(), limits.time());
    }

    @Test void machineTypeIsTheUsualOneOrTheNamedOne() throws UsageError {
        assertEquals(MachineType.usual(), run("run", "x").limits().type());
        assertEquals(MachineType.SOJOURN_2, run("run", "--machine", "sojourn-2", "x").limits().type());
    }

    @Test void machineTypesAreListedShownAndCompared() throws UsageError {
        assertEquals(new Invocation.Types.All(true), parse("machine", "list", "--json"));
        assertEquals(new Invocation.Types.Show(MachineType.SOJOURN_1, Optional.of("kvm"), true),
                parse("machine", "show", "sojourn-1", "--interface", "kvm", "--json"));
        assertEquals(new Invocation.Types.Difference(MachineType.SOJOURN_1, MachineType.SOJOURN_2, List.of("native"), false),
                parse("machine", "diff", "--interface", "native", "sojourn-1", "sojourn-2"));
        assertEquals(new Invocation.Probe(MachineType.usual(), "xen-pv"), parse("probe", "--interface", "xen-pv"));
    }

    @Test void devicesAreAsGiven() throws UsageError {
        assertEquals(Devices.NONE, run("run", "--net", "none", "x").devices());
        Devices devices = run("run", "--disk", "a,b.img", "--disk", "c.qcow2,readonly=yes,format=qcow2,mount=/m", "--share", "src:/src:ro",
                "--net", "user,allow=*.debian.org:80,allow=host:*,forward=8080:80,forward=0.0.0.0:22:2222", "x").devices();
        assertEquals(List.of(new Devices.Disk(Path.of("a,b.img"), Optional.empty(), false, Optional.empty()),
                new Devices.Disk(Path.of("c.qcow2"), Optional.of(DiskFormat.QCOW2), true, Optional.of("/m"))), devices.disks());
        assertEquals(List.of(new Devices.Share(Path.of("src"), "/src", true)), devices.shares());
        assertEquals(Optional.of(new Devices.Network(List.of(new Allowed("*.debian.org", 80), new Allowed("host", 0)),
                List.of(new Forward(new InetSocketAddress("127.0.0.1", 8080), 80),
                        new Forward(new InetSocketAddress("0.0.0.0", 22), 2222)))), devices.network());
    }

    @Test void deviceThatMakesNoSenseIsRefused() {
        assertRefused("--disk readonly= needs yes or no, not 'maybe'.", "--disk", "a,readonly=maybe");
        assertRefused("--disk format= needs raw or qcow2, not 'vmdk'.", "--disk", "a,format=vmdk");
        assertRefused("--disk mount= needs an absolute path in the guest, not 'm'.", "--disk", "a,mount=m");
        assertRefused("--disk has mount= twice.", "--disk", "a,mount=/m,mount=/n");
        assertRefused("--net needs none or user, not 'tap'.", "--net", "tap");
        assertRefused("--net allow= needs HOST:PORT, such as deb.debian.org:80 or 10.0.0.7:*, not 'a b:1'.", "--net", "user,allow=a b:1");
        assertRefused("--net forward= needs [ADDRESS:]PORT:GUESTPORT, such as 127.0.0.1:8080:80, not '80'.", "--net", "user,forward=80");
        assertRefused("--share needs DIRECTORY:PATH[:ro] with an absolute path in the guest, not 'src'.", "--share", "src");
        assertRefused("--net user does not go with --deterministic: what others send comes at no time that could be repeated.",
                "--net", "user", "--deterministic");
        assertRefused("A guest has room for 6 disks, shares and networks together, not 7.", "--net", "user", "--disk", "a", "--disk", "b",
                "--disk", "c", "--share", "a:/a", "--share", "b:/b", "--share", "c:/c");
    }

    private void assertRefused(String sentence, String... options) {
        List<String> words = new java.util.ArrayList<>(List.of("run"));
        words.addAll(List.of(options));
        words.add("x");
        assertEquals(sentence, assertThrows(UsageError.class, () -> parse(words.toArray(String[]::new))).getMessage());
    }

    @Test void repeatableRunHasASeedAndAFileForItsStates() throws UsageError {
        assertEquals(Optional.empty(), run("run", "x").repeatable());
        assertEquals(Optional.of(new Invocation.Repeatable(0, Optional.empty())), run("run", "--deterministic", "x").repeatable());
        assertEquals(Optional.of(new Invocation.Repeatable(-1, Optional.of(Path.of("f")))),
                run("run", "--deterministic", "--seed", "18446744073709551615", "--state-hashes", "f", "x").repeatable());
    }

    @Test void itAsksForTerminal() throws UsageError { assertTrue(run("run", "-it", "--", "sh").terminal()); }

    @Test void environmentComesFromHereWhenOnlyNamed() throws UsageError {
        Invocation.What.Command command = assertInstanceOf(Invocation.What.Command.class,
                run("run", "-e", "A=b=c", "--env", "HOST", "--env=NONE", "-e", "E=", "--", "x").what());
        assertEquals(List.of(new Guest.Variable("A", "b=c"), new Guest.Variable("HOST", "here"),
                new Guest.Variable("E", "")),
                command.environment());
    }

    @Test void rootsAndDirectoryAreTaken() throws UsageError {
        Invocation.What.Command command = assertInstanceOf(Invocation.What.Command.class,
                run("run", "--rootfs", "./dir", "--rootfs", "b.tar", "-w", "/app", "/bin/app").what());
        assertEquals(List.of(Path.of("./dir"), Path.of("b.tar")), command.overlays());
        assertEquals("/app", command.workingDirectory());
    }

    @Test void imageIsTakenAsItIs() throws UsageError {
        Invocation.What.Image image = assertInstanceOf(Invocation.What.Image.class,
                run("run", "--kernel", "vmlinuz", "--initrd", "my.cpio.gz", "--cmdline", "console=ttyS0 quiet", "-m",
                "16M").what());
        assertEquals(new Invocation.What.Image(Path.of("vmlinuz"), Optional.of(Path.of("my.cpio.gz")),
                "console=ttyS0 quiet"), image);
    }

    @Test void interfaceIsChosen() throws UsageError {
        assertEquals("kvm", run("run", "--interface", "kvm", "x").limits().guestInterface());
        assertEquals("native", run("run", "x").limits().guestInterface());
    }

    @Test void blobIsChosen() throws UsageError {
        assertEquals("vmi/native", run("run", "--interface", "vmi", "--blob", "native", "x").limits().guestInterface());
        assertEquals("vmi", run("run", "--interface", "vmi", "x").limits().guestInterface());
        assertThrows(UsageError.class, () -> parse("run", "--interface", "vmi", "--blob", "pea", "x"));
        assertThrows(UsageError.class, () -> parse("run", "--interface", "kvm", "--blob", "native", "x"));
    }

    @Test void traceTakesWhatRunTakesAndItsOwn() throws UsageError {
        Invocation.Trace trace = assertInstanceOf(Invocation.Trace.class,
                parse("trace", "--interface", "hyperv", "--json", "--calls", "7", "--all", "--cpus", "2", "--", "true"));
        assertEquals("hyperv", trace.run().limits().guestInterface());
        assertEquals(2, trace.run().limits().cpus());
        assertTrue(trace.json() && trace.all());
        assertEquals(7, trace.calls());
    }

    @Test void matrixTakesAllInterfacesUnlessTold() throws UsageError {
        Invocation.Matrix all = assertInstanceOf(Invocation.Matrix.class, parse("matrix"));
        assertTrue(all.guestInterfaces().containsAll(List.of("native", "kvm", "vmware", "hyperv")));
        assertEquals(Optional.empty(), all.kernel());
        assertEquals(2, all.cpus());
        Invocation.Matrix some = assertInstanceOf(Invocation.Matrix.class,
                parse("matrix", "--kernel", "vmlinuz", "--interface", "kvm", "--interface", "native", "--json"));
        assertEquals(List.of("kvm", "native"), some.guestInterfaces());
        assertEquals(Optional.of(Path.of("vmlinuz")), some.kernel());
        assertTrue(some.json());
    }

    @Test void detachedRunIsARunWithAName() throws UsageError {
        Invocation.Detach detach = assertInstanceOf(Invocation.Detach.class, parse("run", "-dit", "--name", "web", "--", "sh"));
        assertEquals(Optional.of(new SandboxName("web")), detach.name());
        assertTrue(detach.input() && detach.run().terminal());
        assertEquals(Optional.empty(), assertInstanceOf(Invocation.Detach.class, parse("run", "--detach", "sh")).name());
    }

    @Test void hostAndItsVerbsAreTaken() throws UsageError {
        SandboxName web = new SandboxName("web");
        assertEquals(new Invocation.Host(Optional.of(7601), false, Optional.of(Duration.ofSeconds(5)), Optional.of(1L << 30)),
                parse("host", "--listen", "localhost:7601", "--idle", "5s", "--memory-limit", "1G"));
        assertEquals(new Invocation.Host(Optional.empty(), false, Optional.empty(), Optional.empty()), parse("host"));
        assertEquals(new OnHost.EndHost(true), parse("host", "--stop", "--force"));
        assertEquals(new OnHost.Ps(true), parse("ps", "--json"));
        assertEquals(new OnHost.Logs(web, true, Optional.of(5), false), parse("logs", "-f", "--tail", "5", "web"));
        assertEquals(new OnHost.Stop(List.of(web, new SandboxName("db")), Duration.ZERO), parse("stop", "--timeout", "0", "web", "db"));
        assertEquals(new OnHost.Stop(List.of(web), Duration.ofSeconds(10)), parse("stop", "web"));
        assertEquals(new OnHost.Remove(List.of(web), true), parse("rm", "-f", "web"));
        assertEquals(new OnHost.Wait(web), parse("wait", "web"));
        assertEquals(new OnHost.Stop(List.of(web), Duration.ofSeconds(3)), parse("stop", "web", "--timeout", "3s"));
        assertEquals(new OnHost.Pause(List.of(web)), parse("pause", "web"));
        assertEquals(new OnHost.Snapshot(web, Path.of("/w.snap")), parse("snapshot", "web", "/w.snap"));
        assertEquals(new Invocation.VerifySnapshot(Path.of("w.snap"), true), parse("snapshot", "verify", "w.snap", "--json"));
        assertEquals(new OnHost.Restore(Path.of("/w.snap"), Optional.of(web), EngineKind.INTERPRETER, Optional.empty()),
                parse("restore", "/w.snap", "--name", "web", "--engine", "interpreter"));
        assertEquals(new OnHost.Clone(web, 100), parse("clone", "web", "--count", "100"));
        assertEquals(new OnHost.Attach(web), parse("attach", "web"));
    }

    @Test void helpAndVersionAreSaid() throws UsageError {
        assertTrue(((Invocation.Say) parse("--help")).text().contains("doctor"));
        assertTrue(((Invocation.Say) parse("run", "--help")).text().contains("--rootfs"));
        assertEquals("sojourn 9\n", ((Invocation.Say) parse("--version")).text());
        assertEquals(new Invocation.Doctor(true), parse("doctor", "--json"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "                             | Sojourn needs a command",
        "fly                          | Unmatched argument",
        "run                          | What shall run?",
        "run --                       | What shall run?",
        "run --fly x                  | Unknown option: '--fly'",
        "run --memory                 | Missing required parameter",
        "run --memory 3M x            | --memory 3M is too little: the default guest needs at least 96M.",
        "run --memory 3M --kernel k   | --memory 3M is too little: a guest needs at least 16M.",
        "run --memory 1T x            | --memory 1T is too much: a guest has at most 64G.",
        "run --memory 200000001 x     | --memory needs whole mebibytes",
        "run --memory lots x          | --memory needs a size such as 256M or 1G, not 'lots'.",
        "run --memory 1G --memory 2G x| option '--memory' (SIZE) should be specified only once",
        "run --cpus 0 x               | --cpus needs a number from 1 to 8, not '0'.",
        "run --cpus 9 x               | --cpus needs a number from 1 to 8, not '9'.",
        "run --timeout never x        | --timeout needs a time",
        "run --engine warp x          | --engine needs the name of an engine",
        "run --interface vax x        | --interface needs one of native, hyperv, kvm, vm",
        "matrix --interface vax       | --interface needs one of",
        "matrix x                     | Unmatched argument",
        "trace                        | What shall run? Give a command, for example: sojourn trace",
        "trace --calls many x         | --calls needs a number",
        "trace -t x                   | Unknown option: '-t'",
        "run --machine pc x           | There is no machine type",
        "machine                      | Give list, show or diff, for example: sojourn machine list",
        "machine diff sojourn-1       | Give two machine types, for example: sojourn machine diff sojourn-1 sojourn-2",
        "machine show sojourn-9       | There is no machine type",
        "probe --machine x            | There is no machine type",
        "run --seed 1 x               | --seed needs --deterministic.",
        "run --state-hashes f x       | --state-hashes needs --deterministic.",
        "run --deterministic --seed x y| --seed needs a whole number from 0 to",
        "run --deterministic -t sh    | --deterministic does not go with -t",
        "run --env 1A=b x             | --env needs NAME=VALUE",
        "run --env =b x               | --env needs NAME=VALUE",
        "run --workdir here x         | --workdir needs an absolute path",
        "run --initrd i x             | --initrd needs --kernel.",
        "run --cmdline c x            | --cmdline needs --kernel.",
        "run --kernel k x             | A command runs in the default guest",
        "run --kernel k --rootfs r    | --rootfs belongs to a command",
        "run --kernel=                | --kernel needs a path.",
        "doctor x                     | Unmatched argument",
        "run --name web x             | --name needs --detach",
        "run -d --name Web x          | A sandbox's name is made of 1 to 63 small letters, digits and dashes, unlike 'Web'.",
        "run -d --name -x x           | A sandbox's name is made of",
        "run -d --deterministic x     | --deterministic does not go with --detach",
        "run -d                       | What shall run?",
        "run -d --net user x          | --disk, --share and --net do not go with --detach yet",
        "stop                         | Which sandbox? For example: sojourn stop web",
        "logs                         | Which sandbox?",
        "logs web2 web                | sojourn logs takes one name.",
        "logs --tail x web            | --tail needs a number",
        "rm a ..                      | A sandbox's name is made of",
        "stop --timeout 2h web        | --timeout may be at most 1h.",
        "ps web                       | Unmatched argument",
        "host --listen 0.0.0.0:7600   | The host listens at 127.0.0.1 only",
        "host --listen 127.0.0.1:99999| --listen needs an address and a port",
        "host --listen x              | --listen needs an address and a port",
        "clone web --count 257        | --count needs a number from 1 to 256",
        "snapshot web                 | Of which sandbox, into which file?",
        "restore                      | From which file?",
        "snapshot web f --json        | --json goes with",
        "host --force                 | --force needs --stop.",
    })
    void nonsenseIsOneSentence(String line, String sentence) {
        String[] words = line == null || line.isBlank() ? new String[0] : line.strip().split(" +");
        UsageError error = assertThrows(UsageError.class, () -> parse(words));
        assertTrue(error.getMessage().startsWith(sentence), error.getMessage());
        assertFalse(error.getMessage().contains("\n"));
    }

    private static List<String> command(String... words) throws UsageError {
        return assertInstanceOf(Invocation.What.Command.class, run(words).what()).arguments().stream()
                .map(word -> new String(word, StandardCharsets.UTF_8)).toList();
    }

    private static Invocation.Run run(String... words) throws UsageError {
        return assertInstanceOf(Invocation.Run.class, parse(words));
    }

    private static Invocation parse(String... words) throws UsageError {
        List<String> list = List.of(words);
        return new Arguments(list.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toList(),
                Map.of("HOST", "here"), "9")
                .parse(list);
    }
}
