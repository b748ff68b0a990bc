import { connection } from 'next/server';

export default async function Page() {
  // Not when it is built.
  await connection();
  throw new RangeError('a page that breaks');
}
