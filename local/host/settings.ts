interface Layer {
  values: Record<string, string>;
}

/** Names that some living host has set, with what the process had before the first of them. */
const before = new Map<string, string | undefined>();
const layers: Layer[] = [];

/**
 * Puts app settings into `process.env`, over what is there, until the returned function is called. Of several hosts
 * that live at the same time the later one covers the earlier; each takes away only its own, in whatever order.
 */
export function applySettings(values: Record<string, string>): () => void {
  const layer = { values };
  layers.push(layer);
  for (const name of Object.keys(values)) {
    if (!before.has(name)) before.set(name, process.env[name]);
    settle(name);
  }
  return () => {
    const place = layers.indexOf(layer);
    if (place === -1) return;
    layers.splice(place, 1);
    for (const name of Object.keys(values)) settle(name);
  };
}

function settle(name: string): void {
  const covering = layers.findLast((layer) => name in layer.values);
  const value = covering ? covering.values[name] : before.get(name);
  if (!covering) before.delete(name);
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/**
 * Replaces each `%NAME%` in a binding's text by the app setting of that name (Microsoft Learn: "Azure Functions
 * triggers and bindings", binding expressions). Throws with the host's text for one that is not set.
 */
export function resolveNames(text: string): string {
  return text.replace(/%([^%]+)%/g, (placeholder, name: string) => {
    const value = process.env[name];
    if (!value) throw new Error(`'${placeholder}' does not resolve to a value.`);
    return value;
  });
}
