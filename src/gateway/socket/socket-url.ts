import { botApiUrl } from "../../api/endpoint.ts";

/** Where the event socket opens: `wss` where the endpoint is `https`. The set of events is part of the address, joined by
 *  commas without spaces; another set needs another socket. Throws ApiError when `endpointUrl` is not a web address. */
export function socketUrl(endpointUrl: string, events: readonly string[]): string {
  const names = [...new Set(events)].map(encodeURIComponent).join(",");
  return `${botApiUrl(endpointUrl).replace(/^http/, "ws")}/ws?events=${names}`;
}
