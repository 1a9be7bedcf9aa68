/** How the parts of a machine are saved and restored: sections of named fields. */
module dev.sojourn.state {
    exports dev.sojourn.state;
}
