package dev.sojourn.translator;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A region was translated: how long it took, and what came of it. */
@Name("dev.sojourn.RegionTranslated")
@Label("Region Translated")
@Category("Sojourn")
@Description("Hot guest code became JVM bytecode")
@StackTrace(false)
final class RegionTranslated extends Event {
    @Label("Guest Address")
    long address;

    @Label("Guest Instructions")
    int instructions;

    @Label("Blocks")
    int blocks;

    @Label("Class Bytes")
    int bytes;
}
