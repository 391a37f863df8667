import { startPostgres } from "./postgres.ts";

/** Before all tests on PostgreSQL: one server for them; its address goes to them as `TEST_POSTGRES`. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startPostgres();
  process.env.TEST_POSTGRES = server.address();
  return () => server.stop();
}
