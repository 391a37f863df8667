import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { createOperation } from "../../src/accounts/operating/operation.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { loadConfig } from "../../src/config/load.ts";
import { createServer, startService } from "../../src/service/server.ts";
import { openStore } from "../../src/store/open.ts";
import { serviceOptions } from "../service/visitor.ts";
import { readPage } from "./lab/page.ts";

const read = (path: string) => readFile(join("deploy", path), "utf8");
// Of YAML that a person wrote: what is not there shows in the comparison.
const readYaml = async (path: string) => parse(await read(path), { merge: true });

const env = Object.fromEntries(
  [...(await read(".env.example")).matchAll(/^([A-Z_]+)=(.*)$/gmu)].map(([, name = "", value = ""]) => [name, value]),
);
const filled = {
  ...env,
  ADMIN_PASSWORD: "correct-horse-battery",
  ENCRYPTION_KEY: "1".repeat(64),
  METRICS_TOKEN: "x",
  DATABASE_URL: "postgres://rulebot:x@postgres/rulebot",
};
const config = await read("config/bot.config.yaml");
const compose = await readYaml("compose.yaml");
const replicas = ["rulebot-1", "rulebot-2"];
const kustomization = await readYaml("kustomization.yaml");
const [deployment, service, ingress, budget] = await Promise.all(
  ["deployment", "service", "ingress", "disruption-budget"].map((name) => readYaml(`kubernetes/${name}.yaml`)),
);
const pod = deployment.spec.template.spec;
const [container] = pod.containers;

/** The addresses in the tree that fastify prints: each line is what its branch adds to the one above. */
function routesIn(tree: string): readonly string[] {
  const branches: string[] = [];
  return tree.split("\n").flatMap((line) => {
    const [, indent = "", part = "", methods = ""] = /^((?:│ {3}| {4})*)[├└]── (\S*)(?: \((.+)\))?/u.exec(line) ?? [];
    branches.splice(indent.length / 4, Number.POSITIVE_INFINITY, part);
    return methods === "" ? [] : [branches.join("")];
  });
}

describe("deploy/config", () => {
  it("has no fault and no warning", async () => {
    const { settings, issues } = await loadConfig({ file: "deploy/config/bot.config.yaml", env: filled });
    expect(issues).toEqual([]);
    expect(settings).toMatchObject({
      service: { encryptionKeys: ["1".repeat(64)], secret: null },
      http: { port: 8080, metricsToken: "x", trustedProxies: ["10.244.0.0/16"] },
    });
  });

  it("is given everything that it asks for by .env.example, which holds little more", () => {
    const asked = [...config.matchAll(/\$\{(\w+)/gu)].map(([, name]) => name);
    expect(Object.keys(env).toSorted()).toEqual([...asked, "POSTGRES_PASSWORD", "DATABASE_URL"].toSorted());
  });
});

describe("deploy/compose.yaml", () => {
  it("has two replicas that are the same, at the port that Caddy asks", async () => {
    const [one, two] = replicas.map((name) => compose.services[name]);
    expect(one).toEqual(two);
    expect(one.environment.PORT).toBe("8080");
    const caddy = await read("Caddyfile");
    for (const name of replicas) expect(caddy).toContain(`${name}:8080`);
    expect(compose.services.caddy.environment.PUBLIC_URL).toMatch(/^\$\{PUBLIC_URL/u);
    expect(caddy).toContain("{$PUBLIC_URL} {");
  });

  it("has a proxy that is believed, as it is in the same net", () => {
    const [net] = compose.networks.default.ipam.config;
    expect(compose.services["rulebot-1"].environment.TRUSTED_PROXY).toBe(net.subnet);
  });

  it("mounts the folder of the configuration, and nothing else can be written than memory", () => {
    const { volumes, tmpfs, read_only, cap_drop } = compose.services["rulebot-1"];
    expect({ volumes, tmpfs, read_only, cap_drop }).toEqual({
      volumes: ["./config:/config:ro"],
      tmpfs: ["/tmp", "/data"],
      read_only: true,
      cap_drop: ["ALL"],
    });
  });
});

describe("the manifests of Kubernetes", () => {
  it("are all listed, and so are all files of the configuration", async () => {
    const manifests = (await readdir("deploy/kubernetes")).map((name) => `kubernetes/${name}`);
    const files = (await readdir("deploy/config")).map((name) => `config/${name}`);
    expect(kustomization.resources.toSorted()).toEqual(manifests.toSorted());
    expect(kustomization.configMapGenerator[0].files.toSorted()).toEqual(files.toSorted());
  });

  it("name one another rightly", () => {
    const [map, secret] = [kustomization.configMapGenerator[0], kustomization.secretGenerator[0]];
    expect(pod.volumes.map((volume: { configMap?: { name: string } }) => volume.configMap?.name)).toContain(map.name);
    expect(container.envFrom).toEqual([{ secretRef: { name: secret.name } }]);
    expect(container.image).toBe(kustomization.images[0].name);
    const labels = deployment.spec.template.metadata.labels;
    for (const selector of [
      deployment.spec.selector.matchLabels,
      service.spec.selector,
      budget.spec.selector.matchLabels,
    ])
      expect(selector).toEqual(labels);
    const [port] = container.ports;
    expect(service.spec.ports[0].targetPort).toBe(port.name);
    for (const { backend } of ingress.spec.rules[0].http.paths)
      expect(backend.service).toEqual({ name: service.metadata.name, port: { name: service.spec.ports[0].name } });
    expect(container.env).toEqual([{ name: "PORT", value: String(port.containerPort) }]);
  });

  it("let in what people and the CRM open, and nothing else", async () => {
    const store = await openStore(":memory:");
    onTestFinished(() => store.close());
    const operation = createOperation({ store, look() {}, at: () => null, remove: async () => ({ kind: "gone" }) });
    const metrics = { token: null, read: async () => ({ contentType: "text/plain", text: "" }) };
    const server = await createServer({ ...serviceOptions().options, operation, metrics });
    const { paths } = ingress.spec.rules[0].http;
    const isRouted = (url: string) =>
      paths.some(
        ({ path, pathType }: { path: string; pathType: string }) =>
          url === path || (pathType === "Prefix" && url.startsWith(`${path}/`)),
      );
    const first = routesIn(server.printRoutes()).map((url) => /^\/[^/]*/u.exec(url)?.[0]);
    const inside = ["/healthz", "/metrics", "/operation", "/readyz", "/status"];
    const open = ["/", "/actions", "/admin", "/assets", "/connect", "/settings", "/simple"];
    expect([...new Set(first)].toSorted()).toEqual([...inside, ...open].toSorted());
    expect(inside.filter((url) => isRouted(url) || isRouted(`${url}/x`))).toEqual([]);
    expect(open.filter((url) => (url === "/" ? !isRouted(url) : !isRouted(`${url}/x`)))).toEqual([]);
    await server.close();
  });

  it("probe addresses that are there", async () => {
    const running = await startService(serviceOptions().options);
    onTestFinished(() => running.close());
    const { startupProbe, livenessProbe, readinessProbe } = container;
    for (const { httpGet } of [startupProbe, livenessProbe, readinessProbe]) {
      const { status } = await fetch(`http://127.0.0.1:${running.port}${httpGet.path}`);
      expect(status).toBe(200);
    }
  });

  it("hand changes of the configuration to running pods: a folder as a whole, under a name that stays", () => {
    const [mount] = container.volumeMounts.filter(({ name }: { name: string }) => name === "config");
    expect(mount).toEqual({ name: "config", mountPath: "/config", readOnly: true });
    expect(kustomization.configMapGenerator[0].options).toEqual({ disableNameSuffixHash: true });
  });

  it("leave a pod the time that it needs to end", () => {
    const [, beforeS] = container.lifecycle.preStop.exec.command;
    expect(Number(beforeS) + 8).toBeLessThan(pod.terminationGracePeriodSeconds);
  });
});

it("alerts name metrics that there are", async () => {
  const { groups } = await readYaml("prometheus/alerts.yaml");
  const rules: readonly { expr: string }[] = groups.flatMap(({ rules }: { rules: unknown }) => rules);
  const named = rules.flatMap(({ expr }) => expr.match(/rulebot_\w+/gu) ?? []);
  const page = await readFile("docs/operations.md", "utf8");
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
});

describe("docs/deploy.md", async () => {
  const page = await readPage("docs/deploy.md");

  it("names commands of the program that there are", () => {
    const known = COMMANDS.map((make) => make(() => async () => {}).name());
    const named = page.commands.flatMap((line) => /src\/main\.ts (\S+)/u.exec(line)?.[1] ?? []);
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("names files that there are", () => {
    const named = page.text.match(/deploy\/[\w./-]*\w/gu) ?? [];
    expect(named.filter((path) => path !== "deploy/.env" && !existsSync(path))).toEqual([]);
  });

  it("leads nowhere that is not there", async () => {
    const inside = page.links.filter((target) => !target.startsWith("http"));
    for (const target of inside) {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? "docs/deploy.md" : join("docs", path);
      expect(existsSync(file), target).toBe(true);
      if (anchor !== undefined) expect((await readPage(file)).anchors, target).toContain(anchor);
    }
  });
});

it("a folder that Kubernetes mounts is read as it lies there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rulebot-deploy-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "..2026"));
  await symlink("..2026", join(folder, "..data"));
  for (const name of await readdir("deploy/config")) {
    await cp(join("deploy/config", name), join(folder, "..2026", name));
    await symlink(join("..data", name), join(folder, name));
  }
  const { rulebook, issues } = await loadConfig({ file: join(folder, "bot.config.yaml"), env: filled });
  expect(issues).toEqual([]);
  expect(rulebook?.rules.length).toBe(1);
});
