package dev.sojourn.device.rtc;

import dev.sojourn.device.Alarms;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Time and date between seconds since 1970 and the clock's registers, in the form that register B asks for. */
final class Calendar {
    private static final int SECONDS = 0x00;
    private static final int MINUTES = 0x02;
    private static final int HOURS = 0x04;
    private static final int DAY_OF_WEEK = 0x06;
    private static final int DAY_OF_MONTH = 0x07;
    private static final int MONTH = 0x08;
    private static final int YEAR = 0x09;
    private static final int CENTURY = 0x32;

    private static final int B_24H = 0x02;
    private static final int B_BINARY = 0x04;
    private static final int PM = 0x80;
    /** An alarm register with both high bits set matches always. */
    private static final int DO_NOT_CARE = 0xc0;
    private static final int DAY_SECONDS = 86_400;

    private final byte[] memory;

    Calendar(byte[] memory) { this.memory = memory; }

    static boolean isTime(int register) {
        return switch (register) {
            case SECONDS, MINUTES, HOURS, DAY_OF_WEEK, DAY_OF_MONTH, MONTH, YEAR, CENTURY -> true;
            default -> false;
        };
    }

    /** What a time register shows at a second. */
    int encode(int register, long second) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        return switch (register) {
            case SECONDS -> number(time.getSecond());
            case MINUTES -> number(time.getMinute());
            case HOURS -> hour(time.getHour());
            case DAY_OF_WEEK -> number(time.getDayOfWeek().getValue() % 7 + 1);
            case DAY_OF_MONTH -> number(time.getDayOfMonth());
            case MONTH -> number(time.getMonthValue());
            case YEAR -> number(Math.floorMod(time.getYear(), 100));
            default -> number(Math.floorDiv(time.getYear(), 100));
        };
    }

    /** Writes all time registers to memory. */
    void store(long second) {
        for (int register = SECONDS; register <= CENTURY; register++) {
            if (isTime(register)) {
                memory[register] = (byte) encode(register, second);
            }
        }
    }

    /** The second that the time registers in memory mean; what is past a month's or a minute's end carries over. */
    long second() {
        int year = read(CENTURY) * 100 + read(YEAR);
        long day = LocalDate.of(year, 1, 1).plusMonths(read(MONTH) - 1).plusDays(read(DAY_OF_MONTH) - 1).toEpochDay();
        return day * DAY_SECONDS + readHour(HOURS) * 3600 + read(MINUTES) * 60 + read(SECONDS);
    }

    /** The first second after {@code from} whose time of day matches three alarm registers. */
    long nextMatch(long from, int hours, int minutes, int seconds) {
        long midnight = Math.floorDiv(from + 1, DAY_SECONDS) * DAY_SECONDS;
        int time = (int) (from + 1 - midnight);
        while (time < 2 * DAY_SECONDS) {
            if (!matches(hours, time / 3600 % 24)) {
                time = (time / 3600 + 1) * 3600;
            } else if (!matches(minutes, time / 60 % 60)) {
                time = (time / 60 + 1) * 60;
            } else if (!matches(seconds, time % 60)) {
                time++;
            } else {
                return midnight + time;
            }
        }
        return Alarms.NEVER;
    }

    private boolean matches(int register, int value) {
        int raw = memory[register] & 0xff;
        return (raw & DO_NOT_CARE) == DO_NOT_CARE || raw == (register == HOURS + 1 ? hour(value) : number(value));
    }

    private int hour(int hour) {
        if ((memory[Rtc.REGISTER_B] & B_24H) != 0) {
            return number(hour);
        }
        return number((hour + 11) % 12 + 1) | (hour >= 12 ? PM : 0);
    }

    private int readHour(int register) {
        if ((memory[Rtc.REGISTER_B] & B_24H) != 0) {
            return read(register);
        }
        int raw = memory[register] & 0xff;
        return value(raw & ~PM) % 12 + ((raw & PM) != 0 ? 12 : 0);
    }

    private int read(int register) { return value(memory[register] & 0xff); }

    private int value(int raw) { return binary() ? raw : (raw >> 4) * 10 + (raw & 0xf); }

    private int number(int value) { return (binary() ? value : value / 10 << 4 | value % 10) & 0xff; }

    private boolean binary() { return (memory[Rtc.REGISTER_B] & B_BINARY) != 0; }
}
