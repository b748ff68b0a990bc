import { Select } from '../parts/select.tsx';
import { setParams } from '../state/location.ts';
import { projects, viewer } from './viewer.ts';

/**
 * Selects the project that the pages show. Only a key for all projects, or a server without keys,
 * offers a choice.
 */
export function ProjectChooser() {
  if (viewer.value === null || projects.value.length < 2) return null;
  return (
    <Select
      label="Project"
      value={viewer.value.project.projectId}
      options={projects.value.map(({ projectId, name }) => ({ value: projectId, label: name }))}
      onChange={(value: string) => setParams({ project: value })}
    />
  );
}
