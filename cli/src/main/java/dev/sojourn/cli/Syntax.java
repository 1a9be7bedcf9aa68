package dev.sojourn.cli;

import dev.sojourn.interfaces.Interfaces;
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
        spec.addSubcommand("doctor", doctor());
        CommandLine line = new CommandLine(spec);
        line.setExpandAtFiles(false);
        line.setStopAtPositional(true);
        line.setUnmatchedArgumentsAllowed(false);
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
        spec.addOption(value("SIZE", "Memory of the guest, such as 256M or 1G; 512M if not given.", "-m", "--memory"));
        spec.addOption(value("N", "Processors of the guest, 1 to 8; 1 if not given.", "--cpus"));
        spec.addOption(value("TIME", "Ends the guest after this time, such as 60s or 5m, with status 124.",
                "--timeout"));
        spec.addOption(values("PATH", "Lays a directory or tar file over the default root; may be repeated.",
                "--rootfs"));
        spec.addOption(values("NAME=VALUE", "Sets a variable for the command; NAME alone takes it from here.", "-e",
                "--env"));
        spec.addOption(value("PATH", "Where the command starts in the guest; / if not given.", "-w", "--workdir"));
        spec.addOption(flag("Gives the command a terminal.", "-t", "--terminal"));
        spec.addOption(flag("Joins standard input, which is always so; accepted for -it.", "-i", "--interactive"));
        spec.addOption(value("FILE", "Boots this kernel (bzImage or ELF), console attached.", "--kernel"));
        spec.addOption(value("FILE", "The initrd for --kernel.", "--initrd"));
        spec.addOption(value("TEXT", "The command line for --kernel; console=ttyS0 if not given.", "--cmdline"));
        spec.addOption(value("NAME", "How instructions run: interpreter, or translator (new, not yet proved).", "--engine"));
        spec.addOption(value("NAME", "The hypervisor the guest finds: " + String.join(", ", Interfaces.names())
                + "; native, a plain PC, if not given.", "--interface"));
        spec.addOption(flag("Shows the guest kernel's messages on standard error.", "-v", "--verbose"));
        spec.addOption(flag("Shows this help.", "-h", "--help"));
        spec.addPositional(PositionalParamSpec.builder().index("0..*").arity("0..*").type(String[].class)
                .paramLabel("COMMAND").hidden(true).build());
        return spec;
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

    private static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names).type(boolean.class).arity("0").description(description).build();
    }

    private static OptionSpec value(String label, String description, String... names) {
        return OptionSpec.builder(names).type(String.class).arity("1").paramLabel(label).description(description)
                .build();
    }

    private static OptionSpec values(String label, String description, String... names) {
        return OptionSpec.builder(names).type(String[].class).arity("1").paramLabel(label).description(description)
                .build();
    }
}
