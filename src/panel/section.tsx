import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { useSignal } from '../components/hooks';
import type { Sections } from './sections';

export const SectionsContext = React.createContext<Sections | null>(null);

interface ISectionProps {
  /** What it is remembered by. */
  name: string;
  title: string;
  /** Stands at the right of the header. */
  aside?: React.ReactNode;
  openAtFirst?: boolean;
  /** Draws the content, when it is open. */
  children: () => React.ReactNode;
}

/** A part of the panel that folds. */
export function Section(props: ISectionProps): JSX.Element {
  const sections = React.useContext(SectionsContext);
  if (sections === null) {
    throw new Error('A section stands outside of SectionsContext.');
  }
  useSignal(sections, sections.changed);
  const { name, title } = props;
  const open = sections.isOpen(name, props.openAtFirst ?? false);
  const id = `smext-section-${name}`;
  const Caret = open ? caretDownIcon.react : caretRightIcon.react;
  return (
    <section className="smext-Section" aria-label={title}>
      <h3>
        <button
          className="smext-Section-header"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => sections.set(name, !open)}
        >
          <Caret tag="span" className="smext-Section-caret" />
          <span className="smext-Section-title" title={title}>
            {title}
          </span>
          <span className="smext-Section-aside">{props.aside}</span>
        </button>
      </h3>
      {open && <div id={id}>{props.children()}</div>}
    </section>
  );
}
