import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { type Browser, chromium, type Page } from "playwright-core";

/** Where screenshots go, to be looked at by people; git does not know the folder. */
export const SCREENSHOTS = new URL("../screenshots/", import.meta.url).pathname;

const packageFile = (path: string) => join(new URL("../../node_modules/", import.meta.url).pathname, path);
const CHROMIUM = packageFile("@sparticuz/chromium");

/** Rights of pages and cookies are as in anyone's browser. Only the browser's own sandbox is off: it does not work for root. */
const ARGUMENTS = ["--no-sandbox", "--no-zygote", "--disable-gpu", "--font-render-hinting=none"];

/** A headless browser. Rejects, with the reason, where none can be started: a test that needs one then fails rather than
 *  passing unseen. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await unpack();
  try {
    return await chromium.launch({ executablePath, args: ARGUMENTS, headless: true });
  } catch (error) {
    throw new Error(`No browser could be started (${executablePath}). On a bare Linux it needs libnss3 and its like.`, {
      cause: error,
    });
  }
}

/** Unpacks the browser of the package once per machine and version. Test files run side by side, so it gets its name only when
 *  it is whole. */
async function unpack(): Promise<string> {
  const { version }: { version: string } = JSON.parse(await readFile(join(CHROMIUM, "package.json"), "utf8"));
  const program = join(tmpdir(), `rulebot-chromium-${version}`);
  if (existsSync(program)) return program;
  const own = `${program}.${process.pid}.${performance.now()}`;
  const target = createWriteStream(own, { mode: 0o700 });
  await pipeline(createReadStream(join(CHROMIUM, "bin/chromium.br")), createBrotliDecompress(), target);
  await rename(own, program);
  return program;
}

/** What a person would see now, as a file in `SCREENSHOTS`. */
export async function shoot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** What axe-core objects to on the page: `rule: element` each. The page itself allows no scripts; this one comes from outside. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(packageFile("axe-core/axe.min.js"), "utf8"));
  return await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}
