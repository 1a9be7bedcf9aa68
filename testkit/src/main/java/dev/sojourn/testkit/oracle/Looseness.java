package dev.sojourn.testkit.oracle;

/**
 * What the manual leaves open about the state after a case, and so what two processors may disagree on.
 *
 * @param flags bits of RFLAGS that are undefined
 * @param status bits of the x87 status word that are undefined
 * @param destination whether the result itself is undefined, so that registers and memory say nothing
 * @param approximate whether XMM registers hold singles with a relative error of up to 3/2^12 between two processors
 * @param ulps by how much x87 registers may differ, in units of the last place of an 80-bit number
 */
public record Looseness(int flags, int status, boolean destination, boolean approximate, int ulps) {
    public static final Looseness NONE = new Looseness(0, 0, false, false, 0);
}
