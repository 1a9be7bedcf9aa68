/** The client's end of the control protocol: {@link dev.sojourn.host.client.HostClient}. */
package dev.sojourn.host.client;
