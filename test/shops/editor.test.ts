import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { filesOf, SHOPS, textOf } from "./shops.ts";

const NAMES = ["rules.schema.json", "bot.config.schema.json", "tests.schema.json"];

const ajv = new Ajv2020({ strict: false, allowUnionTypes: true });
for (const name of NAMES) {
  ajv.addSchema(JSON.parse(readFileSync(new URL(`../../schemas/${name}`, import.meta.url), "utf8")));
}

const files = SHOPS.flatMap((shop) => filesOf(shop).map((file) => ({ shop, file })));

/** The schema that the first line of a file names, for editors. */
const schemaOf = (text: string) => /^# yaml-language-server: \$schema=\S*schemas\/(\S+)\n/u.exec(text)?.[1] ?? "none";

it.each(files)("an editor completes and accepts $shop/$file", ({ shop, file }) => {
  const text = textOf(shop, file);
  const validate = ajv.getSchema(schemaOf(text));
  expect(NAMES).toContain(schemaOf(text));
  expect(validate?.(parse(text)), JSON.stringify(validate?.errors?.slice(0, 3))).toBe(true);
});
