import type { ComponentType } from 'preact';
import { PageHead } from '../../parts/page-head.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { linkTo, param } from '../../state/location.ts';
import { Backups } from './backups.tsx';
import { Keys } from './keys.tsx';
import { Otlp } from './otlp.tsx';
import { Prices } from './prices.tsx';
import { Projects } from './projects.tsx';
import { ReadTokens } from './read-tokens.tsx';
import { Retention } from './retention.tsx';
import './settings.css';
import { Storage } from './storage.tsx';

interface Section {
  readonly key: string;
  readonly label: string;
  readonly Content: ComponentType;
}

/** Each asks separately: a key may see only some of them. */
const SECTIONS = [
  { key: 'keys', label: 'API keys', Content: Keys },
  { key: 'tokens', label: 'Read tokens', Content: ReadTokens },
  { key: 'projects', label: 'Projects', Content: Projects },
  { key: 'retention', label: 'Retention', Content: Retention },
  { key: 'prices', label: 'Prices', Content: Prices },
  { key: 'backups', label: 'Backups', Content: Backups },
  { key: 'storage', label: 'Storage', Content: Storage },
  { key: 'otlp', label: 'OTLP', Content: Otlp },
] as const satisfies readonly Section[];

/** How the server works, for its operators. */
export function Page() {
  const wanted = param('tab').value;
  const section = SECTIONS.find(({ key }) => key === wanted) ?? SECTIONS[0];
  const { Content } = section;
  return (
    <>
      <PageHead title="Settings" subtitle="How the server works. Changes need the scope ADMIN." />
      <Tabs
        label="Settings"
        tabs={SECTIONS.map(({ key, label }) => ({ key, label, href: linkTo('/settings', { tab: key }) }))}
        selected={section.key}
      />
      <Content key={section.key} />
    </>
  );
}
