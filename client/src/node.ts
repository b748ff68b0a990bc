import { createClient, type Telltale } from './client.ts';
import type { TelltaleOptions } from './options.ts';
import { nodePlatform } from './platforms/node.ts';

export type * from './public.ts';

/**
 * Opens a client that sends events to a Telltale server in the background. Its methods never throw.
 *
 * @throws TypeError for invalid options, such as an invalid `url`
 */
export function createTelltale(options: TelltaleOptions): Telltale {
  return createClient(options, nodePlatform);
}
