import { telltaleOnRequestError } from '@telltale/client/next';
import { telltale } from './telltale.ts';

export const onRequestError = telltaleOnRequestError(telltale);
