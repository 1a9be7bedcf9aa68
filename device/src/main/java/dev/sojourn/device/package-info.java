/**
 * The contracts by which chips are wired: ports, memory windows, interrupt lines, the clock and its alarms.
 *
 * <p>Each chip has a package of its own below this one. A device is its registers: it is given its lines, clock and back end
 * by its constructor and has nothing else. It sees offsets, never its own address, and runs only when it is called.
 */
package dev.sojourn.device;
