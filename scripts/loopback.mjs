// Plain JavaScript, because run.mjs is.

/** Where stand-ins and test servers listen, in the form that curl, Node and Microsoft's SDKs all read. */
const LOOPBACK = ["localhost", ".localhost", "127.0.0.1"];

/**
 * The variables by which a program asks no proxy for loopback. Where HTTPS_PROXY is set and these leave it out,
 * Microsoft's SDKs hand requests to the local cloud to the proxy, which cannot know it. Some read the name in capitals
 * first, some the other.
 * @param {Record<string, string | undefined>} env
 */
export function withoutProxy({ NO_PROXY = "", no_proxy = NO_PROXY }) {
  const hosts = [...new Set([...no_proxy.split(/[\s,]+/).filter(Boolean), ...LOOPBACK])].join(",");
  return { NO_PROXY: hosts, no_proxy: hosts };
}
