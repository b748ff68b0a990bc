import { isUp } from '../data/connection.ts';

/** Says that the server cannot be reached while that is the case. */
export function Banner() {
  return (
    <div role="status">
      {isUp.value ? null : (
        <p class="shell-banner">
          The server cannot be reached. What is shown may be old. This page asks again by itself.
        </p>
      )}
    </div>
  );
}
