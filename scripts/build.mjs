// `npm run build`
import { prepare } from './prepare/prepare.mjs';

await prepare('serving');
