package dev.sojourn.cli;

import dev.sojourn.interfaces.Interfaces;
import dev.sojourn.machine.MachineType;
import dev.sojourn.probe.Probe;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The words of the command line and their help texts. */
final class Syntax {
    private Syntax() {}

    static CommandLine commandLine() {
        CommandSpec spec = CommandSpec.create().name("sojourn");
        spec.usageMessage().description("Runs commands and kernels inside a whole machine, in plain Java.")
                .synopsisSubcommandLabel("COMMAND");
        spec.addOption(flag("Shows the version.", "--version"));
        spec.addOption(flag("Shows this help.", "-h", "--help"));
        spec.addSubcommand("run", run());
        HostSyntax.commands().forEach(command -> spec.addSubcommand(command.name().substring("sojourn ".length()), command));
        spec.addSubcommand("matrix", matrix());
        spec.addSubcommand("trace", trace());
        spec.addSubcommand("machine", machine());
        spec.addSubcommand("probe", probe());
        spec.addSubcommand("doctor", doctor());
        CommandLine line = new CommandLine(spec);
        line.setExpandAtFiles(false);
        line.setStopAtPositional(true);
        line.getSubcommands().get("machine").setStopAtPositional(false);
        line.setUnmatchedArgumentsAllowed(false);
        // Only where another command's words follow do options end with the first word.
        HostSyntax.commands().forEach(command -> line.getSubcommands().get(command.name().substring("sojourn ".length()))
                .setStopAtPositional(false));
        return line;
    }

    private static CommandSpec run() {
        CommandSpec spec = CommandSpec.create().name("sojourn run");
        spec.usageMessage().description("Runs a command in the default guest, or a kernel of your own.")
                .customSynopsis("sojourn run [OPTIONS] [--] COMMAND [ARGUMENT...]",
                        "sojourn run [OPTIONS] --kernel FILE [--initrd FILE] [--cmdline TEXT]")
                .footer("", "The exit status is the command's. Others: 2 wrong usage, 124 time limit,",
                        "125 Sojourn or the guest failed, 126 and 127 the command cannot be run or",
                        "found, 130 ended by Ctrl-C. With -t, Ctrl-C goes to the command, and Ctrl-]",
                        "pressed three times ends the guest.");
        spec.addOption(flag("Gives the command a terminal.", "-t", "--terminal"));
        spec.addOption(flag("Joins standard input, which is so anyway; with --detach, keeps it open for 'sojourn attach'.", "-i", "--interactive"));
        spec.addOption(flag("Leaves the guest on the host, which goes on without this command, and prints its name.", "-d", "--detach"));
        spec.addOption(value("NAME", "What it is called on the host: small letters, digits and dashes.", "--name"));
        addGuest(spec);
        return spec;
    }

    private static CommandSpec trace() {
        CommandSpec spec = CommandSpec.create().name("sojourn trace");
        spec.usageMessage().description("Runs a command as 'sojourn run' does and tells what its guest asked of the machine:",
                        "hypercalls, registers and ports of the interface, and every other exit.")
                .customSynopsis("sojourn trace [OPTIONS] [--] COMMAND [ARGUMENT...]",
                        "sojourn trace [OPTIONS] --kernel FILE [--initrd FILE] [--cmdline TEXT]")
                .footer("", "The report goes to standard output; what the command writes goes to standard",
                        "error. The exit status is that of 'sojourn run'.");
        spec.addOption(flag("Prints JSON.", "--json"));
        spec.addOption(value("N", "How many calls to list one by one; 20, or 10000 with --json, if not given.", "--calls"));
        spec.addOption(flag("Lists exits to the chips and the processor model too.", "--all"));
        addGuest(spec);
        return spec;
    }

    private static CommandSpec matrix() {
        CommandSpec spec = CommandSpec.create().name("sojourn matrix");
        spec.usageMessage().customSynopsis("sojourn matrix [OPTIONS]")
                .description("Boots one kernel on every interface and shows side by side what it says of each.")
                .footer("", "The exit status is 0 if it is content with every one of them, else 1.");
        spec.addOption(value("FILE", "The kernel (bzImage or ELF); the default guest's if not given.", "--kernel"));
        spec.addOption(values("NAME", "Only this interface; may be repeated.", "--interface"));
        spec.addOption(flag("Prints JSON.", "--json"));
        addMachine(spec, "2");
        spec.addOption(value("TIME", "Ends a boot after this time; 5m if not given.", "--timeout"));
        spec.addOption(flag("Shows this help.", "-h", "--help"));
        return spec;
    }

    private static CommandSpec machine() {
        CommandSpec spec = CommandSpec.create().name("sojourn machine");
        spec.usageMessage().description("Tells of machine types: the frozen sums of all that a guest can see.")
                .synopsisSubcommandLabel("list | show TYPE | diff TYPE TYPE");
        spec.addOption(flag("Shows this help.", "-h", "--help"));
        CommandSpec list = verb("list", "Lists the machine types, oldest first.");
        CommandSpec show = verb("show", "Tells what is known of a machine type; with --interface, all that its guests see there.");
        show.addOption(value("NAME", "Prints the view that is kept of this interface.", "--interface"));
        CommandSpec difference = verb("diff", "Tells what a guest can tell two machine types apart by.");
        difference.addOption(values("NAME", "Only this interface; may be repeated.", "--interface"));
        difference.usageMessage().footer("", "The exit status is 0 if a guest sees no difference, else 1.");
        for (CommandSpec verb : List.of(list, show, difference)) {
            spec.addSubcommand(verb.name().substring("sojourn machine ".length()), verb);
        }
        return spec;
    }

    private static CommandSpec verb(String name, String description) {
        CommandSpec spec = CommandSpec.create().name("sojourn machine " + name);
        spec.usageMessage().description(description);
        spec.addOption(flag("Prints JSON.", "--json"));
        spec.addOption(flag("Shows this help.", "-h", "--help"));
        if (!name.equals("list")) {
            spec.addPositional(PositionalParamSpec.builder().index("0..*").arity("0..*").type(String[].class).paramLabel("TYPE").build());
        }
        return spec;
    }

    private static CommandSpec probe() {
        CommandSpec spec = CommandSpec.create().name("sojourn probe");
        spec.usageMessage().description("Runs a guest that walks all it can see of its machine, and prints what it wrote.");
        spec.addOption(machineType());
        spec.addOption(value("NAME", "The interface it finds: " + String.join(", ", Probe.interfaces()) + "; native if not given.",
                "--interface"));
        spec.addOption(flag("Shows this help.", "-h", "--help"));
        return spec;
    }

    private static OptionSpec machineType() {
        return value("TYPE", "The machine type: " + String.join(", ", MachineType.ids()) + "; " + MachineType.usual().id()
                + " if not given.", "--machine");
    }

    private static void addMachine(CommandSpec spec, String cpus) {
        spec.addOption(machineType());
        spec.addOption(value("SIZE", "Memory of the guest, such as 256M or 1G; 512M if not given.", "-m", "--memory"));
        spec.addOption(value("N", "Processors of the guest, 1 to 8; " + cpus + " if not given.", "--cpus"));
        spec.addOption(value("NAME", "How instructions run: translator (the default: hot code becomes JVM bytecode), interpreter, or verify,"
                + " which runs all that is compiled on both and ends at the first difference.", "--engine"));
    }

    private static void addGuest(CommandSpec spec) {
        addMachine(spec, "1");
        spec.addOption(value("NAME", "The hypervisor the guest finds: " + String.join(", ", Interfaces.names())
                + "; native, a plain PC, if not given.", "--interface"));
        spec.addOption(value("NAME", "With --interface vmi, what implements its calls: "
                + String.join(", ", Interfaces.find("vmi").orElseThrow().variants()) + "; trap if not given.", "--blob"));
        spec.addOption(value("TIME", "Ends the guest after this time, such as 60s or 5m, with status 124.",
                "--timeout"));
        spec.addOption(values("PATH", "Lays a directory or tar file over the default root; may be repeated.",
                "--rootfs"));
        spec.addOption(values("NAME=VALUE", "Sets a variable for the command; NAME alone takes it from here.", "-e",
                "--env"));
        spec.addOption(value("PATH", "Where the command starts in the guest; / if not given.", "-w", "--workdir"));
        spec.addOption(values("FILE[,KEY=VALUE...]", "Gives the guest a disk, kept in this file; may be repeated. Keys: readonly=yes,"
                + " format=raw or qcow2 (if not given, the file tells), mount=PATH to have it mounted.", "--disk"));
        spec.addOption(values("DIRECTORY:PATH[:ro]", "Gives the guest a directory of this computer at that path; with :ro it can only be"
                + " read; may be repeated.", "--share"));
        spec.addOption(value("MODE[,KEY=VALUE...]", "The guest's network: none (the default), or user, by sockets of this program."
                + " Keys, each as often as needed: allow=HOST:PORT to allow nothing else (PORT may be *, HOST an address, a name, *.NAME"
                + " or 'host' for this computer), forward=[ADDRESS:]PORT:GUESTPORT.", "--net"));
        spec.addOption(value("FILE", "Boots this kernel (bzImage or ELF), console attached.", "--kernel"));
        spec.addOption(value("FILE", "The initrd for --kernel.", "--initrd"));
        spec.addOption(value("TEXT", "The command line for --kernel; console=ttyS0 if not given.", "--cmdline"));
        spec.addOption(flag("Makes the run repeat exactly: time passes by instructions executed, the date is fixed,"
                + " randomness follows from --seed.", "--deterministic"));
        spec.addOption(value("N", "What randomness follows from with --deterministic; 0 if not given.", "--seed"));
        spec.addOption(value("FILE", "Writes a hash of the machine's state at every million instructions, for comparing"
                + " runs with --deterministic.", "--state-hashes"));
        spec.addOption(flag("Shows the guest kernel's messages on standard error.", "-v", "--verbose"));
        spec.addOption(flag("Shows this help.", "-h", "--help"));
        spec.addPositional(PositionalParamSpec.builder().index("0..*").arity("0..*").type(String[].class)
                .paramLabel("COMMAND").hidden(true).build());
    }

    private static CommandSpec doctor() {
        CommandSpec spec = CommandSpec.create().name("sojourn doctor");
        spec.usageMessage().description("Tells what this computer has and lacks for running guests,",
                        "and what to do about it.")
                .footer("", "The exit status is 0 if a guest can be run, else 1.");
        spec.addOption(flag("Prints JSON.", "--json"));
        spec.addOption(flag("Shows this help.", "-h", "--help"));
        return spec;
    }

    static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names).type(boolean.class).arity("0").description(description).build();
    }

    static OptionSpec value(String label, String description, String... names) {
        return OptionSpec.builder(names).type(String.class).arity("1").paramLabel(label).description(description)
                .build();
    }

    private static OptionSpec values(String label, String description, String... names) {
        return OptionSpec.builder(names).type(String[].class).arity("1").paramLabel(label).description(description)
                .build();
    }
}
