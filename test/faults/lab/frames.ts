/** Frames that no well-behaved gateway sends. `readable`: they are events all the same, if odd ones. */
export interface OddFrame {
  readonly name: string;
  readonly frame: string | Uint8Array;
  readonly readable: boolean;
}

const AT = 1_790_000_000;
const event = (type: unknown, data: unknown) => JSON.stringify({ type, meta: { timestamp: AT }, data });
const message = (over: object) => event("message_new", { message: { ...MESSAGE, ...over } });
const MESSAGE = {
  id: 5,
  chat_id: 999_001,
  type: "text",
  scope: "public",
  status: "received",
  time: "2026-11-20T12:00:00Z",
  content: "odd",
  from: { id: 1, type: "customer", name: "Odd" },
};

export const ODD_FRAMES: readonly OddFrame[] = [
  { name: "no JSON", frame: "not json", readable: false },
  { name: "nothing", frame: "", readable: false },
  { name: "a list", frame: "[]", readable: false },
  { name: "a number", frame: "17", readable: false },
  { name: "null", frame: "null", readable: false },
  { name: "no type", frame: '{"meta":{"timestamp":1},"data":{}}', readable: false },
  { name: "a type that is a number", frame: event(7, {}), readable: false },
  { name: "no data", frame: '{"type":"message_new","meta":{"timestamp":1}}', readable: false },
  { name: "data that is null", frame: event("message_new", null), readable: false },
  { name: "half of an event", frame: message({}).slice(0, 60), readable: false },
  { name: "an id above 2^53", frame: message({}).replace('"id":5', '"id":9007199254740993'), readable: false },
  { name: "an id of 10^17", frame: message({}).replace('"id":5', '"id":100000000000000001'), readable: false },
  {
    name: "100,000 levels deep",
    frame: `{"type":"x","data":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    readable: false,
  },
  { name: "a key of the prototype", frame: '{"type":"x","__proto__":{"polluted":1},"data":{}}', readable: true },
  { name: "binary", frame: Uint8Array.from({ length: 1_000 }, (_, at) => at % 256), readable: false },
  { name: "binary JSON", frame: new TextEncoder().encode(message({})), readable: false },
  { name: "an unknown type", frame: event("brand_new", { chat: { id: 1 }, more: [null] }), readable: true },
  { name: "an unknown author", frame: message({ id: 6, from: { id: 3, type: "robot" } }), readable: true },
  { name: "no author", frame: message({ id: 7, from: null }), readable: true },
  { name: "no content", frame: message({ id: 8, content: null }), readable: true },
  { name: "no chat and no dialog", frame: event("message_new", { message: { id: 9 } }), readable: true },
  { name: "an empty message", frame: event("message_new", { message: {} }), readable: true },
  { name: "a message that is a text", frame: event("message_new", { message: "hello" }), readable: true },
  { name: "a dialog without anything", frame: event("dialog_opened", { dialog: {} }), readable: true },
  { name: "a person without anything", frame: event("user_online_updated", {}), readable: true },
  { name: "deleted chats that are none", frame: event("chats_deleted", { chat_ids: "all" }), readable: true },
  { name: "a negative timestamp", frame: '{"type":"x","meta":{"timestamp":-5},"data":{}}', readable: true },
  { name: "a timestamp beyond all dates", frame: '{"type":"x","meta":{"timestamp":1e300},"data":{}}', readable: true },
  { name: "ids that are texts", frame: message({ id: "12", chat_id: "13" }), readable: true },
  { name: "1 MB less a little", frame: message({ id: 14, padding: "x".repeat(1_000_000) }), readable: true },
];

/** Frames too large to be taken in: the socket ends. */
export const LARGE_FRAMES: readonly OddFrame[] = [
  { name: "5 MB", frame: message({ padding: "x".repeat(5 * 1024 * 1024) }), readable: false },
  { name: "101 MB", frame: new Uint8Array(101 * 1024 * 1024), readable: false },
];
