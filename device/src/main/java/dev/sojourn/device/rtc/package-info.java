/**
 * The MC146818 real-time clock of a PC with its 128 bytes of battery-backed memory.
 *
 * <p>Ports 0x70 and 0x71, eight bits wide. Names are those of the MC146818 data sheet; the century is byte 0x32,
 * which the ACPI tables must say. The time is the wall clock's, which comes in by name and is asked at each use,
 * moved by what the guest has set. The day of the week follows from the date, whatever the guest writes there.
 *
 * <p>Start with {@link dev.sojourn.device.rtc.Rtc}. Invariant: the line is high exactly while a flag of register C
 * and its enable of register B are both set. Flags are worked out when somebody looks, so that an idle clock sets
 * no alarm.
 */
package dev.sojourn.device.rtc;
