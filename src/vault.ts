import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";

/** Seals texts so that only whoever has the key can read or change them (AES-256-GCM). `context` says what a text is and whose:
 *  one sealed for one context does not open in another, so a sealed token can't be moved to another row, nor a form's
 *  token be shown as a session. */
export interface Vault {
  /** With the first key. Twice the same text gives two different results. */
  seal(text: string, context: string): string;
  /** With whichever key sealed it; null: not sealed, changed, of another context, or its key is not among ours. */
  open(sealed: string, context: string): string | null;
  /** Sealed with the first key: after a rotation, what is not is to be sealed anew. */
  isCurrent(sealed: string): boolean;
}

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MARK = "sealed:1:";

/** Does it look like something that a vault made? Says nothing about whether it opens. */
export const isSealed = (text: string): boolean => text.startsWith(MARK);

/** The first key seals, every one opens (rotation). A key is 64 hex characters or base64 of 32 bytes. Throws RangeError, which
 *  never repeats a key, when one is neither, or when there is none. */
export function createVault(keys: readonly string[]): Vault {
  const rings = keys.map((key) => ringOf(readKey(key)));
  const [current] = rings;
  if (current === undefined) throw new RangeError("a vault needs a key");
  return {
    seal: (text, context) => `${MARK}${current.id}:${encrypt(current.key, text, context)}`,
    open(sealed, context) {
      if (!isSealed(sealed)) return null;
      const [id = "", body = ""] = sealed.slice(MARK.length).split(":");
      const ring = rings.find((one) => one.id === id);
      return ring === undefined ? null : decrypt(ring.key, body, context);
    },
    isCurrent: (sealed) => sealed.startsWith(`${MARK}${current.id}:`),
  };
}

/** The 32 bytes of a key as the operator writes it; null: it is not a key. */
export function keyBytes(text: string): Buffer | null {
  const key = text.trim();
  if (/^[0-9a-f]{64}$/i.test(key)) return Buffer.from(key, "hex");
  if (!/^[\w+/-]{43}=?$/.test(key)) return null;
  const bytes = Buffer.from(key, "base64");
  return bytes.length === KEY_BYTES ? bytes : null;
}

interface Ring {
  /** Tells the keys apart without telling anything about them. */
  readonly id: string;
  readonly key: Buffer;
}

const ringOf = (key: Buffer): Ring => ({
  id: createHmac("sha256", key).update("id of this key").digest("hex").slice(0, 12),
  key,
});

function readKey(text: string): Buffer {
  const bytes = keyBytes(text);
  if (bytes === null) throw new RangeError("a key of a vault is neither 64 hex characters nor base64 of 32 bytes");
  return bytes;
}

/** Nonce, tag and text behind one another. A nonce at random is safe for some billions of texts per key. */
function encrypt(key: Buffer, text: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const hidden = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString("base64url");
}

function decrypt(key: Buffer, body: string, context: string): string | null {
  const bytes = Buffer.from(body, "base64url");
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch {
    return null; // changed, or sealed for another context
  }
}
