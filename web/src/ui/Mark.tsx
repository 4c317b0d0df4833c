/** The name, with the safelight. */
export const Mark = () => (
  <span className="mark">
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="13" className="mark-lamp" />
      <path d="M16 3a13 13 0 0 1 0 26z" className="mark-light" />
    </svg>
    Darkroom
  </span>
);
