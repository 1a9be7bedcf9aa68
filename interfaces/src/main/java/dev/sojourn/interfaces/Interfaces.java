package dev.sojourn.interfaces;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The interfaces that are there: ours, and whatever other modules provide. */
public final class Interfaces {
    /** Between the name of an interface and that of its variant. */
    public static final char VARIANT_MARK = '/';

    private Interfaces() {}

    /** Their names, in alphabetical order with {@code native} first. */
    public static List<String> names() {
        return Stream.concat(Stream.of("native"), all().map(GuestInterface::name).filter(n -> !n.equals("native")).sorted())
                .toList();
    }

    /** The interface of a name, or by a name with a variant, {@code vmi/trap}, that variant of it. */
    public static Optional<GuestInterface> find(String name) {
        int mark = name.indexOf(VARIANT_MARK);
        String plain = mark < 0 ? name : name.substring(0, mark);
        Optional<GuestInterface> found = all().filter(i -> i.name().equals(plain)).findFirst();
        return mark < 0 ? found : found.flatMap(i -> i.variant(name.substring(mark + 1)));
    }

    private static Stream<GuestInterface> all() {
        return ServiceLoader.load(GuestInterface.class, GuestInterface.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get);
    }
}
