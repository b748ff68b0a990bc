import { withTelltale } from '@telltale/client/next';
import { telltale } from '../../../telltale.ts';

export const GET = withTelltale(telltale, async () => {
  await Promise.resolve();
  throw new TypeError('a handler that breaks');
});
