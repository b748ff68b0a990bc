import { isUp } from '../data/connection.ts';

/** Says that the server cannot be reached while that is the case. */
export function Banner() {
  return (
    <div role="status">
      {isUp.value ? null : (
        <p class="shell-banner">
          The server cannot be reached. The data shown may be out of date. This page keeps retrying.
        </p>
      )}
    </div>
  );
}
