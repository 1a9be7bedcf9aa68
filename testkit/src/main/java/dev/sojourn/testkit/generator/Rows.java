package dev.sojourn.testkit.generator;

import java.util.ArrayList;
import java.util.List;

/** All rows. */
final class Rows {
    private Rows() {}

    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        rows.addAll(IntegerRows.rows());
        rows.addAll(Row.parseAll(FloatRows.TEXT));
        rows.addAll(VectorRows.rows());
        return List.copyOf(rows);
    }
}
