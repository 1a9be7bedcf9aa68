/**
 * The control protocol over HTTP: REST in JSON, streams, a socket for each terminal, metrics, the web console's files.
 *
 * <p>Start with {@link dev.sojourn.host.http.HttpFace}, then {@link dev.sojourn.host.http.Api}, which has a method for each
 * path. {@link dev.sojourn.host.http.Gate} decides who gets in before anything else is looked at. Every refusal is an
 * {@link dev.sojourn.host.HostError}.
 */
package dev.sojourn.host.http;
