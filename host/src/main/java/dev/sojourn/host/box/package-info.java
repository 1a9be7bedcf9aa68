/**
 * The sandboxes of a host: each with a thread, a record on the disk and its output beside it.
 *
 * <p>Start with {@link dev.sojourn.host.box.Sandboxes}, which carries commands out; one of them is a
 * {@link dev.sojourn.host.box.HostedSandbox}. What runs in it is an {@link dev.sojourn.host.box.Occupant}. Nothing here knows
 * of HTTP.
 *
 * <p>On the disk: {@code NAME/record.json}, replaced by a rename, and {@code NAME/output-NNNNNN.ndjson}. A record that tells of no
 * end, and that no host holds, is that of a lost sandbox.
 */
package dev.sojourn.host.box;
