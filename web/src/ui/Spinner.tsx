export const Spinner = ({ label = 'Working' }: { label?: string }) => (
  <span className="spinner" role="img" aria-label={label} />
);
