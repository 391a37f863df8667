import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPage } from "./lab/page.ts";
import { shell } from "./lab/shell.ts";

const { commands } = await readPage("docs/deploy.md");

/** What can run in a checkout, with nothing around it. `kubectl` without a cluster only makes what it would send. */
const HERE = /^(cp|openssl|node|promtool|kubectl kustomize|kubectl .*\bcreate) /u;
/** What other trials run (through `printed`, or in their own way), and what needs an engine or a cluster: nothing here has one. */
const ELSEWHERE = /^(psql|pg_dump|pg_restore|curl|nginx|install) /u;
const NOWHERE = /^(docker |kubectl .*\b(apply|diff|rollout|exec|logs)\b|sleep )/u;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rulebot-page-"));
  await cp("deploy", join(folder, "deploy"), { recursive: true, filter: (path) => !path.endsWith("/.env") });
  for (const name of ["src", "schemas", "node_modules", "package.json"])
    await symlink(join(process.cwd(), name), join(folder, name));
  await shell("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout privkey.pem -out fullchain.pem", {
    folder,
  });
});
afterAll(() => rm(folder, { recursive: true }));

describe("the commands of docs/deploy.md", () => {
  it("are all known to be tried, or not to be", () => {
    const known = (line: string) => [HERE, ELSEWHERE, NOWHERE].some((kind) => kind.test(line));
    expect(commands.filter((line) => !known(line))).toEqual([]);
  });

  it.each(commands.filter((line) => HERE.test(line)))("%s", async (line) => {
    const dry = /^kubectl .*\bcreate /u.test(line) ? " --dry-run=client --output=yaml" : "";
    const text = await shell(`${line}${dry}`, { folder });
    if (line.startsWith("cp ")) await fillIn();
    if (line.startsWith("kubectl kustomize")) expect(text.match(/^kind: /gmu)).toHaveLength(6);
  });

  it("the file of compose is understood by another implementation of it", async () => {
    // docker-compose 1 does not know `name:`.
    const file = join(folder, "deploy/compose.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace(/^name: .*$/mu, ""));
    const text = await shell("docker-compose --file compose.yaml config", { folder: join(folder, "deploy") });
    expect(text).toContain("rulebot-2:");
  });
});

/** As a person does after the first step. */
async function fillIn(): Promise<void> {
  const file = join(folder, "deploy/.env");
  const secrets = { ADMIN_PASSWORD: "24", ENCRYPTION_KEY: "32", METRICS_TOKEN: "24", POSTGRES_PASSWORD: "24" };
  for (const [name, bytes] of Object.entries(secrets))
    await shell(`sed -i "s/^${name}=.*/${name}=$(openssl rand -hex ${bytes})/" ${file}`);
}
