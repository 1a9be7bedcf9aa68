package dev.sojourn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void interfaceIsHeldAgainstNativeOfTheSameTurn() {
        InterfaceCost cost = new InterfaceCost("pipes");
        for (String name : InterfacesPart.INTERFACES) {
            boolean dear = name.equals("kvm");
            cost.seconds(name).add(dear ? 3 : 2);
            cost.seconds(name).add(dear ? 8 : 4);
            cost.instructions(name, dear ? 150 : 100);
        }

        String table = new Report(List.of(), List.of(cost), List.of()).table();

        List<String> kvm = table.lines().filter(line -> line.contains("kvm"))
                .map(line -> line.strip().replaceAll(" +", " ")).toList();
        assertEquals(List.of("pipes kvm 5.50 1.75 (1.50 to 2.00) 150 1.50"), kvm);
    }
}
