import '../styles/kbd.css';

/** A key of the keyboard, or keys in sequence: `<Kbd keys="g o" />`. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span class="kbd">
      {keys.split(' ').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
