/** The input of a page: the variable parts of its path, such as `id` of `/requests/:id`. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}
