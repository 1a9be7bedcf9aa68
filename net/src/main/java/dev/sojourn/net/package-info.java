/**
 * A network in user mode: a guest's connections become sockets of this process, so that no right beyond a user's is needed.
 *
 * <p>Start with {@link dev.sojourn.net.UserNetwork}, whose thread does everything. To the guest it is a network 10.0.2.0/24 with a
 * gateway at .2 and a name server at .3; the guest is .15. {@link dev.sojourn.net.Policy} says with whom it may speak,
 * {@link dev.sojourn.net.Forward} who may speak with it. Of IPv4 there are ARP, DHCP, DNS, TCP, UDP and ICMP echo; fragments,
 * options and IPv6 are not there.
 *
 * <p>Invariants: nothing a guest sends is believed before it is checked, throws, or holds more of the host than named bounds; no
 * socket is opened that the policy does not allow.
 */
package dev.sojourn.net;
