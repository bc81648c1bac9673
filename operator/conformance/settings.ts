import { type Call, expectSeen, NotThere, record, type Seen } from "./case.ts";

const API = "?api-version=2025-03-01";

/** All app settings as they are now. They hold secrets: nothing of them is told. */
async function settingsOf(arm: Call, siteId: string): Promise<Record<string, unknown>> {
  const seen = await arm("POST", `${siteId}/config/appsettings/list${API}`);
  expectSeen(seen, { status: 200 });
  return record(record(seen.json).properties);
}

function write(arm: Call, siteId: string, properties: object): Promise<Seen> {
  return arm("PUT", `${siteId}/config/appsettings${API}`, { body: { properties } });
}

/** Writes one setting beside all others, as Azure takes them only all at once. */
export async function addSetting(arm: Call, siteId: string, setting: { name: string; value: string }): Promise<Seen> {
  const settings = await settingsOf(arm, siteId);
  if (setting.name in settings) throw new NotThere(`the app has the setting ${setting.name} already`);
  return write(arm, siteId, { ...settings, [setting.name]: setting.value });
}

/** Takes it away, and leaves alone what others have changed since. @returns why it stays. */
export async function removeSetting(arm: Call, siteId: string, name: string): Promise<string | undefined> {
  const { [name]: gone, ...others } = await settingsOf(arm, siteId);
  if (gone === undefined) return undefined;
  const seen = await write(arm, siteId, others);
  return seen.status === 200 ? undefined : `not deleted (${seen.status})`;
}
