/** What the lab's usual bot.config.yaml differs in. */
export interface ConfigOptions {
  /** Rules as YAML, not indented. Left out: each message is answered with `re` and its own text. */
  readonly rules?: string;
  /** The port of its own pages; left out: a free one. */
  readonly port?: number;
  /** More lines of the root. */
  readonly head?: string;
  readonly level?: string;
  readonly requestsPerSecond?: number;
  /** More of `bot:`, such as `answer_within: 5m`. */
  readonly bot?: string;
}

export const ECHO = `
- rule: Echo
  when: {message: any}
  do:
    - reply: "re {{ message.text }}"
`;

/** The same, and a tag once the answer's fate is known. */
export const ECHO_AND_TAG = `${ECHO}    - tag: "done {{ message.text }}"\n`;

/** The fastest that the file allows; below what the sandbox takes in a second. */
const REQUESTS_PER_SECOND = 90;

/** The root file of a bot that is connected to the sandbox over its environment. Limits are set wide, so that what is
 *  measured is the fault and not the limit. */
export function configOf(options: ConfigOptions = {}): string {
  const { rules = ECHO, head = "", level = "info", requestsPerSecond = REQUESTS_PER_SECOND, bot = "" } = options;
  const limits = [`answers_per_minute: 100`, `requests_per_second: ${requestsPerSecond}`, bot].filter(Boolean);
  return [
    "version: 1",
    `crm: {url: "\${CRM_URL}", api_key: "\${CRM_API_KEY}"}`,
    `http: {host: 127.0.0.1, port: ${options.port ?? 0}}`,
    `log: {format: json, level: ${level}}`,
    `bot: {${limits.join(", ")}}`,
    head,
    "rules:",
    rules.replace(/^(?=.)/gm, "  "),
  ].join("\n");
}
