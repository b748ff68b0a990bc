import { useAction } from '../data/act.ts';
import { graphql } from '../data/graphql.ts';
import { useQuery } from '../data/use-query.ts';
import { Button } from '../parts/button.tsx';
import { Dialog, useOpen, useOpened } from '../parts/dialog.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { NameForm } from '../parts/name-form.tsx';
import { Row } from '../parts/row.tsx';
import { Stack } from '../parts/stack.tsx';
import { notify } from '../parts/toast.tsx';
import { path, search } from '../state/location.ts';
import { viewer } from './viewer.ts';

const SavedViewsQuery = graphql(`
  query SavedViews {
    savedViews(first: 100, orderBy: { field: NAME, direction: ASC }) {
      nodes { id name description path query }
    }
  }
`);

const SaveView = graphql(`
  mutation SaveView($input: CreateSavedViewInput!) {
    createSavedView(input: $input) { savedView { id } }
  }
`);

const RemoveView = graphql(`
  mutation RemoveView($input: DeleteSavedViewInput!) {
    deleteSavedView(input: $input) { savedView { id } }
  }
`);

/** The saved views of the project, and the form to save the current one. */
export function SavedViews() {
  const views = useOpen();
  return (
    <>
      <IconButton label="Saved views" icon="star" onClick={views.open} />
      {views.isOpen && <Open onClose={views.close} />}
    </>
  );
}

function Open({ onClose }: { onClose: () => void }) {
  const { data, error, refresh } = useQuery(SavedViewsQuery, () => ({}));
  const removal = useAction(RemoveView);
  const mayChange = viewer.value?.scopes.includes('INGEST') ?? false;
  const asked = useOpened<string>();
  const remove = async (id: string) => {
    if ((await removal.run({ input: { id } })) === null) return;
    asked.close();
    refresh();
  };
  return (
    <Dialog title="Saved views" open onClose={onClose}>
      <Stack>
        {error && <p role="alert">{error.message}</p>}
        {removal.error && <p role="alert">{removal.error.message}</p>}
        {data?.savedViews.nodes.length === 0 && <p>This project has no saved views yet.</p>}
        <ul class="saved-views">
          {data?.savedViews.nodes.map(({ id, name, description, path: to, query }) => (
            <li key={id}>
              <a
                href={query === '' ? to : `${to}?${query}`}
                title={description ?? undefined}
                onClick={onClose}
              >
                {name}
              </a>
              {mayChange && asked.what !== id && (
                <IconButton label={`Delete the view ${name}`} icon="trash" onClick={() => asked.open(id)} />
              )}
              {asked.what === id && (
                <Row gap="tight">
                  <Button kind="danger" busy={removal.isBusy} onClick={() => remove(id)}>
                    Delete for everybody
                  </Button>
                  <Button kind="plain" onClick={asked.close}>
                    Keep
                  </Button>
                </Row>
              )}
            </li>
          ))}
        </ul>
        {mayChange ? (
          <SaveThis onSaved={refresh} />
        ) : (
          <p class="muted">To save one, use a key with the scope INGEST.</p>
        )}
      </Stack>
    </Dialog>
  );
}

function SaveThis({ onSaved }: { onSaved: () => void }) {
  const { run, isBusy, error } = useAction(SaveView);
  const save = async (name: string) => {
    const done = await run({ input: { name, path: path.value, query: search.value.replace(/^\?/, '') } });
    if (done === null) return false;
    notify(`Saved “${name}”.`, 'good');
    onSaved();
    return true;
  };
  return (
    <NameForm
      label="Save this view as"
      submit="Save"
      icon="save"
      isBusy={isBusy}
      error={error?.message}
      onSubmit={save}
    />
  );
}
