/** What a page is given: the parts of its path that vary, such as `id` of `/requests/:id`. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}
