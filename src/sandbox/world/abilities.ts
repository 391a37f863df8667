import type { Schemas } from "./rows.ts";

/** What channels of three kinds can do, in the gateway's own words. `receive` and `both`: the channel takes it from us. */
export type ChannelSettings = Schemas["ChannelSettings"];

const MB = 1024 * 1024;

/** Everything a bot could wish for: buttons, cards, files, editing. */
export const TELEGRAM: ChannelSettings = {
  customer_external_id: "any",
  sending_policy: { new_customer: "no", outgoing: "allowed" },
  status: { delivered: "send", read: "send" },
  text: {
    creating: "both",
    editing: "both",
    quoting: "both",
    deleting: "receive",
    reaction: "both",
    markup_formats: ["bold", "italic", "link"],
    max_chars_count: 4096,
  },
  product: { creating: "receive", editing: "receive", deleting: "receive" },
  order: { creating: "receive", editing: "receive", deleting: "receive" },
  image: {
    creating: "both",
    editing: "both",
    quoting: "both",
    deleting: "receive",
    max_items_count: 10,
    max_item_size: 10 * MB,
    note_max_chars_count: 1024,
  },
  file: {
    creating: "both",
    quoting: "both",
    deleting: "receive",
    max_items_count: 1,
    max_item_size: 20 * MB,
    note_max_chars_count: 1024,
  },
  audio: { creating: "both", quoting: "both", deleting: "receive", max_items_count: 1, max_item_size: 20 * MB },
  suggestions: { text: "receive", email: "none", phone: "receive", url: "receive" },
  reactions: { dictionary: ["👍", "❤️", "🔥"], max_count: 1 },
  template: { creation: false },
};

/** Text and nothing but text, at most 1000 characters, and an answer window after which only templates may go. */
export const WHATSAPP: ChannelSettings = {
  customer_external_id: "phone",
  sending_policy: { new_customer: "template", after_reply_timeout: "template", outgoing: "allowed" },
  status: { delivered: "send", read: "send" },
  text: {
    creating: "both",
    editing: "none",
    quoting: "none",
    deleting: "none",
    reaction: "none",
    markup_formats: [],
    max_chars_count: 1000,
  },
  image: { creating: "send", editing: "none", quoting: "none", deleting: "none" },
  file: { creating: "send", editing: "none", quoting: "none", deleting: "none" },
  audio: { creating: "send", quoting: "none", deleting: "none" },
  template: { creation: true },
  whatsapp: { channel_quality: "high", channel_status: "connected", tier: 1 },
};

/** Text and pictures; the text limit is not stated, no buttons, deleting but no editing, a window with no way round it. */
export const INSTAGRAM: ChannelSettings = {
  customer_external_id: "any",
  sending_policy: { new_customer: "no", after_reply_timeout: "no", outgoing: "allowed" },
  status: { delivered: "none", read: "send" },
  text: { creating: "both", editing: "none", quoting: "both", deleting: "both", reaction: "send" },
  image: {
    creating: "both",
    editing: "none",
    quoting: "both",
    deleting: "both",
    max_items_count: 1,
    max_item_size: 8 * MB,
  },
  audio: { creating: "send", quoting: "none", deleting: "none" },
};
