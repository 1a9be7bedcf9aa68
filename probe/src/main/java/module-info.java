/** The probe guest: a program of ours that walks all a guest can see of a machine and writes it down. */
module dev.sojourn.probe {
    requires dev.sojourn.assembler;
    requires transitive dev.sojourn.machine;
    exports dev.sojourn.probe;
}
