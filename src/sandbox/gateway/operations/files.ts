import { randomUUID } from "node:crypto";
import { badRequest, notFound } from "../../world/refusal.ts";
import type { Schemas, StoredFile } from "../../world/rows.ts";
import { fileRow } from "../../world/shapes.ts";
import type { World } from "../../world/world.ts";
import type { Handler, Handlers } from "./operation.ts";

type Kind = Schemas["FileType"];

function kindOf(mime: string): Kind {
  const [family] = mime.split("/");
  return family === "image" || family === "audio" || family === "video" ? family : "file";
}

const MIME_BY_ENDING: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  mp4: "video/mp4",
  pdf: "application/pdf",
};

/** Keeps a file of the account; what it is follows from its MIME type. */
export function storeFile(
  world: World,
  given: { mime: string; bytes: Buffer | null; sourceUrl: string | null },
): StoredFile {
  const file: StoredFile = {
    ...given,
    id: randomUUID(),
    kind: kindOf(given.mime),
    size: given.bytes?.length ?? 0,
    transcription: null,
    transcriptionStatus: null,
  };
  world.files.set(file.id, file);
  return file;
}

/** The file behind an address, judged by its ending: the stand-in fetches nothing from elsewhere. */
export function fileFromUrl(world: World, url: string): StoredFile {
  const ending = /\.([a-z0-9]+)$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? "";
  const mime = MIME_BY_ENDING[ending] ?? "application/octet-stream";
  return storeFile(world, { mime, bytes: null, sourceUrl: url });
}

function find(world: World, id: string): StoredFile {
  const file = world.files.get(id);
  if (file === undefined) throw notFound("file", id);
  return file;
}

const uploadFile: Handler<"uploadFile"> = ({ upload, act }) => {
  if (upload === null || upload.bytes.length === 0) throw badRequest("file: this value should not be blank");
  return fileRow(act((world) => storeFile(world, { ...upload, sourceUrl: null })));
};

const uploadFileByUrl: Handler<"uploadFileByUrl"> = ({ body, act }) => {
  if (!/^https?:\/\//i.test(body.url)) throw badRequest("url: only http and https addresses are supported");
  return fileRow(act((world) => fileFromUrl(world, body.url)));
};

const getFileUrl: Handler<"getFileUrl"> = ({ world, params }) => {
  const file = find(world, params.id);
  return { ...fileRow(file), url: file.sourceUrl ?? `${world.urls.gateway}/files/${file.id}?sig=sandbox` };
};

const updateFileMetadata: Handler<"updateFileMetadata"> = ({ world, params, body, act }) => {
  const known = find(world, params.id);
  const transcriptionStatus = body.transcription_status ?? known.transcriptionStatus ?? "ready";
  const file: StoredFile = { ...known, transcription: body.transcription, transcriptionStatus };
  act((changed) => changed.files.set(file.id, file));
  return fileRow(file);
};

/** Attachments. */
export const fileOperations: Handlers<"uploadFile" | "uploadFileByUrl" | "getFileUrl" | "updateFileMetadata"> = {
  uploadFile,
  uploadFileByUrl,
  getFileUrl,
  updateFileMetadata,
};
