package dev.sojourn.interfaces;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The interfaces that are there: ours, and whatever other modules provide. */
public final class Interfaces {
    private Interfaces() {}

    /** Their names, in alphabetical order with {@code native} first. */
    public static List<String> names() {
        return Stream.concat(Stream.of("native"), all().map(GuestInterface::name).filter(n -> !n.equals("native")).sorted())
                .toList();
    }

    public static Optional<GuestInterface> find(String name) {
        return all().filter(i -> i.name().equals(name)).findFirst();
    }

    private static Stream<GuestInterface> all() {
        return ServiceLoader.load(GuestInterface.class, GuestInterface.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get);
    }
}
