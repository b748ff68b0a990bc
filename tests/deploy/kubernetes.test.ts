import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { HEALTH_PATHS } from '../../src/server/plugins/use-health-endpoints.ts';
import { documentsOf, filesIn, watchReads } from './support.ts';

const KINDS = { Deployment, StatefulSet, PodDisruptionBudget, Service };

const manifests = filesIn('deploy/kubernetes', '.yaml').flatMap((path) =>
  documentsOf(path).map((document) => ({ path, document, kind: document.kind as keyof typeof KINDS })),
);
const resources = manifests.filter(({ path }) => !path.endsWith('kustomization.yaml'));
const workloads = resources.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');

/** The problems of a manifest, according to the schema of its kind. */
function problemsOf(document: { kind: keyof typeof KINDS }): string[] {
  const { watched, unread } = watchReads(document);
  try {
    KINDS[document.kind].prototype.validate.call(watched as never);
  } catch (error) {
    return [String(error)];
  }
  return unread();
}

it.each(resources)('$path matches the schema of $kind', ({ document }) => {
  expect(problemsOf(document)).toEqual([]);
});

it('the schemas reject a value of a wrong type, and an unknown key', () => {
  const [first] = workloads.map(({ document }) => structuredClone(document));
  first.spec.template.spec.containers[0].livenesProbe = {};
  expect(problemsOf(first)).toEqual([expect.stringMatching(/livenesProbe$/)]);
  first.spec.replicas = 'three';
  expect(problemsOf(first)).toEqual([expect.stringMatching(/replicas must be integer/)]);
});

it.each(manifests.filter(({ path }) => path.endsWith('kustomization.yaml')))(
  '$path names files that exist',
  ({ path, document }) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    const files = filesIn('deploy/kubernetes', '');
    for (const name of document.resources) {
      const wanted = new URL(`${folder}/${name}`, 'file:///').pathname.slice(1);
      expect(files).toContain(wanted);
    }
    for (const { envs } of document.secretGenerator ?? []) {
      for (const name of envs) expect(files).toContain(`${folder}/${name}.example`);
    }
  },
);

it.each(workloads)('$path uses paths that the server answers', ({ document }) => {
  const { containers, terminationGracePeriodSeconds, securityContext } = document.spec.template.spec;
  const [{ ports, livenessProbe, readinessProbe, startupProbe, lifecycle, volumeMounts }] = containers;
  expect(ports).toEqual([{ name: 'http', containerPort: loadConfig({}).port }]);
  expect(startupProbe.httpGet).toEqual({ path: HEALTH_PATHS.alive, port: 'http' });
  expect(livenessProbe.httpGet).toEqual({ path: HEALTH_PATHS.alive, port: 'http' });
  expect(readinessProbe.httpGet).toEqual({ path: HEALTH_PATHS.ready, port: 'http' });
  const graceSeconds = loadConfig({}).shutdownGraceMs / 1000 + lifecycle.preStop.sleep.seconds;
  expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(2 * graceSeconds);
  expect(securityContext.runAsUser).toBe(1000);
  expect(volumeMounts).toEqual([{ name: 'data', mountPath: '/data' }]);
});
