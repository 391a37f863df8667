import { badRequest } from "../world/refusal.ts";
import type { Upload } from "./operations/operation.ts";

/** The part named `file` of a multipart form. Older clients posted bare bytes; the contract of today refuses them.
 *  Throws Refusal (400). The reading itself is the platform's own. */
export async function readUpload(body: unknown, contentType: string | undefined): Promise<Upload> {
  if (!Buffer.isBuffer(body) || !contentType?.startsWith("multipart/form-data")) {
    throw badRequest("request must be a multipart form");
  }
  const answer = new Response(new Uint8Array(body), { headers: { "content-type": contentType } });
  const form = await answer.formData().catch(() => {
    throw badRequest("request must be a multipart form");
  });
  const file = form.get("file");
  if (!(file instanceof File)) throw badRequest("file: this value should not be blank");
  return { bytes: Buffer.from(await file.arrayBuffer()), mime: file.type || "application/octet-stream" };
}
