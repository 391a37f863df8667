import { describe, expect, it } from "vitest";
import { at, registeredClient } from "../helpers/sandbox.ts";

const NO_SUCH = "0b8a7f4e-2d4c-4d7f-9c0e-3a1b5c6d7e8f";

function form(bytes: string, mime: string): FormData {
  const data = new FormData();
  data.append("file", new Blob([bytes], { type: mime }), "a.bin");
  return data;
}

describe("files", () => {
  it("are uploaded as a form, described, and served from their temporary address", async () => {
    const { api } = await registeredClient();
    const made = await api("uploadFile", { body: form("pixels", "image/png") });
    expect(made.status).toBe(200);
    expect([at(made.body, "type"), at(made.body, "size")]).toEqual(["image", 6]);
    const id = String(at(made.body, "id"));
    const found = await api("getFileUrl", { path: { id } });
    const served = await fetch(String(at(found.body, "url")));
    expect([served.headers.get("content-type"), await served.text()]).toEqual(["image/png", "pixels"]);
  });

  it.each([
    { url: "https://shop.example/pot.JPG?x=1", type: "image" },
    { url: "https://shop.example/voice.ogg", type: "audio" },
    { url: "https://shop.example/list.pdf", type: "file" },
    { url: "https://shop.example/", type: "file" },
  ])("by address are judged by its ending: $url is of type $type", async ({ url, type }) => {
    const { api } = await registeredClient();
    const made = await api("uploadFileByUrl", { body: { url } });
    expect(at(made.body, "type")).toBe(type);
    const found = await api("getFileUrl", { path: { id: String(at(made.body, "id")) } });
    expect(at(found.body, "url")).toBe(url);
  });

  it("keep a transcription", async () => {
    const { api } = await registeredClient();
    const made = await api("uploadFileByUrl", { body: { url: "https://shop.example/voice.ogg" } });
    const id = String(at(made.body, "id"));
    const body = { transcription: "Hello?", transcription_status: "ready" };
    expect((await api("updateFileMetadata", { path: { id }, body })).status).toBe(200);
    expect(at((await api("getFileUrl", { path: { id } })).body, "transcription")).toBe("Hello?");
  });

  it.each([
    {
      operation: "uploadFileByUrl" as const,
      request: { body: { url: "ftp://a/b" } },
      status: 400,
      error: "url: only http and https addresses are supported",
    },
    {
      operation: "uploadFileByUrl" as const,
      request: { body: { url: "pot" } },
      status: 400,
      error: 'url: must match format "uri"',
    },
    {
      operation: "getFileUrl" as const,
      request: { path: { id: NO_SUCH } },
      status: 404,
      error: `file #${NO_SUCH} not found`,
    },
    {
      operation: "getFileUrl" as const,
      request: { path: { id: "7" } },
      status: 400,
      error: 'id: must match format "uuid"',
    },
    {
      operation: "updateFileMetadata" as const,
      request: { path: { id: NO_SUCH }, body: { transcription: "x" } },
      status: 404,
      error: `file #${NO_SUCH} not found`,
    },
    {
      operation: "uploadFile" as const,
      request: { body: { file: "bytes" } },
      status: 400,
      error: "request must be a multipart form",
    },
    {
      operation: "uploadFile" as const,
      request: { body: form("", "image/png") },
      status: 400,
      error: "file: this value should not be blank",
    },
  ])("are refused by $operation: $error", async ({ operation, request, status, error }) => {
    const { api } = await registeredClient();
    const answer = await api(operation, request);
    expect([answer.status, answer.body]).toEqual([status, { errors: [error] }]);
  });

  it("refuse a form without the part", async () => {
    const { api } = await registeredClient();
    const data = new FormData();
    data.append("other", "x");
    expect((await api("uploadFile", { body: data })).body).toEqual({
      errors: ["file: this value should not be blank"],
    });
  });
});
