package dev.sojourn.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.machine.MachineType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An instruction is there if and only if CPUID says so, as the kept views have it. */
class AdvertisedTest {
    /** Feature, its line and bit of CPUID, and a line and number of the opcodes it brings. */
    private static final String TABLE = """
            SSE3        cpuid.00000001.00 ecx  0   opcode.0f.f2.r. 7c1
            PCLMULQDQ   cpuid.00000001.00 ecx  1   opcode.0f3a.66.r. 44
            MONITOR     cpuid.00000001.00 ecx  3   opcode.0f01.00. c8
            SSSE3       cpuid.00000001.00 ecx  9   opcode.0f38.66.r. 00
            SSE4.1      cpuid.00000001.00 ecx 19   opcode.0f38.66.r. 10
            SSE4.2      cpuid.00000001.00 ecx 20   opcode.0f38.f2.r. f0
            MOVBE       cpuid.00000001.00 ecx 22   opcode.0f38.00.m. f0
            AESNI       cpuid.00000001.00 ecx 25   opcode.0f38.66.r. dc
            AVX         cpuid.00000001.00 ecx 28   opcode.vex-vaddps -
            RDRAND      cpuid.00000001.00 ecx 30   opcode.0f.00.r. c76
            CLFLUSH     cpuid.00000001.00 edx 19   opcode.0f.00.m. ae7
            SSE2        cpuid.00000001.00 edx 26   opcode.0f.66.r. 581
            FSGSBASE    cpuid.00000007.00 ebx  0   opcode-enabled.rdfsbase -
            BMI1        cpuid.00000007.00 ebx  3   opcode.vex-andn -
            BMI2        cpuid.00000007.00 ebx  8   opcode.vex-rorx -
            INVPCID     cpuid.00000007.00 ebx 10   opcode.0f38.66.m. 82
            AVX512F     cpuid.00000007.00 ebx 16   opcode.evex-vaddps -
            RDSEED      cpuid.00000007.00 ebx 18   opcode.0f.00.r. c77
            ADX         cpuid.00000007.00 ebx 19   opcode.0f38.66.r. f6
            SMAP        cpuid.00000007.00 ebx 20   opcode.0f01.00. ca
            CLFLUSHOPT  cpuid.00000007.00 ebx 23   opcode.0f.66.m. ae7
            CLWB        cpuid.00000007.00 ebx 24   opcode.0f.66.m. ae6
            SHA         cpuid.00000007.00 ebx 29   opcode.0f38.00.r. c8
            GFNI        cpuid.00000007.00 ecx  8   opcode.0f38.66.r. cf
            RDPID       cpuid.00000007.00 ecx 22   opcode.0f.f3.r. c77
            MOVDIRI     cpuid.00000007.00 ecx 27   opcode.0f38.00.m. f9
            SERIALIZE   cpuid.00000007.00 edx 14   opcode.0f01.00. e8
            SSE4A       cpuid.80000001.00 ecx  6   opcode.0f.66.r. 791
            XOP         cpuid.80000001.00 ecx 11   opcode.xop-vpcmov -
            RDTSCP      cpuid.80000001.00 edx 27   opcode.0f01.00. f9
            3DNow       cpuid.80000001.00 edx 31   opcode.0f.00. 0e
            """;

    @ParameterizedTest
    @EnumSource(MachineType.class)
    void instructionsAreThoseThatAreAdvertised(MachineType type) {
        List<String> view = Probe.kept(type, "native").orElseThrow().lines().toList();
        List<String> wrong = new ArrayList<>();
        for (String row : TABLE.strip().lines().toList()) {
            String[] words = row.strip().split(" +");
            boolean advertised = (register(view, words[1], words[2]) >>> Integer.parseInt(words[3]) & 1) != 0;
            boolean there = outcome(view, words[4], words[5]).equals("ok");
            if (advertised != there) {
                wrong.add(words[0] + (advertised ? " is advertised and not there" : " is there and not advertised"));
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static int register(List<String> view, String line, String register) {
        String text = view.stream().filter(l -> l.startsWith(line)).findFirst()
                .orElseThrow(() -> new AssertionError(line));
        Matcher matcher = Pattern.compile(register + "=([0-9a-f]{8})").matcher(text);
        assertEquals(true, matcher.find(), text);
        return Integer.parseUnsignedInt(matcher.group(1), 16);
    }

    /** What a walk says of a number, or a single line of itself. */
    private static String outcome(List<String> view, String name, String number) {
        for (String line : view) {
            if (number.equals("-") && line.startsWith(name + " ")) {
                return line.substring(name.length() + 1);
            }
            if (!number.equals("-") && line.startsWith(name)) {
                String[] words = line.substring(name.length()).split(" ", 2);
                String[] range = words[0].split("\\.\\.");
                if (range[0].length() == number.length() && range[0].compareTo(number) <= 0
                        && range[range.length - 1].compareTo(number) >= 0) {
                    return words[1];
                }
            }
        }
        throw new AssertionError("No line for " + name + number);
    }
}
