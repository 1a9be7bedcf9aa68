package dev.sojourn.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is emitted is what was reviewed. */
class EmittedTextTest {
    private static final Path KEPT = Path.of("src/test/resources/dev/sojourn/translator/emitted");

    /** How the head of each file explains it. */
    private static final String HEAD = """
            # What the translator emits. Each shape, by blocks: the guest's instructions, then what they became.
            # Left out, being alike in all: the entry, which loads the variables, and the ways out, which store them: EXIT goes on
            # at RIP, WITHIN at the instruction INDEX, FAULT has one raised there. "push" is any constant, 1L a long one.
            # Made by the test: renew it with -D%s=true, and read the difference.
            """.formatted(KeptText.RENEW);

    static List<Shapes.Chapter> chapters() { return Shapes.chapters(); }

    @ParameterizedTest
    @MethodSource("chapters")
    void emittedCodeIsTheReviewedText(Shapes.Chapter chapter) throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        for (Shapes.Shape shape : chapter.shapes()) {
            PlannedCode planned = new PlannedCode(shape);
            assertNotNull(planned.plan(), () -> "No region was planned of " + shape.name());
            text.append("\n== ").append(shape.name()).append('\n').append(EmittedText.of(planned));
        }
        KeptText.check(KEPT.resolve(chapter.name() + ".txt"), text.toString());
    }

    @ParameterizedTest
    @MethodSource("chapters")
    void namesInAChapterAreUnique(Shapes.Chapter chapter) {
        assertEquals(chapter.shapes().size(), chapter.shapes().stream().map(Shapes.Shape::name).distinct().count());
    }

    @Test
    @DisabledIfSystemProperty(named = KeptText.RENEW, matches = "true")
    void everyKeptFileIsAChapter() throws IOException {
        List<String> kept;
        try (Stream<Path> files = Files.list(KEPT)) {
            kept = files.map(f -> f.getFileName().toString()).sorted().toList();
        }
        assertEquals(Shapes.chapters().stream().map(c -> c.name() + ".txt").sorted().toList(), kept);
    }
}
