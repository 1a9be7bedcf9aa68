/** Networks for guests: what is at the other end of a network card's cable. */
module dev.sojourn.net {
    requires transitive dev.sojourn.device;
    exports dev.sojourn.net;
}
