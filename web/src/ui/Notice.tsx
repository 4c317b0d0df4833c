// A designed nothing: what is (not) here, why, and what can be done.
import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon.js';

interface Props {
  icon: IconName;
  title: string;
  children?: ReactNode;
  action?: { label: string; run(): void } | undefined;
}

export const Notice = ({ icon, title, children, action }: Props) => (
  <div className="notice">
    <span className="notice-icon"><Icon name={icon} /></span>
    <h2>{title}</h2>
    {children && <p>{children}</p>}
    {action && <button className="button primary" type="button" onClick={action.run}>{action.label}</button>}
  </div>
);
