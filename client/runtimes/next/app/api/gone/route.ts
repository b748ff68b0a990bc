import { withTelltale } from '@telltale/client/next';
import { redirect } from 'next/navigation';
import { telltale } from '../../../telltale.ts';

export const GET = withTelltale(telltale, async () => redirect('/'));
