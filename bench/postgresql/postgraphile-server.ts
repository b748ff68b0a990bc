/**
 * Peer: PostGraphile 5 on the same database, in a separate process. Each question is a SQL
 * function, which is how one adds what its generated schema lacks.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerServerQuestion, type ServerQuestion, serveParent } from '../lib/child.ts';

/**
 * The used part of it. Only `npm run bench:*` installs the peers, so their types may be missing.
 */
interface Postgraphile {
  createServ(grafserv: unknown): { addTo(server: Server): Promise<void> };
  release(): Promise<void>;
}
const peer = <Module>(name: string): Promise<Module> => import(name) as Promise<Module>;

const { postgraphile } = await peer<{ postgraphile: (preset: object) => Postgraphile }>('postgraphile');
const { PostGraphileAmberPreset } = await peer<{ PostGraphileAmberPreset: object }>(
  'postgraphile/presets/amber',
);
const { makePgService } = await peer<{ makePgService: (options: object) => object }>(
  'postgraphile/adaptors/pg',
);
const { grafserv } = await peer<{ grafserv: unknown }>('postgraphile/grafserv/node');

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ['bench'] })],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

serveParent<ServerQuestion>(
  async (question) => answerServerQuestion(question, `http://127.0.0.1:${port}/graphql`),
  async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await instance.release();
  },
);
