import { createHmac, timingSafeEqual } from "node:crypto";

/** Does the token of a one-step connection come from the marketplace? `token` is hex(HMAC-SHA256(secret, apiKey)); compared in constant
 *  time. It says nothing about the address that came with it. Source: crm-api.md 4b. */
export function isSigned(
  { token, apiKey }: { readonly token: string; readonly apiKey: string },
  secret: string,
): boolean {
  const wanted = createHmac("sha256", secret).update(apiKey).digest();
  // Whatever its length, what was given is compared as 32 bytes.
  const given = Buffer.alloc(wanted.length);
  const isHex = /^[0-9a-f]{64}$/i.test(token);
  if (isHex) given.write(token, "hex");
  return timingSafeEqual(given, wanted) && isHex;
}
