import '../styles/pager.css';
import { Button } from './button.tsx';

interface PagerProps {
  hasPrevious: boolean;
  hasNext: boolean;
  onPrevious(): void;
  onNext(): void;
  /** What is shown, for example "50 of 1,234". */
  label?: string;
}

/** Pages through a long list. */
export function Pager({ hasPrevious, hasNext, onPrevious, onNext, label }: PagerProps) {
  return (
    <nav class="pager" aria-label="Pages">
      <span class="muted">{label}</span>
      <span class="pager-buttons">
        <Button disabled={!hasPrevious} onClick={onPrevious} icon="chevronLeft">
          Previous
        </Button>
        <Button disabled={!hasNext} onClick={onNext}>
          Next
        </Button>
      </span>
    </nav>
  );
}
