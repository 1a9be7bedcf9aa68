/**
 * What the translator emits, as text that is kept and reviewed.
 *
 * <p>The tests lie in the translator's own package to see what it does not show, and in this module because guest code is
 * assembled by the testkit. Start with {@link dev.sojourn.translator.Shapes}, the guest code, and with what came of it in
 * the resources of this package.
 */
package dev.sojourn.translator;
