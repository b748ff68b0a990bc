import { hostname } from 'node:os';
import { oneOf, text } from './kinds.ts';

/** How the server monitors itself. */
export const selfMonitoringVariables = {
  SELF_MONITORING: {
    ...oneOf('on', 'off'),
    default: 'on',
    description:
      'Record the health of the server itself every minute, as health samples of the service `telltale`, ' +
      'and create alert rules for it once (see docs/operations.md).',
  },
  SELF_MONITORING_PROJECT: {
    ...text('project', 'the id of a project', /^[a-z0-9-]{1,63}$/),
    default: 'default',
    description: 'The project to which these samples and rules belong.',
  },
  INSTANCE_NAME: {
    ...text('name', 'a text of at most 200 characters', /^.{1,200}$/),
    fallback: 'the name of the machine',
    description: 'The name of this server among several: the attribute `instance` of these samples.',
  },
} as const;

/** Where the server records its own health. */
export interface SelfMonitoringConfig {
  readonly projectId: string;
  readonly instance: string;
}

interface Values {
  readonly SELF_MONITORING: 'on' | 'off';
  readonly SELF_MONITORING_PROJECT: string;
  readonly INSTANCE_NAME: string | undefined;
}

/** Null if it does not. */
export const readSelfMonitoringConfig = (values: Values): SelfMonitoringConfig | null =>
  values.SELF_MONITORING === 'off'
    ? null
    : { projectId: values.SELF_MONITORING_PROJECT, instance: values.INSTANCE_NAME ?? hostname() };
