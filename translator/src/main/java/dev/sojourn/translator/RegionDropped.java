package dev.sojourn.translator;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A region is no longer in use: its guest code was overwritten, or it had to make room. */
@Name("dev.sojourn.RegionDropped")
@Label("Region Dropped")
@Category("Sojourn")
@Description("The guest overwrote the code of a region, or there were too many")
@StackTrace(false)
final class RegionDropped extends Event {
    @Label("Guest Address")
    long address;
}
