/** Above this a timestamp is in ms: as seconds it would be the year 5138. */
const LARGEST_SECONDS = 100_000_000_000;

/** `meta.timestamp`, which the gateway writes in seconds or in ms, as Unix ms. */
export const timestampMs = (timestamp: number): number => (timestamp > LARGEST_SECONDS ? timestamp : timestamp * 1_000);
