const NAME = /^[\w!$&'().~-]+(:\d+)?$/;
const IPV6 = /^\[[\da-f:.]{3,}\](:\d+)?$/i;

/** Which Host headers Kestrel lets pass (dotnet/aspnetcore, HttpUtilities.IsHostHeaderValid); every other one is a 400. */
export function isHostHeader(host: string): boolean {
  return host === "" || NAME.test(host) || IPV6.test(host);
}
